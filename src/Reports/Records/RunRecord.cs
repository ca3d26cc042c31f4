using System.Security.Cryptography;
using System.Text.Json;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.Reports.Records;

/// <summary>What a run was, where and how it ran.</summary>
public sealed record RunManifest
{
    /// <summary>
    /// The layout that this version writes and reads: 2, since specifications state schedules and update rules as
    /// values.
    /// </summary>
    public const int CurrentFormat = 2;

    /// <summary>The version of this layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The full specification, seed included.</summary>
    public required RunSpec Specification { get; init; }

    /// <summary>Why the run ended.</summary>
    public StopReason Reason { get; init; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; init; }

    /// <summary>The cost in gradient-equivalents, which does not depend on the machine.</summary>
    public double GradientEquivalents { get; init; }

    /// <summary>Rows of the series.</summary>
    public int Rows { get; init; }

    /// <summary>What the series cannot say, by name, such as why a theory declined; null for nothing.</summary>
    public SortedDictionary<string, string>? Notes { get; init; }

    /// <summary>SHA-256 of series.parquet.</summary>
    public string SeriesHash { get; init; } = "";

    /// <summary>Versions of what computed it.</summary>
    public required SortedDictionary<string, string> Versions { get; init; }

    /// <summary>Operating system, processor and threads.</summary>
    public required SortedDictionary<string, string> Machine { get; init; }

    /// <summary>Wall-clock seconds, for information only: no result depends on it.</summary>
    public double Seconds { get; init; }

    /// <summary>When it was made, in coordinated universal time to the second; null where an earlier version made it.</summary>
    public DateTimeOffset? Made { get; init; }
}

/// <summary>What a run leaves behind: the folder holds record.json (the manifest) and series.parquet.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Series">The series.</param>
public sealed record RunRecord(RunManifest Manifest, SeriesTable Series)
{
    private const string ManifestName = "record.json",
        SeriesName = "series.parquet";

    // Where what lies beside it is.
    private string? _folder;

    /// <summary>Where a record keeps the initial weights that came from a file, so that it is enough to repeat the run.</summary>
    /// <param name="folder">The record's folder.</param>
    public static string InitialWeights(string folder) => Path.Combine(folder, "initial.safetensors");

    /// <summary>Whether a folder holds a record.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>True when its manifest is there.</returns>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, ManifestName));

    /// <summary>Reads a record.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="RecordException">There is none, or it is damaged or of another format; the message says which
    /// file and how.</exception>
    public static RunRecord Load(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
            throw new RecordException(
                RunStart.TryRead(folder) is null
                    ? $"{folder} holds no record: {ManifestName} is missing."
                    : $"{folder} holds no record yet: its run has not finished; {ManifestName} is missing."
            );
        RunManifest manifest;
        try
        {
            var text = BoundedFile.ReadText(path);
            FileFormat.Require(path, text, RunManifest.CurrentFormat, "run again into another folder to make it anew");
            manifest =
                JsonSerializer.Deserialize<RunManifest>(text, RunSpec.Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new RecordException($"{path} is not a record's manifest: {e.Message}", e);
        }

        var seriesPath = Path.Combine(folder, SeriesName);
        if (!File.Exists(seriesPath))
            throw new RecordException($"{folder} holds no series: {SeriesName} is missing.");
        var bytes = BoundedFile.ReadRegular(seriesPath);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != manifest.SeriesHash)
            throw new RecordException(
                $"{seriesPath} is not the file that its manifest describes: it was truncated or edited; run again to make it anew."
            );
        var series = SeriesFile.Read(seriesPath, bytes);
        return manifest.Rows == series.Rows && manifest.Steps >= 0 && Enum.IsDefined(manifest.Reason)
            ? new RunRecord(manifest, series) { _folder = folder }
            : throw new RecordException(
                $"{path} does not describe {SeriesName}: it speaks of {manifest.Rows} rows after {manifest.Steps} steps, ended by {manifest.Reason}, and there are {series.Rows} rows; it was edited: run again to make it anew."
            );
    }

    /// <summary>The spectra beside it, by step: of the steps asked for, those that the run came to.</summary>
    /// <exception cref="RecordException">One is missing, damaged or of another format.</exception>
    internal IReadOnlyDictionary<int, SpectrumFile> Spectra() =>
        ((Manifest.Specification as NetworkSpec)?.Training.SpectrumSteps ?? [])
            .Where(step => step <= Manifest.Steps)
            .Distinct()
            .ToDictionary(step => step, step => SpectrumFile.Read(SpectrumFile.InRecord(_folder!, step)));

    /// <summary>Whether all of them are there and sound.</summary>
    internal bool HasSpectra
    {
        get
        {
            try
            {
                _ = Spectra();
                return true;
            }
            catch (Exception e) when (e is RecordException or DataFileException)
            {
                return false;
            }
        }
    }

    /// <summary>The format of the record in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The number; null where there is no record, or one that names none.</returns>
    internal static int? Format(string folder) =>
        Exists(folder) ? FileFormat.Of(BoundedFile.ReadText(Path.Combine(folder, ManifestName))) : null;

    /// <summary>Reads a record if there is a sound one.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The record, or null where there is none or it is damaged.</returns>
    public static RunRecord? TryLoad(string folder)
    {
        if (!Exists(folder))
            return null;
        try
        {
            return Load(folder);
        }
        catch (Exception e) when (e is RecordException or DataFileException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes the record; the manifest comes last, so a folder with a manifest is whole. What the run kept to be taken
    /// up is
    /// then removed, unless it was interrupted, or a longer run is to go on from its last step.
    /// </summary>
    /// <param name="folder">The folder, made when it is missing.</param>
    /// <param name="threads">Threads that computed it.</param>
    /// <param name="outcome">What was measured.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="seconds">Wall-clock seconds.</param>
    /// <param name="keepsEnd">Whether a longer run may go on from here.</param>
    internal static RunRecord Save(
        string folder,
        RunSpec spec,
        RunOutcome outcome,
        int threads,
        double seconds,
        bool keepsEnd = false
    )
    {
        foreach (var name in new[] { SeriesName, ManifestName })
            AtomicFile.RemoveLeftovers(Path.Combine(folder, name));
        var bytes = SeriesFile.Write(outcome.Series);
        var manifest = new RunManifest
        {
            Specification = spec,
            Reason = outcome.Reason,
            Steps = outcome.Steps,
            GradientEquivalents = outcome.GradientEquivalents,
            Rows = outcome.Series.Rows,
            Notes = outcome.Notes,
            SeriesHash = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Versions = Software.Versions(),
            Machine = Software.Machine(threads),
            Seconds = seconds,
            // To the second.
            Made = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()),
        };
        AtomicFile.Write(Path.Combine(folder, SeriesName), stream => stream.Write(bytes));
        AtomicFile.Write(
            Path.Combine(folder, ManifestName),
            stream => JsonSerializer.Serialize(stream, manifest, RunSpec.Json)
        );
        RunStart.Remove(folder);
        // A run that ended of itself ends there whatever the number of steps.
        if (outcome.Reason != StopReason.Cancelled && !(keepsEnd && outcome.Reason == StopReason.StepLimit))
            RunJournal.Remove(folder);
        return new RunRecord(manifest, outcome.Series) { _folder = folder };
    }
}

/// <summary>A record that is missing or damaged.</summary>
public sealed class RecordException : IOException
{
    /// <summary>Makes the exception.</summary>
    public RecordException() { }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What, where, and what to do; made one line.</param>
    public RecordException(string message)
        : base(Messages.OneLine(message)) { }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What, where, and what to do; made one line.</param>
    /// <param name="innerException">The cause.</param>
    public RecordException(string message, Exception innerException)
        : base(Messages.OneLine(message), innerException) { }
}
