using System.Globalization;
using FlatBias.Commands.Tests;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests.Viewing;

/// <summary>flatbias show and diff, and the lines that runs end with.</summary>
[Collection("console")]
public class ShowCommandTests(ViewedRuns runs) : IClassFixture<ViewedRuns>
{
    [Fact]
    public void Show_NetworkRecord_SaysWhatWasRunAndWhatCameOfIt()
    {
        var output = Show("network");
        var series = RunRecord.Load(runs["network"]).Series;
        Assert.Contains("Done after 20 steps; 11 measurements", output, StringComparison.Ordinal);
        Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture,
                $"S {series[Columns.Sharpness][0]:G4} -> {series[Columns.Sharpness][^1]:G4} beside the edge 10"
            ),
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("training.stepSize: 0.2", output, StringComparison.Ordinal);
        Assert.Contains("series.parquet (", output, StringComparison.Ordinal);
        Assert.Contains("test accuracy ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("begun", "not finished; 10 measurements so far, the last at step 18 of 20")]
    [InlineData("adam", "effective S ")]
    [InlineData("landscape", "1 instability, as far as the measured steps show: onset at step 0, peak at ")]
    [InlineData("theories", "right for, of ")]
    [InlineData("sweep", "10 of 10 points")]
    public void Show_EveryKind_SaysItsOwn(string name, string words) =>
        Assert.Contains(words, Show(name), StringComparison.Ordinal);

    [Fact]
    public void Simulate_End_SaysTheSameAsShow()
    {
        var (code, output, error) = CommandLine.Run(
            "simulate two-parameter-network --start=-0.1,10 --step-size 0.011 --steps 60 --out".Split(' ') is var words
                ? [.. words, runs["landscape"]]
                : []
        );
        Assert.True(code == 0, error);
        var shown = Show("landscape");
        Assert.All(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1),
            line => Assert.Contains(line, shown, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Diff_OneDiverged_SaysHowEachEnded()
    {
        using var folder = new TemporaryFolder();
        var diverged = folder.File("diverged");
        string[] words = [.. "simulate quadratic --step-size 3 --steps 1000 --out".Split(' '), diverged];
        Assert.Equal(0, CommandLine.Run(words).Code);
        var end = Run("diff", diverged, runs["landscape"])
            .Split('\n')
            .Single(line => line.StartsWith("  end ", StringComparison.Ordinal));
        Assert.Matches(@"diverged after \d+ steps +done after 60 steps$", end.TrimEnd());
    }

    [Fact]
    public void Diff_TwoRuns_ListsWhatDiffersAndTheLastRows()
    {
        var output = Run("diff", runs["network"], runs["slower"]);
        var lines = output.Split('\n');
        Assert.Contains(lines, line => Columns3(line) is ["training.stepSize", "0.2", "0.1"]);
        Assert.DoesNotContain(lines, line => line.Contains("training.steps", StringComparison.Ordinal));
        var (a, b) = (RunRecord.Load(runs["network"]).Series, RunRecord.Load(runs["slower"]).Series);
        Assert.Contains(
            lines,
            line =>
                Columns3(line) is ["loss", var first, var second]
                && first == a[Columns.Loss][^1].ToString("G6", CultureInfo.InvariantCulture)
                && second == b[Columns.Loss][^1].ToString("G6", CultureInfo.InvariantCulture)
        );
        Assert.Contains(
            "The settings are the same",
            Run("diff", runs["network"], runs["begun"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Export_RunInProgressAndSweep_AreTheRowsSoFar()
    {
        var begun = Exported("begun", "csv");
        var whole = Exported("network", "csv");
        Assert.Equal(whole[..^1], begun);
        Assert.Equal(11, Exported("sweep", "csv").Length);
        Assert.StartsWith(
            "point,at_step_size,at_landscape.exponent,status,error,end_reason",
            Exported("sweep", "csv")[0],
            StringComparison.Ordinal
        );
        Assert.Contains("\"status\": \"Diverged\"", string.Concat(Exported("sweep", "json")), StringComparison.Ordinal);
        var file = runs["x.parquet"];
        Run("export", runs["network"], "--format", "parquet", "--output", file);
        Assert.Equal(File.ReadAllBytes(Path.Combine(runs["network"], "series.parquet")), File.ReadAllBytes(file));
    }

    [Fact]
    public void Rerun_RunInProgress_SaysThatItHasNotFinished() =>
        CommandLine.Fails(1, "its run has not finished", "rerun", runs["begun"]);

    [Theory]
    [InlineData("network", 2, 0)]
    [InlineData("adam", 38, 0)]
    public void Edge_EveryRule_IsWhereTheStabilityNumberIsOne(string name, double factor, double decay)
    {
        var record = RunRecord.Load(runs[name]);
        var (edge, series) = (Edge.Of(record.Manifest.Specification), record.Series);
        // (1 + b1) / (1 - b1) = 19 of Adam's 0.9 in float64 has a rounding or two in each of three operations.
        Assert.Equal(factor, edge.Factor, 1e-14 * factor);
        Assert.Equal(decay, edge.Decay);
        var along = edge.Along(series);
        for (var row = 1; row < series.Rows; row++)
            // Five operations between the two, each of a rounding.
            Assert.Equal(
                series[Columns.StabilityNumber][row],
                series[edge.Sharpness][row] / along[row],
                1e-14 * Math.Abs(series[Columns.StabilityNumber][row]) + double.Epsilon
            );
    }

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, 3, new[] { 1.5, 2, 3, 4, 4.5 })]
    [InlineData(new[] { 1.0, 2, 3, 4 }, 2, new[] { 1.5, 2.5, 3.5, 4 })]
    [InlineData(new[] { double.NaN, double.NaN, 6.0, double.PositiveInfinity }, 3, new[] { double.NaN, 6.0, 6, 6 })]
    [InlineData(new[] { 1.0, 3 }, int.MaxValue, new[] { 2.0, 2 })]
    public void RunningMean_Of_IsTheMeanOfWhatIsFiniteInTheWindow(double[] values, int width, double[] expected) =>
        Assert.Equal(expected, RunningMean.Of(values, width));

    private static string[] Columns3(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string Show(string name) => Run("show", runs[name]);

    private string[] Exported(string name, string format)
    {
        var file = runs[$"{Guid.NewGuid():N}"];
        Run("export", runs[name], "--format", format, "--output", file);
        return File.ReadAllLines(file);
    }

    private static string Run(params string[] args)
    {
        var (code, output, error) = CommandLine.Run(args);
        Assert.True(code == 0, error);
        return output;
    }
}
