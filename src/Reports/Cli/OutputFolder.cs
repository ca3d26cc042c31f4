using FlatBias.Dynamics;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>The folder that a command writes to, checked before any work, and its own until it is disposed.</summary>
internal sealed class OutputFolder : IDisposable
{
    private const string Option = "--out";

    private readonly FolderLock _lock;

    private OutputFolder(string path, FolderLock own) => (Path, _lock) = (path, own);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>
    /// Makes the folder, makes sure that it can be written to, and takes it; what killed processes left in it is swept up.
    /// </summary>
    /// <exception cref="IOException">A file stands in its place, it cannot be made or written to, or another process writes to it.</exception>
    public static OutputFolder Prepare(string path)
    {
        var folder = Prepare(path, Option, place => FolderLock.Take(place, Shard.Folders));
        foreach (var (file, temporary) in AtomicFile.Leftovers(path))
            if (!FolderLock.MayBeHeld(file))
                File.Delete(temporary);
        return folder;
    }

    /// <summary>Takes a shard of a folder that several processes write to, each its own, while none has the whole.</summary>
    public static OutputFolder PrepareShard(string path, Shard shard) =>
        Prepare(path, Option, place => FolderLock.TakeShare(place, shard.Folder, besideTheWhole: false));

    /// <summary>Takes a folder for one kind of files, whoever writes others there.</summary>
    public static OutputFolder PrepareFor(string files, string path, string option) =>
        Prepare(path, option, place => FolderLock.TakeShare(place, files, besideTheWhole: true));

    public void Dispose() => _lock.Dispose();

    private static OutputFolder Prepare(string path, string option, Func<string, FolderLock> take)
    {
        if (path.Length == 0)
            throw new ArgumentException($"{option} is empty; it must name a folder.");
        if (File.Exists(path))
            throw new IOException($"{option} {path} is a file; it must be a folder, or a name that is free.");
        try
        {
            Directory.CreateDirectory(path);
            return new OutputFolder(path, take(path));
        }
        catch (Exception e) when (e is (IOException and not FolderHeldException) or UnauthorizedAccessException)
        {
            throw new IOException($"{option} {path} cannot be written to: {e.Message}", e);
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
