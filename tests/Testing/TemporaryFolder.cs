namespace FlatBias.Testing;

/// <summary>A fresh folder that is deleted with all it holds when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("flatbias-test-").FullName;

    /// <summary>The names of the files directly in it, sorted.</summary>
    public string[] Names =>
        [.. Directory.GetFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its full name.</summary>
    public string Write(string name, byte[] content)
    {
        var path = File(name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>The same for a file that is written over and over: a file system waits for the disk where a file is first emptied.</summary>
    public string Overwrite(string name, byte[] content)
    {
        var path = File(name);
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(content);
        stream.SetLength(content.Length);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
