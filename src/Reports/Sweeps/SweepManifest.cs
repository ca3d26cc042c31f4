using System.Security.Cryptography;
using System.Text.Json;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>What a sweep's folder holds. Nothing in it depends on the machine, the clock or the number of threads, so a merged sweep's manifest is that of a single run.</summary>
internal sealed record SweepManifest
{
    public const string Name = "sweep.json",
        TableName = "sweep.parquet";

    /// <summary>The layout that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of this layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Identifies the build that measured.</summary>
    public string Build { get; init; } = Software.Build;

    /// <summary>Which shard it is.</summary>
    public required Shard Shard { get; init; }

    /// <summary>The number of points of the whole sweep.</summary>
    public required int Points { get; init; }

    /// <summary>SHA-256 of sweep.parquet, or null while the sweep is running.</summary>
    public string? TableHash { get; init; }

    /// <summary>The specification.</summary>
    public required JsonElement Specification { get; init; }

    public static SweepManifest Of(SweepSpecification specification, Shard shard) =>
        new()
        {
            Shard = shard,
            Points = specification.Plan.Count,
            Specification = JsonSerializer.Deserialize<JsonElement>(specification.Json),
        };

    /// <summary>Reads the manifest of a folder, or null where there is none.</summary>
    /// <exception cref="RecordException">It is damaged, or of another format.</exception>
    public static SweepManifest? Load(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return null;
        try
        {
            var text = BoundedFile.ReadText(path);
            FileFormat.Require(path, text, CurrentFormat, "run the sweep again into another folder");
            var manifest =
                JsonSerializer.Deserialize<SweepManifest>(text, RunSpec.Json) ?? throw new JsonException("it is empty");
            if (manifest.Shard.Index < 1 || manifest.Shard.Index > manifest.Shard.Count)
                throw new JsonException($"its shard is {manifest.Shard.Index} of {manifest.Shard.Count}");
            if (manifest.Points < manifest.Shard.Count)
                throw new JsonException($"it has {manifest.Points} points for {manifest.Shard.Count} shards");
            // An element is looked at only where it is used, and half a character is found only then.
            JsonSerializer.Serialize(manifest.Specification);
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RecordException($"{path} is not a sweep's manifest: {e.Message}", e);
        }
    }

    /// <summary>What the rows depend on: the build and the specification, whatever the shard.</summary>
    public string Identity() => $"{Build}\n{JsonSerializer.Serialize(Specification)}";

    /// <summary>Whether two manifests are of one sweep by one build, whatever the shard.</summary>
    public bool IsOfOneSweepWith(SweepManifest other) => Identity() == other.Identity();

    /// <summary>Reads the specification.</summary>
    /// <param name="folder">The manifest's folder.</param>
    /// <param name="training">Reads the options of a training.</param>
    /// <exception cref="RecordException">It is none.</exception>
    public SweepSpecification Read(string folder, TrainingReader training)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return SweepSpecification.Parse(path, JsonSerializer.SerializeToUtf8Bytes(Specification), training);
        }
        catch (ArgumentException e)
        {
            throw new RecordException($"{path} is not a sweep's manifest: in its specification {e.Message}", e);
        }
    }

    /// <summary>Writes the finished table, then the manifest that vouches for it.</summary>
    public void Finish(string folder, byte[] table)
    {
        AtomicFile.Write(Path.Combine(folder, TableName), stream => stream.Write(table));
        (this with { TableHash = Hash(table) }).Save(folder);
    }

    public void Save(string folder) =>
        AtomicFile.Write(Path.Combine(folder, Name), stream => JsonSerializer.Serialize(stream, this, RunSpec.Json));

    /// <summary>The rows of a finished sweep.</summary>
    /// <exception cref="RecordException">The sweep is not finished, or the table is missing or not the one that the manifest vouches for.</exception>
    public PlacedRow[] Table(string folder, SweepValues values)
    {
        var path = Path.Combine(folder, TableName);
        if (TableHash is null)
            throw new RecordException(
                $"{folder} holds a sweep that has not finished; run the same command again to go on with it."
            );
        if (!File.Exists(path))
            throw new RecordException($"{path} is missing.");
        var bytes = BoundedFile.ReadRegular(path);
        if (Hash(bytes) != TableHash)
            throw new RecordException(
                $"{path} is not the file that its manifest describes: it was truncated or edited; remove the folder and run again."
            );
        var rows = SweepFile.Read(path, values, bytes);
        var (first, length) = Shard.Range(Points);
        return rows.Select(row => row.Index).SequenceEqual(Enumerable.Range(first, length))
            ? rows
            : throw new RecordException(
                $"{Path.Combine(folder, Name)} speaks of points {first} to {first + length - 1}, and {TableName} holds others; it was edited: remove the folder and run again."
            );
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
