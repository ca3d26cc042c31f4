namespace FlatBias.Reports;

/// <summary>Writes whole files: a reader sees the old file or the new one, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, then moves it over <paramref name="path"/>.</summary>
    /// <param name="path">The file to write; its folder is made if it is missing.</param>
    /// <param name="write">Writes the content.</param>
    internal static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"path is {path}; it must name a file.", nameof(path));
        Directory.CreateDirectory(folder);

        // The same folder, because a move between file systems is a copy and can be seen half done.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)) write(stream);
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
