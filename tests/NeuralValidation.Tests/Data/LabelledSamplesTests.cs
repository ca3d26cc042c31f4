using FlatBias.NeuralValidation.Data;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class LabelledSamplesTests
{
    [Fact]
    public void Constructor_FittingParts_CountsTheSamples()
    {
        var samples = new LabelledSamples([1, 2, 3, 4, 5, 6], [0, 1], 3, 2);

        Assert.Equal(2, samples.Count);
    }

    [Fact]
    public void Constructor_InputsDoNotFit_Throws() =>
        Assert.Contains(
            "inputs",
            Assert.Throws<ArgumentException>(() => new LabelledSamples([1, 2, 3], [0, 1], 3, 2)).Message
        );

    [Fact]
    public void Constructor_LabelOutsideClasses_NamesIt() =>
        Assert.Contains(
            "labels[1] is 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LabelledSamples([1, 2], [0, 2], 1, 2)).Message
        );

    /// <summary>Records carry these hashes: those of the bytes of inputs and labels alone, as they were before samples had a shape.</summary>
    [Fact]
    public void Hash_Classes_IsOfInputsAndLabelsAlone()
    {
        float[] inputs = [1, 2, 3, 4];
        int[] labels = [0, 1];
        byte[] bytes = [.. inputs.SelectMany(BitConverter.GetBytes), .. labels.SelectMany(BitConverter.GetBytes)];
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16];

        Assert.Equal(expected, new LabelledSamples(inputs, labels, 2, 2).Hash());
        Assert.Equal(expected, new LabelledSamples(inputs, labels, [1, 1, 2], 2).Hash());
    }

    [Fact]
    public void Tensors_Images_HaveTheirShapeAndClasses()
    {
        var (inputs, targets) = new LabelledSamples([.. Enumerable.Range(0, 24)], [1, 0], [3, 2, 2], 2).Tensors(
            ScalarType.Float64,
            CPU
        );

        Assert.Equal([2, 3, 2, 2], inputs.shape);
        Assert.Equal((ScalarType.Float64, ScalarType.Int64), (inputs.dtype, targets.dtype));
        // Channel 2, row 1, column 0 of sample 1: 12 + 2 * 4 + 2.
        Assert.Equal(22.0, inputs[1, 2, 1, 0].item<double>());
        Assert.Equal([1L, 0L], targets.data<long>());
    }

    [Fact]
    public void Tensors_Numbers_AreColumnsOfThePrecision()
    {
        var samples = LabelledSamples.Regression([1, 2, 3], [1, -1, 2, -2, 3, -3], [1], 2);
        var (inputs, targets) = samples.Tensors(ScalarType.Float32, CPU);

        Assert.Equal((3, 1, 2, 0), (samples.Count, samples.Features, samples.Outputs, samples.Classes));
        Assert.Equal([3, 1], inputs.shape);
        Assert.Equal([3, 2], targets.shape);
        Assert.Equal([1f, -1f, 2f, -2f, 3f, -3f], targets.data<float>());
    }

    [Fact]
    public void Tensors_Sequences_AreWholeNumbers()
    {
        var samples = LabelledSamples.Sequences([0, 1, 2, 2, 1, 0], [1, 2, 0, 1, 0, 2], 3, 4);
        var (inputs, targets) = samples.Tensors(ScalarType.Float32, CPU);

        Assert.Equal((2, 3, 4), (samples.Count, samples.Features, samples.Outputs));
        Assert.Equal((ScalarType.Int64, ScalarType.Int64), (inputs.dtype, targets.dtype));
        Assert.Equal([2, 3], inputs.shape);
        Assert.Equal([2, 3], targets.shape);
        Assert.Equal(2L, targets[1, 2].item<long>());
    }

    [Theory]
    [InlineData(3, new[] { 0, 1 }, new[] { 0, 1 }, "targets has 2 elements; it must have 0")]
    [InlineData(2, new[] { 0, 1, 1, 0 }, new[] { 0, 1 }, "tokens has 4 elements; it must have 2")]
    [InlineData(2, new[] { 0, 3 }, new[] { 0, 1 }, "tokens[1] is 3")]
    [InlineData(2, new[] { 0, 1 }, new[] { -1, 1 }, "targets[0] is -1")]
    [InlineData(0, new[] { 0, 1 }, new[] { 0, 1 }, "length is 0")]
    public void Sequences_ThatDoNotFit_Throw(int length, int[] tokens, int[] targets, string words) =>
        Assert.Contains(
            words,
            Assert.ThrowsAny<ArgumentException>(() => LabelledSamples.Sequences(tokens, targets, length, 3)).Message
        );

    [Theory]
    [InlineData(1, 1, float.NaN, "numbers[1] is NaN")]
    [InlineData(1, 1, float.PositiveInfinity, "numbers[1]")]
    [InlineData(2, 1, 0, "inputs has 2 elements; it must have 4")]
    [InlineData(1, 0, 0, "outputs is 0")]
    public void Regression_ThatDoesNotFit_Throws(int features, int outputs, float number, string words) =>
        Assert.Contains(
            words,
            Assert
                .ThrowsAny<ArgumentException>(() =>
                    LabelledSamples.Regression([1, 2], [0, number], [features], outputs)
                )
                .Message
        );
}
