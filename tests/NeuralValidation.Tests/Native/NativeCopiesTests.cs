using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Native;

public sealed class NativeCopiesTests
{
    private static readonly byte[] Image = [1, 2, 3, 4];

    [Fact]
    public void Store_FolderMissing_WritesOneFile()
    {
        using var folder = new TemporaryFolder();

        var path = NativeCopies.Store(Image, folder.File("new"), "a.so");

        Assert.Equal(Image, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.File("new")));
    }

    [Fact]
    public void Store_SameBytesThere_LeavesTheFile()
    {
        using var folder = new TemporaryFolder();
        var path = NativeCopies.Store(Image, folder.Path, "a.so");
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, longAgo);

        NativeCopies.Store(Image, folder.Path, "a.so");

        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 1, 2, 3, 5 })]
    public void Store_DamagedFileThere_ReplacesIt(byte[] damaged)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.so", damaged);

        Assert.Equal(Image, File.ReadAllBytes(NativeCopies.Store(Image, folder.Path, "a.so")));
    }

    [Fact]
    public void Folders_LastResort_IsFreshAndGoneAfterUse()
    {
        string? last = null;
        foreach (var folder in NativeCopies.Folders())
        {
            last = folder;
            if (!Path.GetFileName(folder).StartsWith("flatbias-native-", StringComparison.Ordinal))
                continue;
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            NativeCopies.Store(Image, folder, "a.so");
        }

        Assert.NotNull(last);
        Assert.False(Directory.Exists(last));
    }
}
