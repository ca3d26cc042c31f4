using System.Text;

namespace FlatBias.NeuralValidation.Files;

/// <summary>Reads files whole, and of what has no end, such as a device, no more than a stated amount.</summary>
public static class BoundedFile
{
    /// <summary>The most bytes that are read: 64 MiB, several times the longest list of a sweep's values.</summary>
    public const int Limit = 1 << 26;

    private const int Piece = 1 << 24;

    /// <summary>The bytes of a file of any size, as many as it is long: a device is 0 long, and a pipe has no length.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFileException">It cannot be read, or is too large for one array.</exception>
    public static byte[] ReadRegular(string path) =>
        DataFile.Read(
            path,
            stream =>
            {
                if (stream.Length > Array.MaxLength)
                    throw new DataFileException(
                        path,
                        $"it has {stream.Length} bytes; at most {Array.MaxLength} can be read"
                    );
                var bytes = new byte[stream.Length];
                // Piece by piece: within one read of the system no signal ends a process.
                for (var left = bytes.AsSpan(); left.Length > 0; left = left[Math.Min(Piece, left.Length)..])
                    stream.ReadExactly(left[..Math.Min(Piece, left.Length)]);
                return bytes;
            }
        );

    /// <summary>The bytes of a small file: one that is larger than such a file ever is, is refused after that much.</summary>
    /// <param name="path">The file, which may be a pipe.</param>
    /// <exception cref="DataFileException">It has more bytes than <see cref="Limit"/>.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var stream = Opened(path);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int got; (got = stream.Read(buffer)) > 0; content.Write(buffer, 0, got))
            if (content.Length + got > Limit)
                throw new DataFileException(path, $"it is longer than {Limit} bytes, which no such file is");
        return content.ToArray();
    }

    private static FileStream Opened(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException(path, "there is no such file", e);
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new DataFileException(path, "it is a folder, and a file was expected", e);
        }
    }

    /// <summary>The text of a small file in UTF-8, with or without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFileException">It has more bytes than <see cref="Limit"/>.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes(path)), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
