using FlatBias.Dynamics.Forecasting;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Testing;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>Every sample runs, and its picture shows what it should.</summary>
public class SampleTests
{
    /// <summary>Per sample: its axis titles, the points of each of its series (cells of a heat map, both edges of a band), and the further entries of the legend.</summary>
    private static readonly Dictionary<string, (string[] Axes, int[] Points, string[] Keys)> Expected = new()
    {
        ["01-first-run"] = (["step", "sharpness S"], [61, 61, 61], []),
        ["02-own-landscape"] = (["step", "sharpness"], [401], ["edge 2/η", "end of gradient flow"]),
        ["03-polarity"] = (["step", "polarity γ_{β}"], [41, 41], ["γ_{β} = 1"]),
        ["04-moment-map"] = (["step", "displacement u along v_{1}"], [81, 81, 81], []),
        ["05-heat-map"] = (["step-size", "start-2", "final sharpness"], [12 * 8], ["diverged"]),
        ["06-orbit-diagram"] = (["step size η", "θ_{1}"], [49 * 6], []),
        ["07-lyapunov"] = (
            ["step size η", "largest Lyapunov exponent per step"],
            [2 * 57, 57],
            ["± 2 standard errors", "chaos above 0"]
        ),
        ["08-scoreboard"] = (["step", "relative error of the sharpness"], [41, 41, 41, 41], ["wrong"]),
        ["09-own-optimiser"] = (["step", "sharpness S"], [81, 81, 81], ["edge 2/η"]),
        ["10-own-observable"] = (["step", "imbalance and sharpness"], [41, 41], []),
        ["11-network"] = (["step", "sharpness"], [101], ["edge 2/η"]),
        ["12-network-forecast"] = (["step", "sharpness S"], [101, 101, 101], ["edge 2/η"]),
        ["13-record"] = (["step", "loss"], [61], []),
        ["14-own-claim"] = (["step size η", "final sharpness"], [10], []),
        ["15-own-network"] = (["step", "sharpness S"], [61, 61, 61, 101], ["edge 2/η"]),
        ["16-own-loss"] = (["step", "sharpness S"], [101, 101, 101], ["edge 2/η"]),
        ["17-transformer"] = (["step", "η S / 2, and shares of v_{1}"], [81, 81, 81, 81, 81, 81, 81], ["edge"]),
        // Twice 25 points about an outlier, 25 and three to a width over the bulk; both edges of a band; four pairs.
        ["18-spectrum"] = (
            ["eigenvalue of the Hessian λ", "density (1/λ)"],
            [2 * N, 2 * N, 2 * N, N, 4, N, 4, N, 4],
            ["95 % band", "edge 2/η"]
        ),
    };

    private const int N = 246;

    public static TheoryData<string> Names => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sample_Reduced_DrawsItsAxesSeriesAndPoints(string name)
    {
        var (plot, svg) = await Samples.Run(name);

        var (axes, points, keys) = Expected[name];
        Assert.Equal(axes, plot.Axes.Select(axis => axis.Title));
        Assert.Equal(points, plot.Series.Where(series => series is not LegendKey).Select(Points));
        Assert.Equal(keys, plot.Series.OfType<LegendKey>().Select(key => key.Title));
        var texts = SvgPicture.Texts(svg);
        Assert.All(
            plot.Axes.Select(axis => axis.Title).Concat(plot.Series.Select(series => series.Title)).OfType<string>(),
            text => Assert.Contains(SvgPicture.Plain(text), texts)
        );
    }

    [Fact]
    public async Task FirstRun_PastTheEdge_EndsFlatter()
    {
        var (plot, _) = await Samples.Run("01-first-run");

        // L = (θ₁θ₂)² has its minima at θ₁ = 0 with S = 2 θ₂², which is 200 at the start. Below the edge (222) it stays but for the little that a finite step adds; past it (182, 133) no minimum above 2/η is stable.
        double[] last = [.. plot.Series.OfType<LineSeries>().Select(line => line.Points[^1].Y)];
        Assert.InRange(last[0], 199, 201);
        Assert.InRange(last[1], 0, 2 / 0.011);
        Assert.InRange(last[2], 0, 2 / 0.015);
    }

    [Fact]
    public async Task Polarity_BelowAndAboveTheThreshold_StartsOnEitherSideOf1()
    {
        var (plot, _) = await Samples.Run("03-polarity");

        double[] first =
        [
            .. plot.Series.OfType<LineSeries>().Where(line => line is not LegendKey).Select(line => line.Points[0].Y),
        ];
        Assert.True(first[0] > 1 && first[1] < 1, string.Join(", ", first));
    }

    [Fact]
    public async Task NetworkForecast_WithMemory_IsNearerTheRunThanWithout()
    {
        var (plot, _) = await Samples.Run("12-network-forecast");

        var lines = Lines(plot);
        double Distance(string theory) =>
            lines[$"{theory}_sharpness"].Zip(lines["sharpness"], (forecast, run) => Math.Abs(forecast - run)).Average();
        Assert.True(
            Distance("memory-map-4") < Distance("moment-map-4"),
            $"{Distance("memory-map-4")}, {Distance("moment-map-4")}"
        );
    }

    [Fact]
    public async Task OwnClaim_FarPastTheEdge_IsRefuted()
    {
        var (plot, _) = await Samples.Run("14-own-claim");

        Assert.EndsWith($"{Verdict.Refuted}", plot.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnNetwork_PushedPastTheEdge_ComesBackAsForecast()
    {
        var (plot, _) = await Samples.Run("15-own-network");

        var lines = Lines(plot);
        var edge = Edge(plot);
        Assert.True(lines["sharpness"][0] > edge);
        Assert.Contains(lines["sharpness"], s => s < edge);
        Assert.Equal(61, Right(lines, "memory-map-4_sharpness"));
        // The run goes on where the trial ended; the two measurements agree to the looser tolerance squared over the gap.
        Near.Equal(lines["sharpness"][^1], lines["sharpness past the horizon"][0], 1e-3 * edge, "S at the horizon");
    }

    [Fact]
    public async Task OwnLoss_PastTheEdge_SwingsAsForecastWithMemory()
    {
        var (plot, _) = await Samples.Run("16-own-loss");

        var lines = Lines(plot);
        var edge = Edge(plot);
        var sharpness = lines["sharpness"];
        Assert.True((sharpness[^1] - edge) * (sharpness[^2] - edge) < 0);
        Assert.Equal(101, Right(lines, "memory-map-4_sharpness"));
        Assert.True(Right(lines, "moment-map-4_sharpness") < 101);
    }

    [Fact]
    public async Task Transformer_Shares_AddUpToOneAndTheEdgeIsCrossed()
    {
        var (plot, _) = await Samples.Run("17-transformer");

        var lines = Lines(plot);
        Assert.True(lines["stability_number"][0] < 1 && lines["stability_number"].Max() > 1);
        lines.Remove("stability_number");
        for (var i = 0; i < 81; i++)
            // A unit vector of float32, of length 1 to some roundings of 6e-8.
            Near.Equal(1, lines.Values.Sum(share => share[i]), 1e-6, $"sum of the shares in row {i}");
    }

    [Fact]
    public async Task Spectrum_InTheInstability_HasItsOutliersPastTheEdge()
    {
        var (plot, _) = await Samples.Run("18-spectrum");

        var edge = plot.Annotations.OfType<LineAnnotation>().Single().X;
        double[] largest = [.. plot.Series.OfType<ScatterSeries>().Select(cloud => cloud.Points.Max(point => point.X))];
        Assert.True(largest[0] < edge && largest[1] > edge && largest[2] < edge, string.Join(", ", largest));
    }

    private static Dictionary<string, double[]> Lines(PlotModel plot) =>
        plot
            .Series.OfType<LineSeries>()
            .Where(line => line is not LegendKey)
            .ToDictionary(line => line.Title!, line => line.Points.Select(p => p.Y).ToArray());

    private static double Edge(PlotModel plot) => plot.Annotations.OfType<LineAnnotation>().Single().Y;

    /// <summary>How many points of a forecast are right to the error that counts as wrong.</summary>
    private static int Right(Dictionary<string, double[]> lines, string forecast) =>
        ForecastScore.WrongFrom([
            .. lines[forecast].Zip(lines["sharpness"], (said, run) => Math.Abs(said - run) / run),
        ]);

    private static int Points(Series series) =>
        series switch
        {
            AreaSeries band => band.Points.Count + band.Points2.Count,
            LineSeries line => line.Points.Count,
            ScatterSeries cloud => cloud.Points.Count,
            HeatMapSeries map => map.Data.Length,
            _ => throw new NotSupportedException($"{series.GetType().Name}"),
        };
}
