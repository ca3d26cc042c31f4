using System.Runtime.Versioning;
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
    public void Write_DiskFull_NamesTheFileItself()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("whole");
        var thrown = Assert.Throws<IOException>(() =>
            AtomicFile.Write(path, stream => throw new IOException($"No space left : '{((FileStream)stream).Name}'"))
        );
        Assert.Equal($"No space left : '{path}'", thrown.Message);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void RemoveUnfinished_InTheMiddleOfAWrite_TakesTheTemporaryFileAway()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file.bin", [1]);
        Assert.Throws<FileNotFoundException>(() => AtomicFile.Write(path, _ => AtomicFile.RemoveUnfinished()));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void Leftovers_OfAFolder_AreThoseOfWritesAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var mark = new string('e', 32);
        var left = folder.Write($".a.b.{mark}.tmp", [1]);
        foreach (
            var other in new[]
            {
                $"a.{mark}.tmp",
                $".a.{mark[1..]}.tmp",
                $".a.{mark[1..]}g.tmp",
                $".{mark}.tmp",
                ".tmp",
            }
        )
            folder.Write(other, [1]);
        Assert.Equal([(Path.Combine(folder.Path, "a.b"), left)], AtomicFile.Leftovers(folder.Path));
        Assert.Empty(AtomicFile.Leftovers(folder.File("missing")));
        AtomicFile.RemoveLeftovers(folder.File("a.b"));
        Assert.Empty(AtomicFile.Leftovers(folder.Path));
        Assert.Equal(5, folder.Names.Length);
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

    [Fact]
    public void Write_ThroughALink_ReachesItsTargetAndKeepsTheLink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var folder = new TemporaryFolder();
        var target = folder.Write("target", [1]);
        File.CreateSymbolicLink(folder.File("link"), "target");
        File.CreateSymbolicLink(folder.File("dangling"), "new");
        AtomicFile.Write(folder.File("link"), stream => stream.Write([2, 3]));
        AtomicFile.Write(folder.File("dangling"), stream => stream.Write([4]));
        Assert.Equal([2, 3], File.ReadAllBytes(target));
        Assert.Equal([4], File.ReadAllBytes(folder.File("new")));
        Assert.Equal("target", new FileInfo(folder.File("link")).LinkTarget);
        Assert.Equal(["dangling", "link", "new", "target"], folder.Names);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Write_OverAFile_KeepsItsMode()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have no mode there");
            return;
        }

        using var folder = new TemporaryFolder();
        var path = folder.Write("file", [1]);
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(path, mode);
        AtomicFile.Write(path, stream => stream.Write([2]));
        Assert.Equal(mode, File.GetUnixFileMode(path));
        Assert.Equal([2], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_ToADevice_WritesThroughAndLeavesIt()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a device that is always full");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("full"), "/dev/full");
        File.CreateSymbolicLink(folder.File("null"), "/dev/null");
        AtomicFile.Write(folder.File("null"), stream => stream.Write([1, 2]));
        Assert.Throws<IOException>(() => AtomicFile.Write(folder.File("full"), stream => stream.Write([1])));
        // A regular file in their place would have room, and a length.
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Equal(["full", "null"], folder.Names);
    }

    [Fact]
    public async Task Write_ToAPipe_WritesThrough()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes have no names in folders there");
        using var folder = new TemporaryFolder();
        using (var made = System.Diagnostics.Process.Start("mkfifo", folder.File("pipe")))
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var read = Task.Run(() => File.ReadAllText(folder.File("pipe")), TestContext.Current.CancellationToken);
        AtomicFile.Write(folder.File("pipe"), stream => stream.Write("through"u8));
        Assert.Equal("through", await read);
        Assert.Equal(["pipe"], folder.Names);
    }
}
