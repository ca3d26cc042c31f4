using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>The folder that a command writes to, checked before any work, and its own until it is disposed.</summary>
internal sealed class OutputFolder : IDisposable
{
    private const string Devices = "/dev";

    private readonly FolderLock _lock;

    private OutputFolder(string path, FolderLock own) => (Path, _lock) = (path, own);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes the folder, makes sure that it can be written to, and takes it.</summary>
    /// <exception cref="IOException">A file stands in its place, it cannot be made or written to, or another process writes to it.</exception>
    public static OutputFolder Prepare(string path) => Prepare(path, folder => FolderLock.Take(folder));

    /// <summary>The same for a share of a folder that several processes write to, each its own share.</summary>
    public static OutputFolder PrepareShare(string path, string share) =>
        Prepare(path, folder => FolderLock.Take(folder, share));

    public void Dispose() => _lock.Dispose();

    private static OutputFolder Prepare(string path, Func<string, FolderLock> take)
    {
        if (path.Length == 0)
            throw new ArgumentException("--out is empty; it must name a folder.");
        if (File.Exists(path))
            throw new IOException($"--out {path} is a file; it must be a folder, or a name that is free.");
        try
        {
            Directory.CreateDirectory(path);
            return new OutputFolder(path, take(path));
        }
        catch (Exception e) when (e is (IOException and not FolderHeldException) or UnauthorizedAccessException)
        {
            throw new IOException($"--out {path} cannot be written to: {e.Message}", e);
        }
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
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            // A device is written to as it is, and needs no room beside it.
            if (folder == Devices)
                return;
            Directory.CreateDirectory(folder);
            using (
                File.Create(System.IO.Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose)
            ) { }
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
    public static OutputFolder PrepareForRecord(string path, RunSpec spec)
    {
        var folder = Prepare(path);
        try
        {
            Check(path, spec);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static void Check(string path, RunSpec spec)
    {
        if (RunRecord.Format(path) is { } format and not RunManifest.CurrentFormat)
            throw new IOException(
                $"--out {path} holds a record of format {format}, and this version of FlatBias reads format {RunManifest.CurrentFormat}, so whether it is of the same run cannot be told: name another folder, or remove it."
            );
        if (RunRecord.TryLoad(path)?.Manifest.Specification is not { } there || spec.GoesOnFrom(there))
            return;
        var differences = Settings.Differences(Settings.Of(there), Settings.Of(spec));
        if (differences.Count > 0)
            throw new IOException(
                $"--out {path} holds the record of a run with other settings: {string.Join("; ", differences)}; name another folder, or remove it."
            );
    }
}
