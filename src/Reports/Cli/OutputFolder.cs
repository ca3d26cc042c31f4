using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>The folder that a command writes to, checked before any work.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder and makes sure that it can be written to.</summary>
    /// <exception cref="IOException">A file stands in its place, or it cannot be made or written to.</exception>
    public static string Prepare(string path)
    {
        if (path.Length == 0)
            throw new ArgumentException("--out is empty; it must name a folder.");
        if (File.Exists(path))
            throw new IOException($"--out {path} is a file; it must be a folder, or a name that is free.");
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".{Guid.NewGuid():N}.tmp");
            using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out {path} cannot be written to: {e.Message}", e);
        }

        return path;
    }

    /// <summary>Makes sure, before any work, that a file can be written where an option says.</summary>
    public static void PrepareFile(string option, string path)
    {
        if (path.Length == 0)
            throw new ArgumentException($"{option} is empty; it must name a file.");
        if (Directory.Exists(path))
            throw new IOException($"{option} {path} is a folder; it must be a file.");
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(folder);
            using (File.Create(Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{option} {path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Makes the folder ready for one record of its own: a record of another run is not overwritten, but for one of the
    /// same run with fewer steps.
    /// </summary>
    public static string PrepareForRecord(string path, RunSpec spec)
    {
        Prepare(path);
        if (RunRecord.Format(path) is { } format and not RunManifest.CurrentFormat)
            throw new IOException(
                $"--out {path} holds a record of format {format}, and this version of FlatBias reads format {RunManifest.CurrentFormat}, so whether it is of the same run cannot be told: name another folder, or remove it."
            );
        if (RunRecord.TryLoad(path)?.Manifest.Specification is not { } there || spec.GoesOnFrom(there))
            return path;
        var differences = Settings.Differences(Settings.Of(there), Settings.Of(spec));
        if (differences.Count > 0)
            throw new IOException(
                $"--out {path} holds the record of a run with other settings: {string.Join("; ", differences)}; name another folder, or remove it."
            );
        return path;
    }
}
