using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>D^3 L[v, q, .] by a second reverse pass, against polarisation of the Taylor route, and what it costs.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class MixedGradientTests
{
    [Property]
    public void MixedGradients_SmoothNet_AgreeWithPolarisation(Seed seed, bool tanh, bool chunked)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, [tanh ? Activation.Tanh : Activation.Softplus]);
        using var surface = net.Surface(chunked ? 3 : null);
        using var theta = surface.Parameters(net.Theta);
        using var point = surface.At(theta);
        using var v = surface.Parameters(net.Direction);
        var count = 1 + random.Next(3);
        using var seconds = surface.Space.CreateBlock(count + 1);
        using var results = surface.Space.CreateBlock(count);
        for (var i = 0; i <= count; i++)
            surface.Space.FillGaussian(seconds[i], random);
        point.MixedGradients(v, seconds, results, count);
        for (var i = 0; i < count; i++)
        {
            double[] plus = Square(point, surface, v, seconds[i], 1),
                minus = Square(point, surface, v, seconds[i], -1);
            double[] expected = [.. plus.Zip(minus, (p, m) => (p - m) / 4)];
            // Some 1,000 roundings of the largest term in either route, and a factor 1e3 for terms that cancel, as in CurvatureRoutesTests; the difference loses what its terms are larger by.
            Near.Equal(
                expected,
                surface.Space.ToArray(results[i]),
                1e-10 * Math.Max(plus.Max(Math.Abs), minus.Max(Math.Abs)),
                $"{net}: D^3 L[v, q_{i}, .]"
            );
        }
    }

    [Property(MaxTest = 10)]
    public void MixedGradients_SeveralVectors_CostAGraphAndAPassEach(Seed seed, Size count)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var point = surface.At(theta);
        using var v = surface.Parameters(net.Direction);
        using var seconds = surface.Space.CreateBlock(count.Value);
        using var results = surface.Space.CreateBlock(count.Value);
        var before = surface.Cost.GradientEquivalents;
        point.MixedGradients(v, seconds, results, count.Value);
        // A differentiated Taylor pass of order 1 is (2 + 1)/3 * 3 gradients, and each reverse pass through it twice that: whole numbers, exact in thirds up to rounding of the sum.
        Near.Equal(3 + (6 * count.Value), surface.Cost.GradientEquivalents - before, 1e-12, "gradient-equivalents");
    }

    [Fact]
    public void MixedGradients_CountBeyondTheBlocks_Throws()
    {
        var net = RandomNet.Draw(new Random(1), RandomNet.Smooth);
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var point = surface.At(theta);
        using var v = surface.Parameters(net.Direction);
        using var two = surface.Space.CreateBlock(2);
        using var three = surface.Space.CreateBlock(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => point.MixedGradients(v, two, three, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => point.MixedGradients(v, three, two, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => point.MixedGradients(v, three, two, 0));
    }

    /// <summary>D^3 L[(v + sign q)^2, .].</summary>
    private static double[] Square(
        NetworkPoint point,
        NetworkSurface surface,
        torch.Tensor v,
        torch.Tensor q,
        double sign
    )
    {
        using var direction = surface.Space.Create();
        using var result = surface.Space.Create();
        surface.Space.Copy(v, direction);
        surface.Space.Axpy(sign, q, direction);
        point.DirectionalGradient(direction, 2, result);
        return surface.Space.ToArray(result);
    }
}
