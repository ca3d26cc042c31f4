using System.Buffers;
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
            Write(Path.Combine(folder, Path.GetFileName(need)), need, (from, to) => from.CopyTo(to));
        var path = Path.Combine(folder, Path.GetFileNameWithoutExtension(packed));
        Write(path, packed, Decompress);
        return path;
    }

    private static void Write(string path, string source, Action<Stream, Stream> copy)
    {
        if (File.Exists(path))
            return;
        using var from = File.OpenRead(source);
        AtomicFile.Write(path, to => copy(from, to));
    }

    // Not by BrotliStream, which takes a file cut short for one that ends.
    private static void Decompress(Stream from, Stream to)
    {
        var decoder = new BrotliDecoder();
        try
        {
            var (packed, plain) = (new byte[1 << 16], new byte[1 << 20]);
            var rest = Memory<byte>.Empty;
            while (true)
            {
                var status = decoder.Decompress(rest.Span, plain, out var consumed, out var written);
                to.Write(plain.AsSpan(0, written));
                rest = rest[consumed..];
                if (status == OperationStatus.Done)
                    return;
                if (status == OperationStatus.NeedMoreData)
                    rest = packed.AsMemory(0, from.Read(packed));
                if (status == OperationStatus.InvalidData || rest.IsEmpty && status == OperationStatus.NeedMoreData)
                    throw new InvalidDataException("it is damaged");
            }
        }
        finally
        {
            decoder.Dispose();
        }
    }
}
