using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Norms and inner products of tensors whose squares are no numbers of their precision, eq. (10.1).</summary>
public class TensorSpaceTests
{
    // More than are drawn at a time.
    [Theory]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(40_001)]
    public void FillGaussian_AnyLength_HasTheNumbersOfAnArray(int dimension)
    {
        var expected = new double[dimension];
        var random = new Random(7);
        new DenseSpace(dimension).FillGaussian(expected, random);
        var following = random.Next();
        foreach (var type in (torch.ScalarType[])[torch.ScalarType.Float64, torch.ScalarType.Float32])
        {
            var space = new TensorSpace(dimension, type, torch.CPU);
            using var x = space.Create();
            random = new Random(7);
            space.FillGaussian(x, random);
            Assert.Equal(
                type == torch.ScalarType.Float64 ? expected : [.. expected.Select(n => (float)n)],
                space.ToArray(x)
            );
            Assert.Equal(following, random.Next());
        }
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32, 1e-27)]
    [InlineData(torch.ScalarType.Float32, 1e-37)]
    [InlineData(torch.ScalarType.Float32, 1)]
    [InlineData(torch.ScalarType.Float32, 1e30)]
    [InlineData(torch.ScalarType.Float64, 1e-200)]
    [InlineData(torch.ScalarType.Float64, 1e-300)]
    [InlineData(torch.ScalarType.Float64, 1)]
    [InlineData(torch.ScalarType.Float64, 1e200)]
    [InlineData(torch.ScalarType.Float64, 1e300)]
    public void NormAndNormalize_AnyScale_AreThoseOfTheScaledVector(torch.ScalarType type, double scale)
    {
        const int n = 1000;
        var space = new TensorSpace(n, type, torch.CPU);
        var random = new Random(1);
        double[] components = [.. Enumerable.Range(0, n).Select(_ => scale * ((2 * random.NextDouble()) - 1))];
        var x = space.Create(components);
        var expected = scale * Math.Sqrt(components.Sum(c => c / scale * (c / scale)));
        // Components rounded to the precision, squares and a sum of n of them: n + 3 roundings at worst, halved by the
        // root.
        var tolerance = (n + 3) * space.UnitRoundoff;
        Near.Equal(expected, space.Norm(x), tolerance * expected, "norm");
        Near.Equal(expected, space.Normalize(x), tolerance * expected, "old norm");
        Near.Equal(1, space.Norm(x), tolerance, "new norm");
        space.Release(x);
    }

    [Fact]
    public void Dot_Float32ProductsBelowItsRange_AreSummedInFloat64()
    {
        var space = new TensorSpace(3, torch.ScalarType.Float32, torch.CPU);
        torch.Tensor x = space.Create([1e-27, 2e-27, -3e-27]),
            y = space.Create([5e-27, 5e-27, 1e-27]),
            large = space.Create([1e30, 0, 0]),
            zero = space.Create();
        // 5 + 10 - 3 = 12; each component is rounded to float32.
        Near.Equal(12e-54, space.Dot(x, y), 18 * 2 * space.UnitRoundoff * 1e-54, "small");
        Near.Equal(1e60, space.Dot(large, large), 4 * space.UnitRoundoff * 1e60, "large");
        Assert.Equal(0, space.Dot(x, zero));
        Assert.Equal(0, space.Norm(zero));
        foreach (var vector in (torch.Tensor[])[x, y, large, zero])
            space.Release(vector);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Float64)]
    public void Norm_NotFinite_IsSaid(torch.ScalarType type)
    {
        var space = new TensorSpace(2, type, torch.CPU);
        torch.Tensor nan = space.Create([double.NaN, 1e300]),
            infinite = space.Create([double.NegativeInfinity, 1]);
        Assert.Equal(double.NaN, space.Norm(nan));
        Assert.Equal(double.PositiveInfinity, space.Norm(infinite));
        space.Release(nan);
        space.Release(infinite);
    }

    [Fact]
    public void Norm_GradientOfASaturatedSoftmax_IsNotZero()
    {
        // Logits 60 and 0: the second class has probability e^-60 / (1 + e^-60), which is the one component of the
        // gradient that float32 tells from 0; its square, 7.7e-53, is no float32 number.
        using var surface = new NetworkSurface(
            new Architecture([1, 2], Activation.Linear, NetworkLoss.CrossEntropy),
            [0f],
            [0],
            torch.ScalarType.Float32,
            torch.CPU
        );
        using var theta = surface.Parameters([0, 0, 60, 0]);
        using var gradient = surface.Space.Create();
        surface.LossAndGradient(theta, gradient);
        // An exponential, a sum and a quotient in float32, each a few roundings.
        Near.Equal(
            Math.Exp(-60),
            surface.Space.Norm(gradient),
            16 * surface.Space.UnitRoundoff * Math.Exp(-60),
            "norm"
        );
    }

    [Fact]
    public void Axpy_NumberBeyondTheType_IsInfiniteInIt()
    {
        var space = new TensorSpace(3, torch.ScalarType.Float32, torch.CPU);
        using var x = space.Create([1, -1, 0.5]);
        using var y = space.Create([0, 0, 0]);
        space.Axpy(1e40, x, y);
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity], space.ToArray(y));
        space.Scale(-1e300, x);
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity], space.ToArray(x));
        // The largest number of float32 is one of them.
        using var z = space.Create([1, 0, 0]);
        space.Scale(float.MaxValue, z);
        Assert.Equal(float.MaxValue, space.ToArray(z)[0]);
    }
}
