using System.Text.RegularExpressions;
using FlatBias.Reports.Cli;

namespace FlatBias.Commands.Tests;

/// <summary>Tests that run the command in this process share the console, so they run one after the other.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class ConsoleTests;

/// <summary>The flatbias command run in this process.</summary>
internal static partial class CommandLine
{
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (Console.Out, Console.Error);
        using StringWriter capturedOutput = new(),
            capturedError = new();
        try
        {
            Console.SetOut(capturedOutput);
            Console.SetError(capturedError);
            return (
                FlatBiasCommand.Run(args, TestContext.Current.CancellationToken),
                capturedOutput.ToString(),
                capturedError.ToString()
            );
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    /// <summary>
    /// Asserts that the command ended with the code and one line on standard error that holds the words, but for the
    /// progress of what had taken a second by then.
    /// </summary>
    public static void Fails(int code, string words, params string[] args)
    {
        var (actual, _, error) = Run(args);
        Assert.True(actual == code, $"exit code {actual}, wanted {code}: {error}");
        var line = Assert.Single(
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            written => !ProgressLine().IsMatch(written)
        );
        Assert.StartsWith("flatbias: ", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^[\w-]+: \d+%$")]
    private static partial Regex ProgressLine();
}
