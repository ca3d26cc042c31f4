using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Everything that Recording.Run reports: blind to coordinates and signs, and equal to slow twins from the dense Hessian.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public partial class CurvatureProbeTests
{
    private const int Steps = 8;
    private const double StepSize = 0.08;
    private const double Degrees = 180 / Math.PI;

    [Property]
    public void Run_SurfaceInAnotherBasis_ReportsTheSameNumbers(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var q = SymmetricMatrices.Orthogonal(seed.Random(), start.Length);
        CheckSame(
            surface,
            start,
            Record(surface, start, 1),
            Record(surface.Rotated(q), SymmetricMatrices.Times(q, start), 1)
        );
    }

    [Property]
    public void Run_OtherSignsFromTheEigensolver_ReportsTheSameNumbers(Seed seed, Size size, Seed lanczos)
    {
        var (surface, start) = Instance(seed, size);
        CheckSame(surface, start, Record(surface, start, 1), Record(surface, start, lanczos.Value));
    }

    [Property]
    public void Run_AnySurface_AgreesWithTheDenseHessian(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var series = Record(surface, start, seed.Value);
        var points = Draw.Trajectory(surface, start, StepSize, Steps);
        var (tolerance, _) = Tolerances(surface, start);
        var first = SymmetricMatrices.Eigen(surface.Hessian(points[0])).Vectors;
        var before = first;
        for (var t = 0; t <= Steps; t++)
        {
            var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(points[t]));
            Near.Equal(surface.Loss(points[t]), series[Columns.Loss][t], tolerance, "loss");
            Near.Equal(Norm(surface.Gradient(points[t])), series[Columns.GradientNorm][t], tolerance, "gradient norm");
            Near.Equal(values[^1], series[Columns.TrailingEigenvalue][t], tolerance, "lambda_P");
            CheckMoments(surface, points[t], vectors[0], series, t, tolerance);
            var best = Frames
                .Permutations(vectors.Length)
                .MaxBy(p => p.Select((j, i) => Math.Abs(SymmetricMatrices.Dot(vectors[i], before[j]))).Sum())!;
            for (var k = 1; k <= vectors.Length; k++)
            {
                Near.Equal(values[k - 1], series[Columns.Eigenvalue(k)][t], tolerance, $"lambda_{k} at {t}");
                Near.Equal(
                    Similarity(first, vectors, k),
                    series[$"similarity_{k}"][t],
                    tolerance,
                    $"similarity_{k} at {t}"
                );
                if (t > 0)
                    Near.Equal(
                        Angle(before[best[k - 1]], vectors[k - 1]) * Degrees,
                        series[$"rotation_{k}"][t],
                        tolerance,
                        $"rotation_{k} at {t}"
                    );
                else
                    Assert.Equal(double.NaN, series[$"rotation_{k}"][t]);
            }

            before = vectors;
        }
    }

    [Property]
    public void Run_AnySurface_FollowsTheLeadingDirectionAsTheDenseHessianSays(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var series = Record(surface, start, seed.Value);
        var points = Draw.Trajectory(surface, start, StepSize, Steps);
        var (tolerance, _) = Tolerances(surface, start);
        double[]? onset = null,
            before = null;
        var last = double.NaN;
        for (var t = 0; t <= Steps; t++)
        {
            var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(points[t]));
            Near.Equal(
                StepSize * values[0] / 2,
                series[Columns.StabilityNumber][t],
                tolerance,
                $"stability number at {t}"
            );
            for (var k = 1; k <= 4; k++)
                Near.Equal(
                    values.Sum(x => Math.Pow(x, k)) / values.Length,
                    series[$"spectral_moment_{k}"][t],
                    200 * tolerance,
                    $"M_{k} at {t}"
                );
            if (before is not null)
            {
                Near.Equal(Angle(before, vectors[0]) * Degrees, series["turn_1"][t], tolerance, $"turn at {t}");
                var half = SymmetricMatrices.Dot(vectors[0], Differences.Along(points[t], points[t - 1], -1)) / 2;
                Near.Equal(
                    Math.Abs(half),
                    Math.Abs(series["jump_1"][t]),
                    tolerance,
                    $"half the displacement along v_1 at {t}"
                );
                // The sign of the jump is the gauge's; that it changed or not is a fact of the recorded signs, checked where neither is rounding.
                if (Math.Min(Math.Abs(last), Math.Abs(series["jump_1"][t])) > tolerance)
                    Assert.Equal(series["jump_1"][t] * last < 0 ? 1 : 0, series["valley_jump"][t]);
                last = series["jump_1"][t];
            }

            if (onset is null && StepSize * values[0] / 2 > 1)
                onset = vectors[0];
            if (onset is null)
                Assert.Equal(double.NaN, series["onset_alignment"][t]);
            else
                Near.Equal(
                    Math.Abs(SymmetricMatrices.Dot(onset, vectors[0])),
                    series["onset_alignment"][t],
                    tolerance,
                    $"alignment with the onset at {t}"
                );
            before = vectors[0];
        }
    }

    [Property]
    public void Run_LaterReference_ComparesWithThatFrameAndWithNothingBefore(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var reference = seed.Random().Next(Steps + 1);
        var probe = new CurvatureProbeOptions(start.Length, new LanczosOptions(1e-10), Seed: seed.Value)
        {
            ReferenceMeasurement = reference,
        };
        var series = Recording
            .Run(surface, OptimiserSpec.GradientDescent, StepSize, new DescentLimits(Steps), [.. start], probe, 1)
            .Series;
        var (tolerance, _) = Tolerances(surface, start);
        double[][][] frames =
        [
            .. Draw.Trajectory(surface, start, StepSize, Steps)
                .Select(point => SymmetricMatrices.Eigen(surface.Hessian(point)).Vectors),
        ];
        for (var t = 0; t <= Steps; t++)
        for (var k = 1; k <= start.Length; k++)
        {
            if (t < reference)
                Assert.Equal(double.NaN, series[$"similarity_{k}"][t]);
            else
                Near.Equal(
                    Similarity(frames[reference], frames[t], k),
                    series[$"similarity_{k}"][t],
                    tolerance,
                    $"similarity_{k} at {t} to {reference}"
                );
        }
    }

    [Fact]
    public void Run_PastTheEdge_JumpsAcrossTheValleyAtEveryStepAndAlignsWithTheOnset()
    {
        // L = x^2/2 + 0.1 y^2: at eta = 2.1 x changes sign at every step and y does not; v_1 never turns.
        var surface = new QuarticSurface(
            new double[,]
            {
                { 1, 0 },
                { 0, 0.2 },
            },
            new double[8],
            new double[16]
        );
        var series = Recording
            .Run(
                surface,
                OptimiserSpec.GradientDescent,
                2.1,
                new DescentLimits(6),
                [0.1, 1],
                new CurvatureProbeOptions(2, new LanczosOptions(1e-10)),
                1
            )
            .Series;
        Assert.All(series["valley_jump"].Skip(2), jump => Assert.Equal(1, jump));
        Assert.All(series["onset_alignment"], alignment => Near.Equal(1, alignment, 1e-12, "alignment"));
        var below = Recording
            .Run(
                surface,
                OptimiserSpec.GradientDescent,
                0.5,
                new DescentLimits(6),
                [0.1, 1],
                new CurvatureProbeOptions(2, new LanczosOptions(1e-10)),
                1
            )
            .Series;
        Assert.All(below["valley_jump"].Skip(2), jump => Assert.Equal(0, jump));
        Assert.All(below["onset_alignment"], alignment => Assert.Equal(double.NaN, alignment));
    }

    private static void CheckMoments(
        QuarticSurface surface,
        double[] point,
        double[] leading,
        SeriesTable series,
        int t,
        double tolerance
    )
    {
        double Form(double[] tensor) =>
            Enumerable
                .Repeat(leading, (int)Math.Round(Math.Log(tensor.Length, leading.Length)))
                .Aggregate(tensor, QuarticSurface.Contracted)[0];
        Near.Equal(Math.Abs(Form(surface.Third(point))), Math.Abs(series["m3"][t]), tolerance, $"|m3| at {t}");
        Near.Equal(Form(surface.Quartic), series["m4"][t], tolerance, $"m4 at {t}");
        if (t == 0)
            Assert.True(series["m3"][0] >= 0, "the gauge: m3 is not negative at the start");
    }

    private static double Similarity(double[][] first, double[][] now, int k)
    {
        var overlap = Matrix<double>.Build.Dense(k, k, (i, j) => SymmetricMatrices.Dot(first[i], now[j]));
        return Math.Cos(Math.Sqrt(overlap.Svd(false).S.Sum(c => Math.Pow(Math.Acos(Math.Min(1, c)), 2)) / k));
    }

    /// <summary>The angle between two lines by the chord, right for small angles too.</summary>
    private static double Angle(double[] a, double[] b)
    {
        var sign = SymmetricMatrices.Dot(a, b) < 0 ? -1 : 1;
        return 2 * Math.Asin(Math.Min(1, Norm([.. a.Zip(b, (x, y) => x - (sign * y))]) / 2));
    }

    private static void CheckSame(QuarticSurface surface, double[] start, SeriesTable expected, SeriesTable actual)
    {
        var (tolerance, predicted) = Tolerances(surface, start);
        Assert.Equal(expected.Names, actual.Names);
        // What a measurement cost may differ: the prediction's conjugate gradients may stop an iteration earlier in other coordinates.
        foreach (var name in expected.Names.Where(name => !name.StartsWith("measurement", StringComparison.Ordinal)))
            for (var t = 0; t < expected.Rows; t++)
            {
                if (double.IsNaN(expected[name][t]))
                    Assert.Equal(double.NaN, actual[name][t]);
                else
                    Near.Equal(
                        expected[name][t],
                        actual[name][t],
                        name == "predicted_rotation_1" ? predicted : tolerance,
                        $"{name} at {t}"
                    );
            }
    }

    /// <summary>
    /// Rounding commits at most about n^2 * 16 u in a step and in turning the tensors, carried on by (1 + eta |H|)^Steps &lt; 10 over 8 steps: the Hessian is right to E = 1e3 n^2 u. Eigenvectors are then
    /// right to E / gap, moments and (in degrees) angles to 2 * 57.3 times that; 200 E / gap covers all. The prediction divides by the gap once more, and adds the 1e-10 at which
    /// conjugate gradients stop, in degrees.
    /// </summary>
    private static (double Measured, double Predicted) Tolerances(QuarticSurface surface, double[] start)
    {
        var gap = Draw.Trajectory(surface, start, StepSize, Steps)
            .Min(point =>
            {
                var values = SymmetricMatrices.Eigen(surface.Hessian(point)).Values;
                return values.Length == 1 ? 1 : values.Zip(values.Skip(1), (a, b) => a - b).Min();
            });
        var measured = 200 * 1e3 * start.Length * start.Length * Near.Roundoff / Math.Min(1, gap);
        return (measured, (measured + (Degrees * 1e-10)) / Math.Min(1, gap));
    }

    private static SeriesTable Record(QuarticSurface surface, double[] start, int seed)
    {
        var probe = new CurvatureProbeOptions(start.Length, new LanczosOptions(1e-10), PredictRotation: true, seed);
        return Recording
            .Run(surface, OptimiserSpec.GradientDescent, StepSize, new DescentLimits(Steps), [.. start], probe, 1)
            .Series;
    }

    private static (QuarticSurface Surface, double[] Start) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        return (Draw.Surface(random, n), Draw.Vector(random, n, 0.5));
    }

    private static double Norm(double[] x) => Math.Sqrt(SymmetricMatrices.Dot(x, x));
}
