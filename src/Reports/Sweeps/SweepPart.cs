using System.Security.Cryptography;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Sweeps;

/// <summary>The rows of a block of an unfinished sweep: a SHA-256, and the bytes of the table that it vouches for.</summary>
internal static class SweepPart
{
    private const string FolderName = "parts";

    /// <summary>Where the parts of a sweep lie.</summary>
    public static string Folder(string sweep) => Path.Combine(sweep, FolderName);

    /// <summary>The rows of all parts of an unfinished sweep, each once: some are there in two parts.</summary>
    public static IEnumerable<PlacedRow> ReadAll(string sweep, SweepValues values) =>
        Directory.Exists(Folder(sweep))
            ? Directory
                .EnumerateFiles(Folder(sweep), "*.part")
                .SelectMany(part => Read(part, values).Values)
                .DistinctBy(row => row.Index)
            : [];

    public static void Write(string path, SweepSpecification sweep, IReadOnlyList<PlacedRow> rows)
    {
        var table = sweep.Table(rows);
        AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write(SHA256.HashData(table));
                stream.Write(table);
            }
        );
    }

    /// <summary>The rows by their index. A part that is missing or damaged has none: its points are measured anew, with the same result.</summary>
    public static Dictionary<int, PlacedRow> Read(string path, SweepValues values)
    {
        if (!File.Exists(path))
            return [];
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < SHA256.HashSizeInBytes)
            return [];
        byte[] table = bytes[SHA256.HashSizeInBytes..];
        return SHA256.HashData(table).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes))
            ? SweepFile.Read(path, values, table).ToDictionary(row => row.Index)
            : [];
    }
}
