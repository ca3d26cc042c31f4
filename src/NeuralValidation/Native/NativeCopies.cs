using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Native;

/// <summary>Keeps patched copies of native libraries outside the program's own folder, which may be read-only or shared.</summary>
internal static class NativeCopies
{
    /// <summary>
    /// The user's cache folder, and then a fresh temporary folder that nobody else can write to, which lasts until the enumeration
    /// moves on or ends. A fixed name in the shared temporary folder would let another user put a library there for this process to load.
    /// </summary>
    internal static IEnumerable<string> Folders()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (!Path.IsPathFullyQualified(cache ?? ""))
            cache = home.Length > 0 ? Path.Combine(home, ".cache") : null;
        if (cache is not null)
            yield return Path.Combine(cache, "flatbias", "native");
        var temporary = Directory.CreateTempSubdirectory("flatbias-native-");
        try
        {
            yield return temporary.FullName;
        }
        finally
        {
            // A library that is loaded needs its file no more; left behind, one would pile up for each run.
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>Writes <paramref name="image"/> to the folder, unless the same bytes are there already.</summary>
    /// <returns>The full name of the file.</returns>
    internal static string Store(byte[] image, string folder, string fileName)
    {
        var path = Path.Combine(folder, fileName);
        if (Holds(path, image))
            return path;
        AtomicFile.Write(path, stream => stream.Write(image));
        return path;
    }

    private static bool Holds(string path, byte[] image) =>
        new FileInfo(path) is { Exists: true } file
        && file.Length == image.Length
        && File.ReadAllBytes(path).AsSpan().SequenceEqual(image);
}
