using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>The jet held against a network of one hidden unit: L = |w_2 f(w_1 x + b_1) + b_2 - y|^2 / 2 at x = 1, w_1 = 0.5, w_2 = (1, 0.5), b_2 = 0, y = (1, 0), along b_1.</summary>
public class NetworkTrustTests
{
    private const double Reach = 0.5;

    [Fact]
    public void Measure_ReluAcrossItsKink_IsRefusedByTheNumberDerived()
    {
        // z = 0.05, and at -s the unit is dead, so that v . g_- = 0, while v . g_+ = |w_2|^2 0.55 - w_2 . y = 1.25 * 0.55 - 1. The jet says m_2 = |w_2|^2 = 1.25. A handful of roundings.
        var trust = Trust(Activation.Relu, -0.45, Reach);
        Near.Equal(Math.Abs((((1.25 * 0.55) - 1) / (2 * Reach)) - 1.25) / 1.25, trust.Curvature, 1e-14, "curvature");
        // All of the curvature is gone at that end.
        Near.Equal(1, trust.Ends, 1e-14, "curvature at the ends");
        Assert.False(trust.Holds);
    }

    [Fact]
    public void Measure_ReluAwayFromItsKink_IsThePolynomialThatTheJetHolds()
    {
        var trust = Trust(Activation.Relu, 0.45, Reach);
        Near.Equal(
            0,
            trust.Error,
            1e-13,
            "a polynomial of order 4 in all, quadratic along b_1: some hundred roundings"
        );
    }

    [Fact]
    public void Measure_Tanh_ErrsByTheNextOrdersAndHolds()
    {
        ModelTrust near = Trust(Activation.Tanh, -0.45, 0.05),
            far = Trust(Activation.Tanh, -0.45, 0.1);
        Assert.True(far.Holds, $"{far}");
        // K = 4 leaves out s^4 of what is even: twice as far is 16 times as wrong, to the relative size of the term after it, some s^2 = 0.01 times a coefficient of a few.
        Assert.InRange(far.Curvature / near.Curvature, 14, 18);
        Assert.InRange(far.Feedback / near.Feedback, 14, 18);
        // At the ends it leaves out s^3 as well, so that the factor lies between 8 and 16, to the same precision.
        Assert.InRange(far.Ends / near.Ends, 7, 18);
    }

    private static ModelTrust Trust(Activation activation, double bias, double distance)
    {
        using var surface = new NetworkSurface(
            new Architecture([1, 1, 2], activation, NetworkLoss.MeanSquaredError),
            new double[] { 1 },
            [0],
            torch.ScalarType.Float64,
            torch.CPU
        );
        using var theta = surface.Parameters([0.5, bias, 1, 0.5, 0, 0]);
        using var direction = surface.Parameters([0, 1, 0, 0, 0, 0]);
        using var point = surface.At(theta);
        var jet = Jet.Along(surface, point, direction, 4);
        var taken = surface.Cost.GradientEquivalents;
        var trust = ModelTrust.Measure(surface, theta, point, direction, jet, distance);
        // Two gradients, two products and a differentiated Taylor pass of order 2: 2 + 8/3 + 5.
        Near.Equal(29 / 3.0, surface.Cost.GradientEquivalents - taken, 1e-12, "gradient-equivalents");
        return trust;
    }
}
