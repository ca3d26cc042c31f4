using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;
using Size = FlatBias.Testing.Size;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>The quadratic term L2, eq. (7.6): every derivative against that of the same loss with the term written into
/// it, by nested reverse mode; once whatever the chunks.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 25)]
public class QuadraticTermTests
{
    // As in CurvatureRoutesTests: some 1,000 roundings at most, and a factor 1e3 for terms that cancel.
    private const double Agreement = 1e-10;

    [Property]
    public void Everything_WithTheTerm_IsThatOfTheLossWithTheTermWrittenIntoIt(Seed seed, LogUniform factor, Size chunk)
    {
        using var scope = NewDisposeScope();
        var net = RandomNet.Draw(seed.Random(), RandomNet.Smooth);
        var l = factor.In(1e-6, 10);
        using var samples = net.Surface();
        var part = samples.Samples.Part(0);
        using var written = new FunctionSurface(
            net.Theta.Length,
            theta =>
                net.Architecture.Loss.Mean(ForwardPass.Outputs(net.Architecture, theta, part.Inputs), part.Targets)
                    .Plus((theta * theta).sum().Times(l / 2))
        );
        using var inner = new FunctionSurface(
            net.Theta.Length,
            theta => net.Architecture.Loss.Mean(ForwardPass.Outputs(net.Architecture, theta, part.Inputs), part.Targets)
        )
        {
            L2 = l,
        };
        using var fast = WithTerm(net, l, null);
        using var chunked = WithTerm(net, l, chunk.Value);
        var expected = Everything(written, net);
        foreach (var surface in new TorchSurface[] { inner, fast, chunked })
        {
            foreach (var (name, values) in Everything(surface, net))
                Near.Equal(
                    expected[name],
                    values,
                    Agreement * Math.Max(1e-3, Near.Scale(expected[name])),
                    $"{name}, {net}, l = {l}"
                );
        }
    }

    [Property]
    public void GaussNewton_WithTheTerm_HasItsIdentity(Seed seed, LogUniform factor, Size chunk)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        var l = factor.In(1e-12, 1e12);
        using var plain = net.Surface(chunk.Value);
        using var surface = WithTerm(net, l, chunk.Value);
        var (without, with) = (Products(plain), Products(surface));
        for (var k = 0; k < 2; k++)
        {
            double[] expected = [.. without[k].Zip(net.Direction, (product, v) => product + (l * v))];
            // A product and a sum beside the same bits.
            Near.Equal(
                expected,
                with[k],
                4 * Near.Roundoff * (Near.Scale(without[k]) + (l * Near.Scale(net.Direction))),
                $"{net}, l = {l}"
            );
        }

        double[][] Products(NetworkSurface of)
        {
            using var theta = of.Parameters(net.Theta);
            using var v = of.Parameters(net.Direction);
            using var result = of.Space.Create();
            using var point = of.At(theta);
            point.GaussNewtonVector(v, result);
            var gaussNewton = of.Space.ToArray(result);
            // The result may be the direction itself.
            point.HessianVector(v, v);
            return [gaussNewton, of.Space.ToArray(v)];
        }
    }

    [Property]
    public void Minibatches_WithTheTerm_HaveAllOfItAndNoNoiseOfIt(Seed seed, LogUniform factor, Size size)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, RandomNet.Every);
        var l = factor.In(1e-3, 1e3);
        int[] batch = [.. Enumerable.Range(0, size.Value + 2).Select(_ => random.Next(net.Samples))];
        using var plain = net.Surface(3);
        using var surface = WithTerm(net, l, 3);
        using var theta = surface.Parameters(net.Theta);
        using var gradient = surface.Space.Create();
        using var expected = surface.Space.Create();
        var square = net.Theta.Sum(x => x * x);
        var loss = plain.BatchLossAndGradient(theta, batch, expected) + (l / 2 * square);
        surface.Space.Axpy(l, theta, expected);
        // A sum of some 70 squares, then a product and a sum.
        Near.Equal(loss, surface.BatchLossAndGradient(theta, batch, gradient), 200 * Near.Roundoff * loss, "loss");
        Near.Equal(
            surface.Space.ToArray(expected),
            surface.Space.ToArray(gradient),
            4 * Near.Roundoff * (Near.Scale(surface.Space.ToArray(expected)) + (l * Near.Scale(net.Theta))),
            "gradient"
        );
        using var directions = surface.Space.CreateBlock(1);
        surface.Space.Copy(theta, directions[0]);
        Assert.Equal(plain.GradientNoise(theta, directions), surface.GradientNoise(theta, directions));
        Assert.Equal(plain.Accuracy(theta), surface.Accuracy(theta));
        Assert.Equal(plain.Cost.GradientEquivalents, surface.Cost.GradientEquivalents);
    }

    [Property]
    public void Disagreement_WithTheTerm_IsThatOfRoundings(Seed seed, LogUniform factor)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Smooth);
        using var surface = WithTerm(net, factor.In(1e-3, 1e3), 4);
        using var theta = surface.Parameters(net.Theta);
        using var v = surface.Parameters(net.Direction);
        var routes = surface.Disagreement(theta, v);
        // H has l 1 in it, so that |H v| does not vanish: 1e-13 of the terms, which are below 1e3 times |H v|.
        Assert.InRange(routes.HessianVector, 0, Agreement);
    }

    [Property]
    public void Descent_WithTheTerm_IsThatWithWeightDecay(Seed seed, LogUniform factor)
    {
        // (7.6), last sentence but one: the same steps, but for their rounding.
        var net = RandomNet.Draw(seed.Random(), RandomNet.Smooth);
        var l = factor.In(1e-3, 1);
        double[] Run(NetworkSurface surface, OptimiserSpec spec)
        {
            using (surface)
            {
                using var theta = surface.Parameters(net.Theta);
                using var rule = spec.Create(surface.Space);
                DescentLoop.Run(surface, rule, 0.01, new DescentLimits(20), theta, []);
                return surface.Space.ToArray(theta);
            }
        }

        // 20 steps of 0.01 multiply a rounding by (1 + 0.01 |H|)^20, |H| below 1e2 for such nets at these weights: 1e6
        // of
        // 1e-15, the rounding of a step.
        Near.Equal(
            Run(WithTerm(net, l, null), OptimiserSpec.GradientDescent),
            Run(net.Surface(), OptimiserSpec.GradientDescent.With("weight-decay", l)),
            1e6 * 20 * Near.Roundoff * Near.Scale(net.Theta),
            $"{net}, l = {l}"
        );
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void L2_OutsideItsRange_IsRefused(double factor) =>
        Assert.Contains(
            "l2 is",
            Assert
                .ThrowsAny<ArgumentException>(() => new FunctionSurface(1, theta => theta.sum()) { L2 = factor })
                .Message
        );

    private static NetworkSurface WithTerm(RandomNet net, double factor, int? chunk) =>
        new(net.Architecture, net.Inputs, net.Labels, ScalarType.Float64, CPU, chunk) { L2 = factor };

    /// <summary>Loss, gradient and all that a point gives, along the net's direction.</summary>
    private static Dictionary<string, double[]> Everything(TorchSurface surface, RandomNet net)
    {
        using var theta = surface.Parameters(net.Theta);
        using var v = surface.Parameters(net.Direction);
        using var result = surface.Space.Create();
        var all = new Dictionary<string, double[]> { ["loss"] = [surface.LossAndGradient(theta, result)] };
        all["gradient"] = surface.Space.ToArray(result);
        using var point = surface.At(theta);
        all["loss of the point"] = [point.Loss];
        all["gradient of the point"] = surface.Space.ToArray(point.Gradient);
        point.HessianVector(v, result);
        all["H v"] = surface.Space.ToArray(result);
        var derivatives = new double[4];
        point.DirectionalDerivatives(v, derivatives);
        all["D^k L[v^k]"] = derivatives;
        for (var k = 1; k <= 3; k++)
        {
            point.DirectionalGradient(v, k, result);
            all[$"D^{k + 1} L[v^{k}, .]"] = surface.Space.ToArray(result);
        }

        using var seconds = surface.Space.CreateBlock(1);
        using var mixed = surface.Space.CreateBlock(1);
        surface.Space.Copy(theta, seconds[0]);
        point.MixedGradients(v, seconds, mixed, 1);
        all["D^3 L[v, theta, .]"] = surface.Space.ToArray(mixed[0]);
        point.HessianBlock(seconds, mixed, 1);
        all["H theta"] = surface.Space.ToArray(mixed[0]);
        return all;
    }
}
