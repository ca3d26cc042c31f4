using FlatBias.NeuralValidation.Curvature;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Hessian products and higher derivatives by hand and by Taylor mode, against nested reverse mode and against each other.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class CurvatureRoutesTests
{
    // Layers of width at most 5 and 10 samples: some 100 roundings in a product, some 1,000 in a fourth derivative, so 1e-13 of the largest term; 1e-10 leaves a factor 1e3 for terms that cancel.
    private const double Agreement = 1e-10;

    [Property]
    public void HessianVector_SmoothNet_AgreesByThreeRoutes(Seed seed) =>
        At(
            Draw(seed),
            (net, surface, point, nested) =>
            {
                using var scope = torch.NewDisposeScope();
                using var v = surface.Parameters(net.Direction);
                using var result = surface.Space.Create();
                var expected = nested.HessianVector(v).data<double>().ToArray();
                point.HessianVector(v, result);
                Close(expected, surface.Space.ToArray(result), $"{net} by hand");
                point.DirectionalGradient(v, 1, result);
                Close(expected, surface.Space.ToArray(result), $"{net} by Taylor mode");
            }
        );

    [Property(MaxTest = 12)]
    public void Derivatives_SmoothNet_AgreeWithNestedReverseModeToOrderFour(Seed seed) =>
        At(
            Draw(seed),
            (net, surface, point, nested) =>
            {
                using var scope = torch.NewDisposeScope();
                using var v = surface.Parameters(net.Direction);
                using var result = surface.Space.Create();
                var gradients = nested.DirectionalGradients(v, 4);
                var derivatives = new double[4];
                point.DirectionalDerivatives(v, derivatives);
                for (var k = 1; k <= 4; k++)
                {
                    // |D^k L[v^k]| is bounded by |D^k L[v^(k-1), .]| |v|.
                    var scale = surface.Space.ToArray(gradients[k - 1]).Sum(Math.Abs) * Near.Scale(net.Direction);
                    Near.Equal(
                        surface.Space.Dot(gradients[k - 1], v),
                        derivatives[k - 1],
                        Agreement * scale,
                        $"{net} D^{k} L[v^{k}]"
                    );
                    point.DirectionalGradient(v, k, result);
                    Close(
                        surface.Space.ToArray(gradients[k]),
                        surface.Space.ToArray(result),
                        $"{net} D^{k + 1} L[v^{k}, .]"
                    );
                }
            }
        );

    [Property]
    public void Gradient_AnyNet_IsThatOfReverseMode(Seed seed)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var gradient = surface.Space.Create();
        var loss = surface.LossAndGradient(theta, gradient);
        using var point = surface.At(theta);
        Near.Equal(loss, point.Loss, Agreement * Near.Scale(loss), $"{net} loss");
        Close(surface.Space.ToArray(gradient), surface.Space.ToArray(point.Gradient), $"{net} gradient", floor: 1e-3);
    }

    [Property]
    public void HessianBlock_AnyNet_IsColumnByColumn(Seed seed, Size size) =>
        At(
            RandomNet.Draw(seed.Random(), RandomNet.Every),
            (net, surface, point, _) =>
            {
                using var directions = surface.Space.CreateBlock(size.Value + 1);
                using var results = surface.Space.CreateBlock(size.Value);
                using var single = surface.Space.Create();
                for (var i = 0; i < directions.Capacity; i++)
                    surface.Space.FillGaussian(directions[i], new Random(seed.Value ^ i));
                point.HessianBlock(directions, results, size.Value);
                for (var i = 0; i < size.Value; i++)
                {
                    point.HessianVector(directions[i], single);
                    Close(
                        surface.Space.ToArray(single),
                        surface.Space.ToArray(results[i]),
                        $"{net} direction {i}",
                        floor: 1e-3
                    );
                }
            }
        );

    [Theory]
    [MemberData(nameof(SmallNetworks.Indices), MemberType = typeof(SmallNetworks))]
    public void HessianBlock_OracleNetwork_HasTheOraclesSpectrum(int index)
    {
        var net = SmallNet.All[index];
        using var surface = SmallNetworks.Surface(net);
        var drawn = new RandomNet(
            SmallNetworks.Architecture(net),
            net.FlatInputs,
            net.Labels,
            net.Parameters,
            net.Direction
        );
        var hessian = drawn.Hessian(net.Parameters);
        var scale = hessian.L2Norm();
        Near.Equal(0, (hessian - hessian.Transpose()).InfinityNorm(), 1e-12 * scale, $"{net} asymmetry");
        // An eigenvalue moves by no more than the norm of the perturbation (Weyl).
        double[] eigenvalues = [.. hessian.Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).Order()];
        Near.Equal(net.HessianEigenvalues, eigenvalues, 1e-11 * scale, $"{net} eigenvalues");
    }

    [Fact]
    public void HessianBlock_CountBeyondTheBlocks_Throws() =>
        At(
            Draw(new Seed(1)),
            (_, surface, point, _) =>
            {
                using var two = surface.Space.CreateBlock(2);
                using var three = surface.Space.CreateBlock(3);
                Assert.Throws<ArgumentOutOfRangeException>(() => point.HessianBlock(two, three, 3));
                Assert.Throws<ArgumentOutOfRangeException>(() => point.HessianBlock(three, two, 0));
            }
        );

    [Property(MaxTest = 20)]
    public void Disagreement_SmoothNet_IsRounding(Seed seed, bool chunked)
    {
        var net = Draw(seed);
        using var surface = net.Surface(chunked ? 3 : null);
        using var theta = surface.Parameters(net.Theta);
        using var v = surface.Parameters(net.Direction);
        var (second, third, fourth) = surface.Disagreement(theta, v);
        foreach (var difference in new[] { second, third, fourth })
            Assert.InRange(difference, 0, Agreement);
    }

    [Fact]
    public void Disagreement_SinglePrecision_IsThatOfSinglePrecision()
    {
        var net = SmallNet.All[0];
        using var surface = SmallNetworks.Surface(net, torch.ScalarType.Float32);
        using var theta = surface.Parameters(net.Parameters);
        using var v = surface.Parameters(net.Direction);
        var (second, third, fourth) = surface.Disagreement(theta, v);
        // Two routes of some hundred roundings of 6e-8 each do not agree to a thousandth of one, and not worse than all of them together by far.
        foreach (var difference in new[] { second, third, fourth })
            Assert.InRange(difference, 1e-11, 1e-4);
    }

    [Fact]
    public void Disagreement_OneMeasurement_BooksBothRoutes()
    {
        var net = Draw(new Seed(3));
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var v = surface.Parameters(net.Direction);
        surface.Disagreement(theta, v);
        // A gradient, a product, a Taylor pass of order 4, and nested passes to order 4: 1 + 4/3 + 9/3 + 27.
        Near.Equal(1 + (4 / 3.0) + 3 + 27, surface.Cost.GradientEquivalents, 1e-13, "gradient-equivalents");
    }

    private static RandomNet Draw(Seed seed) => RandomNet.Draw(seed.Random(), RandomNet.Smooth);

    private static void Close(double[] expected, double[] actual, string what, double floor = 0) =>
        Near.Equal(expected, actual, Agreement * Math.Max(floor, expected.Max(Math.Abs)), what);

    private static void At(RandomNet net, Action<RandomNet, NetworkSurface, NetworkPoint, Nested> check)
    {
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var point = surface.At(theta);
        check(
            net,
            surface,
            point,
            new Nested(new FullyConnectedRoute(net.Architecture).Reverse(), theta, surface.Samples.Part(0))
        );
    }

    /// <summary>The default route at one point.</summary>
    private sealed record Nested(ReverseRoute Route, torch.Tensor Theta, SamplePart Part)
    {
        public torch.Tensor HessianVector(torch.Tensor v) => DirectionalGradients(v, 1)[1];

        public torch.Tensor[] DirectionalGradients(torch.Tensor v, int order) =>
            Route.DirectionalGradients(Theta, v, Part, order);
    }
}
