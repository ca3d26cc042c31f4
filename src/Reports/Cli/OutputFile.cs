using FlatBias.Dynamics;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>The file that an option names, made sure of before any work, and this process's own until it is disposed.</summary>
internal sealed class OutputFile : IDisposable
{
    // What lies here is no file in a folder, but a device or what another process reads.
    private static readonly string[] Devices = ["/dev/", "/proc/"];

    private readonly FolderLock? _lock;

    private OutputFile(FolderLock? own) => _lock = own;

    /// <summary>Makes sure that a file can be written, and takes it; what a killed process left of it is swept up.</summary>
    /// <param name="option">The option.</param>
    /// <param name="path">The file; null for none, and then there is nothing to take.</param>
    /// <exception cref="ArgumentException">It has no name.</exception>
    /// <exception cref="IOException">It is a folder, cannot be written, or another process writes it.</exception>
    public static OutputFile? Prepare(string option, string? path)
    {
        if (path is null)
            return null;
        if (path.Length == 0)
            throw new ArgumentException($"{option} is empty; it must name a file.");
        if (Directory.Exists(path))
            throw new IOException($"{option} {path} is a folder; it must be a file.");
        try
        {
            var full = AtomicFile.Target(path);
            if (Devices.Any(place => full.StartsWith(place, StringComparison.Ordinal)))
                return new OutputFile(null);
            var folder = Path.GetDirectoryName(full)!;
            Directory.CreateDirectory(folder);
            var own = FolderLock.TakeFile(full);
            AtomicFile.RemoveLeftovers(full);
            return new OutputFile(own);
        }
        catch (Exception e) when (e is (IOException and not FolderHeldException) or UnauthorizedAccessException)
        {
            throw new IOException($"{option} {path} cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
