using FlatBias.Dynamics.Descent;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The observations of (5.1) with V = 0: lambda_1 = 2, lambda_2 = 0.3, starts of order 1e-3, each mechanism switched on alone, both, and neither.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class RotationLaboratoryTests
{
    private static readonly RotationLaboratory Both = new([2, 0.3], 1, 1);
    private static readonly RotationLaboratory OnlyRotation = Both.Switched(rotation: true, steepening: false);
    private static readonly RotationLaboratory OnlySteepening = Both.Switched(rotation: false, steepening: true);
    private static readonly RotationLaboratory Neither = Both.Switched(rotation: false, steepening: false);

    [Property]
    public void Descent_EverySwitchBelowTheEdge_Converges(Real a, Real b, Real at)
    {
        foreach (var laboratory in new[] { Both, OnlyRotation, OnlySteepening, Neither })
        {
            var theta = Start(a, b);
            // |1 - eta lambda_1| <= 0.9 and |1 - eta lambda_2| <= 0.925 at these steps, and y moves by |x|^2 / 2 ~ 1e-6 in all: 0.93^600 * 1e-2 = 1e-21.
            Descending.Run(laboratory, theta, at.In(0.5, 1.9) / 2, 600);
            Assert.True(Math.Abs(theta[0]) + Math.Abs(theta[1]) < 1e-12, $"|x| = {theta[0]}, {theta[1]}");
        }
    }

    [Property]
    public void Descent_NeitherMechanismPastTheEdge_Diverges(Real a, Real b, Real at)
    {
        var theta = Start(a, b);
        // The null model: x_1 grows by 1.02 or more a step from at least 1e-4, so 2000 steps reach any limit.
        Assert.Equal(StopReason.Diverged, Descending.Run(Neither, theta, at.In(2.02, 3) / 2, 2000).Reason);
    }

    [Property]
    public void Descent_SteepeningAloneOrWithRotation_FlattensAndResolves(Real a, Real b, Real at)
    {
        var excess = at.In(2.02, 2.6);
        double[] alone = Start(a, b),
            both = Start(a, b);
        foreach (var (laboratory, theta) in new[] { (OnlySteepening, alone), (Both, both) })
        {
            // From 1e-4 growth at 1.02 takes 500 steps to order 0.1 and resolution as many; what remains decays at 0.96 or faster.
            Descending.Run(laboratory, theta, excess / 2, 4000);
            Assert.True(
                Math.Abs(theta[0]) + Math.Abs(theta[1]) < 1e-9,
                $"at eta lambda_1 = {excess} |x| ended at {theta[0]}, {theta[1]}"
            );
            var end = excess / 2 * laboratory.UnstableCurvature(theta);
            Assert.True(end < 2 && end > 0, $"eta lambda_1 went from {excess} to {end}");
        }

        Assert.NotEqual(alone[^1], both[^1]); // another path
    }

    [Property(MaxTest = 30)]
    public void Descent_RotationAlone_LocksToTheMarginalAngleAndNeverFlattens(Real a, Real b, Real at)
    {
        // Up to 2.2 no start of this order of size escapes (seen: none of several hundred).
        var stepSize = at.In(2.02, 2.2) / 2;
        var theta = Start(a, b);
        Descending.Run(OnlyRotation, theta, stepSize, 10_000);
        var before = (double[])theta.Clone();
        Descending.Run(OnlyRotation, theta, stepSize, 10_000);
        // A bounded run that turns by a constant psi has multiplier 1 in (5.2). By 10^4 steps the lock is complete; y ~ 10^4 carries a rounding of 1e-12 a step.
        Near.Equal(
            OnlyRotation.LinearStep(stepSize, 0).MarginalAngle,
            Math.Abs(theta[^1] - before[^1]) / 10_000,
            1e-9,
            "drift of the frame per step"
        );
        // In the lock p is an eigenvector of R(-psi) diag(d_1, d_2) with eigenvalue -1 and psi = eta w^2 (lambda_1 - lambda_2) |p_1 p_2|, so |x|^2 >= 2 |p_1 p_2| = 2 psi / (eta w^2 (lambda_1 - lambda_2)) > 0.
        var angle = OnlyRotation.LinearStep(stepSize, 0).MarginalAngle;
        var squares = (theta[0] * theta[0]) + (theta[1] * theta[1]);
        Assert.True(squares >= 2 * angle / (stepSize * 1.7) * (1 - 1e-9), $"|x|^2 = {squares}");
        Near.Equal(squares, (before[0] * before[0]) + (before[1] * before[1]), 1e-7 * squares, "|x|^2 in the lock");
        Assert.Equal(2, OnlyRotation.UnstableCurvature(theta));
    }

    [Fact]
    public void Descent_RotationAloneFarPastTheEdge_MostStartsDiverge()
    {
        // (5.1) says that it diverges at 2.4. Most starts do (here about nine in ten), on a chaotic transient; those that lock before they escape stay bounded for good, so the statement is one about most starts.
        var random = new Random(7);
        var (diverged, escaped) = (0, 0);
        for (var k = 0; k < 40; k++)
        {
            double[] start = [RandomLandscapes.Uniform(random, 5e-3), RandomLandscapes.Uniform(random, 5e-3), 0];
            if (Descending.Run(OnlyRotation, (double[])start.Clone(), 2.4 / 2, 5000).Reason == StopReason.Diverged)
                diverged++;
            if (Descending.Run(OnlyRotation, (double[])start.Clone(), 2.2 / 2, 5000).Reason == StopReason.Diverged)
                escaped++;
        }

        Assert.True(diverged > 20, $"{diverged} of 40 diverged at eta lambda_1 = 2.4");
        Assert.Equal(0, escaped);
    }

    [Property]
    public void Gradient_ScaledWithTheRotation_ScalesAlong(Seed seed, LogUniform scale)
    {
        // With V = 0 and delta = 0: L_(w/a)(a x, a y) = a^2 L_w(x, y), so one step from the scaled start is the scaled step.
        var random = seed.Random();
        var a = scale.In(0.1, 10);
        double[] theta = RandomLandscapes.Vector(random, 3, 2),
            scaled = [.. theta.Select(x => a * x)];
        var (small, large) = (new RotationLaboratory([2, 0.3], 1.5, 0), new RotationLaboratory([2, 0.3], 1.5 / a, 0));
        double[] expected = [.. Descending.Step(small, theta, 0.4).Select(x => a * x)];
        // Terms of order w lambda |x|^2 <= 1.5 * 2 * 4, two dozen operations, an angle rounded by u w |y|.
        Near.Equal(expected, Descending.Step(large, scaled, 0.4), 64 * 12 * Near.Roundoff * a, "scaled step");
    }

    [Property]
    public void Minimum_WithStiffness_IsWhereTheSlopeVanishes(Seed seed, Size extra)
    {
        var random = seed.Random();
        double[] eigenvalues = [2 + random.NextDouble(), .. RandomLandscapes.Positive(random, extra.Value)];
        var (delta, slope, stiffness) = (
            RandomLandscapes.Uniform(random, 1),
            RandomLandscapes.Uniform(random, 1),
            1 + random.NextDouble()
        );
        var laboratory = new RotationLaboratory(
            eigenvalues,
            RandomLandscapes.Uniform(random, 3),
            delta,
            slope,
            stiffness
        );
        double[] theta = [.. new double[eigenvalues.Length], slope / stiffness];
        // |slope / stiffness| < 1, so lambda_1 + delta y is above 1. Gradient: a rounding of the slope. Spectrum: a few u times the largest eigenvalue, below 5, times the dimension, below 11.
        var sharpness = eigenvalues[1..].Append(stiffness).Append(laboratory.UnstableCurvature(theta)).Max();
        Descending.CheckMinimum(laboratory, theta, sharpness, 4 * Near.Roundoff, 8 * 11 * 5 * Near.Roundoff);
    }

    [Fact]
    public void Constructor_BadInput_NamesIt()
    {
        Assert.Contains(
            "eigenvalues is 1; it must be a whole number of at least 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RotationLaboratory([1], 1, 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "eigenvalues[1] is NaN",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RotationLaboratory([1, double.NaN], 1, 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "rotation",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => new RotationLaboratory([1, 2], double.PositiveInfinity, 1))
                .Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>x with components of size 1e-4 to 2.1e-3 and either sign, y = 0; includes the start (1e-3, 1e-3) of (5.1).</summary>
    private static double[] Start(Real a, Real b) => [Component(a), Component(b), 0];

    private static double Component(Real r) => Math.CopySign(1e-4 + (2e-3 * Math.Abs(r.Value)), r.Value);
}
