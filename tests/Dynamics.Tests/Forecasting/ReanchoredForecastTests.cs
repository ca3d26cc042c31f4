using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>(4.17): jets taken inside an instability.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class ReanchoredForecastTests
{
    private const int Window = 8;

    [Property]
    public void Run_CubicSurfaceInThePlane_IsTheRunFromEveryJet(Seed seed)
    {
        // In two dimensions one knot gives the whole of f^3, and a surface without fourth derivatives is the jet's own
        // polynomial along any line. Off the floor by a tenth along v_1, so that the run jumps to and fro at once.
        var surface = QuarticSurface.Random(seed.Random(), [3, 0.7], 0.1, 0);
        var leading = SymmetricMatrices.Eigen(surface.Hessian(new double[2])).Vectors[0];
        double[] theta = [.. leading.Select(x => 0.1 * x)];
        var stepSize = 2.02 / SymmetricMatrices.Eigen(surface.Hessian(theta)).Values[0];
        var outcome = ReanchoredForecast.Run(surface, theta, stepSize, Options(4 * Window));
        Assert.False(outcome.Diverged);
        var series = outcome.Series;
        Assert.Equal(Enumerable.Range(0, (4 * Window) + 1).Select(t => (double)t), series[Columns.Step]);
        Assert.Equal([0, 0, 8, 16, 24], new[] { 0, 8, 9, 17, 32 }.Select(t => series[Columns.Anchor][t]));
        foreach (var column in new[] { Columns.Sharpness, Columns.Loss })
            for (var t = 0; t < series.Rows; t++)
                // The data of the interpolant to 64 * 2 * 120 roundings each, of third derivatives over a swing of a
                // tenth, times 2^8 for eight steps; the run's own S to its residual.
                Near.Equal(
                    series[column][t],
                    series[Columns.Forecast(Columns.JetForecast, column)][t],
                    64 * 2 * 120 * 100 * 256 * 3 * Near.Roundoff,
                    $"{column} at {t}"
                );
        // From the second jet on none asks for an eigenpair: two points, the line and one column, as CollocationJet counts.
        Assert.All(series[Columns.TrustPath].Where(double.IsFinite), e => Assert.InRange(e, 0, 1e-6));
    }

    [Fact]
    public void Run_JetThatMisses_IsReplacedSooner()
    {
        // A quartic off v that partial columns do not see, and swings of its own size.
        var surface = QuarticSurface.Random(new Random(2), [3, 1.5, 0.7, -0.2], 0.3, 3);
        double[] theta = [0.2, -0.1, 0.1, 0.15];
        var stepSize = 2.1 / SymmetricMatrices.Eigen(surface.Hessian(theta)).Values[0];
        var options = new ReanchorOptions(64, 64, 2, new CollocationOptions(1, Knots: false));
        var series = ReanchoredForecast.Run(surface, [.. theta], stepSize, options).Series;
        var jets = series[Columns.JetCost].Count(double.IsFinite);
        Assert.InRange(jets, 2, 64 / ReanchorOptions.ShortestWindow);
        // Used for longer than the shortest only where it held; jets, checks and anchors are named together.
        var anchors = series[Columns.Anchor];
        for (var row = 0; row < series.Rows; row++)
        {
            var first = row == 0 || (row > 1 && anchors[row] != anchors[row - 1]);
            Assert.Equal(first, double.IsFinite(series[Columns.JetCost][row]));
            Assert.Equal(first, double.IsFinite(series[Columns.PathCost][row]));
            if (!first)
                continue;
            var used = anchors.Count(anchor => anchor == anchors[row]) - (row == 0 ? 1 : 0);
            Assert.True(
                used <= ReanchorOptions.ShortestWindow || series[Columns.TrustPath][row] <= PathTrust.Believed,
                $"{used} steps at {series[Columns.TrustPath][row]}"
            );
        }
    }

    [Fact]
    public void Run_Twice_HasTheSameBits()
    {
        var surface = QuarticSurface.Random(new Random(2), [3, 1.5, 0.7], 0.1, 0.1);
        SeriesTable Made() => ReanchoredForecast.Run(surface, [0.05, 0.02, 0.1], 0.69, Options(20)).Series;
        SeriesTable first = Made(),
            again = Made();
        Assert.All(first.Names, name => Assert.Equal(first[name], again[name]));
    }

    [Fact]
    public void Run_WrongInput_NamesIt()
    {
        var surface = QuarticSurface.Random(new Random(2), [3, 1], 0, 0);
        void Says(string words, ReanchorOptions options, double stepSize = 0.5, double at = 0) =>
            Assert.Contains(
                words,
                Assert
                    .ThrowsAny<ArgumentException>(() => ReanchoredForecast.Run(surface, [at, 0], stepSize, options))
                    .Message,
                StringComparison.Ordinal
            );
        Says("stepSize is 0", Options(8), 0);
        Says("horizon is 0", Options(0));
        Says("window is 7", Options(8) with { Window = 7 });
        Says("krylov is 0", Options(8) with { Krylov = 0 });
        Says("refinements is 0", Options(8) with { Collocation = new CollocationOptions(1, 0) });
        Says("loss of NaN", Options(8), at: double.NaN);
    }

    private static ReanchorOptions Options(int horizon) =>
        new(horizon, Window, 8, new CollocationOptions(int.MaxValue), 1e-9, JetTolerance: 1e-9);
}
