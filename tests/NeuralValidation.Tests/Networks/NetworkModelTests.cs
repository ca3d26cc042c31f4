using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>The built-in networks and the default route to their derivatives, against PyTorch with the same weights.</summary>
public class NetworkModelTests
{
    // Float64 and some thousand operations: 1e-13 of the largest term, 1e-11 for derivatives of order 4, whose terms cancel; a factor 10 to spare.
    private const double Agreement = 1e-10;

    public static TheoryData<string> Names => [.. NetworkCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Layout_StoredWeights_HasTheirNamesAndShapesInOrder(string name)
    {
        var network = Case(name);
        var model = Model(name);
        if (model is null)
            return;
        Assert.Equal(network.Parameters.Length, model.Layout.Count);
        foreach (var (slot, stored) in model.Layout.Zip(network.Parameters))
            Assert.Equal(stored.Shape, slot.Shape);
        Assert.Equal(network.Theta.Length, model.Layout.ParameterCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_StoredWeights_AreThoseOfPyTorch(string name)
    {
        var network = Case(name);
        using var scope = NewDisposeScope();
        var outputs = Outputs(name)(tensor(network.Theta), Inputs(network)).flatten();
        Near.Equal(network.Outputs, outputs.data<double>().ToArray(), Agreement * Near.Scale(network.Outputs), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_StoredWeights_AreThoseOfPyTorch(string name)
    {
        var network = Case(name);
        using var scope = NewDisposeScope();
        using var surface = Surface(network);
        using var theta = surface.Parameters(network.Theta);
        using var v = surface.Parameters(network.Direction);
        using var result = surface.Space.Create();
        Near.Equal(network.Loss, surface.LossAndGradient(theta, result), Agreement, "loss");
        Near.Equal(network.Gradient, Array(surface, result), Agreement * Near.Scale(network.Gradient), "gradient");
        using var point = surface.At(theta);
        Near.Equal(network.Loss, point.Loss, Agreement, "loss of the point");
        Near.Equal(
            network.Gradient,
            Array(surface, point.Gradient),
            Agreement * Near.Scale(network.Gradient),
            "gradient of the point"
        );
        point.HessianVector(v, result);
        Near.Equal(
            network.HessianTimesDirection,
            Array(surface, result),
            Agreement * Near.Scale(network.HessianTimesDirection),
            "H v"
        );
        var derivatives = new double[4];
        point.DirectionalDerivatives(v, derivatives);
        for (var k = 1; k <= 4; k++)
            Near.Equal(
                network.Directional[k - 1],
                derivatives[k - 1],
                Agreement * Near.Scale(network.Directional),
                $"D^{k} L[v^{k}]"
            );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eigenpairs_StoredWeights_AreThoseOfTheDenseHessianByPyTorch(string name)
    {
        var network = Case(name);
        using var surface = Surface(network);
        using var theta = surface.Parameters(network.Theta);
        using var point = surface.At(theta);
        using var frame = new EigenFrame<Tensor>(surface.Space, network.Leading.Length);
        // Residuals of 1e-9 of |H| leave eigenvalues right to that at worst, where pairs are close, and to its square over the gap elsewhere.
        using var solver = new LanczosEigensolver<Tensor>(surface.Space, new LanczosOptions(1e-9));
        using var start = surface.Space.Create();
        var random = new Random(1);
        surface.Space.FillGaussian(start, random);
        solver.Solve(point.HessianVector, start, random, frame);
        for (var i = 0; i < frame.Count; i++)
            Near.Equal(network.Leading[i], frame.Values[i], 1e-8 * network.Leading[0], $"{name} lambda_{i + 1}");
        Near.Equal(network.Trailing.Min(), frame.Trailing, 1e-8 * network.Leading[0], $"{name} lambda_P");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientAndProduct_StoredWeights_AgreeWithDifferences(string name)
    {
        var network = Case(name);
        using var surface = Surface(network);
        using var theta = surface.Parameters(network.Theta);
        using var v = surface.Parameters(network.Direction);
        using var product = surface.Space.Create();
        using var point = surface.At(theta);
        point.HessianVector(v, product);
        // Central differences at h: an error of h^2/6 D^3 in the loss, 1e-16 / h of rounding, both below 1e-9 for h = 1e-5 and |v| about 1.
        const double h = 1e-5;
        var (up, gradientUp) = At(h);
        var (down, gradientDown) = At(-h);
        Near.Equal((up - down) / (2 * h), surface.Space.Dot(point.Gradient, v), 1e-8, "g . v");
        double[] difference = [.. gradientUp.Zip(gradientDown, (a, b) => (a - b) / (2 * h))];
        Near.Equal(difference, Array(surface, product), 1e-8 * Near.Scale(difference), "H v");

        (double Loss, double[] Gradient) At(double t)
        {
            using var moved = theta.add(v, t.ToScalar());
            using var gradient = surface.Space.Create();
            return (surface.LossAndGradient(moved, gradient), Array(surface, gradient));
        }
    }

    private static NetworkCase Case(string name) => NetworkCase.All.Single(c => c.Name == name);

    private static NetworkModel? Model(string name) =>
        name switch
        {
            "conv-tanh" => new ConvolutionalNetwork((1, 8, 8), 3, [3, 4], 3, [1, 2], [2, 1], Activation.Tanh),
            "conv-gelu" => new ConvolutionalNetwork((1, 8, 8), 3, [3, 4], 3, [1, 2], [2, 1], Activation.Gelu),
            "residual-groupnorm" => new ResidualNetwork((1, 8, 8), 3, 4, 1, 2, Normalisation.Group, 2, Activation.Silu),
            "batchnorm-full-batch" => new ResidualNetwork(
                (1, 8, 8),
                3,
                3,
                1,
                0,
                Normalisation.Batch,
                1,
                Activation.Tanh
            ),
            "transformer" => new Transformer(5, 6, 5, 8, 2, 2, 16, causal: true, Activation.Gelu),
            "chebyshev-4-tanh" => null,
            _ => throw new ArgumentException($"no model for {name}"),
        };

    private static Func<Tensor, Tensor, Tensor> Outputs(string name)
    {
        if (Model(name) is { } model)
            return model.Outputs;
        var regression = new Architecture([1, 12, 12, 1], Activation.Tanh, NetworkLoss.MeanSquaredError);
        return (theta, inputs) => ForwardPass.Outputs(regression, theta, inputs);
    }

    private static Tensor Inputs(NetworkCase network) =>
        tensor(network.Inputs, network.InputShape)
            .to(network.Name == "transformer" ? ScalarType.Int64 : ScalarType.Float64);

    private static NetworkSurface Surface(NetworkCase network)
    {
        using var scope = NewDisposeScope();
        var regression = network.Name == "chebyshev-4-tanh";
        var targets = tensor(network.Targets, network.TargetShape)
            .to(regression ? ScalarType.Float64 : ScalarType.Int64);
        return new NetworkSurface(
            network.Theta.Length,
            Outputs(network.Name),
            regression ? SampleLosses.HalfSquaredError : SampleLosses.CrossEntropy,
            Inputs(network),
            targets,
            ScalarType.Float64
        );
    }

    private static double[] Array(NetworkSurface surface, Tensor vector) =>
        ((TensorSpace)surface.Space).ToArray(vector);
}
