using System.Text;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Networks;

public sealed class SafetensorsReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private IReadOnlyDictionary<string, SafeTensor> Read(byte[] file) =>
        SafetensorsFile.Read(_folder.Write("w.safetensors", file));

    private string Rejects(byte[] file)
    {
        var error = Assert.Throws<DataFileException>(() => Read(file));
        Assert.StartsWith(_folder.File("w.safetensors") + ": ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    private string Rejects(string header, int dataLength = 8) =>
        Rejects(SafetensorsFixture.File(header, new byte[dataLength]));

    [Theory]
    [InlineData(
        "F16",
        new ushort[] { 0x3E00, 0x7BFF, 0x0001, 0x8000, 0xFC00 },
        new[] { 1.5, 65504, 5.9604644775390625e-8, -0.0, double.NegativeInfinity }
    )]
    [InlineData(
        "BF16",
        new ushort[] { 0x3FC0, 0x7F7F, 0x0001, 0x8000, 0xFF80 },
        new[] { 1.5, 3.3895313892515355e38, 9.183549615799121e-41, -0.0, double.NegativeInfinity }
    )]
    public void Read_SixteenBits_WidensExactly(string dtype, ushort[] bits, double[] values)
    {
        var data = bits.SelectMany(b => new[] { (byte)b, (byte)(b >> 8) }).ToArray();

        var tensor = Read(
            SafetensorsFixture.File("{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[5],\"data_offsets\":[0,10]}}", data)
        )["a"];

        Assert.Equal(
            values.Select(BitConverter.DoubleToInt64Bits),
            tensor.Values.Select(BitConverter.DoubleToInt64Bits)
        );
        Assert.Equal("F32", tensor.Dtype);
    }

    [Fact]
    public void Read_FileOfAnotherProgram_GivesItsTensors()
    {
        var tensors = Read(SafetensorsFixture.File(SafetensorsFixture.Header + "   ", SafetensorsFixture.Data));

        Assert.Equal(["a", "b"], tensors.Keys);
        Assert.Equal([1.5, double.NegativeInfinity], tensors["a"].Values);
        Assert.Equal([2L, 1L], tensors["a"].Shape);
        Assert.Equal("F32", tensors["a"].Dtype);
        Assert.Equal([Math.PI], tensors["b"].Values);
        Assert.Empty(tensors["b"].Shape);
    }

    [Fact]
    public void Read_NoTensors_GivesNone() => Assert.Empty(Read(SafetensorsFixture.File("{}", [])));

    [Fact]
    public void Read_AnyTruncation_ThrowsDataFileException()
    {
        var whole = SafetensorsFixture.File(SafetensorsFixture.Header, SafetensorsFixture.Data);
        for (var length = 0; length < whole.Length; length++)
            Rejects(whole[..length]);
    }

    [Property(MaxTest = 2000)]
    public bool Read_HeaderBytesOverwritten_SucceedsOrThrowsDataFileException((ushort At, byte Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var file = SafetensorsFixture.File(SafetensorsFixture.Header, SafetensorsFixture.Data);
        foreach (var (at, value) in changes.Take(4))
            file[at % (file.Length - 16)] = value;
        try
        {
            return Read(file).Count <= 2;
        }
        catch (DataFileException)
        {
            return true;
        }
    }

    [Fact]
    public void Read_EveryHeaderBitFlipped_SucceedsOrThrowsDataFileException()
    {
        var whole = SafetensorsFixture.File(SafetensorsFixture.Header, SafetensorsFixture.Data);
        for (var bit = 0; bit < 8 * (whole.Length - 16); bit++)
        {
            var file = (byte[])whole.Clone();
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Record.Exception(() => Read(file));
            Assert.True(error is null or DataFileException, $"bit {bit}: {error}");
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(100_000_001)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Read_HeaderLengthAbsurd_SaysSo(long length)
    {
        byte[] file = [.. BitConverter.GetBytes(length), .. "{}      "u8];

        Assert.Contains($"{(ulong)length} bytes", Rejects(file));
    }

    [Theory]
    [InlineData("[1]", "does not begin with '{'")]
    [InlineData("", "does not begin with '{'")]
    [InlineData("{\"a\":", "not valid JSON")]
    [InlineData("{} x", "not valid JSON")]
    [InlineData("{\"\\ud800\":{}}", "not valid JSON")]
    [InlineData("{\"__metadata__\":[]}", "not a JSON object")]
    [InlineData("{\"__metadata__\":{\"k\":1}}", "'k'")]
    [InlineData("{\"a\":1}", "tensor 'a' is not a JSON object")]
    [InlineData("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "tensor 'a' has no dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", "tensor 'a' has no shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "tensor 'a' has no data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"I16\",\"shape\":[4],\"data_offsets\":[0,8]}}", "data type I16")]
    [InlineData("{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,8]}}", "do not fill its shape")]
    [InlineData("{\"a\":{\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]}}", "data type 32")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}",
        "the shape of tensor 'a' is not an array"
    )]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "holds -2")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "holds 2.5")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
        "holds 99999999999999999999"
    )]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "do not fill its shape [3]")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
        "do not fill its shape"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693953],\"data_offsets\":[0,8]}}",
        "do not fill its shape"
    )]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", "data_offsets of tensor 'a' is [0]")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "data_offsets of tensor 'a' is [8, 0]"
    )]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "only 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "must begin at 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "take up only 4")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "must begin at 8"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "'dtype' more than once"
    )]
    public void Read_HeaderBreaksARule_SaysWhich(string header, string words) =>
        Assert.Contains(words, Rejects(header));

    [Fact]
    public void Read_NameTwice_SaysWhich()
    {
        const string tensor = """{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""";

        // The same name, once spelt with an escape.
        Assert.Contains("'a' more than once", Rejects($$"""{"a":{{tensor}},"\u0061":{{tensor}}}"""));
    }

    [Fact]
    public void Read_HeaderIsNotUtf8_ThrowsDataFileException() =>
        Assert.Contains("not valid JSON", Rejects(SafetensorsFixture.File([.. "{\""u8, 0xff, .. "\":1}"u8], [])));

    [Fact]
    public void Read_NestedTooDeep_ThrowsDataFileException() =>
        Rejects(SafetensorsFixture.File("{\"a\":" + new string('[', 100_000), []));

    [Fact]
    public void Read_LineEndInAName_StaysOnOneLine() => Assert.Contains("tensor 'a b'", Rejects("""{"a\nb":{}}"""));

    [Fact]
    public void Read_FileMissing_NamesIt() =>
        Assert.Contains(
            "no such file",
            Assert.Throws<DataFileException>(() => SafetensorsFile.Read(_folder.File("nowhere"))).Message
        );

    [Fact]
    public void Read_LongPadding_IsRead()
    {
        var header = Encoding.UTF8.GetBytes("{}".PadRight(SafetensorsHeader.LargestHeader / 100));

        Assert.Empty(Read(SafetensorsFixture.File(header, [])));
    }
}
