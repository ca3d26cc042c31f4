using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Files;

/// <summary>
/// A data file is missing, unreadable, or not what it should be. The message is one line: the file, what is wrong, what was expected.
/// </summary>
public sealed class DataFileException : IOException
{
    private const int LongestProblem = 600;

    /// <summary>Creates an exception about one file.</summary>
    /// <param name="file">The file's or folder's name, as the user gave it.</param>
    /// <param name="problem">What is wrong and what was expected, without a full stop.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public DataFileException(string file, string problem, Exception? innerException = null)
        : base(Messages.OneLine($"{file}: {Clipped(problem)}{(problem.EndsWith('?') ? "" : ".")}"), innerException) =>
        FileName = file;

    /// <summary>The file's or folder's name, as the user gave it.</summary>
    public string FileName { get; }

    private static string Clipped(string text) =>
        text.Length <= LongestProblem ? text : $"{text.AsSpan(0, LongestProblem)}...";
}
