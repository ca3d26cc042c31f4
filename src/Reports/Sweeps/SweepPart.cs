using System.Security.Cryptography;
using System.Text;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.Reports.Sweeps;

/// <summary>
/// The rows of a block of an unfinished sweep: the bytes of their table, behind a SHA-256 that vouches for them and for
/// the sweep that they are of.
/// </summary>
internal static class SweepPart
{
    private const string FolderName = "parts";

    /// <summary>Where the parts of a sweep lie.</summary>
    public static string Folder(string sweep) => Path.Combine(sweep, FolderName);

    /// <summary>The rows of all parts of an unfinished sweep, each once: some are there in two parts.</summary>
    public static IEnumerable<PlacedRow> ReadAll(string sweep, string identity, SweepValues values) =>
        Directory.Exists(Folder(sweep))
            ? Directory
                .EnumerateFiles(Folder(sweep), "*.part")
                .SelectMany(part => Read(part, identity, values))
                .DistinctBy(row => row.Index)
            : [];

    /// <summary>Writes the rows of a block.</summary>
    /// <param name="path">The part.</param>
    /// <param name="identity">What the rows depend on.</param>
    /// <param name="table">The rows.</param>
    public static void Write(string path, string identity, byte[] table) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write(Hash(identity, table));
                stream.Write(table);
            }
        );

    /// <summary>
    /// The rows. A part that is missing, damaged or of another sweep has none: its points are measured anew, with the
    /// same result.
    /// </summary>
    public static PlacedRow[] Read(string path, string identity, SweepValues values)
    {
        if (!File.Exists(path))
            return [];
        var bytes = BoundedFile.ReadRegular(path);
        if (bytes.Length < SHA256.HashSizeInBytes)
            return [];
        byte[] table = bytes[SHA256.HashSizeInBytes..];
        return Hash(identity, table).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes))
            ? SweepFile.Read(path, values, table)
            : [];
    }

    private static byte[] Hash(string identity, byte[] table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        hash.AppendData(table);
        return hash.GetHashAndReset();
    }
}
