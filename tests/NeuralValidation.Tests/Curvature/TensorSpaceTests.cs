using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Norms and inner products of tensors whose squares are no numbers of their precision, eq. (10.1).</summary>
public class TensorSpaceTests
{
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
        // Components rounded to the precision, squares and a sum of n of them: n + 3 roundings at worst, halved by the root.
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
        torch.Tensor x = space.Create([1e-27, 2e-27, -3e-27]), y = space.Create([5e-27, 5e-27, 1e-27]), large = space.Create([1e30, 0, 0]), zero = space.Create();
        // 5 + 10 - 3 = 12; each component is rounded to float32.
        Near.Equal(12e-54, space.Dot(x, y), 18 * 2 * space.UnitRoundoff * 1e-54, "small");
        Near.Equal(1e60, space.Dot(large, large), 4 * space.UnitRoundoff * 1e60, "large");
        Assert.Equal(0, space.Dot(x, zero));
        Assert.Equal(0, space.Norm(zero));
        foreach (var vector in (torch.Tensor[])[x, y, large, zero]) space.Release(vector);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Float64)]
    public void Norm_NotFinite_IsSaid(torch.ScalarType type)
    {
        var space = new TensorSpace(2, type, torch.CPU);
        torch.Tensor nan = space.Create([double.NaN, 1e300]), infinite = space.Create([double.NegativeInfinity, 1]);
        Assert.Equal(double.NaN, space.Norm(nan));
        Assert.Equal(double.PositiveInfinity, space.Norm(infinite));
        space.Release(nan);
        space.Release(infinite);
    }
}
