using System.Text.RegularExpressions;
using FlatBias.Commands.Tests;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>The lines of docs/python.md, run where Python has what they import.</summary>
[Collection("console")]
public sealed partial class PythonPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, Code.Length)];

    private static string[] Code { get; } =
    [
        .. new MarkdownPage(Path.Combine("docs", "python.md"))
            .Blocks.Where(block => block.Language == "python")
            .Select(block => block.Code),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Lines_OfThePage_ReadARecord(int index)
    {
        var code = Code[index];
        var libraries = Imports().Match(code).Groups[1].Value;
        Assert.SkipUnless(await Runs($"import {libraries}"), $"there is no Python with {libraries}");
        // What pandas reads Parquet by comes apart from it.
        if (code.Contains("pandas.read_parquet", StringComparison.Ordinal))
            Assert.SkipUnless(
                await Runs("import pyarrow") || await Runs("import fastparquet"),
                "pandas has neither pyarrow nor fastparquet"
            );
        Make(
            "simulate",
            "two-parameter-network",
            "--start=-0.1,10",
            "--step-size",
            "0.011",
            "--out",
            _folder.File("run")
        );
        Make("export", _folder.File("run"), "--output", _folder.File("run.csv"));
        var (exit, output) = await Python(code);
        Assert.True(exit == 0, output);
        Assert.NotEmpty(output.Trim());
    }

    [GeneratedRegex(@"\Aimport ([\w, ]+)")]
    private static partial Regex Imports();

    private static void Make(params string[] command)
    {
        var (code, _, error) = CommandLine.Run(command);
        Assert.True(code == 0, error);
    }

    private async Task<bool> Runs(string code)
    {
        try
        {
            return (await Python(code)).Exit == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private async Task<(int Exit, string Output)> Python(string code)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Processes.Run("python3", "-c", $"import os; os.chdir({Quoted(_folder.Path)})\n{code}");
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(cancellation),
            process.StandardError.ReadToEndAsync(cancellation)
        );
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output + await error);
    }

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal)}'";
}
