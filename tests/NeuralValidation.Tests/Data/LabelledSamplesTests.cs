using FlatBias.NeuralValidation.Data;

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
}
