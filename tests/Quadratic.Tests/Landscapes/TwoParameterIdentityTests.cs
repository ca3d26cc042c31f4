using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The identities (3.1)-(3.8) of docs/theory.md, each against the landscape's own gradient, Hessian and descent.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public class TwoParameterIdentityTests
{
    // One step is a dozen floating-point operations on numbers no larger than the sums of absolute terms below; 64 u times that sum bounds the rounding of both sides.
    private const double Few = 64 * Near.Roundoff;

    [Property]
    public void Step_AnyLink_ObeysImbalanceProductAndNormIdentities(Real a, Real b, LogUniform step, Size exponent)
    {
        Check(
            new TwoParameterNetwork<PowerLink>(new PowerLink(exponent.Value + 1, 0.7)),
            [3 * a.Value, 3 * b.Value],
            step.In(1e-3, 1)
        );
        Check(
            new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1.3)),
            [3 * a.Value, 3 * b.Value],
            step.In(1e-3, 1)
        );

        static void Check<TLink>(TwoParameterNetwork<TLink> network, double[] theta, double stepSize)
            where TLink : struct, ILink
        {
            var state = network.State(theta);
            var gradient = new double[2];
            network.Gradient(theta, gradient);
            var (x, y) = (theta[0] - (stepSize * gradient[0]), theta[1] - (stepSize * gradient[1]));
            var (product, norm, imbalance) = state.Next(stepSize);
            var q = Math.Abs(stepSize * state.Slope);
            var size = state.SquaredNorm * (1 + q) * (1 + q);
            Near.Equal(product, x * y, Few * size, "(3.2) Theta+");
            Near.Equal(norm, (x * x) + (y * y), Few * size, "(3.3) s+");
            Near.Equal(imbalance, (y * y) - (x * x), Few * size, "(3.1) D+");
        }
    }

    [Property]
    public void Eigenvalues_AnyPoint_AreThoseOfTheHessian(Real a, Real b, Size exponent)
    {
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent.Value + 1, 0.7));
        double[] theta = [3 * a.Value, 3 * b.Value];
        var (leading, trailing) = network.State(theta).Eigenvalues;
        var dense = network.Eigenvalues(theta);
        // A symmetric eigensolver is backward stable: errors of a few u |H|; so is the closed form.
        var tolerance = Few * Math.Max(Math.Abs(dense[0]), Math.Abs(dense[1]));
        Near.Equal(dense[0], leading, tolerance, "lambda_+");
        Near.Equal(dense[1], trailing, tolerance, "lambda_-");
    }

    [Property]
    public void Beta_AnyPoint_GivesTheLeadingEigenvector(Real a, Real b, Size exponent)
    {
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent.Value + 1, 0.7));
        double[] theta = [3 * a.Value, 3 * b.Value];
        var state = network.State(theta);
        if (!double.IsFinite(state.Beta) || Math.Abs(state.Beta) > 1e6)
            return; // on the axes H is diagonal and the ratio R is infinite
        var hessian = new double[4];
        network.Hessian(theta, hessian);
        // v = (1, r) with r = +-R or +-1/R: by (3.4) the components' ratio is R, larger over smaller, the larger on the axis of the larger diagonal entry.
        var lambda = state.Eigenvalues.Leading;
        var sign = Math.Sign(hessian[1]);
        double[] v = hessian[0] > hessian[3] ? [state.ComponentRatio, sign] : [1, sign * state.ComponentRatio];
        double[] image = [(hessian[0] * v[0]) + (hessian[1] * v[1]), (hessian[2] * v[0]) + (hessian[3] * v[1])];
        // beta carries the relative rounding of D and of z' + Theta z''; v inherits it: bounded by Few times |H| |v| times the condition of beta, at most 1 + |beta|.
        var scale =
            (Math.Abs(hessian[0]) + Math.Abs(hessian[1]) + Math.Abs(hessian[3])) * (Math.Abs(v[0]) + Math.Abs(v[1]));
        Near.Equal(lambda * v[0], image[0], Few * scale * (1 + Math.Abs(state.Beta)), "Hv, first component");
        Near.Equal(lambda * v[1], image[1], Few * scale * (1 + Math.Abs(state.Beta)), "Hv, second component");
    }

    [Property]
    public void Polarity_PowerLink_IsTheRatioOfBetas(Real a, Real b, LogUniform step, Size exponent)
    {
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent.Value + 1, 0.7));
        double[] theta = [2 * a.Value, 2 * b.Value];
        var stepSize = step.In(1e-3, 1);
        var state = network.State(theta);
        if (Math.Abs(state.Product) < 1e-3 || Math.Abs(state.Imbalance) < 1e-3)
            return; // beta or 1/beta is singular there
        var gradient = new double[2];
        network.Gradient(theta, gradient);
        var next = network.State([theta[0] - (stepSize * gradient[0]), theta[1] - (stepSize * gradient[1])]);
        var q = stepSize * state.Slope;
        var denominator = 1 + (q * q) - (q * state.SquaredNorm / state.Product);
        var terms = 1 + (q * q) + Math.Abs(q * state.SquaredNorm / state.Product);
        if (Math.Abs(denominator) < 1e-3 * terms || Math.Abs(1 - (q * q)) < 1e-3)
            return; // pole and zero of gamma_beta
        // Relative rounding of numerator and denominator, each amplified by its cancellation (at most 1e3 here by the guards), plus that of D+ and Theta+ (D: s/|D|, at most 8e3).
        var gamma = state.Polarity(stepSize);
        Near.Equal(gamma, Math.Abs(next.Beta / state.Beta), 4e4 * Few * gamma, "gamma_beta");
    }

    [Property]
    public void Polarity_AtTwoOverK_IsOne(Real a, Real b, Size exponent)
    {
        var state = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent.Value + 1, 0.7)).State([
            2 * a.Value,
            2 * b.Value,
        ]);
        // eta z' = 2/k = 2 Theta / s, where gamma_beta = 1 exactly (the ordinary threshold for m = 2); |1 - q^2| must not cancel.
        if (Math.Abs(state.Product) < 1e-2)
            return;
        var stepSize = 2 * state.Product / (state.SquaredNorm * state.Slope);
        var q = stepSize * state.Slope;
        if (Math.Abs(1 - (q * q)) < 1e-3)
            return;
        Near.Equal(1, state.Polarity(stepSize), 4e3 * Few, "gamma_beta at eta z' = 2/k");
    }

    [Property]
    public void FlowSharpness_WithinSquareRootTwo_NeverIncreasesAndGrowsBeyond(Real a, Real b, LogUniform step)
    {
        var network = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1));
        double[] theta = [4 * a.Value, 4 * b.Value];
        var stepSize = step.In(1e-3, 10);
        var state = network.State(theta);
        var gradient = new double[2];
        network.Gradient(theta, gradient);
        var next = network.State([theta[0] - (stepSize * gradient[0]), theta[1] - (stepSize * gradient[1])]);
        var (before, after) = (state.FlowSharpness(1, 1), next.FlowSharpness(1, 1));
        var q = Math.Abs(stepSize * state.Slope);
        // D is a difference of squares: its rounding is Few times s, before and after.
        var slack = Few * Math.Max(state.SquaredNorm, next.SquaredNorm);
        if (q <= Math.Sqrt(2))
            Assert.True(after <= before + slack, $"phi rose from {before:R} to {after:R} at |eta z'| = {q:R}");
        else
            Assert.True(after >= before - slack, $"phi fell from {before:R} to {after:R} at |eta z'| = {q:R}");
        Near.Equal(Math.Abs(state.Imbalance) * Math.Abs(1 - (q * q)), Math.Abs(next.Imbalance), 4 * slack, "|D+|");
    }

    [Theory]
    [InlineData(0.011, 160.6, 0.1)]
    [InlineData(0.009, 199.8, 0.1)]
    [InlineData(0.019, 36.8, 0.1)]
    public void Descent_WorkedExamples_EndAtTheSharpnessOfTheory(double stepSize, double sharpness, double tolerance)
    {
        // (3.6): the published decimals are the tolerance.
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(2));
        var (theta, _) = Descend(network, [-0.1, 10], stepSize, 2000);
        Near.Equal(sharpness, network.State(theta).Eigenvalues.Leading, tolerance, "final S");
    }

    [Fact]
    public void Descent_PastTheThreshold_PolarityFlipsBackAndLossPeaksAsStated()
    {
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(2));
        double[] theta = [-0.1, 10];
        Near.Equal(0.833, network.State(theta).Polarity(0.011), 5e-4, "gamma_beta at the start");
        var (end, largest) = Descend(network, theta, 0.011, 400);
        Near.Equal(48.2, largest, 0.05, "largest loss");
        Near.Equal(8.9615, Math.Abs(end[1]), 5e-5, "final |theta_2|");
        Assert.True(network.State([1e-3 * end[0] + 1e-6, end[1]]).Polarity(0.011) > 1);
    }

    [Fact]
    public void Descent_LargerStep_TurnsTheSharpestDirectionByARightAngle()
    {
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(2));
        var (end, _) = Descend(network, [-0.1, 10], 0.019, 2000);
        // At the start v_1 is along theta_1 to within 2e-2, at the end along theta_2 when |theta_2| << |theta_1|. Orthogonality to within 2e-2 is the statement of (3.6).
        Assert.True(Math.Abs(end[1] / end[0]) < 2e-2, $"ended at ({end[0]}, {end[1]})");
    }

    private static (double[] End, double LargestLoss) Descend(
        Landscape landscape,
        double[] start,
        double stepSize,
        int steps
    )
    {
        double[] theta = [.. start],
            gradient = new double[theta.Length];
        var largest = 0.0;
        for (var t = 0; t < steps; t++)
        {
            largest = Math.Max(largest, landscape.Loss(theta));
            landscape.Gradient(theta, gradient);
            for (var i = 0; i < theta.Length; i++)
                theta[i] -= stepSize * gradient[i];
        }

        return (theta, largest);
    }
}
