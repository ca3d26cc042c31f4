using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>The Gauss-Newton product against an explicit Jacobian, and what is left of the Hessian against the curvature of the outputs themselves.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class GaussNewtonTests
{
    // Some hundred roundings, and a factor 1e3 for terms that cancel, as in CurvatureRoutesTests.
    private const double Agreement = 1e-10;

    [Property]
    public void GaussNewtonVector_AnyNet_IsThatOfTheExplicitJacobian(Seed seed)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface();
        using var scope = NewDisposeScope();
        var (leaf, outputs) = Outputs(net, surface);
        var v = surface.Parameters(net.Direction);
        var (n, classes) = ((int)outputs.shape[0], (int)outputs.shape[1]);
        var expected = new double[net.Theta.Length];
        var jacobian = new double[classes][];
        for (var i = 0; i < n; i++)
        {
            for (var c = 0; c < classes; c++)
                jacobian[c] = surface.Space.ToArray(Autograd.Gradient(outputs[i, c], leaf, retainGraph: true));
            double[] moved = [.. jacobian.Select(row => Dot(row, net.Direction))];
            var bent = OutputHessian(net.Architecture.Loss, outputs[i].detach().data<double>().ToArray(), moved);
            for (var p = 0; p < expected.Length; p++)
                expected[p] += Enumerable.Range(0, classes).Sum(c => jacobian[c][p] * bent[c]) / n;
        }

        var actual = GaussNewton(net, surface, v);
        Near.Equal(expected, actual, Agreement * Math.Max(1e-3, expected.Max(Math.Abs)), $"{net} G v");
        Assert.True(Dot(actual, net.Direction) >= -Agreement * Near.Scale(actual), $"{net}: v . G v is negative");
    }

    [Property]
    public void HessianVector_LessGaussNewton_IsTheCurvatureOfTheOutputsWeightedByTheLossGradient(Seed seed)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface();
        using var scope = NewDisposeScope();
        var (leaf, outputs) = Outputs(net, surface);
        var targets = surface.Samples.Part(0).Targets;
        var said = net.Architecture.Loss.Name switch
        {
            "cross-entropy" => outputs.softmax(1),
            "logistic" => outputs.sigmoid(),
            _ => outputs,
        };
        var pull = said - targets;
        var v = surface.Parameters(net.Direction);
        // sum r . D^2 o[v, .] with r held fixed: reverse mode twice. Adding 0 . theta^2 ties the graph to theta where the outputs are linear.
        var weighted = ((outputs * pull.detach()).sum() / net.Samples) + (leaf.square().sum() * 0);
        var expected = surface.Space.ToArray(
            Autograd.Gradient(Autograd.Gradient(weighted, leaf, createGraph: true), leaf, v)
        );
        using var point = surface.At(leaf.detach());
        using var product = surface.Space.Create();
        point.HessianVector(v, product);
        var hessian = surface.Space.ToArray(product);
        var actual = hessian.Zip(GaussNewton(net, surface, v), (h, g) => h - g).ToArray();
        Near.Equal(expected, actual, Agreement * Near.Scale(hessian), $"{net} (H - G) v");
    }

    private static double[] GaussNewton(RandomNet net, NetworkSurface surface, Tensor v)
    {
        using var theta = surface.Parameters(net.Theta);
        using var point = surface.At(theta);
        using var result = surface.Space.Create();
        point.GaussNewtonVector(v, result);
        return surface.Space.ToArray(result);
    }

    private static (Tensor Leaf, Tensor Outputs) Outputs(RandomNet net, NetworkSurface surface)
    {
        var leaf = surface.Parameters(net.Theta).requires_grad_(true);
        return (leaf, ForwardPass.Outputs(net.Architecture, leaf, surface.Samples.Part(0).Inputs));
    }

    /// <summary>(diag p - p p^T) z for cross-entropy, p (1 - p) z for the logistic loss, z for half the squared
    /// error.</summary>
    private static double[] OutputHessian(NetworkLoss loss, double[] outputs, double[] z)
    {
        if (loss == NetworkLoss.MeanSquaredError)
            return z;
        if (loss == NetworkLoss.Logistic)
            return [.. outputs.Zip(z, (o, x) => x / (2 + Math.Exp(o) + Math.Exp(-o)))];
        double[] p = [.. outputs.Select(o => Math.Exp(o - outputs.Max()))];
        p = [.. p.Select(x => x / p.Sum())];
        var mean = Dot(p, z);
        return [.. p.Zip(z, (q, x) => q * (x - mean))];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
