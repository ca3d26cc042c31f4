using System.IO.Compression;
using System.Runtime.InteropServices;
using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Native;

/// <summary>The one large library of libtorch, which the package of the command carries compressed: unpacked when torch
/// is first needed, beside the others where that folder may be written to.</summary>
internal static class PackedTorch
{
    private const string Ending = ".br";

    // What the library looks for beside itself.
    private static readonly string[] Needs = ["libc10.so*", "libgomp*.so*"];

    /// <summary>Loads the library, if one of the folders holds it compressed.</summary>
    /// <exception cref="DllNotFoundException">It can nowhere be unpacked and loaded.</exception>
    internal static void Load(IReadOnlyList<string> folders)
    {
        var name = NativeFolders.FileName("torch_cpu");
        var packed = folders.Select(folder => Path.Combine(folder, name + Ending)).FirstOrDefault(File.Exists);
        if (packed is null)
            return;
        Exception? last = null;
        // By its version: the cache outlives the program.
        var elsewhere = NativeCopies.Folders().Select(folder => Path.Combine(folder, LoadedTorch.WantedVersion));
        foreach (var folder in elsewhere.Prepend(Path.GetDirectoryName(packed)!))
        {
            try
            {
                NativeLibrary.Load(Unpack(packed, folder));
                return;
            }
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or InvalidDataException or DllNotFoundException)
            {
                // A full or read-only folder, or one mounted so that nothing in it may be executed.
                last = e;
            }
        }

        throw new DllNotFoundException($"{packed} could not be unpacked and loaded: {last!.Message}", last);
    }

    /// <summary>Unpacks the library into a folder, with what it needs of the packed one's, where it is not there yet.
    /// Each file comes into being whole, and two processes write the same.</summary>
    /// <returns>The full name of the library.</returns>
    internal static string Unpack(string packed, string folder)
    {
        var own = Path.GetDirectoryName(packed)!;
        foreach (var need in Needs.SelectMany(pattern => Directory.EnumerateFiles(own, pattern)))
            Write(Path.Combine(folder, Path.GetFileName(need)), File.OpenRead, need);
        var path = Path.Combine(folder, Path.GetFileNameWithoutExtension(packed));
        Write(path, name => new BrotliStream(File.OpenRead(name), CompressionMode.Decompress), packed);
        return path;
    }

    private static void Write(string path, Func<string, Stream> open, string source)
    {
        if (File.Exists(path))
            return;
        using var content = open(source);
        AtomicFile.Write(path, content.CopyTo);
    }
}
