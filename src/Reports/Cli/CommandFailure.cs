using System.Text.RegularExpressions;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Drawing;

namespace FlatBias.Reports.Cli;

/// <summary>Turns whatever ends a command into one line on standard error and an exit code.</summary>
internal static partial class CommandFailure
{
    /// <summary>Names the file that the details of an unexpected failure are added to.</summary>
    public const string DetailsVariable = "FLATBIAS_DETAILS";

    /// <summary>What is said after a signal.</summary>
    public const string WasInterrupted =
        "interrupted; what was finished is kept, and the same command goes on from there.";

    // What is quoted of the input tells which it is, and does not flood the terminal.
    private const int LongestQuote = 80;

    /// <summary>Says what happened.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="args">The words of the command.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception failure, string[] args)
    {
        // Work on several threads wraps what one of them threw.
        var cause = failure is AggregateException several ? several.Flatten().InnerExceptions[0] : failure;
        return cause switch
        {
            OperationCanceledException => Complain(WasInterrupted, FlatBiasCommand.Interrupted, args),
            ArgumentException e => Complain(Bare(e), FlatBiasCommand.Usage, args),
            _ when Devices.IsOutOfMemory(cause) => Complain(
                $"the memory of the device does not hold these sizes ({cause.Message.Split('\n')[0].TrimEnd('.')}); pass fewer images at once with --chunk, or run fewer programs on it at a time.",
                FlatBiasCommand.Failure,
                args
            ),
            OutOfMemoryException or OverflowException => Complain(
                "there is not enough memory for these sizes; make them smaller.",
                FlatBiasCommand.Failure,
                args
            ),
            IOException
            or UnauthorizedAccessException
            or PlatformNotSupportedException
            or DllNotFoundException
            or FontNotFoundException => Complain(cause.Message, FlatBiasCommand.Failure, args),
            _ => Complain(Unexpected(failure, cause), FlatBiasCommand.Failure, args),
        };
    }

    /// <summary>Writes one line: no control characters, and no more than a glance of what was given.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="args">The words of the command.</param>
    /// <returns><paramref name="code"/>.</returns>
    public static int Complain(string message, int code, string[] args)
    {
        // A value with spaces in it is known by the words of the command, any other one by its length.
        foreach (var word in args.SelectMany(Parts).Where(part => part.Length > LongestQuote))
            message = message.Replace(word, Cut(word), StringComparison.Ordinal);
        var line = Messages.OneLine(message.ReplaceLineEndings(" "));
        Console.Error.WriteLine($"flatbias: {LongWord().Replace(line, word => Cut(word.Value))}");
        return code;
    }

    // The parts of a path stay whole up to the length of a quote each, so that it is told which file it was.
    [GeneratedRegex("[^ /']{81,}")]
    private static partial Regex LongWord();

    private static string Cut(string text) => text.Length > LongestQuote ? $"{text[..(LongestQuote - 3)]}..." : text;

    /// <summary>A word, and the value in it where it is one of name=value.</summary>
    private static IEnumerable<string> Parts(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is var at && at >= 0 ? [word[(at + 1)..], word] : [word];

    private static string Unexpected(Exception failure, Exception cause)
    {
        var what = $"something went wrong that should not: {cause.GetType().Name}, {cause.Message.TrimEnd('.')}";
        var place = Environment.GetEnvironmentVariable(DetailsVariable);
        if (string.IsNullOrEmpty(place))
            return $"{what}; this is a defect of FlatBias: please report it where you have FlatBias from, with the file that the same command writes where {DetailsVariable} names one.";
        try
        {
            File.AppendAllText(place, $"{failure}{Environment.NewLine}");
            return $"{what}; this is a defect of FlatBias: please report it where you have FlatBias from, with {place}, which has the details.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return $"{what}; the details cannot be written to {place}: {e.Message}";
        }
    }

    /// <summary>The message without what .NET appends: the parameter's name, which it states already, and the value.</summary>
    private static string Bare(ArgumentException e)
    {
        var message = e.Message;
        if (e is ArgumentOutOfRangeException)
            message = message.Split(Environment.NewLine)[0];
        var suffix = $" (Parameter '{e.ParamName}')";
        return e.ParamName is not null && message.EndsWith(suffix, StringComparison.Ordinal)
            ? message[..^suffix.Length]
            : message;
    }
}
