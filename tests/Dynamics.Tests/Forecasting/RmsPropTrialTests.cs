using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>
/// A trial of RMSProp (4.27), (4.28), on quadratics, where the jet is the surface and has the whole space: forecast and
/// run are the same, with the preconditioner frozen and let go.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class RmsPropTrialTests
{
    private const int Below = 20,
        Horizon = 30;

    private static readonly CollocationOptions Line = new(Columns: int.MaxValue, Knots: false);

    [Property]
    public void Run_Quadratic_ForecastsBothRuns(Seed seed, Size size, Real decay, Real epsilon)
    {
        var (b, eps) = (decay.In(0, 0.99), Math.Exp(epsilon.In(-2, 2)));
        var (random, n) = (seed.Random(), size.Value + 1);
        var series = Trial(random, n, b, eps, 2.1, out var stepSize);
        Assert.Equal(0, series[Columns.TrustPath][0], 1e-6);
        Assert.True(stepSize * series[Columns.EffectiveSharpness][0] > 2);
        Same(column => Columns.Forecast(Columns.Frozen, column), Columns.FrozenForecast);
        Same(column => column, Columns.JetForecast);

        void Same(Func<string, string> run, string forecast)
        {
            // The unstable pair of the frozen run grows without end.
            for (var t = 0; t < series.Rows && Math.Abs(series[run(Columns.Displacement)][t]) < 1e3; t++)
            {
                // Roundings of a step, and v_1 to the solver's residual of 1e-6, in units of where the run is; both
                // grow as the run does. S is good to the square of the residual, and to what P depends on u by.
                var scale = 1 + Math.Abs(series[run(Columns.Displacement)][t]);
                Near.Equal(series[run(Columns.Displacement)][t], Said(Columns.Displacement), 1e-5 * scale, $"u at {t}");
                var sharpness = series[run(Columns.EffectiveSharpness)][t];
                Near.Equal(sharpness, Said(Columns.EffectiveSharpness), 1e-5 * scale * sharpness, $"S at {t}");

                double Said(string column) => series[Columns.Forecast(forecast, column)][t];
            }
        }
    }

    [Property]
    public void Run_PreconditionerThatHardlyChanges_IsTheFrozenRun(Seed seed, Size size)
    {
        // The root gains at most sqrt(1 - b2) |g| = 3e-8 |g| a step beside eps = 1: P is 1 to about 1e-6 while the run
        // stays of order one.
        var series = Trial(seed.Random(), size.Value + 1, 1 - Math.ScaleB(1, -50), 1, 2.02, out _);
        for (var t = 0; t <= Horizon; t++)
        {
            var scale = 1 + Math.Abs(series[Columns.Displacement][t]);
            var frozen = series[Columns.Forecast(Columns.Frozen, Columns.Displacement)][t];
            // A step passes on what P differs by, and the difference grows with the pair, by 1.02 a step.
            Near.Equal(frozen, series[Columns.Displacement][t], 2 * Horizon * 1e-6 * scale, $"u at {t}");
        }
    }

    [Fact]
    public void Run_FrozenRun_IsDescentDividedByTheRulesOwnDenominators()
    {
        var random = new Random(3);
        var surface = Surface(random, 3);
        double[] start = Draw.Vector(random, 3, 1),
            theta = [.. start],
            same = [.. start];
        var approach = Approaching(0.5, 2.1);
        var (series, stepSize, reference) = RmsPropTrial.Run(surface, theta, approach, 0.9, 0.5, Horizon, 3, Line);
        var token = TestContext.Current.CancellationToken;
        using var rule = new AdaptiveRule<double[]>(surface.Space, new("rmsprop", 0, 0.9, 0.5, BiasCorrection: false));
        DescentLoop.Run(surface, rule, 0.3 * 0.5, DescentLimits.AllOf(Below), same, [], cancellation: token);
        DescentLoop.Run(surface, rule, stepSize, DescentLimits.AllOf(reference - Below), same, [], cancellation: token);
        double[] root = new double[3],
            gradient = new double[3];
        rule.TryPrecondition(root);
        for (var t = 0; t <= 10; t++)
        {
            var loss = surface.LossAndGradient(same, gradient);
            // Some ten roundings a step of numbers of order one, which the unstable pair grows by 1.2.
            Near.Equal(loss, series![Columns.Forecast(Columns.Frozen, Columns.Loss)][t], 1e-12, $"L at {t}");
            for (var i = 0; i < 3; i++)
                same[i] -= stepSize * root[i] * root[i] * gradient[i];
        }
    }

    [Fact]
    public void Run_InstabilityThatNeverComes_HasNoSeries()
    {
        var approach = Approaching(1, 2.1) with { Patience = 3, Excursion = 1e9 };
        var (series, stepSize, reference) = RmsPropTrial.Run(
            Surface(new Random(5), 3),
            [1, 1, 1],
            approach,
            0.9,
            1,
            Horizon,
            2,
            Line
        );
        Assert.Null(series);
        Assert.True(stepSize > 2);
        Assert.Equal(Below + 3, reference);
    }

    [Theory]
    [InlineData(1.0, 1e-8, 5, 30, 2)]
    [InlineData(-0.1, 1e-8, 5, 30, 2)]
    [InlineData(double.NaN, 1e-8, 5, 30, 2)]
    [InlineData(0.9, -1, 5, 30, 2)]
    [InlineData(0.9, double.PositiveInfinity, 5, 30, 2)]
    [InlineData(0.9, 1e-8, 0, 30, 2)]
    [InlineData(0.9, 1e-8, 5, 0, 2)]
    [InlineData(0.9, 1e-8, 5, 30, 0)]
    public void Run_OptionOutOfRange_Throws(double decay, double epsilon, int steps, int horizon, int krylov) =>
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() =>
            RmsPropTrial.Run(
                Surface(new Random(5), 3),
                [1, 1, 1],
                new ApproachOptions(0.3, steps),
                decay,
                epsilon,
                horizon,
                krylov,
                Line
            )
        );

    [Fact]
    public void Run_WithMomentum_Throws() =>
        Assert.Throws<ArgumentException>(() =>
            RmsPropTrial.Run(
                Surface(new Random(5), 3),
                [1, 1, 1],
                new ApproachOptions(0.3, 5) { Momentum = 0.5 },
                0.9,
                1,
                Horizon,
                2,
                Line
            )
        );

    private static SeriesTable Trial(
        Random random,
        int n,
        double decay,
        double epsilon,
        double push,
        out double stepSize
    )
    {
        (var series, stepSize, _) = RmsPropTrial.Run(
            Surface(random, n),
            Draw.Vector(random, n),
            Approaching(epsilon, push),
            decay,
            epsilon,
            Horizon,
            n,
            Line
        );
        return series!;
    }

    /// <summary>Below the edge, which is at least 2 eps since no eigenvalue is above 1.</summary>
    private static ApproachOptions Approaching(double epsilon, double push) =>
        new(0.3 * epsilon, Below, push) { Tolerance = 1e-10 };

    /// <summary>A quadratic with eigenvalues 1 and others below 0.8.</summary>
    private static QuarticSurface Surface(Random random, int n) =>
        QuarticSurface.Random(
            random,
            [1, .. Enumerable.Range(1, n - 1).Select(_ => 0.05 + (0.75 * random.NextDouble()))],
            0,
            0
        );
}
