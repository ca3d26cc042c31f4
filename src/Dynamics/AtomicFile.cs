using System.Collections.Concurrent;

namespace FlatBias.Dynamics;

/// <summary>
/// Writes whole files: a reader, or a run after a crash, sees the old file or the new one and never a part. What is no
/// regular file, such as a device or a pipe, is written through to; a link is followed; a file's mode is kept.
/// </summary>
public static class AtomicFile
{
    private const string Extension = ".tmp";

    // Digits of the mark that tells temporary files of one name apart.
    private const int Mark = 32;

    private static readonly ConcurrentDictionary<string, bool> UnderWay = new(StringComparer.Ordinal);

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
        var temporary = Path.Combine(folder, Temporary(full));
        UnderWay[temporary] = true;
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
        catch (Exception e)
        {
            File.Delete(temporary);
            // Who reads of a full disk knows the file, and not the one that is gone.
            if (e.GetType() == typeof(IOException) && e.Message.Contains(temporary, StringComparison.Ordinal))
                throw new IOException(e.Message.Replace(temporary, full, StringComparison.Ordinal), e);
            throw;
        }
        finally
        {
            UnderWay.TryRemove(temporary, out _);
        }
    }

    /// <summary>The file that a path leads to: what a link points at is written, and the link stays.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The full path of the file, whether it exists or not.</returns>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Target(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>Removes the temporary files of what this process is writing: for one that ends in the middle of it.</summary>
    /// <exception cref="IOException">One cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be removed.</exception>
    public static void RemoveUnfinished()
    {
        foreach (var temporary in UnderWay.Keys)
            File.Delete(temporary);
    }

    /// <summary>Removes the temporary files that killed processes left when they were writing <paramref name="path"/>; it must not be being written.</summary>
    /// <param name="path">The file.</param>
    public static void RemoveLeftovers(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Target(path);
        foreach (var (_, temporary) in Leftovers(Path.GetDirectoryName(full)!).Where(left => left.Path == full))
            File.Delete(temporary);
    }

    /// <summary>The temporary files in a folder: of killed processes, or of writes under way.</summary>
    /// <param name="folder">The folder; one that is missing has none.</param>
    /// <returns>The full path of the file that each was to become, and its own.</returns>
    public static IEnumerable<(string Path, string Temporary)> Leftovers(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            yield break;
        // Names that begin with a full stop count as hidden, which are otherwise skipped.
        var hidden = new EnumerationOptions { AttributesToSkip = 0 };
        foreach (var path in Directory.EnumerateFiles(Path.GetFullPath(folder), $".*{Extension}", hidden))
        {
            var name = Path.GetFileName(path)[1..^Extension.Length];
            var dot = name.Length - Mark - 1;
            if (dot > 0 && name[dot] == '.' && name.Skip(dot + 1).All(char.IsAsciiHexDigitLower))
                yield return (Path.Combine(Path.GetDirectoryName(path)!, name[..dot]), path);
        }
    }

    private static string Temporary(string path) =>
        $".{Path.GetFileName(path)}.{Guid.NewGuid().ToString("N", null)}{Extension}";
}
