using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Networks;

public sealed class NetworkWeightsTests : IDisposable
{
    private static readonly int[] Widths = [2, 3, 1];

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("w.safetensors");

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, SafeTensor> Tensors() => new()
    {
        ["layers.1.bias"] = new([1], [12], "F64"),
        ["layers.0.weight"] = new([3, 2], [0, 1, 2, 3, 4, 5], "F32"),
        ["layers.1.weight"] = new([1, 3], [9, 10, 11], "F64"),
        ["layers.0.bias"] = new([3], [6, 7, 8], "F32"),
    };

    private string Rejects(Dictionary<string, SafeTensor> tensors)
    {
        SafetensorsFile.Write(Target, tensors);
        return Assert.Throws<DataFileException>(() => NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out _)).Message;
    }

    [Fact]
    public void FromSafetensors_TensorsInAnyOrder_FillsLayerAfterLayerWeightBeforeBias()
    {
        SafetensorsFile.Write(Target, Tensors());

        Assert.Equal(Enumerable.Range(0, 13).Select(i => (double)i), NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out _));
    }

    [Property]
    public void ToSafetensors_AnyWidthsAndValues_ReadBack(byte[] drawnWidths, int seed, bool rounded)
    {
        ArgumentNullException.ThrowIfNull(drawnWidths);
        int[] widths = [.. drawnWidths.Take(4).Select(width => 1 + (width % 7)), 3, 2];
        var random = new Random(seed);
        var theta = new double[Architecture.CountParameters(widths)];
        for (var i = 0; i < theta.Length; i++) theta[i] = rounded ? random.NextSingle() : random.NextDouble();

        NetworkWeights.ToSafetensors(Target, FullyConnectedNetwork.LayoutOf(widths), theta, rounded ? "F32" : "F64");

        Assert.Equal(theta, NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(widths), out _));
    }

    [Fact]
    public void ToSafetensors_Network_NamesAndShapesItsTensors()
    {
        NetworkWeights.ToSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), new double[13], "F32");

        var tensors = SafetensorsFile.Read(Target);
        Assert.Equal(["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"], tensors.Keys);
        Assert.Equal([3L, 2L], tensors["layers.0.weight"].Shape);
        Assert.Equal([1L], tensors["layers.1.bias"].Shape);
    }

    [Fact]
    public void FromSafetensors_WrongShape_NamesTensorAndBothShapes()
    {
        var tensors = Tensors();
        tensors["layers.0.weight"] = new([2, 3], [0, 1, 2, 3, 4, 5], "F32");

        var message = Rejects(tensors);

        Assert.Contains("'layers.0.weight' has the shape [2, 3]; [3, 2] was expected", message);
    }

    [Fact]
    public void FromSafetensors_TensorMissing_NamesIt()
    {
        var tensors = Tensors();
        tensors.Remove("layers.1.bias");

        Assert.Contains("lacks the tensor 'layers.1.bias' of shape [1]", Rejects(tensors));
    }

    [Fact]
    public void FromSafetensors_TensorTooMany_NamesItAndTheWidths()
    {
        var tensors = Tensors();
        tensors["layers.2.weight"] = new([1, 1], [0], "F32");

        Assert.Contains("'layers.2.weight', which a network of widths 2-3-1 does not have", Rejects(tensors));
    }

    [Theory]
    [InlineData("F16", 13)]
    [InlineData("F32", 12)]
    public void ToSafetensors_BadArgument_ThrowsAndWritesNothing(string dtype, int count)
    {
        Assert.Throws<ArgumentException>(() => NetworkWeights.ToSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), new double[count], dtype));

        Assert.False(File.Exists(Target));
    }
}
