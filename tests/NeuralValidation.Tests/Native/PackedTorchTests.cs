using System.IO.Compression;
using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Native;

public sealed class PackedTorchTests
{
    // More than the reader takes at once, packed as plain.
    private static readonly byte[] Content = Drawn(3_000_000);

    [Fact]
    public void Unpack_OtherFolder_WritesTheLibraryAndWhatItNeeds()
    {
        using var folder = new TemporaryFolder();
        var packed = Pack(folder);

        var path = PackedTorch.Unpack(packed, folder.File("cache"));

        Assert.Equal(folder.File("cache/libtorch_cpu.so"), path);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(
            ["libc10.so", "libgomp-1.so.1", "libtorch_cpu.so"],
            Directory.GetFiles(folder.File("cache")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Unpack_UnpackedBefore_LeavesTheFile()
    {
        using var folder = new TemporaryFolder();
        var packed = Pack(folder);
        var path = PackedTorch.Unpack(packed, folder.Path);
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, longAgo);

        PackedTorch.Unpack(packed, folder.Path);

        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Unpack_PackedFileIsCutShort_LeavesNoLibrary(int bytes)
    {
        using var folder = new TemporaryFolder();
        var packed = Pack(folder);
        var content = File.ReadAllBytes(packed);
        File.WriteAllBytes(packed, content[..bytes]);

        Assert.Throws<InvalidDataException>(() => PackedTorch.Unpack(packed, folder.Path));

        Assert.False(File.Exists(folder.File("libtorch_cpu.so")));
    }

    [Fact]
    public void Unpack_PackedFileLacksItsLastByte_LeavesNoLibrary()
    {
        using var folder = new TemporaryFolder();
        var packed = Pack(folder);
        File.WriteAllBytes(packed, File.ReadAllBytes(packed)[..^1]);

        Assert.Throws<InvalidDataException>(() => PackedTorch.Unpack(packed, folder.Path));

        Assert.False(File.Exists(folder.File("libtorch_cpu.so")));
    }

    [Fact]
    public void Load_NothingPacked_DoesNothing()
    {
        using var folder = new TemporaryFolder();

        PackedTorch.Load([folder.Path]);

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static byte[] Drawn(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static string Pack(TemporaryFolder folder)
    {
        folder.Write("libc10.so", [1]);
        folder.Write("libgomp-1.so.1", [2]);
        folder.Write("libtorch.so", [3]);
        var path = folder.File("libtorch_cpu.so.br");
        using var packing = new BrotliStream(File.Create(path), CompressionLevel.Fastest);
        packing.Write(Content);
        return path;
    }
}
