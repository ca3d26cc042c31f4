namespace FlatBias.Dynamics;

/// <summary>Writes whole files: a reader, or a run after a crash, sees the old file or the new one and never a part.</summary>
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
        var full = Path.GetFullPath(path);
        var folder =
            Path.GetDirectoryName(full)
            ?? throw new ArgumentException($"path is {path}; it must name a file.", nameof(path));
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

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes the temporary files that killed processes left when they were writing <paramref name="path"/>; it must not be being written.</summary>
    /// <param name="path">The file.</param>
    public static void RemoveLeftovers(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
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
