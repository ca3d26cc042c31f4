using System.Text.Json;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.Reports.Records;

/// <summary>
/// What is being run in a folder, written when a run begins and removed when its record is: with the rows so far it
/// says as
/// much of a run that goes on, or was killed, as a record does of one that has ended.
/// </summary>
internal sealed record RunStart
{
    private const string Name = "run.json";

    /// <summary>The version of the layout, that of a record.</summary>
    public int Format { get; init; } = RunManifest.CurrentFormat;

    /// <summary>The full specification.</summary>
    public required RunSpec Specification { get; init; }

    /// <summary>Versions of what computes it.</summary>
    public required SortedDictionary<string, string> Versions { get; init; }

    /// <summary>Operating system, processor and threads.</summary>
    public required SortedDictionary<string, string> Machine { get; init; }

    public static RunStart Of(RunSpec spec, int threads) =>
        new()
        {
            Specification = spec,
            Versions = Software.Versions(),
            Machine = Software.Machine(threads),
        };

    /// <summary>What is being run in a folder; null where nothing is.</summary>
    /// <exception cref="RecordException">It cannot be read, or is of another format.</exception>
    public static RunStart? TryRead(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return null;
        try
        {
            var text = BoundedFile.ReadText(path);
            FileFormat.Require(path, text, RunManifest.CurrentFormat, "run again into another folder");
            return JsonSerializer.Deserialize<RunStart>(text, RunSpec.Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new RecordException($"{path} does not say what is being run: {e.Message}", e);
        }
    }

    public static void Remove(string folder) => File.Delete(Path.Combine(folder, Name));

    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, Name), stream => JsonSerializer.Serialize(stream, this, RunSpec.Json));
}
