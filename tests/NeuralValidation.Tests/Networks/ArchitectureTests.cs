using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Tests.Networks;

public class ArchitectureTests
{
    [Fact]
    public void CountParameters_FashionNetwork_CountsWeightsAndBiases() =>
        Assert.Equal((785 * 200) + (201 * 200) + (201 * 10), Architecture.CountParameters([784, 200, 200, 10]));

    [Theory]
    [InlineData(new int[] { })]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { 3, 0, 1 })]
    [InlineData(new[] { 3, -1 })]
    [InlineData(new[] { 10_000, 10_000 })] // just above the limit
    [InlineData(new[] { int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue })] // beyond 64 bits
    public void CountParameters_NoNetwork_Throws(int[] widths) =>
        Assert.ThrowsAny<ArgumentException>(() => Architecture.CountParameters(widths));

    [Fact]
    public void Constructor_Widths_CopiesThem()
    {
        int[] widths = [3, 2];
        var architecture = new Architecture(widths, Activation.Tanh, NetworkLoss.CrossEntropy);
        widths[0] = 7;
        Assert.Equal([3, 2], architecture.Widths);
        Assert.Equal(8, architecture.ParameterCount);
    }
}
