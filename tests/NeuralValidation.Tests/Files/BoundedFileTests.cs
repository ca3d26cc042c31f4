using FlatBias.NeuralValidation.Files;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Files;

public sealed class BoundedFileTests
{
    // Lengths around the pieces of 16 MiB in which it is read, so that none is lost between two.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 24) - 1)]
    [InlineData(1 << 24)]
    [InlineData((1 << 24) + 1)]
    public void ReadRegular_AnyLength_HasEveryByte(int length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var path = folder.Write("file", bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(BoundedFile.ReadRegular(path)));
    }

    [Fact]
    public void ReadRegular_TooLongForAnArray_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file", []);
        using (var stream = File.OpenWrite(path))
            stream.SetLength(3_000_000_000);
        var refused = Assert.Throws<DataFileException>(() => BoundedFile.ReadRegular(path));
        Assert.Contains("it has 3000000000 bytes; at most", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRegular_Device_HasNoBytes()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "needs a device without end");
        Assert.Empty(BoundedFile.ReadRegular("/dev/zero"));
    }

    [Fact]
    public void ReadBytes_FolderOrNothing_IsSaid()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("it is a folder", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("there is no such file", Refusal(folder.File("none")), StringComparison.Ordinal);

        static string Refusal(string path) =>
            Assert.Throws<DataFileException>(() => BoundedFile.ReadBytes(path)).Message;
    }
}
