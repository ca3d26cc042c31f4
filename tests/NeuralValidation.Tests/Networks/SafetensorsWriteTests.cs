using System.Text;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Networks;

public sealed class SafetensorsWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("w.safetensors");

    public void Dispose() => _folder.Dispose();

    private static KeyValuePair<string, SafeTensor> Named(string name, string dtype, params double[] values) =>
        new(name, new SafeTensor([values.Length], values, dtype));

    [Property]
    public void Write_AnyTensors_ReadBackBitForBit((string? Name, double[] Values, bool Rounded)[] drawn)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        // An index makes the names unique; a lone surrogate is no text that a file could hold.
        var tensors = drawn
            .Select(
                (item, i) =>
                {
                    var name = $"{i} {string.Concat((item.Name ?? "").Where(c => !char.IsSurrogate(c)))}";
                    var values = item.Rounded
                        ? Array.ConvertAll(item.Values, value => (double)(float)value)
                        : item.Values;
                    return Named(name, item.Rounded ? "F32" : "F64", values);
                }
            )
            .ToList();

        SafetensorsFile.Write(Target, tensors);
        var read = SafetensorsFile.Read(Target);

        Assert.Equal(tensors.Select(tensor => tensor.Key), read.Keys);
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.Dtype, read[name].Dtype);
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.Equal(
                tensor.Values.Select(BitConverter.DoubleToInt64Bits),
                read[name].Values.Select(BitConverter.DoubleToInt64Bits)
            );
        }
    }

    [Fact]
    public void Write_MoreThanOneChunk_ReadsBack()
    {
        var values = Enumerable.Range(0, 20_001).Select(i => i / 3.0).ToArray();

        SafetensorsFile.Write(Target, [Named("d", "F64", values), Named("s", "F32", values)]);
        var read = SafetensorsFile.Read(Target);

        Assert.Equal(values, read["d"].Values);
        Assert.Equal(values.Select(value => (double)(float)value), read["s"].Values);
    }

    [Fact]
    public void Write_TwoTensors_LaysOutTheFileAsTheFormatSays()
    {
        SafetensorsFile.Write(
            Target,
            [Named("z", "F32", 1), Named("a", "F64", 2)],
            new Dictionary<string, string> { ["made by"] = "a test" }
        );

        var file = File.ReadAllBytes(Target);
        var length = BitConverter.ToInt32(file);
        const string header =
            """{"__metadata__":{"made by":"a test"},"z":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}""";
        Assert.Equal(header, Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(0, length % 8);
        Assert.Equal([.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2d)], file[(8 + length)..]);
    }

    [Fact]
    public void Write_FileThere_ReplacesItAndLeavesNothingElse()
    {
        _folder.Write("w.safetensors", new byte[10_000]);

        SafetensorsFile.Write(Target, [Named("a", "F64", 1)]);

        Assert.Single(SafetensorsFile.Read(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_TargetIsAFolder_ThrowsAndLeavesNoTemporaryFile()
    {
        Directory.CreateDirectory(Target);

        Assert.ThrowsAny<SystemException>(() => SafetensorsFile.Write(Target, [Named("a", "F64", 1)]));

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("__metadata__", "b")]
    public void Write_NameTaken_ThrowsAndWritesNothing(string first, string second)
    {
        Assert.Throws<ArgumentException>(() =>
            SafetensorsFile.Write(Target, [Named(first, "F64", 1), Named(second, "F64", 1)])
        );

        Assert.False(File.Exists(Target));
    }

    [Theory]
    [InlineData(new long[] { 2 }, 3, "F32")]
    [InlineData(new long[] { }, 0, "F32")]
    [InlineData(new long[] { -1 }, 0, "F32")]
    [InlineData(new[] { long.MaxValue, 2 }, 1, "F32")]
    [InlineData(new long[] { 1 }, 1, "F16")]
    public void SafeTensor_PartsDoNotFit_Throws(long[] shape, int count, string dtype) =>
        Assert.ThrowsAny<ArgumentException>(() => new SafeTensor(shape, new double[count], dtype));

    [Theory]
    [InlineData(new long[] { }, 1)]
    [InlineData(new long[] { 2, 3 }, 6)]
    [InlineData(new[] { 0, long.MaxValue, long.MaxValue }, 0)]
    [InlineData(new[] { long.MaxValue, 3, 0 }, 0)]
    public void SafeTensor_PartsFit_KeepsThem(long[] shape, int count) =>
        Assert.Equal(count, new SafeTensor(shape, new double[count], "F64").Values.Length);
}
