namespace FlatBias.NeuralValidation.Files;

/// <summary>Turns every way in which a file can fail to be read into a <see cref="DataFileException"/>.</summary>
internal static class DataFile
{
    /// <summary>Opens a file and reads it with <paramref name="read"/>.</summary>
    /// <exception cref="DataFileException">The file cannot be opened or read, or <paramref name="read"/> rejected it.</exception>
    internal static T Read<T>(string path, Func<FileStream, T> read)
    {
        using var stream = Open(path);
        if (!stream.CanSeek)
            throw new DataFileException(path, "it is a pipe; save its content to a file");
        try
        {
            return read(stream);
        }
        catch (Exception e) when (e is NotSupportedException or (IOException and not DataFileException))
        {
            throw Unreadable(path, e);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException(path, "there is no such file", e);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    private static DataFileException Unreadable(string path, Exception e) =>
        new(path, $"it cannot be read ({e.Message.TrimEnd('.')})", e);
}
