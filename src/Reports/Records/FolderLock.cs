using System.Collections.Concurrent;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Records;

/// <summary>
/// A folder, or a file, that one process writes to: whoever comes second is told who holds it. Advisory, and gone with
/// the process, however that ends; what a killed one leaves of it is taken over by the next.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string Whole = "flatbias",
        Holder = ".holder",
        Extension = ".lock";

    // What the operating systems say of a file that another process has locked: EAGAIN on Linux and on macOS, and a
    // sharing violation on Windows.
    private static readonly int[] Taken = [11, 35, unchecked((int)0x80070020)];

    private static readonly ConcurrentDictionary<FolderLock, bool> Held = new();

    private readonly FileStream _lock;
    private readonly string _holder;

    private FolderLock(FileStream opened, string holder)
    {
        (_lock, _holder) = (opened, holder);
        Held[this] = true;
    }

    /// <summary>Takes a folder.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="shares">What shares of it are called, as a pattern: none may be taken, and what killed processes left
    /// of theirs is swept up. Null where it has none.</param>
    /// <exception cref="FolderHeldException">Another process has it, or a share of it.</exception>
    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static FolderLock Take(string folder, string? shares = null)
    {
        var own = Take(InFolder(folder, Whole), folder, "folder");
        if (shares is null)
            return own;
        // Names that begin with a full stop count as hidden, which are otherwise skipped.
        var hidden = new EnumerationOptions { AttributesToSkip = 0 };
        foreach (var share in Directory.GetFiles(folder, Path.GetFileName(InFolder(folder, shares)), hidden))
        {
            own.RequireFree(share, folder);
            File.Delete(share + Holder);
            File.Delete(share);
        }

        return own;
    }

    /// <summary>Takes a share of a folder, beside which others may be taken.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="share">What it is called.</param>
    /// <param name="besideTheWhole">Whether somebody may have the folder itself at the same time.</param>
    /// <exception cref="FolderHeldException">Another process has it.</exception>
    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static FolderLock TakeShare(string folder, string share, bool besideTheWhole)
    {
        var own = Take(InFolder(folder, share), folder, "folder");
        // Whoever takes the whole looks for shares after taking it, as this looks for the whole: one of them sees the other.
        if (!besideTheWhole)
            own.RequireFree(InFolder(folder, Whole), folder);
        return own;
    }

    /// <summary>Takes a single file, in a folder that others may write other files to.</summary>
    /// <param name="path">The full path of the file, which need not exist; its folder does.</param>
    /// <exception cref="FolderHeldException">Another process has it.</exception>
    /// <exception cref="IOException">Its folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Its folder may not be written to.</exception>
    public static FolderLock TakeFile(string path) => Take(LockOf(path), path, "file");

    /// <summary>Whether another process may be writing a single file of a folder: one does, or was killed while it did.</summary>
    /// <param name="path">The full path of the file.</param>
    public static bool MayBeHeld(string path) => File.Exists(LockOf(path));

    private static string LockOf(string path) => InFolder(Path.GetDirectoryName(path)!, Path.GetFileName(path));

    private static string InFolder(string folder, string name) => Path.Combine(folder, $".{name}{Extension}");

    private static FolderLock Take(string path, string what, string kind)
    {
        var holder = path + Holder;
        FileStream opened;
        try
        {
            opened = new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException e) when (Taken.Contains(e.HResult))
        {
            throw Refusal(holder, what, kind, e);
        }

        try
        {
            File.WriteAllText(holder, $"process {Environment.ProcessId} on {Environment.MachineName}");
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        return new FolderLock(opened, holder);
    }

    /// <summary>Gives this one back if another process has a lock that must not be held beside it.</summary>
    private void RequireFree(string path, string what)
    {
        try
        {
            // Shared, so that several may look at a time.
            using var looked = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            // Nobody has taken it, or it has just been given back.
        }
        catch (IOException e) when (Taken.Contains(e.HResult))
        {
            Dispose();
            throw Refusal(path + Holder, what, "folder", e);
        }
    }

    private static FolderHeldException Refusal(string holder, string what, string kind, IOException cause) =>
        new($"{what} is being written to by {Name(holder)}; wait for it, or name another {kind}.", cause);

    /// <summary>Whether a file of a folder is one of a lock, held or left behind.</summary>
    /// <param name="path">The file.</param>
    public static bool IsOwn(string path) =>
        Path.GetFileName(path) is ['.', ..] name
        && (
            name.EndsWith(Extension, StringComparison.Ordinal)
            || name.EndsWith(Extension + Holder, StringComparison.Ordinal)
        );

    /// <summary>Removes the files of all locks that this process holds: for one that ends without giving them back.</summary>
    public static void RemoveFiles()
    {
        foreach (var held in Held.Keys)
        {
            File.Delete(held._holder);
            File.Delete(held._lock.Name);
        }
    }

    public void Dispose()
    {
        Held.TryRemove(this, out _);
        File.Delete(_holder);
        _lock.Dispose();
    }

    // Beside the lock, which nobody else can read while it is held.
    private static string Name(string holder)
    {
        try
        {
            return Messages.OneLine(File.ReadAllText(holder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

/// <summary>Another process writes to a folder or file.</summary>
/// <param name="message">Which, and who.</param>
/// <param name="cause">What the operating system said.</param>
internal sealed class FolderHeldException(string message, Exception cause) : IOException(message, cause);
