using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>A trial of heavy-ball descent (4.26), on quadratics, where forecast and run are the same.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class MomentumTrialTests
{
    private const int Below = 20,
        Horizon = 30;

    private static readonly CollocationOptions Line = new(Columns: int.MaxValue, Knots: false);

    [Property]
    public void Run_Quadratic_ForecastsTheRunAndBeginsPastTheRulesOwnEdge(Seed seed, Size size, Real decay)
    {
        var b = decay.In(0, 0.95);
        var (random, n) = (seed.Random(), size.Value + 1);
        var surface = Surface(random, n);
        var approach = new ApproachOptions(0.3, Below, 2.1) { Momentum = b, Tolerance = 1e-10 };
        var (series, stepSize, reference) = MomentumTrial.Run(
            surface,
            Draw.Vector(random, n),
            approach,
            Horizon,
            n,
            Line,
            rod: true
        );
        // The largest eigenvalue is 1, and the edge 2 (1 + b).
        Near.Equal(2.1 * (1 + b), stepSize, 1e-12 * n, "step size");
        Assert.True(reference >= Below);
        Assert.Equal(Horizon + 1, series!.Rows);
        Assert.Equal(0, series[Columns.TrustPath][0], 1e-6);
        Assert.Equal(Columns.RodForecast, new RodFlowTheory().Name);
        // A few roundings of an eigenpair, in units of an excursion of order one.
        Assert.Equal(0, series[Columns.Forecast(Columns.RodForecast, Columns.Displacement)][0], 1e-14);
        // Lost where no rod leads, (6.10); a quadratic's sharpness until then.
        foreach (var sharpness in series.Array(Columns.Forecast(Columns.RodForecast, Columns.Sharpness)))
            if (!double.IsNaN(sharpness))
                Near.Equal(1, sharpness, 1e-9, "S of the rod flow");
        for (var t = 0; t <= Horizon; t++)
        {
            // Roundings of a step, and v_1 to the solver's residual of 1e-6, in units of where the run is; both grow as
            // the run does, by at most 2.2 a step of the unstable pair.
            var tolerance = 1e-5 * (1 + Math.Abs(series[Columns.Displacement][t]));
            Near.Equal(series[Columns.Displacement][t], Said(Columns.Displacement, t), tolerance, $"u at {t}");
            Near.Equal(1, Said(Columns.Sharpness, t), 1e-9, $"S at {t}");
        }

        double Said(string column, int t) => series[Columns.Forecast(Columns.JetForecast, column)][t];
    }

    [Fact]
    public void Run_WithoutMomentum_IsGradientDescentFromTheSamePoint()
    {
        var (surface, start) = (Surface(new Random(5), 4), Draw.Vector(new Random(6), 4));
        double[] theta = [.. start],
            same = [.. start];
        var approach = new ApproachOptions(0.3, Below, 2.1);
        var (series, stepSize, reference) = MomentumTrial.Run(surface, theta, approach, Horizon, 3, Line);
        var way = Approach.Run(surface, same, approach, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((way.StepSize, way.Steps), (stepSize, reference));
        using var rule = new GradientDescent<double[]>(surface.Space);
        DescentLoop.Run(
            surface,
            rule,
            stepSize,
            DescentLimits.AllOf(Horizon),
            same,
            [],
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal(Horizon + 1, series!.Rows);
        Assert.DoesNotContain(Columns.Forecast(Columns.RodForecast, Columns.Validity), series.Names);
        Assert.Equal(same, theta);
    }

    [Fact]
    public void Run_InstabilityThatNeverComes_HasNoSeries()
    {
        var surface = Surface(new Random(5), 3);
        var approach = new ApproachOptions(0.3, Below, 2.1, Patience: 3) { Momentum = 0.5, Excursion = 1e9 };
        var (series, stepSize, reference) = MomentumTrial.Run(surface, [1, 1, 1], approach, Horizon, 2, Line);
        Assert.Null(series);
        Near.Equal(3.15, stepSize, 1e-9, "step size");
        Assert.Equal(Below + 3, reference);
    }

    [Theory]
    [InlineData(1.0, 30, 2)]
    [InlineData(-0.1, 30, 2)]
    [InlineData(double.NaN, 30, 2)]
    [InlineData(0.5, 0, 2)]
    [InlineData(0.5, 30, 0)]
    public void Run_OptionOutOfRange_Throws(double decay, int horizon, int krylov)
    {
        var approach = new ApproachOptions(0.3, Below) { Momentum = decay };
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            MomentumTrial.Run(Surface(new Random(5), 3), [1, 1, 1], approach, horizon, krylov, Line)
        );
    }

    /// <summary>A quadratic with eigenvalues 1 and others below 0.8.</summary>
    private static QuarticSurface Surface(Random random, int n) =>
        QuarticSurface.Random(
            random,
            [1, .. Enumerable.Range(1, n - 1).Select(_ => 0.05 + (0.75 * random.NextDouble()))],
            0,
            0
        );
}
