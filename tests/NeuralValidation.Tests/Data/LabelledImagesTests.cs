using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class LabelledImagesTests
{
    [Fact]
    public void Constructor_FittingParts_CountsTheImages()
    {
        var images = new LabelledImages([1, 2, 3, 4, 5, 6], [0, 1], 3, 2);

        Assert.Equal(2, images.Count);
    }

    [Fact]
    public void Constructor_PixelsDoNotFit_Throws() =>
        Assert.Contains("pixels", Assert.Throws<ArgumentException>(() => new LabelledImages([1, 2, 3], [0, 1], 3, 2)).Message);

    [Fact]
    public void Constructor_LabelOutsideClasses_NamesIt() =>
        Assert.Contains("labels[1] is 2", Assert.Throws<ArgumentOutOfRangeException>(() => new LabelledImages([1, 2], [0, 2], 1, 2)).Message);
}
