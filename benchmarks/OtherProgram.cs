using System.Diagnostics;

namespace FlatBias.Benchmarks;

/// <summary>Programs in other languages that do the same work, each in a process of its own that measures itself.</summary>
internal static class OtherProgram
{
    /// <summary>Compiles a source in C with cc, runs it, and returns the lines that it prints.</summary>
    /// <param name="source">The file.</param>
    /// <param name="options">Words of the compiler after the source.</param>
    /// <param name="arguments">Words of the program.</param>
    public static string[] CompileAndRun(string source, string[] options, string[] arguments)
    {
        var program = Path.Combine(Path.GetTempPath(), $"flatbias-other-{Environment.ProcessId}");
        try
        {
            Lines("cc", ["-O3", "-march=native", "-o", program, source, .. options]);
            return Lines(program, arguments);
        }
        finally
        {
            File.Delete(program);
        }
    }

    /// <summary>Runs a program and returns the lines that it prints.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its words.</param>
    public static string[] Lines(string program, IEnumerable<string> arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
