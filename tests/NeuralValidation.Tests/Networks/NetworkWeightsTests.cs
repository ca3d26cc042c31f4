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

    private static Dictionary<string, SafeTensor> Tensors() =>
        new()
        {
            ["layers.1.bias"] = new([1], [12], "F64"),
            ["layers.0.weight"] = new([3, 2], [0, 1, 2, 3, 4, 5], "F32"),
            ["layers.1.weight"] = new([1, 3], [9, 10, 11], "F64"),
            ["layers.0.bias"] = new([3], [6, 7, 8], "F32"),
        };

    private string Rejects(Dictionary<string, SafeTensor> tensors)
    {
        SafetensorsFile.Write(Target, tensors);
        return Assert
            .Throws<DataFileException>(() =>
                NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out _)
            )
            .Message;
    }

    [Fact]
    public void FromSafetensors_TensorsInAnyOrder_FillsLayerAfterLayerWeightBeforeBias()
    {
        SafetensorsFile.Write(Target, Tensors());

        Assert.Equal(
            Enumerable.Range(0, 13).Select(i => (double)i),
            NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out _)
        );
    }

    [Property]
    public void ToSafetensors_AnyWidthsAndValues_ReadBack(byte[] drawnWidths, int seed, bool rounded)
    {
        ArgumentNullException.ThrowIfNull(drawnWidths);
        int[] widths = [.. drawnWidths.Take(4).Select(width => 1 + (width % 7)), 3, 2];
        var random = new Random(seed);
        var theta = new double[Architecture.CountParameters(widths)];
        for (var i = 0; i < theta.Length; i++)
            theta[i] = rounded ? random.NextSingle() : random.NextDouble();

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
    public void FromSafetensors_TensorTooMany_NamesItAndThoseOfTheNetwork()
    {
        var tensors = Tensors();
        tensors["layers.2.weight"] = new([1, 1], [0], "F32");

        Assert.Contains("'layers.2.weight' [1, 1], which the network does not have", Rejects(tensors));
    }

    [Theory]
    [InlineData("F16", 13)]
    [InlineData("F32", 12)]
    public void ToSafetensors_BadArgument_ThrowsAndWritesNothing(string dtype, int count)
    {
        Assert.Throws<ArgumentException>(() =>
            NetworkWeights.ToSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), new double[count], dtype)
        );

        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void FromSafetensors_NamesOfASequentialModule_AreTakenInTheirOrder()
    {
        // Numbers as numbers: 10 comes after 2, and the weight before the bias.
        SafetensorsFile.Write(
            Target,
            new Dictionary<string, SafeTensor>
            {
                ["10.bias"] = new([1], [12], "F64"),
                ["10.weight"] = new([1, 3], [9, 10, 11], "F64"),
                ["2.bias"] = new([3], [6, 7, 8], "F64"),
                ["2.weight"] = new([3, 2], [0, 1, 2, 3, 4, 5], "F64"),
            }
        );

        var theta = NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out var mapping);

        Assert.Equal(Enumerable.Range(0, 13).Select(i => (double)i), theta);
        Assert.False(mapping.IsByName);
        Assert.Equal(["2.weight", "2.bias", "10.weight", "10.bias"], mapping.Stored.Values);
        Assert.StartsWith("2.weight -> layers.0.weight", mapping.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FromSafetensors_OrderThatDoesNotFit_AsksForNamesAndTakesThem()
    {
        Dictionary<string, SafeTensor> tensors = new()
        {
            ["a.weight"] = new([1, 3], [9, 10, 11], "F64"),
            ["a.bias"] = new([1], [12], "F64"),
            ["b.weight"] = new([3, 2], [0, 1, 2, 3, 4, 5], "F64"),
            ["b.bias"] = new([3], [6, 7, 8], "F64"),
        };
        Assert.Contains("--rename FILE=NETWORK", Rejects(tensors), StringComparison.Ordinal);

        Dictionary<string, string> renamed = new() { ["a.weight"] = "layers.1.weight", ["a.bias"] = "layers.1.bias" };
        var theta = NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out _, renamed);

        Assert.Equal(Enumerable.Range(0, 13).Select(i => (double)i), theta);
        Assert.Contains(
            "no tensor 'c'",
            Assert
                .Throws<DataFileException>(() =>
                    NetworkWeights.FromSafetensors(
                        Target,
                        FullyConnectedNetwork.LayoutOf(Widths),
                        out _,
                        new Dictionary<string, string> { ["c"] = "layers.1.bias" }
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no tensor 'out'",
            Assert
                .Throws<DataFileException>(() =>
                    NetworkWeights.FromSafetensors(
                        Target,
                        FullyConnectedNetwork.LayoutOf(Widths),
                        out _,
                        new Dictionary<string, string> { ["a.bias"] = "out" }
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FromSafetensors_NoBiases_AreZero()
    {
        SafetensorsFile.Write(
            Target,
            Tensors().Where(t => t.Key.EndsWith("weight", StringComparison.Ordinal)).ToDictionary()
        );

        var theta = NetworkWeights.FromSafetensors(Target, FullyConnectedNetwork.LayoutOf(Widths), out var mapping);

        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 0, 0, 9, 10, 11, 0], theta);
        Assert.True(mapping.IsByName);
    }
}
