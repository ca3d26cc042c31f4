using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>A loss of one's own as a surface.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class FunctionSurfaceTests
{
    /// <summary>L = sum a_i x_i^2 / 2 + b (sum x)^3 / 6 + sum x_i^4 / 24: every derivative by hand.</summary>
    [Property]
    public void Derivatives_Polynomial_AreThoseByHand(Seed seed, FlatBias.Testing.Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        double[] Draw() => [.. Enumerable.Range(0, n).Select(_ => (2 * random.NextDouble()) - 1)];
        double[] a = Draw(),
            x = Draw(),
            v = Draw();
        var b = random.NextDouble();
        using var coefficients = tensor(a);
        using var surface = new FunctionSurface(
            n,
            theta =>
                (coefficients * theta * theta)
                    .sum()
                    .Times(0.5)
                    .Plus(Cubed(theta.sum()).Times(b / 6))
                    .Plus((Cubed(theta) * theta).sum().Times(1 / 24.0))
        );
        using var theta = surface.Parameters(x);
        using var direction = surface.Parameters(v);
        using var result = surface.Space.Create();
        double s = x.Sum(),
            w = v.Sum();
        // Sums of n terms of order 1 each, at most n^3 together: a roundoff of that per operation, and some ten operations.
        var tolerance = 100 * Near.Roundoff * Math.Pow(n + 1, 3);
        using var point = surface.At(theta);
        Near.Equal(
            Enumerable.Range(0, n).Sum(i => (a[i] * x[i] * x[i] / 2) + (Math.Pow(x[i], 4) / 24)) + (b * s * s * s / 6),
            point.Loss,
            tolerance,
            "L"
        );
        point.HessianVector(direction, result);
        Near.Equal(
            [.. Enumerable.Range(0, n).Select(i => ((a[i] + (x[i] * x[i] / 2)) * v[i]) + (b * s * w))],
            result.data<double>().ToArray(),
            tolerance,
            "H v"
        );
        var derivatives = new double[6];
        point.DirectionalDerivatives(direction, derivatives);
        double[] expected =
        [
            Enumerable.Range(0, n).Sum(i => v[i] * ((a[i] * x[i]) + (Math.Pow(x[i], 3) / 6))) + (b * s * s * w / 2),
            Enumerable.Range(0, n).Sum(i => v[i] * v[i] * (a[i] + (x[i] * x[i] / 2))) + (b * s * w * w),
            Enumerable.Range(0, n).Sum(i => Math.Pow(v[i], 3) * x[i]) + (b * w * w * w),
            v.Sum(c => Math.Pow(c, 4)),
            0,
            0,
        ];
        Near.Equal(expected, derivatives, tolerance, "D^k L[v^k]");
        point.DirectionalGradient(direction, 3, result);
        Near.Equal([.. v.Select(c => Math.Pow(c, 3))], result.data<double>().ToArray(), tolerance, "D^4 L[v^3, .]");
    }

    [Fact]
    public void Derivatives_ComponentThatDoesNotEnterOrLinearLoss_AreZeroAndDoNotEndTheProcess()
    {
        using var surface = new FunctionSurface(3, theta => theta.narrow(0, 0, 2).sum());
        using var theta = surface.Parameters([1, 2, 3]);
        using var v = surface.Parameters([1, 1, 1]);
        using var result = surface.Space.Create();
        using var point = surface.At(theta);
        Assert.Equal([1, 1, 0], point.Gradient.data<double>().ToArray());
        point.HessianVector(v, result);
        Assert.Equal([0, 0, 0], result.data<double>().ToArray());
        var derivatives = new double[4];
        point.DirectionalDerivatives(v, derivatives);
        Assert.Equal([2, 0, 0, 0], derivatives);
    }

    [Fact]
    public void Recording_QuadraticPastItsEdge_GrowsAsItMust()
    {
        using var curvatures = tensor([2.0, 0.5]);
        using var surface = new FunctionSurface(2, theta => (curvatures * theta * theta).sum().Times(0.5));
        using var theta = surface.Parameters([1, 1]);
        var run = Recording.Run(
            surface,
            OptimiserSpec.GradientDescent,
            1.1,
            new DescentLimits(10),
            theta,
            new CurvatureProbeOptions(2, new LanczosOptions(1e-12)),
            1
        );
        Assert.Equal(StopReason.StepLimit, run.Reason);
        Near.Equal(2, run.Series.Array("sharpness")[^1], 1e-12, "sharpness");
        // |1 - 1.1 * 2|^10 and |1 - 1.1 / 2|^10. Each step rounds eta a theta, 2.2 / 1.2 of the result, some three times: 10 x 3 x 2.2 / 1.2 roundoffs of 6.2, 4e-14.
        Near.Equal([Math.Pow(1.2, 10), Math.Pow(0.45, 10)], theta.data<double>().ToArray(), 4e-14, "theta");
    }

    [Theory]
    [InlineData("must be a single number", "vector")]
    [InlineData("does not depend on the parameters", "constant")]
    [InlineData("the precision must not change", "precision")]
    [InlineData("it must be a function of them", "random")]
    public void LossAndGradient_NotALoss_SaysWhy(string message, string kind)
    {
        using var surface = new FunctionSurface(
            3,
            theta =>
                kind switch
                {
                    "vector" => theta * theta,
                    "constant" => theta.detach().sum(),
                    "precision" => theta.to(ScalarType.Float32).sum(),
                    "random" => (theta * rand_like(theta)).sum(),
                    _ => throw new ArgumentException(kind),
                }
        );
        using var theta = surface.Parameters([1, 2, 3]);
        using var gradient = surface.Space.Create();
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => surface.LossAndGradient(theta, gradient)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => surface.At(theta)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Torch has the first derivative of sampling on a grid and not the second; asked for it directly, it would end the process.</summary>
    [Fact]
    public void At_OperationWithoutSecondDerivative_IsRefusedAndTheGradientIsNot()
    {
        using var grid = tensor([0.3, -0.2, 0.1, 0.4], [1, 1, 2, 2]);
        using var surface = new FunctionSurface(
            9,
            theta => nn.functional.grid_sample(theta.view(1, 1, 3, 3), grid, align_corners: true).exp().sum()
        );
        using var theta = surface.Parameters([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        using var gradient = surface.Space.Create();
        surface.LossAndGradient(theta, gradient);
        for (var time = 0; time < 2; time++)
            Assert.Contains(
                "torch cannot differentiate so often",
                Assert.Throws<ArgumentException>(() => surface.At(theta)).Message,
                StringComparison.Ordinal
            );
    }

    private static Tensor Cubed(Tensor x) => x * x * x;
}
