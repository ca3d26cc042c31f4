using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>The first-order rotation of v_1, eq. (1.7).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class PredictedRotationTests
{
    [Property]
    public void Compute_AnySurface_IsTheSumOverAllOtherEigenvectors(Seed seed, Size size)
    {
        var (surface, theta, move) = Instance(seed, size);
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var (predicted, norm) = Predict(surface, theta, move);
        var mixed = QuarticSurface.Contracted(QuarticSurface.Contracted(surface.Third(theta), move), vectors[0]);
        var expected = new double[theta.Length];
        for (var j = 1; j < theta.Length; j++)
        {
            var factor = SymmetricMatrices.Dot(vectors[j], mixed) / (values[0] - values[j]);
            for (var i = 0; i < theta.Length; i++)
                expected[i] += factor * vectors[j][i];
        }

        // Conjugate gradients stop at 1e-10 of the right-hand side, which the inverse amplifies by at most 1 / gap.
        var gap = values[0] - values[1];
        var tolerance = 2e-10 * Math.Sqrt(SymmetricMatrices.Dot(mixed, mixed)) / gap;
        Near.Equal(expected, predicted, tolerance, "dv_1");
        Near.Equal(Math.Sqrt(SymmetricMatrices.Dot(expected, expected)), norm, tolerance, "|dv_1|");
    }

    [Property]
    public void Compute_ShrinkingDisplacement_ErrsBySecondOrderAgainstTheMeasuredRotation(Seed seed, Size size)
    {
        var (surface, theta, move) = Instance(seed, size);
        double Error(double step)
        {
            double[] displacement = [.. move.Select(x => step * x)];
            var (predicted, _) = Predict(surface, theta, displacement);
            var before = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
            var after = SymmetricMatrices.Eigen(surface.Hessian(Differences.Along(theta, move, step))).Vectors[0];
            var sign = Math.Sign(SymmetricMatrices.Dot(before, after));
            return Math.Sqrt(predicted.Select((p, i) => Math.Pow((sign * after[i]) - before[i] - p, 2)).Sum());
        }

        // The error is |a h^2 + b h^3|, whence e(h/2) <= e(h)/4 + |b| h^3/8. The third derivative of v_1 is a sum of a few products of r = |D^3 L| / gap and t = |D^4 L| / gap: |b| < 10 (r^3 + r t).
        // Rounding of the eigenvectors, n u |H| / gap, and of conjugate gradients, 1e-10 of r h.
        const double h = 1e-3;
        var values = SymmetricMatrices.Eigen(surface.Hessian(theta)).Values;
        var third = surface.Third(theta);
        var gap = values[0] - values[1];
        var (r, t) = (
            Math.Sqrt(SymmetricMatrices.Dot(third, third)) / gap,
            Math.Sqrt(SymmetricMatrices.Dot(surface.Quartic, surface.Quartic)) / gap
        );
        var rest =
            (10 * ((r * r * r) + (r * t)) * h * h * h / 8)
            + (64 * theta.Length * Near.Roundoff / gap)
            + (2e-10 * r * h);
        var (coarse, fine) = (Error(h), Error(h / 2));
        Assert.True(fine <= (coarse / 4) + rest, $"error {coarse:G3} at h, {fine:G3} at h/2");
    }

    [Fact]
    public void Compute_QuadraticSurface_PredictsExactlyNone()
    {
        var surface = Draw.Surface(new Random(1), 4, 0, 0);
        var (predicted, norm) = Predict(surface, [0.1, 0.2, 0.3, 0.4], [1, 1, 1, 1]);
        Assert.Equal(0, norm);
        Assert.All(predicted, x => Assert.Equal(0, x));
    }

    [Fact]
    public void Compute_NoDisplacement_PredictsExactlyNone() =>
        Assert.Equal(0, Predict(Draw.Surface(new Random(1), 4), [0.1, 0.2, 0.3, 0.4], new double[4]).Norm);

    [Fact]
    public void Compute_DegenerateLeadingEigenvalue_IsInfinite()
    {
        var surface = new QuarticSurface(
            new double[,]
            {
                { 2, 0 },
                { 0, 2 },
            },
            [0, 1, 1, 0, 1, 0, 0, 1],
            new double[16]
        );
        Assert.Equal(
            double.PositiveInfinity,
            PredictedRotation.Compute(surface.Space, surface.At([0, 0]), 2, [1, 0], [1, 0], new double[2])
        );
    }

    [Fact]
    public void Compute_NotANumber_IsNotANumber()
    {
        var surface = Draw.Surface(new Random(1), 3);
        double[] nowhere = [double.NaN, double.NaN, double.NaN];
        Assert.Equal(
            double.NaN,
            PredictedRotation.Compute(surface.Space, surface.At(nowhere), double.NaN, nowhere, [1, 0, 0], new double[3])
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Compute_ToleranceOutsideRange_NamesIt(double tolerance)
    {
        var surface = Draw.Surface(new Random(1), 2);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            PredictedRotation.Compute(surface.Space, surface.At([0, 0]), 1, [1, 0], [1, 0], new double[2], tolerance)
        );
        Assert.Contains("it must be a number above 0 and below 1", error.Message, StringComparison.Ordinal);
    }

    private static (double[] Rotation, double Norm) Predict(QuarticSurface surface, double[] theta, double[] move)
    {
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var rotation = new double[theta.Length];
        return (
            rotation,
            PredictedRotation.Compute(surface.Space, surface.At(theta), values[0], vectors[0], move, rotation)
        );
    }

    private static (QuarticSurface Surface, double[] Theta, double[] Move) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        return (Draw.Surface(random, n), Draw.Vector(random, n, 0.3), Draw.Unit(random, n));
    }
}
