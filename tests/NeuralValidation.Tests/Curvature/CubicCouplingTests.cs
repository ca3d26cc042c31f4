using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>The cubic coupling C = Q^T D^3 L[v, Q, Q] of (4.10) on networks, against the explicit third derivative by another route: differences of Hessian-vector products.</summary>
public class CubicCouplingTests
{
    private const int Order = 3,
        Krylov = 7;

    public static TheoryData<int> Nets => SmallNetworks.Indices;

    [Theory]
    [MemberData(nameof(Nets))]
    public void Coupling_OracleNetwork_IsTheThirdDerivativeBetweenTheMomentGradients(int index)
    {
        var net = SmallNet.All[index];
        if (net.Activation == "relu")
            return; // differences across kinks say nothing
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        using var point = surface.At(theta);
        double[] v = [.. net.Direction];
        var norm = Math.Sqrt(v.Sum(x => x * x));
        for (var i = 0; i < v.Length; i++)
            v[i] /= norm;
        using var direction = surface.Parameters(v);
        var krylov = Jet.Along(surface, point, direction, Order, krylov: Krylov, cubic: true).Krylov!;
        // grad V and grad m_k lie in the span of Q, so that their coordinates b give b_j^T C b_k = D^3 L[v, grad m_j, grad m_k] whatever the basis.
        double[][] coordinates = [krylov.Slope, .. krylov.Gradients],
            full = [.. Enumerable.Range(0, Order + 1).Select(k => MomentGradient(surface, point, direction, v, k))];
        for (var j = 0; j <= Order; j++)
        for (var k = 0; k <= Order; k++)
        {
            var expected = Differences.Derivative(
                t => Form(surface, Differences.Along(net.Parameters, v, t), full[j], full[k]),
                0.02
            );
            // Truncation h^8 f^(9)/630 with f^(9) up to 1e6 times the scale: 4e-11; rounding u * scale / h amplified by a condition of 1e3: 1e-11. The scale is that of the vectors.
            var scale = Math.Sqrt(Dot(full[j], full[j]) * Dot(full[k], full[k]));
            Near.Equal(
                expected,
                Dot(coordinates[j], SymmetricMatrices.Times(krylov.Coupling!, coordinates[k])),
                1e-8 * Near.Scale(expected, scale),
                $"{net}: C between {j} and {k}"
            );
        }
    }

    [Fact]
    public void Measure_WithCoupling_CostsSixGradientsForEachKrylovVector()
    {
        double Cost(bool cubic)
        {
            using var surface = SmallNetworks.Surface(SmallNet.All[0]);
            using var theta = surface.Parameters(SmallNet.All[0].Parameters);
            Assert.Equal(
                cubic,
                Jet.Measure(
                    surface,
                    theta,
                    Order,
                    new LanczosOptions(1e-8),
                    krylov: Krylov,
                    cubic: cubic
                ).Krylov!.Coupling
                    is not null
            );
            return surface.Cost.GradientEquivalents;
        }

        // The graph of H v, a differentiated Taylor pass of order 1, is 3; a reverse pass through it costs twice that. Sums of thirds: a few dozen roundings.
        Near.Equal(3 + (6 * Krylov), Cost(true) - Cost(false), 1e-10, "cost of C");
    }

    [Fact]
    public void Along_CouplingWithoutKrylovVectors_NamesTheirNumber()
    {
        using var surface = SmallNetworks.Surface(SmallNet.All[0]);
        using var theta = surface.Parameters(SmallNet.All[0].Parameters);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Jet.Measure(surface, theta, 2, new LanczosOptions(), cubic: true)
        );
        Assert.Contains(
            "krylov is 0; it must be a whole number of at least 1",
            error.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>grad V (k = 0) or grad m_k, projected off v.</summary>
    private static double[] MomentGradient(
        NetworkSurface surface,
        ISurfacePoint<torch.Tensor> point,
        torch.Tensor direction,
        double[] v,
        int k
    )
    {
        using var result = surface.Space.Create();
        if (k == 0)
            surface.Space.Copy(point.Gradient, result);
        else
            point.DirectionalGradient(direction, k, result);
        var gradient = surface.Space.ToArray(result);
        return Differences.Along(gradient, v, -Dot(gradient, v));
    }

    /// <summary>a^T H(theta) b.</summary>
    private static double Form(NetworkSurface surface, double[] theta, double[] a, double[] b)
    {
        using var at = surface.Parameters(theta);
        using var point = surface.At(at);
        using var vector = surface.Parameters(b);
        using var result = surface.Space.Create();
        point.HessianVector(vector, result);
        return Dot(a, surface.Space.ToArray(result));
    }

    private static double Dot(double[] a, double[] b) => SymmetricMatrices.Dot(a, b);
}
