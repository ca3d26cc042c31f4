namespace FlatBias.Dynamics;

/// <summary>
/// Writes whole files: a reader, or a run after a crash, sees the old file or the new one and never a part. What is no
/// regular file, such as a device or a pipe, is written through to; a link is followed; a file's mode is kept.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, then moves it over <paramref name="path"/>.</summary>
    /// <param name="path">The file to write; its folder is made when it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The folder cannot be made, or the disk is full; the old file is left as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        if (Special(path) is { } opened)
            WriteThrough(opened, write);
        else
            Replace(Target(path), write);
    }

    /// <summary>Opens what is there, where it is no regular file; a pipe that nobody reads is waited for.</summary>
    private static FileStream? Special(string path)
    {
        if (!File.Exists(path))
            return null;
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
            if (!stream.CanSeek)
                return stream;
            // Setting the length that it has does nothing to a regular file, and is refused by everything else.
            stream.SetLength(stream.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // What cannot be opened for writing can still be replaced, if its folder allows it.
            return stream;
        }

        stream.Dispose();
        return null;
    }

    private static void WriteThrough(FileStream opened, Action<Stream> write)
    {
        using (opened)
        {
            // Writers may seek, which a pipe cannot.
            using var content = new MemoryStream();
            write(content);
            content.WriteTo(opened);
        }
    }

    private static void Replace(string full, Action<Stream> write)
    {
        var folder =
            Path.GetDirectoryName(full)
            ?? throw new ArgumentException($"path is {full}; it must name a file.", nameof(full));
        Directory.CreateDirectory(folder);

        // The same folder, because a move between file systems is a copy and can be seen half done.
        var temporary = Path.Combine(folder, Temporary(full, $"{Guid.NewGuid():N}"));
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(full))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(full));
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The file that a path leads to: what a link points at is written, and the link stays.</summary>
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>Removes the temporary files that killed processes left when they were writing <paramref name="path"/>; it must not be being written.</summary>
    /// <param name="path">The file.</param>
    public static void RemoveLeftovers(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Target(path);
        var folder = new DirectoryInfo(Path.GetDirectoryName(full)!);
        if (!folder.Exists)
            return;
        // Simple matching, in which a question mark is one character; and names that begin with a full stop count as hidden.
        var exactly = new EnumerationOptions { MatchType = MatchType.Simple, AttributesToSkip = 0 };
        foreach (var file in folder.EnumerateFiles(Temporary(full, new string('?', 32)), exactly))
            file.Delete();
    }

    private static string Temporary(string path, string mark) => $".{Path.GetFileName(path)}.{mark}.tmp";
}
