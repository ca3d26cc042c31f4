using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Every derivative of a network against the PyTorch oracle, and against each other by routes that share no code.</summary>
public class NetworkSurfaceTests
{
    // Both sides are float64 sums over 9 samples and layers of width at most 6: some hundred operations, condition at most 1e3 in the highest derivatives.
    private const double Relative = 1e-11;

    public static TheoryData<int> Nets => SmallNetworks.Indices;

    [Theory]
    [MemberData(nameof(Nets))]
    public void LossAndGradient_OracleNetwork_Agree(int index)
    {
        var net = SmallNet.All[index];
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        using var gradient = surface.Space.Create();
        Near.Equal(
            net.Value,
            surface.LossAndGradient(theta, gradient),
            Relative * Near.Scale(net.Value),
            $"{net} loss"
        );
        Near.Equal(
            net.Gradient,
            surface.Space.ToArray(gradient),
            Relative * Near.Scale(net.Gradient),
            $"{net} gradient"
        );
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void HessianVector_OracleNetwork_Agrees(int index) =>
        AtOracle(
            index,
            (net, point, space, v, result) =>
            {
                point.HessianVector(v, result);
                Near.Equal(
                    net.HessianTimesDirection,
                    space.ToArray(result),
                    Relative * Near.Scale(net.HessianTimesDirection),
                    $"{net} Hv"
                );
            }
        );

    [Theory]
    [MemberData(nameof(Nets))]
    public void DirectionalDerivatives_OracleNetwork_AgreeToOrderFour(int index) =>
        AtOracle(
            index,
            (net, point, _, v, _) =>
            {
                var derivatives = new double[4];
                point.DirectionalDerivatives(v, derivatives);
                Near.Equal(
                    net.DirectionalDerivatives,
                    derivatives,
                    Relative * Near.Scale(net.DirectionalDerivatives),
                    $"{net} D^k"
                );
            }
        );

    [Theory]
    [MemberData(nameof(Nets))]
    public void DirectionalGradient_OracleNetwork_AgreesToOrderFour(int index) =>
        AtOracle(
            index,
            (net, point, space, v, result) =>
            {
                for (var k = 1; k <= 4; k++)
                {
                    point.DirectionalGradient(v, k, result);
                    var expected = net.GradientsOfDirectionalDerivatives[k - 1];
                    Near.Equal(expected, space.ToArray(result), Relative * Near.Scale(expected), $"{net} grad D^{k}");
                }
            }
        );

    [Theory]
    [MemberData(nameof(Nets))]
    public void DirectionalGradient_OrderOne_IsTheHessianProductOfTheOtherRoute(int index) =>
        AtOracle(
            index,
            (net, point, space, v, result) =>
            {
                point.DirectionalGradient(v, 1, result);
                var taylor = space.ToArray(result);
                point.HessianVector(v, result);
                Near.Equal(
                    space.ToArray(result),
                    taylor,
                    Relative * Near.Scale(taylor),
                    $"{net} Taylor mode against nested reverse mode"
                );
            }
        );

    [Theory]
    [MemberData(nameof(Nets))]
    public void DirectionalDerivatives_AboveOrderFour_AreDifferencesOfThoseBelow(int index)
    {
        var net = SmallNet.All[index];
        if (net.Activation == "relu")
            return; // differences across kinks say nothing
        using var surface = SmallNetworks.Surface(net);
        using var v = surface.Parameters(net.Direction);
        for (var k = 5; k <= 6; k++)
        {
            var expected = Differences.Derivative(t => Derivative(k - 1, t), 0.02);
            // Truncation h^8 f^(9)/630 with f^(9) up to 1e6 times the scale: 2.6e-14 * 1e6 / 630 ~ 4e-11; rounding u * scale / h ~ 1e-13 amplified by the condition 1e3.
            Near.Equal(expected, Derivative(k, 0), 1e-8 * Near.Scale(expected), $"{net} D^{k}");
        }

        double Derivative(int k, double t)
        {
            using var moved = surface.Parameters(Differences.Along(net.Parameters, net.Direction, t));
            using var point = surface.At(moved);
            var derivatives = new double[k];
            point.DirectionalDerivatives(v, derivatives);
            return derivatives[^1];
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Lanczos_OracleNetwork_FindsBothEndsOfTheExplicitSpectrum(int index)
    {
        var net = SmallNet.All[index];
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        using var point = surface.At(theta);
        using var solver = new LanczosEigensolver<torch.Tensor>(surface.Space, new LanczosOptions(1e-11));
        using var frame = new EigenFrame<torch.Tensor>(surface.Space, 6);
        using var start = surface.Space.Create();
        solver.Solve(point.HessianVector, start, new Random(3), frame);
        double[] eigenvalues = [.. net.HessianEigenvalues.Reverse()];
        // A residual of 1e-11 |H| bounds the error of an eigenvalue by the same number.
        var tolerance = 1e-11 * Near.Scale(eigenvalues);
        Near.Equal(eigenvalues[..6], frame.Values, tolerance, $"{net} leading eigenvalues");
        Near.Equal(eigenvalues[^1], frame.Trailing, tolerance, $"{net} trailing eigenvalue");
        var overlap = Math.Abs(
            net.LeadingEigenvector.Zip(surface.Space.ToArray(frame.Vectors[0]), (a, b) => a * b).Sum()
        );
        Near.Equal(1, overlap, 1e-10, $"{net} leading eigenvector");
        var moments = new double[4];
        point.DirectionalDerivatives(frame.Vectors[0], moments);
        // m_1 and m_3 are odd in the arbitrary sign of v_1.
        Near.Equal(
            [.. net.AlongLeadingEigenvector.Select(Math.Abs)],
            [.. moments.Select(Math.Abs)],
            1e-8 * Near.Scale(net.AlongLeadingEigenvector),
            $"{net} m_k"
        );
    }

    [Theory]
    [InlineData(null, 1000)]
    [InlineData(4, 200)]
    public void Everything_ManySteps_KeepsTheNumberOfTensors(int? chunk, int steps)
    {
        var net = SmallNet.All[0];
        using var surface = SmallNetworks.Surface(net, chunk: chunk);
        using var theta = surface.Parameters(net.Parameters);
        using var v = surface.Parameters(net.Direction);
        using var result = surface.Space.Create();
        using var block = surface.Space.CreateBlock(2);
        using var products = surface.Space.CreateBlock(2);
        for (var i = 0; i < 3; i++)
            Exercise(i);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < steps; i++)
            Exercise(i);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Exercise(int step)
        {
            surface.LossAndGradient(theta, result);
            surface.BatchLossAndGradient(theta, [0, 3, 3], result);
            using var point = surface.At(theta);
            point.HessianVector(v, result);
            point.DirectionalGradient(v, 3, result);
            point.DirectionalDerivatives(v, new double[4]);
            if (step % 100 > 0)
                return; // the dear ones less often: one tensor lost would show
            point.GaussNewtonVector(v, result);
            point.HessianBlock(block, products, 2);
            surface.GradientNoise(theta, block);
            surface.Disagreement(theta, v);
            surface.Accuracy(theta);
            surface.Space.Dot(v, result);
        }
    }

    private static void AtOracle(
        int index,
        Action<SmallNet, ISurfacePoint<torch.Tensor>, IVectorSpace<torch.Tensor>, torch.Tensor, torch.Tensor> check
    )
    {
        var net = SmallNet.All[index];
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        using var v = surface.Parameters(net.Direction);
        using var result = surface.Space.Create();
        using var point = surface.At(theta);
        check(net, point, surface.Space, v, result);
    }
}
