using System.IO.Compression;

namespace FlatBias.Reports.Laboratory;

/// <summary>The files of the laboratory: one archive beside the program.</summary>
internal sealed class LabPage : IDisposable
{
    private const string Archive = "lab.zip",
        Start = "index.html";

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json",
        [".wasm"] = "application/wasm",
    };

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly Lock _reading = new();

    private LabPage(ZipArchive archive)
    {
        _archive = archive;
        _entries = archive.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'), StringComparer.Ordinal);
    }

    /// <summary>Opens the archive that was built beside the program.</summary>
    /// <exception cref="IOException">It is not there, or damaged.</exception>
    public static LabPage Open() => Open(Path.Combine(AppContext.BaseDirectory, Archive));

    /// <summary>Opens an archive.</summary>
    /// <exception cref="IOException">It is not there, or damaged.</exception>
    public static LabPage Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"{path} is missing: the page is built with the program; build it again, or publish src/Lab and serve that folder.",
                path
            );
        }

        try
        {
            return new LabPage(ZipFile.OpenRead(path));
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"{path} is damaged ({e.Message.TrimEnd('.')}); build the program again.", e);
        }
    }

    /// <summary>Reads a file of the page.</summary>
    /// <param name="path">The path of a request, with its first slash; / is the page itself.</param>
    /// <returns>Its type and content, or null where there is no such file.</returns>
    public (string Type, byte[] Content)? Read(string path)
    {
        var name = path.TrimStart('/');
        if (!_entries.TryGetValue(name.Length == 0 ? Start : name, out var entry))
            return null;
        var content = new byte[entry.Length];
        // An archive is one stream, which only one may read.
        lock (_reading)
        {
            using var stream = entry.Open();
            stream.ReadExactly(content);
        }

        return (Types.GetValueOrDefault(Path.GetExtension(entry.Name), "application/octet-stream"), content);
    }

    public void Dispose() => _archive.Dispose();
}
