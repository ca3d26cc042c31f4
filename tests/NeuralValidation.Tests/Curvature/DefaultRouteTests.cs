using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>The route that any function takes, on fully connected networks, against the one written for them by hand.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class DefaultRouteTests
{
    // As in CurvatureRoutesTests: some 1,000 roundings of the largest term, and a factor 1e3 for terms that cancel.
    private const double Agreement = 1e-10;

    [Property]
    public void GradientsAndProducts_SmoothNet_AreThoseOfTheRouteByHand(Seed seed, bool chunked) =>
        Both(
            seed,
            chunked,
            (net, fast, plain) =>
            {
                using var theta = fast.Parameters(net.Theta);
                using var v = fast.Parameters(net.Direction);
                using var first = fast.Space.Create();
                using var second = fast.Space.Create();
                Near.Equal(fast.LossAndGradient(theta, first), plain.LossAndGradient(theta, second), Agreement, "loss");
                Same(first, second, "gradient");
                int[] batch = [.. Enumerable.Range(0, 3).Select(i => (seed.Value & 7 + i) % net.Samples)];
                Near.Equal(
                    fast.BatchLossAndGradient(theta, batch, first),
                    plain.BatchLossAndGradient(theta, batch, second),
                    Agreement,
                    "loss of a batch"
                );
                Same(first, second, "gradient of a batch");
                using var here = fast.At(theta);
                using var there = plain.At(theta);
                Near.Equal(here.Loss, there.Loss, Agreement, "loss of the point");
                Same(here.Gradient, there.Gradient, "gradient of the point");
                here.HessianVector(v, first);
                there.HessianVector(v, second);
                Same(first, second, "H v");
                here.GaussNewtonVector(v, first);
                there.GaussNewtonVector(v, second);
                Same(first, second, "G v");
            }
        );

    [Property]
    public void DirectionalDerivatives_SmoothNet_AreThoseOfTaylorMode(Seed seed, bool chunked) =>
        Both(
            seed,
            chunked,
            (net, fast, plain) =>
            {
                using var theta = fast.Parameters(net.Theta);
                using var v = fast.Parameters(net.Direction);
                using var first = fast.Space.Create();
                using var second = fast.Space.Create();
                using var here = fast.At(theta);
                using var there = plain.At(theta);
                double[] expected = new double[5],
                    actual = new double[5];
                here.DirectionalDerivatives(v, expected);
                there.DirectionalDerivatives(v, actual);
                for (var k = 1; k <= 4; k++)
                {
                    here.DirectionalGradient(v, k, first);
                    there.DirectionalGradient(v, k, second);
                    Same(first, second, $"D^{k + 1} L[v^{k}, .]");
                    // |D^(k+1) L[v^(k+1)]| is bounded by |D^(k+1) L[v^k, .]| |v|.
                    var scale = fast.Space.Norm(first) * Math.Sqrt(fast.Space.Dot(v, v));
                    Near.Equal(expected[k], actual[k], Agreement * scale, $"D^{k + 1} L[v^{k + 1}]");
                }
            }
        );

    [Property]
    public void BlocksMixedGradientsAndNoise_SmoothNet_AreThoseOfTheRouteByHand(Seed seed, bool chunked) =>
        Both(
            seed,
            chunked,
            (net, fast, plain) =>
            {
                using var scope = NewDisposeScope();
                var theta = fast.Parameters(net.Theta);
                var v = fast.Parameters(net.Direction);
                using var directions = fast.Space.CreateBlock(3);
                using var first = fast.Space.CreateBlock(3);
                using var second = fast.Space.CreateBlock(3);
                for (var i = 0; i < 3; i++)
                    fast.Space.FillGaussian(directions[i], new Random(seed.Value ^ i));
                using var here = fast.At(theta);
                using var there = plain.At(theta);
                here.HessianBlock(directions, first, 3);
                there.HessianBlock(directions, second, 3);
                for (var i = 0; i < 3; i++)
                    Same(first[i], second[i], $"H V[{i}]");
                here.MixedGradients(v, directions, first, 2);
                there.MixedGradients(v, directions, second, 2);
                for (var i = 0; i < 2; i++)
                    Same(first[i], second[i], $"D^3 L[v, q_{i}, .]");
                var (expected, actual) = (
                    fast.GradientNoise(theta, directions),
                    plain.GradientNoise(theta, directions)
                );
                Near.Equal(
                    expected.ToColumnMajorArray(),
                    actual.ToColumnMajorArray(),
                    Agreement * Near.Scale(expected.ToColumnMajorArray()),
                    "gradient noise"
                );
            }
        );

    private static void Both(Seed seed, bool chunked, Action<RandomNet, NetworkSurface, NetworkSurface> check)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Smooth);
        int? chunk = chunked ? 3 : null;
        using var fast = net.Surface(chunk);
        using var scope = NewDisposeScope();
        long classes = net.Architecture.Widths[^1];
        var inputs = tensor(net.Inputs, [net.Samples, net.Architecture.Widths[0]], ScalarType.Float64);
        var labels = tensor([.. net.Labels.Select(label => (long)label)], ScalarType.Int64);
        var classified = net.Architecture.Loss == NetworkLoss.CrossEntropy;
        var targets = classified ? labels : tensor(net.Targets(), [net.Samples, classes], ScalarType.Float64);
        using var plain = new NetworkSurface(
            net.Theta.Length,
            (theta, x) => ForwardPass.Outputs(net.Architecture, theta, x),
            net.Architecture.Loss.Name switch
            {
                "cross-entropy" => SampleLosses.CrossEntropy,
                "logistic" => (o, t) => SampleLosses.Logistic(o, t.Plus(t).Plus(ones_like(t).neg())).Times(classes),
                _ => SampleLosses.HalfSquaredError,
            },
            inputs,
            targets,
            ScalarType.Float64,
            chunk
        );
        check(net, fast, plain);
        using var at = fast.Parameters(net.Theta);
        if (classified)
            Xunit.Assert.Equal(fast.Accuracy(at), plain.Accuracy(at));
    }

    private static void Same(Tensor expected, Tensor actual, string what)
    {
        double[] values = expected.data<double>().ToArray();
        // A gradient that vanishes by cancellation is left with the rounding of its terms, which are of order 1.
        Near.Equal(values, actual.data<double>().ToArray(), Agreement * Math.Max(1e-3, values.Max(Math.Abs)), what);
    }
}
