using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>The collocation jet (4.11) to (4.15) where it must be exact.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public partial class CollocationJetTests
{
    private const int Steps = 12;
    private static readonly CollocationOptions Line = new(Columns: int.MaxValue, Knots: false);

    // Of relative quantities: the interpolant's four coefficients with up to 64 * 2 * 120 roundings each
    // (SwingInterpolantTests) of data that are sums of some dozen terms, over a swing that the model itself sets.
    private const double Tolerance = 64 * 2 * 120 * 4 * 12 * Near.Roundoff;

    [Property]
    public void Along_ValleyWithinItsDegree_IsTheValley(Seed seed, Size size, LogUniform length, LogUniform height)
    {
        var random = seed.Random();
        var valley = Valley(random, size.Value, knots: false);
        // Lengths and losses of 1e-12 to 1e12.
        var (l, h) = (length.In(1e-12, 1e12), height.In(1e-12, 1e12));
        var surface = new ModelSurface(valley, l, h);
        var theta = new double[surface.Space.Dimension];
        var v = Axis(theta.Length);
        var (jet, basis) = Jets.Along(surface, theta, v, StepSize(valley) * l * l / h, Steps, Line);
        var model = LocalModel.Whole(jet);
        for (var trial = 0; trial < 5; trial++)
        {
            double[] y = [Between(random, jet.Swing!), .. Draw.Vector(random, model.Dimension - 1, 0.1 * l)];
            double[] place = [y[0], .. new double[theta.Length - 1]];
            for (var i = 1; i < y.Length; i++)
            for (var j = 0; j < theta.Length; j++)
                place[j] += y[i] * basis[i - 1][j];
            // All numbers of the valley are below 4, and so are its terms at |u|, |f| < 1.
            Near.Equal(surface.Loss(place) / h, model.LossChange(y) / h, 4 * Tolerance, "L");
        }

        for (var k = 1; k <= 6; k++)
            Near.Equal(
                valley.MomentAt(k, new double[theta.Length]),
                jet.Moments[k - 1] * Math.Pow(l, k) / h,
                OfMoment(k, Reach(jet, l)),
                $"m_{k}"
            );
    }

    [Property]
    public void Along_CubicFloor_KnowsItAlongTheKnots(Seed seed, Size size)
    {
        var random = seed.Random();
        var valley = Valley(random, size.Value + 1, knots: true);
        var surface = new ModelSurface(valley);
        var (n, theta) = (valley.Dimension, new double[valley.Dimension]);
        var stepSize = StepSize(valley);
        // Knots are those of the forecast without any.
        var (line, _) = Jets.Along(surface, theta, Axis(n), stepSize, Steps, Line);
        var (jet, basis) = Jets.Along(
            surface,
            theta,
            Axis(n),
            stepSize,
            Steps,
            new CollocationOptions(Columns: int.MaxValue)
        );
        var path = ModelPath.Descend(LocalModel.Whole(line), stepSize, Steps);
        double[] Mean(int t) => [.. path[t].Skip(1).Zip(path[t + 1].Skip(1), (a, b) => (a + b) / 2)];
        var (span, kept) = FloorKnots.Independent([Mean(Math.Min(ModelPath.Peak(path), Steps / 3)), Mean(Steps - 1)]);
        var shortest = Enumerable.Range(0, kept.Length).Min(k => SymmetricMatrices.Dot(span[k], kept[k]));
        var model = LocalModel.Whole(jet);
        foreach (var w in span)
        {
            double[] place = new double[n],
                y = [0, .. w];
            for (var i = 1; i < n; i++)
            for (var j = 0; j < n; j++)
                place[j] += y[i] * basis[i - 1][j];
            var there = surface.Hessian(place);
            var hessian = new double[n * n];
            model.Hessian(y, hessian);
            for (var i = 1; i < n; i++)
            for (var j = 1; j < n; j++)
            {
                var expected = SymmetricMatrices.Dot(basis[i - 1], SymmetricMatrices.Times(there, basis[j - 1]));
                // T(f_j) - T_0 has the rounding of sums of a dozen terms of T <= 2, and of H(0), of which r are added;
                // the knots that it is divided by are as short as they are, and twice so where they are nearly aligned.
                Near.Equal(
                    expected,
                    hessian[(i * n) + j],
                    1e3 * n * Near.Roundoff * (1 + (2 / (shortest * 0.01))),
                    "T(w)"
                );
                Assert.Equal(hessian[(i * n) + j], hessian[(j * n) + i]);
            }
        }
    }

    [Property]
    public void Along_ReversedDirection_ForecastsTheSame(Seed seed, Size size, bool partial)
    {
        var random = seed.Random();
        var (surface, theta) = Instance(random, size.Value + 1);
        var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
        var stepSize = 2.05 / SymmetricMatrices.Eigen(surface.Hessian(theta)).Values[0];
        var options = new CollocationOptions(Columns: partial ? 2 : 20);
        Forecast plus = Forecast(surface, theta, v, stepSize, options),
            minus = Forecast(surface, theta, [.. v.Select(x => -x)], stepSize, options);
        Same(plus.Displacement, [.. minus.Displacement.Select(u => -u)], "u");
        Same(plus.Sharpness, minus.Sharpness, "S");
        Same(plus.Loss, minus.Loss, "L");
    }

    [Property]
    public void Along_TurnedCoordinates_ForecastsTheSame(Seed seed, Size size)
    {
        var random = seed.Random();
        var (surface, theta) = Instance(random, size.Value + 1);
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var turn = SymmetricMatrices.Orthogonal(random, theta.Length);
        var options = new CollocationOptions(Columns: 20);
        Forecast here = Forecast(surface, theta, vectors[0], 2.05 / values[0], options),
            there = Forecast(
                surface.Rotated(turn),
                SymmetricMatrices.Times(turn, theta),
                SymmetricMatrices.Times(turn, vectors[0]),
                2.05 / values[0],
                options
            );
        Same(here.Displacement, there.Displacement, "u");
        Same(here.Sharpness, there.Sharpness, "S");
        Same(here.Rotation, there.Rotation, "turn");
    }

    [Property(MaxTest = 20)]
    public void Predict_SurfaceWithoutFourthDerivatives_IsThatOfTheTaylorJetForEveryTheory(Seed seed, Size size)
    {
        // With D^4 L = 0 the line, and the floor but for f^3, are what a Taylor jet with its cubic coupling holds.
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        double[] spectrum = [3, .. Enumerable.Range(1, n - 2).Select(i => 2.0 - (0.4 * i)), -0.4];
        var surface = QuarticSurface.Random(random, spectrum, 0.1, 0);
        // Off the floor by a tenth along v_1: over a much shorter swing rounding tells little of a third derivative, and
        // constrained trajectories go as far as the edge.
        var leading = SymmetricMatrices.Eigen(surface.Hessian(new double[n])).Vectors[0];
        double[] theta = [.. leading.Zip(Draw.Vector(random, n, 0.03), (x, y) => (0.1 * x) + y)];
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        using var point = surface.At(theta);
        var (trailing, gap) = (values[^1], values[0] - values[1]);
        var taylor = Jet.Along(surface, point, vectors[0], 6, trailing, gap, krylov: n, cubic: true);
        foreach (var theory in TheoryCatalogue.All)
        {
            var stepSize = RandomJets.StepSize(theory, taylor);
            var (jet, _) = Jets.Along(surface, theta, vectors[0], stepSize, 8, Line, trailing, gap);
            Forecast series = theory.Predict(taylor, stepSize, 8),
                swing = theory.Predict(jet, stepSize, 8);
            if (theory.Needs is { Cut: true, Order: < 6 })
            {
                Assert.Contains("cannot be cut", swing.Declined, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal(series.Declined, swing.Declined);
            // Some theories ask for third derivatives, which are known to the tolerance times S over the swing, as
            // m_3 is; eight steps multiply what differs by up to 2^8.
            var tolerance = 256 * 3 * Tolerance / Math.Min(1, Reach(jet, 1));
            Within(series.Displacement, swing.Displacement, tolerance, $"{theory.Name} u");
            Within(series.Sharpness, swing.Sharpness, tolerance, $"{theory.Name} S");
            Within(series.Loss, swing.Loss, tolerance, $"{theory.Name} L");
        }
    }

    [Fact]
    public void Along_ShrinkingSwing_TendsToTheTaylorJetAtTheRightOrder()
    {
        // L = e^u + f sin u + (1 + e^u / 2) f^2 / 2 at u = f = 0 shifted so that m_1 is small: with the exact
        // derivatives at the reference point, m_3 errs by e^u a^2 b^2 / 360 and C by -T''' a b / 6, with T''' = 1/2.
        List<double> areas = [],
            third = [],
            coupling = [];
        foreach (var slope in new[] { 0.08, 0.04 })
        {
            var surface = new ExponentialValley(slope);
            var (jet, _) = Jets.Along(surface, [0, 0], [1, 0], 0.5, Steps, Line);
            var (a, b) = (jet.Swing!.Low, jet.Swing.High);
            Near.Equal(-a * a * b * b / 360, jet.Moments[2] - 1, 1e-3 * Math.Pow(-a, 5), "m_3");
            Near.Equal(a * b / 12, 0.5 - jet.Krylov!.Coupling![0, 0], 0.1 * Math.Pow(-a, 3), "C");
            areas.Add(-a * b);
            third.Add(Math.Abs(jet.Moments[2] - 1));
            coupling.Add(Math.Abs(jet.Krylov.Coupling[0, 0] - 0.5));
        }

        // Half the slope, about half the swing: fourth order and second, in ab, to the swing's own size of a tenth.
        var shrink = areas[0] / areas[1];
        Assert.InRange(shrink, 3, 6);
        Assert.InRange(third[0] / third[1], 0.9 * shrink * shrink, 1.1 * shrink * shrink);
        Assert.InRange(coupling[0] / coupling[1], 0.9 * shrink, 1.1 * shrink);
    }

    [Property]
    public void Along_QuadraticSurface_IsTheQuadratic(Seed seed, Size size, LogUniform length, LogUniform height)
    {
        var random = seed.Random();
        var n = size.Value + 1;
        // Any units, above and below the edge, on the floor (m_1 = 0 but for rounding) and off it.
        var (l, h) = (length.In(1e-12, 1e12), height.In(1e-12, 1e12));
        double[] spectrum = [.. Enumerable.Range(0, n).Select(i => h / l / l * (i == 0 ? 3 : Draw.Uniform(random, 2)))];
        var surface = QuarticSurface.Random(random, spectrum, 0, 0);
        var v = SymmetricMatrices.Eigen(surface.Hessian(new double[n])).Vectors[0];
        var off = random.Next(3) * 0.1;
        double[] theta = [.. v.Zip(Draw.Vector(random, n, 0.01), (x, y) => l * ((off * x) + y))];
        var stepSize = (0.5 + (2 * random.NextDouble())) / spectrum[0];
        var (jet, _) = Jets.Along(surface, theta, v, stepSize, 40, new CollocationOptions(), gap: spectrum[0] / 3);
        Assert.All(jet.Moments[2..], m => Assert.Equal(0, m));
        foreach (var part in new[] { jet.Krylov!.Coupling, jet.Krylov.Bending })
            Assert.All(part!.Cast<double>(), c => Assert.Equal(0, c));
        Assert.All(jet.Krylov.Cubic ?? [], a => Assert.Equal(0, a));
        var forecast = new MemoryTheory(6, cubic: true).Predict(jet, stepSize, 40);
        var points = Draw.Trajectory(surface, theta, stepSize, 40);
        for (var t = 0; t <= 40; t++)
        {
            Near.Equal(spectrum[0], forecast.Sharpness[t], 1e3 * n * Near.Roundoff * spectrum[0], $"S at {t}");
            // What theta is off the eigenvectors by rounding grows by at most 1 + 2.5 * 2/3 a step, at a curvature of -2.
            var u = SymmetricMatrices.Dot(v, [.. points[t].Zip(theta, (x, y) => x - y)]);
            Near.Equal(
                u,
                forecast.Displacement[t],
                1e3 * n * Near.Roundoff * Math.Pow(1 + (2.5 * 2 / 3), t) * l,
                $"u at {t}"
            );
        }
    }

    private static (QuarticSurface Surface, double[] Theta) Instance(Random random, int n) =>
        (
            QuarticSurface.Random(
                random,
                [2, .. Enumerable.Range(0, n - 1).Select(_ => 0.1 + random.NextDouble())],
                0.3,
                0.3
            ),
            Draw.Vector(random, n, 0.05)
        );

    private static Forecast Forecast(
        QuarticSurface surface,
        double[] theta,
        double[] v,
        double stepSize,
        CollocationOptions options
    ) =>
        new MemoryTheory(6, cubic: true).Predict(
            Jets.Along(surface, theta, v, stepSize, Steps, options, gap: 1).Jet,
            stepSize,
            Steps
        );

    /// <summary>Twelve steps at eta S just above 2 multiply what rounding differs by by less than 2^12, the jets' own roundings included.</summary>
    private static void Same(double[] expected, double[] actual, string what) =>
        Within(expected, actual, Tolerance * 4096, what);

    private static void Within(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var t = 0; t < expected.Length; t++)
            if (double.IsFinite(expected[t]) && Math.Abs(expected[t]) < 10)
                Near.Equal(expected[t], actual[t], tolerance * Math.Max(1, Math.Abs(expected[t])), $"{what} at {t}");
    }

    private static LocalModel Valley(Random random, int dimension, bool knots)
    {
        var jet = RandomJets.Draw(random, 6, dimension - 1, 0.3);
        jet.Moments[0] = 0.02 * (1 + random.NextDouble());
        return LocalModel.Whole(RandomJets.Collocated(random, jet, 0.3, knots));
    }

    private static double StepSize(LocalModel valley) => 2.05 / valley.MomentAt(2, new double[valley.Dimension]);

    /// <summary>What rounding leaves of m_k, the derivative k - 1 of V' from values of the size of m_1 + m_2 s over a swing s.</summary>
    private static double OfMoment(int k, double swing) =>
        Tolerance * (k <= 2 ? 1 : (0.04 + (4 * swing)) / Math.Pow(swing, k - 1));

    private static double[] Axis(int n) => [1, .. new double[n - 1]];

    private static double Between(Random random, Swing swing) =>
        swing.Low + (random.NextDouble() * (swing.High - swing.Low));

    private static double Reach(Jet jet, double length) => Math.Max(-jet.Swing!.Low, jet.Swing.High) / length;
}
