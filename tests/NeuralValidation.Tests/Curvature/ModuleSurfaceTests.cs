using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>A torch module as a surface.</summary>
public class ModuleSurfaceTests
{
    [Fact]
    public void Derivatives_SequentialModule_AreThoseOfTheFullyConnectedNetwork()
    {
        var net = RandomNet.Draw(new Random(5), [Activation.Tanh], NetworkLoss.CrossEntropy, layers: 2);
        var widths = net.Architecture.Widths;
        using var module = nn.Sequential(
            nn.Linear(widths[0], widths[1], dtype: ScalarType.Float64),
            nn.Tanh(),
            nn.Linear(widths[1], widths[2], dtype: ScalarType.Float64)
        );
        using var plain = net.Surface();
        using var surface = Surface(module, net);
        using var theta = plain.Parameters(net.Theta);
        using var v = plain.Parameters(net.Direction);
        using var expected = plain.Space.Create();
        using var actual = plain.Space.Create();
        Near.Equal(plain.LossAndGradient(theta, expected), surface.LossAndGradient(theta, actual), 1e-13, "loss");
        Same(expected, actual, "gradient");
        using var here = plain.At(theta);
        using var there = surface.At(theta);
        here.HessianVector(v, expected);
        there.HessianVector(v, actual);
        Same(expected, actual, "H v");
        here.GaussNewtonVector(v, expected);
        there.GaussNewtonVector(v, actual);
        Same(expected, actual, "G v");
        // Another point writes its own parameters into the module; the first must not notice.
        using var elsewhere = plain.Parameters([.. net.Theta.Select(x => -x)]);
        using var other = surface.At(elsewhere);
        surface.LossAndGradient(elsewhere, actual);
        there.HessianVector(v, actual);
        here.HessianVector(v, expected);
        Same(expected, actual, "H v after another point");
        Assert.Equal(plain.Accuracy(theta), surface.Accuracy(theta));
        using var held = ModuleParameters.Read(module);
        Assert.Equal(net.Theta, held.data<double>().ToArray());
    }

    [Fact]
    public void ModuleParameters_WriteThenRead_IsTheVector()
    {
        using var module = nn.Linear(3, 2, dtype: ScalarType.Float64);
        using var theta = tensor([1.0, 2, 3, 4, 5, 6, 7, 8]);
        ModuleParameters.Write(module, theta);
        using var read = ModuleParameters.Read(module);
        Assert.Equal(theta.data<double>().ToArray(), read.data<double>().ToArray());
        using var tooLong = zeros(9, ScalarType.Float64);
        Assert.Contains(
            "8",
            Assert.Throws<ArgumentException>(() => ModuleParameters.Write(module, tooLong)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Torch's own gradients are put back: what a caller has there is not the surface's business.</summary>
    [Fact]
    public void At_ModuleWithGradients_LeavesThemAsTheyWere()
    {
        using var module = nn.Linear(3, 2, dtype: ScalarType.Float64);
        var (weight, bias) = (module.weight!, module.bias!);
        weight.sum().backward();
        using var inputs = randn(5, 3, ScalarType.Float64);
        using var targets = zeros(5, ScalarType.Int64);
        using var surface = new NetworkSurface(module, SampleLosses.CrossEntropy, inputs, targets);
        using var theta = ModuleParameters.Read(module);
        using var point = surface.At(theta);
        Assert.Equal(Enumerable.Repeat(1.0, 6), weight.grad!.data<double>().ToArray());
        Assert.Null(bias.grad);
    }

    [Fact]
    public void Constructor_FrozenParameters_AreConstants()
    {
        using var module = nn.Sequential(
            nn.Linear(3, 4, dtype: ScalarType.Float64),
            nn.Tanh(),
            nn.Linear(4, 2, dtype: ScalarType.Float64)
        );
        module.named_parameters().First().parameter.requires_grad = false;
        using var inputs = randn(5, 3, ScalarType.Float64);
        using var targets = zeros(5, ScalarType.Int64);
        using var surface = new NetworkSurface(module, SampleLosses.CrossEntropy, inputs, targets);
        Assert.Equal(4 + 8 + 2, surface.Space.Dimension);
    }

    [Theory]
    [InlineData("has the buffer", "batch-norm")]
    [InlineData("it must be a function of them", "dropout")]
    [InlineData("must be Float32 or Float64", "half")]
    [InlineData("has another precision", "mixed")]
    [InlineData("no parameters that require a gradient", "none")]
    [InlineData("they must be Float64", "inputs")]
    [InlineData("first dimension must be the number of samples", "targets")]
    [InlineData("the loss cannot be evaluated: mat1 and mat2 shapes cannot be multiplied (5x3 and 2x4)", "width")]
    [InlineData("the loss cannot be evaluated: index 4 is out of bounds for dimension 1 with size 4", "classes")]
    public void Constructor_ModuleThatIsNoFunction_SaysWhy(string message, string kind)
    {
        using var module = kind switch
        {
            "batch-norm" => nn.Sequential(
                nn.Linear(3, 4, dtype: ScalarType.Float64),
                nn.BatchNorm1d(4, dtype: ScalarType.Float64)
            ),
            "dropout" => nn.Sequential(nn.Linear(3, 4, dtype: ScalarType.Float64), nn.Dropout(0.5)),
            "half" => nn.Sequential(nn.Linear(3, 4, dtype: ScalarType.BFloat16)),
            "mixed" => nn.Sequential(nn.Linear(3, 4, dtype: ScalarType.Float64), nn.Linear(4, 4)),
            "none" => nn.Sequential(nn.Tanh()),
            "width" => nn.Sequential(nn.Linear(2, 4, dtype: ScalarType.Float64)),
            _ => nn.Sequential(nn.Linear(3, 4, dtype: ScalarType.Float64)),
        };
        using var inputs = randn(5, 3, kind == "inputs" ? ScalarType.Float32 : ScalarType.Float64);
        using var targets = full(kind == "targets" ? 4 : 5, kind == "classes" ? 4L : 0L, ScalarType.Int64);
        var error = Assert.ThrowsAny<ArgumentException>(() =>
        {
            using var surface = new NetworkSurface(module, SampleLosses.CrossEntropy, inputs, targets);
            using var theta = ModuleParameters.Read(module);
            using var gradient = surface.Space.Create();
            surface.LossAndGradient(theta, gradient);
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Torch's third derivative of these is wrong (OperationDerivativesTests): moments are unknown, jets are refused, and what is right is measured.</summary>
    [Theory]
    [InlineData("layer")]
    [InlineData("batch")]
    [InlineData("instance")]
    public void Derivatives_FusedNormalisation_AreThoseThatAreRight(string kind)
    {
        using nn.Module<Tensor, Tensor> norm = kind switch
        {
            "layer" => nn.LayerNorm([4, 3], dtype: ScalarType.Float64),
            "batch" => nn.BatchNorm1d(4, track_running_stats: false, dtype: ScalarType.Float64),
            _ => nn.InstanceNorm1d(4, dtype: ScalarType.Float64),
        };
        using var module = nn.Sequential(nn.Conv1d(2, 4, 3, padding: 1, dtype: ScalarType.Float64), norm, nn.Flatten());
        using var inputs = randn(5, 2, 3, ScalarType.Float64);
        using var targets = zeros(5, ScalarType.Int64);
        using var surface = new NetworkSurface(module, SampleLosses.CrossEntropy, inputs, targets);
        using var theta = ModuleParameters.Read(module);
        using var v = surface.Space.Create();
        using var result = surface.Space.Create();
        surface.Space.FillGaussian(v, new Random(1));
        using var point = surface.At(theta);
        point.HessianVector(v, result);
        var derivatives = new double[4];
        point.DirectionalDerivatives(v, derivatives);
        // Both by double reverse mode: some 100 roundings of terms of order 1.
        Near.Equal(surface.Space.Dot(v, result), derivatives[1], 1e-12, "v . H v");
        Assert.Equal([true, true, false, false], derivatives.Select(double.IsFinite));
        point.DirectionalGradient(v, 1, result);
        Assert.Contains(
            "Norm",
            Assert.Throws<ArgumentException>(() => point.DirectionalGradient(v, 2, result)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Theta_OfAnotherLength_IsRefused()
    {
        using var module = nn.Linear(3, 4, dtype: ScalarType.Float64);
        using var inputs = randn(5, 3, ScalarType.Float64);
        using var targets = zeros(5, ScalarType.Int64);
        using var surface = new NetworkSurface(module, SampleLosses.CrossEntropy, inputs, targets);
        using var theta = zeros(17, ScalarType.Float64);
        using var gradient = zeros(17, ScalarType.Float64);
        Action[] calls =
        [
            () => surface.At(theta),
            () => surface.LossAndGradient(theta, gradient),
            () => surface.BatchLossAndGradient(theta, [0], gradient),
            () => surface.Accuracy(theta),
        ];
        Assert.All(
            calls,
            call => Assert.Contains("theta", Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal)
        );
    }

    private static NetworkSurface Surface(nn.Module<Tensor, Tensor> module, RandomNet net)
    {
        using var scope = NewDisposeScope();
        var inputs = tensor(net.Inputs, [net.Samples, net.Architecture.Widths[0]], ScalarType.Float64);
        return new NetworkSurface(
            module,
            SampleLosses.CrossEntropy,
            inputs,
            tensor([.. net.Labels.Select(label => (long)label)], ScalarType.Int64)
        );
    }

    private static void Same(Tensor expected, Tensor actual, string what) =>
        Near.Equal(
            expected.data<double>().ToArray(),
            actual.data<double>().ToArray(),
            1e-11 * Near.Scale(expected.data<double>().ToArray()),
            what
        );
}
