using System.Text;
using FlatBias.Testing;
using Microsoft.CodeAnalysis.Scripting;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>A script that fails says which line and why.</summary>
public class ScriptTests
{
    [Fact]
    public async Task Script_BadArgument_NamesTheLineAndTheValue()
    {
        using var folder = new TemporaryFolder();
        var script = Write(
            folder,
            "var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));\nvar orbit = Orbit.Record(network.AsMap(-0.01), [-0.1, 10], steps: 40);\n"
        );

        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => ScriptEngine.Run(script));

        Assert.Contains("stepSize is -0.01", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{script}:line 3", error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_UnknownName_NamesTheLineAndTheName()
    {
        using var folder = new TemporaryFolder();
        var script = Write(
            folder,
            "var plot = PlotStyle.Create(\"\", \"step\", \"loss\");\nplot.AddLines(\"loss\", [1], [2]);\n"
        );

        var error = await Assert.ThrowsAsync<CompilationErrorException>(() => ScriptEngine.Run(script));

        Assert.StartsWith($"{script}(3,6): error CS1061: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'AddLines'", error.Message, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string code) =>
        folder.Write(
            "script.csx",
            Encoding.UTF8.GetBytes($"#load \"{Path.Combine(Samples.Folder, "flatbias.csx")}\"\n{code}")
        );
}
