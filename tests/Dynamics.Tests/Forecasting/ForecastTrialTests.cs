using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>What a trial measures of its run, against dense Hessians along a plain loop.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class ForecastTrialTests
{
    private const int Horizon = 8;
    private const double StepSize = 0.08,
        Degrees = 180 / Math.PI;
    private static readonly ITheory[] Theories = [.. TheoryCatalogue.All];

    [Property]
    public void Run_AnySurface_MeasuresWhatTheDenseHessianSaysAlongThePlainLoop(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        double[] theta = [.. start];
        var series = ForecastTrial
            .Run(
                surface,
                theta,
                StepSize,
                Theories,
                new TrialOptions(Horizon, 4, 0, Tolerance: 1e-10, Seed: seed.Value),
                cancellation: Token
            )
            .Series;
        var points = Draw.Trajectory(surface, start, StepSize, Horizon);
        Assert.Equal(points[^1], theta);
        Assert.Equal(Horizon + 1, series.Rows);
        var reference = SymmetricMatrices.Eigen(surface.Hessian(start)).Vectors[0];
        // Its sign is the solver's.
        var same =
            (Form(surface.Third(start), reference, 3) * series["reference_m3"][0])
            + points
                .Select(
                    (point, t) =>
                        SymmetricMatrices.Dot(reference, [.. point.Zip(start, (x, y) => x - y)])
                        * series["displacement"][t]
                )
                .Sum();
        if (same < 0)
            reference = [.. reference.Select(x => -x)];
        // The jet's v_1 is good to its tolerance 1e-8 over the gap, which is above 0.3 on these surfaces, as dense
        // rounding is; moments are of order n^(3/2), and degrees 57.3 radians.
        const double tolerance = 1e-8 / 0.3 * 57.3 * 8;
        for (var t = 0; t <= Horizon; t++)
        {
            var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(points[t]));
            double[] moved = [.. points[t].Zip(start, (x, y) => x - y)];
            Near.Equal(surface.Loss(points[t]), series["loss"][t], tolerance, $"loss at {t}");
            Near.Equal(values[0], series["sharpness"][t], tolerance, $"sharpness at {t}");
            Near.Equal(
                SymmetricMatrices.Dot(reference, moved),
                series["displacement"][t],
                tolerance,
                $"displacement at {t}"
            );
            Near.Equal(
                Angle(reference, vectors[0]) * Degrees,
                series["reference_rotation_1"][t],
                tolerance,
                $"rotation from the reference at {t}"
            );
            Near.Equal(
                Form(surface.Third(points[t]), reference, 3),
                series["reference_m3"][t],
                tolerance,
                $"m_3 along the reference at {t}"
            );
            Near.Equal(
                Form(surface.Quartic, reference, 4),
                series["reference_m4"][t],
                tolerance,
                $"m_4 along the reference at {t}"
            );
            Near.Equal(
                Math.Abs(Form(surface.Third(points[t]), vectors[0], 3)),
                Math.Abs(series["m3"][t]),
                tolerance,
                $"m_3 along v_1 at {t}"
            );
            if (t > 0)
                Near.Equal(
                    Angle(SymmetricMatrices.Eigen(surface.Hessian(points[t - 1])).Vectors[0], vectors[0]) * Degrees,
                    series["rotation_1"][t],
                    tolerance,
                    $"rotation at {t}"
                );
        }
    }

    [Fact]
    public void Run_ForecastsOfTheories_StandUnderTheNameOfWhatTheyForecast()
    {
        var (surface, start) = Instance(new Seed(3), new Size(3));
        var (series, declined, _, diverged) = ForecastTrial.Run(
            surface,
            start,
            StepSize,
            Theories,
            new TrialOptions(Horizon, 4, 2, Cubic: true),
            cancellation: Token
        );
        Assert.False(diverged);
        foreach (var theory in Theories)
        {
            Assert.NotEqual(declined.ContainsKey(theory.Name), series.Has(Columns.Forecast(theory.Name, "validity")));
            foreach (
                var name in series.Names.Where(name => name.StartsWith($"{theory.Name}_", StringComparison.Ordinal))
            )
            {
                var column = name[(theory.Name.Length + 1)..];
                Assert.True(
                    column is "validity" or "amplitude" || series.Has(column),
                    $"{name} forecasts no column of the run"
                );
            }
        }

        Assert.Contains("memory-map-4-cubic_reference_rotation_1", series.Names);
    }

    [Fact]
    public void Run_Diverges_EndsTheSeriesBeforeThePointThatIsNotFinite()
    {
        var (surface, start) = Instance(new Seed(3), new Size(3));
        var trial = ForecastTrial.Run(
            surface,
            [.. start.Select(x => 30 * x)],
            10,
            [new CurvatureMomentTheory(4)],
            new TrialOptions(200, 4, 0),
            cancellation: Token
        );
        Assert.True(trial.Diverged);
        Assert.InRange(trial.Series.Rows, 2, 30);
        Assert.All(trial.Series["loss"], loss => Assert.True(double.IsFinite(loss)));
    }

    [Fact]
    public void Run_AtAMinimum_HasARowForEveryStepAllTheSame()
    {
        var surface = Draw.Surface(new Random(1), 3);
        var progress = new List<int>();
        var trial = ForecastTrial.Run(
            surface,
            new double[3],
            StepSize,
            [],
            new TrialOptions(Horizon, 4, 0),
            progress.Add,
            Token
        );
        Assert.Equal((Horizon + 1, false), (trial.Series.Rows, trial.Diverged));
        Assert.All(trial.Series["displacement"], u => Assert.Equal(0, u));
        Assert.Equal(Enumerable.Range(0, Horizon + 1), progress);
    }

    [Property]
    public void Run_CollocationJet_ForecastsAndIsHeldAlongItsPathAlone(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, new Size(size.Value + 1));
        var trial = ForecastTrial.Run(
            surface,
            start,
            StepSize,
            Theories,
            new TrialOptions(Horizon, 4, 3, Trust: true, Collocation: new(), Predictability: true, Taylor: false),
            cancellation: Token
        );
        Assert.Null(trial.Taylor);
        Assert.Equal(trial.JetCost, trial.Collocation!.Cost);
        Assert.Null(trial.Collocation.Trust);
        Assert.NotNull(trial.Collocation.Swing);
        Assert.True(trial.Collocation.Path is { Points: >= 1, Error: >= 0 });
        Assert.True(ForecastScore.Of(trial.Series, "memory-map-6-cubic") is { Sharpness.Length: Horizon + 1 });
        Assert.Contains("cannot be cut", trial.Declined["memory-map-4"], StringComparison.Ordinal);
        Assert.True(trial.Predictability >= 0);
    }

    /// <summary>Two jets in one trial are those of two trials, by one eigenpair.</summary>
    [Property]
    public void Run_BothJets_SayWhatEachSaysAlone(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, new Size(size.Value + 1));
        var both = new TrialOptions(Horizon, 4, 3, Cubic: true, Trust: true, Collocation: new(), SpanLimit: true);
        TrialOutcome together = Of(both),
            series = Of(both with { Collocation = null }),
            swing = Of(both with { Taylor = false, Cubic = false });
        foreach (var theory in Theories.Select(theory => theory.Name))
        {
            var source = series.Declined.ContainsKey(theory) ? swing : series;
            Assert.Equal(source.Declined.GetValueOrDefault(theory), together.Declined.GetValueOrDefault(theory));
            foreach (var name in source.Series.Names.Where(n => n.StartsWith($"{theory}_", StringComparison.Ordinal)))
                Assert.Equal(source.Series.Array(name), together.Series.Array(name));
        }

        Assert.Contains("memory-map-6-cubic", swing.Series.Names.Select(n => n.Split('_')[0]));
        Assert.Equal(series.Taylor!.Trust, together.Taylor!.Trust);
        Assert.Equal(series.Taylor.Path!.Error, together.Taylor.Path!.Error);
        Assert.Equal(swing.Collocation!.Path!.Error, together.Collocation!.Path!.Error);
        // Its span, and nothing that the Taylor jet has left in the basis.
        Assert.Equal(swing.SpanLimit, together.SpanLimit);
        // Sums of thirds, some hundred of them.
        Near.Equal(series.JetCost, together.Taylor.Cost, 1e-9, "Taylor");
        Near.Equal(swing.JetCost, together.Collocation.Cost, 1e-9, "collocation");
        Assert.InRange(together.JetCost, Math.Max(series.JetCost, swing.JetCost), series.JetCost + swing.JetCost);

        TrialOutcome Of(TrialOptions options) =>
            ForecastTrial.Run(surface, [.. start], StepSize, Theories, options, cancellation: Token);
    }

    [Property]
    public void Run_PredictabilityAsked_IsTheMeanDifferenceOfTwoPlainRuns(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var series = ForecastTrial.Run(
            surface,
            [.. start],
            StepSize,
            [],
            new TrialOptions(Horizon, 4, 0, Tolerance: 1e-10, Predictability: true),
            cancellation: Token
        );
        var reference = SymmetricMatrices.Eigen(surface.Hessian(start)).Vectors[0];
        // Its sign is the solver's: that for which u is what the trial measured.
        var points = Draw.Trajectory(surface, start, StepSize, Horizon);
        var along = points.Select(p => SymmetricMatrices.Dot(reference, [.. p.Zip(start, (x, y) => x - y)])).ToArray();
        var sign = along.Zip(series.Series["displacement"], (x, y) => x * y).Sum() < 0 ? -1 : 1;
        var shift = sign * 1e-3 * along.Max(Math.Abs);
        var moved = Draw.Trajectory(surface, Differences.Along(start, reference, shift), StepSize, Horizon);
        double Sharpness(double[] p) => SymmetricMatrices.Eigen(surface.Hessian(p)).Values[0];
        var expected = points.Zip(moved, (p, q) => Math.Abs((Sharpness(q) - Sharpness(p)) / Sharpness(p))).Average();
        // Sharpnesses of order 3, good to 1e-10 squared over the gap and to some dozen roundings; v to 1e-8 over the gap
        // of 0.3, by which the shift of at most 1e-3 is off.
        Near.Equal(expected, series.Predictability!.Value, 1e-10, "l_S");
    }

    /// <summary>A span that is the whole space leaves nothing out, up to roundings that the run amplifies.</summary>
    [Property]
    public void Run_SpanLimitOfTheWholeSpace_IsRounding(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        // Up to three Krylov vectors beside v are all that there are; a Krylov space that closes early has no use for more:
        // gradients stay in it to rounding only where the surface is quadratic, so that draw is left to its own number.
        var trial = ForecastTrial.Run(
            surface,
            start,
            StepSize,
            [],
            new TrialOptions(Horizon, 4, 3, Tolerance: 1e-10, SpanLimit: true),
            cancellation: Token
        );
        // Steps of at most |I - eta H| < 2 make 2^8 of some dozen roundings of numbers of order 3.
        Assert.InRange(trial.SpanLimit!.Value, 0, 1e-11);
    }

    [Fact]
    public void Run_SpanLimitWithoutKrylovVectors_NamesThem()
    {
        var (surface, start) = Instance(new Seed(3), new Size(3));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            ForecastTrial.Run(surface, start, StepSize, [], new TrialOptions(Horizon, 4, 0, SpanLimit: true))
        );
        Assert.Contains("krylov is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoJet_SaysSo()
    {
        var (surface, start) = Instance(new Seed(3), new Size(3));
        var error = Assert.Throws<ArgumentException>(() =>
            ForecastTrial.Run(surface, start, StepSize, [], new TrialOptions(Horizon, 4, 0, Taylor: false))
        );
        Assert.Contains("no jet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CollocationWithoutKrylovVectors_NamesThem()
    {
        var (surface, start) = Instance(new Seed(3), new Size(3));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            ForecastTrial.Run(
                surface,
                start,
                StepSize,
                [],
                new TrialOptions(Horizon, 4, 0, Collocation: new(), Taylor: false)
            )
        );
        Assert.Contains("krylov is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        var (surface, start) = Instance(new Seed(3), new Size(3));
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            ForecastTrial.Run(
                surface,
                start,
                StepSize,
                [],
                new TrialOptions(Horizon, 4, 0),
                t =>
                {
                    if (t == 2)
                        source.Cancel();
                },
                source.Token
            )
        );
    }

    [Property]
    public void RunAlongADirection_AnySurface_IsTheCurvatureAndLossOfThePlainLoop(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var v = Draw.Unit(seed.Random(), start.Length);
        double[] theta = [.. start];
        var (series, result) = FixedDirectionTrial.Run(
            surface,
            theta,
            v,
            4,
            StepSize,
            Horizon,
            [new CurvatureMomentTheory(4), new MemoryTheory(4)],
            cancellation: Token
        );
        var points = Draw.Trajectory(surface, start, StepSize, Horizon);
        Assert.Equal((Horizon, points[^1].Length), (result.Steps, theta.Length));
        Assert.Equal(points[^1], theta);
        for (var t = 0; t <= Horizon; t++)
        {
            double[] moved = [.. points[t].Zip(start, (x, y) => x - y)];
            // Forms of n^2 terms of order 1, both ways.
            Near.Equal(SymmetricMatrices.Dot(v, moved), series["displacement"][t], 1e-14, $"displacement at {t}");
            Near.Equal(
                Form([.. surface.Hessian(points[t]).Cast<double>()], v, 2),
                series["curvature"][t],
                1e-13,
                $"curvature at {t}"
            );
            Assert.Equal(surface.Loss(points[t]), series["loss"][t]);
        }

        // The second theory needs Krylov vectors, which this jet has not.
        Assert.Contains("moment-map-4_sharpness", series.Names);
        Assert.DoesNotContain(series.Names, name => name.StartsWith("memory-map-4", StringComparison.Ordinal));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (QuarticSurface Surface, double[] Start) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 4);
        return (Draw.Surface(random, n), Draw.Vector(random, n, 0.3));
    }

    private static double Form(double[] tensor, double[] v, int order) =>
        Enumerable.Repeat(v, order).Aggregate(tensor, QuarticSurface.Contracted)[0];

    /// <summary>The angle between two lines by the chord, right for small angles too.</summary>
    private static double Angle(double[] a, double[] b)
    {
        var sign = SymmetricMatrices.Dot(a, b) < 0 ? -1 : 1;
        return 2 * Math.Asin(Math.Min(1, Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(x - (sign * y), 2)).Sum()) / 2));
    }
}
