using FlatBias.Dynamics.Maps;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The growth of a quadratic whose frame turns steadily, eq. (5.2).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 500)]
public class RotatingStepTests
{
    [Property]
    public void Multiplier_AnyStep_IsTheSpectralRadius(Real a, Real b, Real angle)
    {
        var step = new RotatingStep(3 * a.Value, 3 * b.Value, Math.PI * angle.Value);
        var dense = Dense(step).Evd().EigenValues.Select(z => z.Magnitude).Max();
        // A dense eigensolver is exact for a matrix off by c u |M|, with c about 10; near a double eigenvalue that moves the pair by sqrt(c u |M| * |M|).
        var size = Math.Max(Math.Abs(step.First), Math.Abs(step.Second));
        var (half, determinant) = ((step.First + step.Second) / 2 * Math.Cos(step.Angle), step.First * step.Second);
        var gap = Math.Sqrt(Math.Abs((half * half) - determinant));
        var error = 32 * Near.Roundoff * size;
        Near.Equal(
            dense,
            step.Multiplier,
            Math.Min(Math.Sqrt(error * size), error * size / Math.Max(gap, 1e-300)) + error,
            "spectral radius"
        );
    }

    [Property]
    public void Multiplier_AnyStep_IsTheLongRunGrowthOfTheMap(Real a, Real b, Real angle)
    {
        var step = new RotatingStep(2 * a.Value, 2 * b.Value, Math.PI * angle.Value);
        // Too small to say anything of a power without underflow.
        if (!(step.Multiplier > 0.5))
            return;
        const int steps = 400;
        // |M^n| is at least rho^n, and at most rho^n (1 + n |M| / rho) in two dimensions (the triangular form has an off-diagonal of at most |M|); the Frobenius norm adds a factor sqrt(2).
        double[] first = [1, 0],
            second = [0, 1],
            scratch = new double[2];
        Orbit.Iterate(step, first, scratch, steps);
        Orbit.Iterate(step, second, scratch, steps);
        var growth =
            Math.Log((first[0] * first[0]) + (first[1] * first[1]) + (second[0] * second[0]) + (second[1] * second[1]))
            / 2;
        var lowest = steps * Math.Log(step.Multiplier);
        var norm = Math.Max(Math.Abs(step.First), Math.Abs(step.Second));
        Assert.True(growth >= lowest - 1e-9, $"grew by e^{growth}, at least e^{lowest} expected");
        Assert.True(
            growth <= lowest + Math.Log(1.5 * (1 + (steps * norm / step.Multiplier))),
            $"grew by e^{growth}, about e^{lowest} expected"
        );
    }

    [Property]
    public void IsStable_AnyStep_IsAMultiplierBelowOne(Real a, Real b, Real angle)
    {
        var step = new RotatingStep(3 * a.Value, 3 * b.Value, Math.PI * angle.Value);
        if (Math.Abs(step.Multiplier - 1) < 1e-9)
            return; // either side of the border by rounding
        Assert.Equal(step.Multiplier < 1, step.IsStable);
    }

    [Property]
    public void MarginalAngle_PastTheEdge_HasMultiplierOneAndSeparates(Real at, Real ratio)
    {
        // d_1 in (-2, -1.01), d_2 in (0.05, 0.49): |d_1 d_2| < 1, unstable without rotation.
        var (first, second) = (-at.In(1.01, 2), ratio.In(0.05, 0.49));
        var angle = new RotatingStep(first, second, 0).MarginalAngle;
        Assert.InRange(angle, 0, Math.PI / 2);
        // arccos c errs by u / sin psi, and the multiplier's slope in psi is proportional to sin psi: together a few dozen roundings. The eigenvalues are -1 and -d_1 d_2, at least 0.02 apart: a factor 50 in the worst case.
        Near.Equal(1, new RotatingStep(first, second, angle).Multiplier, 50 * 64 * Near.Roundoff, "multiplier");
        Assert.True(new RotatingStep(first, second, angle + 1e-3).IsStable);
        Assert.False(new RotatingStep(first, second, angle - 1e-3).IsStable);
    }

    [Theory]
    [InlineData(0.36, true)]
    [InlineData(0.38, false)]
    public void IsStable_TheExampleOfTheTheory_TurnsAtCosinePointThreeSeven(double cosine, bool stable) =>
        Assert.Equal(stable, new RotatingStep(-1.2, 0.67, Math.Acos(cosine)).IsStable);

    [Theory]
    [InlineData(0.5, 0.2)] // stable at every angle
    [InlineData(-1.5, -1)] // |d_1 d_2| above 1: unstable at every angle
    [InlineData(1, -1)]
    public void MarginalAngle_NoneExists_IsNaN(double first, double second) =>
        Assert.True(double.IsNaN(new RotatingStep(first, second, 0).MarginalAngle));

    private static Matrix<double> Dense(RotatingStep step)
    {
        double[] first = new double[2],
            second = new double[2];
        step.Step([1, 0], first);
        step.Step([0, 1], second);
        return Matrix<double>.Build.DenseOfColumnArrays(first, second);
    }
}
