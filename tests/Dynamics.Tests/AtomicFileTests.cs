using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests;

public class AtomicFileTests
{
    [Fact]
    public void Write_NewFolderAndOldFile_LeavesTheNewContentAlone()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "new", "file.bin");
        AtomicFile.Write(path, stream => stream.Write([1, 2, 3]));
        AtomicFile.Write(path, stream => stream.Write([4]));
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Write_Fails_LeavesTheOldContentAndNoTemporaryFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file.bin", [1, 2, 3]);
        Assert.Throws<IOException>(() =>
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.WriteByte(9);
                    throw new IOException("the disk is full");
                }
            )
        );
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_NoName_IsRefused() => Assert.Throws<ArgumentException>(() => AtomicFile.Write(" ", _ => { }));

    [Fact]
    public void RemoveLeftovers_OfOneFile_LeavesAllElse()
    {
        using var folder = new TemporaryFolder();
        var mark = new string('0', 32);
        foreach (var name in new[] { $".a.json.{mark}.tmp", $".b.json.{mark}.tmp", ".a.json.12.tmp", "a.json" })
            folder.Write(name, [1]);
        AtomicFile.RemoveLeftovers(folder.File("a.json"));
        Assert.Equal([".a.json.12.tmp", $".b.json.{mark}.tmp", "a.json"], folder.Names);
        AtomicFile.RemoveLeftovers(folder.File("nowhere/a.json"));
    }
}
