using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>(4.21): forecasts of many step sizes from one jet where they must be the runs themselves.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class StepScanTests
{
    private const int Steps = 12;

    // What CollocationJetTests derives for a dozen steps of a jet on a polynomial, relative: the interpolant's four
    // coefficients with up to 64 * 2 * 120 roundings each of data that are sums of a dozen terms, times 2^12.
    private const double Tolerance = 64 * 2 * 120 * 4 * 12 * Near.Roundoff * 4096;

    private static readonly Column[] Compared =
    [
        Columns.PeakLoss,
        Columns.LowestSharpness,
        Columns.FinalSharpness,
        Columns.PeakDisplacement,
    ];

    [Property]
    public void Run_ValleyWithinItsDegree_ForecastsEveryStepSize(Seed seed, Size size)
    {
        var random = seed.Random();
        var jet = RandomJets.Draw(random, 6, size.Value, 0.3);
        jet.Moments[0] = 0.02;
        var surface = new ModelSurface(LocalModel.Whole(RandomJets.Collocated(random, jet, 0.3, knots: false)));
        var options = Options(new StepSizeGrid(2.02, 2.1, 5, Pushes: true), 0.02, knots: false);
        var scan = StepScan.Run(surface, new double[surface.Space.Dimension], options);
        Near.Equal(3, scan.Sharpness, 1e-6, "S");
        Agree(scan.Series, 1);
    }

    [Property]
    public void Run_Quadratic_ForecastsEveryStepSize(Seed seed, Size size, LogUniform length, LogUniform height)
    {
        var (random, n) = (seed.Random(), size.Value + 1);
        var (l, h) = (length.In(1e-12, 1e12), height.In(1e-12, 1e12));
        double[] spectrum = [.. Enumerable.Range(0, n).Select(i => h / l / l * (i == 0 ? 3 : Draw.Uniform(random, 1)))];
        var surface = QuarticSurface.Random(random, spectrum, 0, 0);
        var theta = Draw.Vector(random, n, 0.01 * l);
        var edge = 2 / spectrum[0];
        var options = Options(new StepSizeGrid(1.01 * edge, 1.5 * edge, 4, Pushes: false), 0.02 * l, knots: true);
        var scan = StepScan.Run(surface, theta, options);
        for (var i = 0; i < 4; i++)
        {
            // The closed form: S stays, and u = (1 - eta S)^t (u_0 + m_1 / S) - m_1 / S with m_1 = g . v.
            var push = scan.Series[Columns.Push][i];
            Near.Equal(spectrum[0], scan.Series[Forecast(Columns.LowestSharpness)][i], 1e-8 * spectrum[0], "S");
            Assert.InRange(push, 2, 3.1);
        }

        Agree(scan.Series, double.PositiveInfinity);
    }

    [Fact]
    public void Run_Twice_HasTheSameBits()
    {
        var (surface, theta) = Instance();
        var options = Options(new StepSizeGrid(2.05, 2.4, 3, Pushes: true), 0.01, knots: true);
        SeriesTable first = StepScan.Run(surface, theta, options).Series,
            again = StepScan.Run(surface, theta, options).Series;
        Assert.All(first.Names, name => Assert.Equal(first[name], again[name]));
    }

    [Fact]
    public void Run_OneStepSize_HasOneRowWithItsOwnUnits()
    {
        var (surface, theta) = Instance();
        var pushes = StepScan.Run(surface, theta, Options(new StepSizeGrid(2.1, 2.1, 1, true), 0.01, false));
        var eta = pushes.Series[Columns.StepSize][0];
        Near.Equal(2.1, eta * pushes.Sharpness, 1e-12, "push");
        var same = StepScan.Run(surface, theta, Options(new StepSizeGrid(eta, eta, 1, false), 0.01, false));
        Assert.All(pushes.Series.Names, name => Assert.Equal(pushes.Series[name], same.Series[name]));
        Assert.Equal(1, same.Series.Rows);
    }

    [Fact]
    public void Run_ModelThatLeavesItsSwing_ForecastsNothingAndTheRunStandsAllTheSame()
    {
        // L = u^2 + u^4: past the edge |u| grows faster than any power of the steps, and the last swing is left before the
        // horizon. The model is the surface, and the run diverges as well, which the missing forecast does not say.
        var jet = RandomJets.Draw(new Random(3), 6, 1, 0);
        jet.Moments[1] = 2;
        jet.Moments[3] = 24;
        var surface = new ModelSurface(LocalModel.Whole(jet));
        var options = Options(new StepSizeGrid(2.4, 2.8, 2, Pushes: true), 0.2, knots: false) with { Horizon = 40 };
        var series = StepScan.Run(surface, new double[2], options).Series;
        for (var i = 0; i < 2; i++)
        {
            Assert.InRange(series[Forecast(Columns.StepsMade)][i], 1, 39);
            Assert.True(double.IsNaN(series[Forecast(Columns.PeakLoss)][i]));
            Assert.InRange(series[Columns.StepsMade][i], 1, 39);
            Assert.True(double.IsNaN(series[Columns.PeakLoss][i]));
        }
    }

    [Theory]
    [InlineData("The pushes go from 2 to 2.5; they must be above 2", 2, 2.5, 3, true)]
    [InlineData("at most 100", 3, 101, 3, true)]
    [InlineData("number of pushes is 0", 2.1, 2.5, 0, true)]
    [InlineData("number of step sizes is -1", 2.1, 2.5, -1, false)]
    [InlineData("number of pushes is 1001", 2.1, 2.5, 1001, true)]
    [InlineData("first of the pushes is NaN", double.NaN, 2.5, 2, true)]
    [InlineData("last of the step sizes is Infinity", 1, double.PositiveInfinity, 2, false)]
    [InlineData("first of the step sizes is 0", 0, 1, 2, false)]
    [InlineData("the last must be above the first", 2.5, 2.1, 2, true)]
    [InlineData("the last must be above the first", 2.1, 2.1, 2, true)]
    [InlineData("a single one must begin and end", 2.1, 2.2, 1, true)]
    [InlineData("below the edge 2/S = ", 1e-3, 1, 2, false)]
    public void Run_WrongStepSizes_SaysSo(string words, double first, double last, int count, bool pushes)
    {
        var (surface, theta) = Instance();
        var options = Options(new StepSizeGrid(first, last, count, pushes), 0.01, knots: true);
        var error = Assert.ThrowsAny<ArgumentException>(() => StepScan.Run(surface, theta, options));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WrongOptions_SaysSo()
    {
        var (surface, theta) = Instance();
        var options = Options(new StepSizeGrid(2.1, 2.2, 2, true), 0.01, knots: true);
        void Says(string words, StepScanOptions wrong, double[]? at = null) =>
            Assert.Contains(
                words,
                Assert.ThrowsAny<ArgumentException>(() => StepScan.Run(surface, at ?? theta, wrong)).Message,
                StringComparison.Ordinal
            );
        Says("horizon is 0", options with { Horizon = 0 });
        Says("krylov is 0", options with { Krylov = 0 });
        Says("excursion is -1", options with { Excursion = -1 });
        Says("excursion is Infinity", options with { Excursion = double.PositiveInfinity });
        Says("columns is 0", options with { Collocation = new CollocationOptions(0) });
        Says("loss of NaN", options, [double.NaN, 0, 0, 0]);
    }

    private static void Agree(SeriesTable series, double reach)
    {
        for (var i = 0; i < series.Rows; i++)
        {
            // The model is the surface, so that it ends nowhere that the run goes with a swing of its own size.
            var u = series[Columns.PeakDisplacement][i];
            if (double.IsNaN(u) || u > reach)
                continue;
            Assert.Equal(Steps, series[Forecast(Columns.StepsMade)][i]);
            foreach (var column in Compared)
            {
                var (run, forecast) = (series[column][i], series[Forecast(column)][i]);
                Near.Equal(run, forecast, Tolerance * Math.Max(Math.Abs(run), 3e-4), $"{column} of {i}");
            }
        }
    }

    private static string Forecast(Column column) => Columns.Forecast(Columns.JetForecast, column);

    private static StepScanOptions Options(StepSizeGrid grid, double excursion, bool knots) =>
        new(grid, Steps, 64, new CollocationOptions(int.MaxValue, Knots: knots), excursion, 1e-9, JetTolerance: 1e-9);

    private static (QuarticSurface Surface, double[] Theta) Instance() =>
        (QuarticSurface.Random(new Random(4), [3, 1.4, 0.7, -0.2], 0.2, 0.1), [0.01, 0.02, -0.01, 0.01]);
}
