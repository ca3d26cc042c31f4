using System.Runtime.InteropServices;

namespace FlatBias.NeuralValidation.Native;

/// <summary>A libtorch of the user's own, in the folder that an environment variable names.</summary>
internal static class TorchFolder
{
    /// <summary>The environment variable; unset or empty means the libtorch that comes with the program.</summary>
    internal const string Variable = "FLATBIAS_TORCH";

    private const ushort X64 = 62;

    /// <summary>In the order in which they are loaded: a library before those that need it, so that an error names the
    /// first one that fails.</summary>
    private static readonly (string Name, bool Needed)[] Libraries =
    [
        ("c10", true),
        ("torch_cpu", true),
        ("c10_cuda", false),
        ("torch_cuda", false),
        ("torch", true),
    ];

    /// <summary>The variable's value, or null.</summary>
    internal static string? Asked =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>The folder of the libraries: the one named, or its subfolder lib.</summary>
    /// <exception cref="DllNotFoundException">There is no such folder, or no libtorch in it, or one that cannot be
    /// used.</exception>
    internal static string Locate(string named)
    {
        if (!Directory.Exists(named))
            throw new DllNotFoundException($"{named} is not a folder");
        string[] places = [Path.GetFullPath(named), Path.GetFullPath(Path.Combine(named, "lib"))];
        if (places.FirstOrDefault(place => Missing(place).Length == 0) is not { } folder)
        {
            var missing = places.Select(Missing).MinBy(names => names.Length)!;
            throw new DllNotFoundException(
                $"neither {named} nor its subfolder lib holds a libtorch: there is no {string.Join(" and no ", missing)}"
            );
        }

        if (OperatingSystem.IsLinux())
            Check(folder);
        return folder;
    }

    /// <summary>Loads the libraries of a folder that <see cref="Locate"/> returned, and returns the last, which depends
    /// on all of them.</summary>
    internal static IntPtr Load(string folder)
    {
        var last = IntPtr.Zero;
        foreach (var (name, needed) in Libraries)
        {
            var path = Path.Combine(folder, NativeFolders.FileName(name));
            if (needed || File.Exists(path))
                last = NativeLibrary.Load(path);
        }

        return last;
    }

    private static string[] Missing(string folder) =>
        [
            .. Libraries
                .Where(library => library.Needed)
                .Select(library => NativeFolders.FileName(library.Name))
                .Where(file => !File.Exists(Path.Combine(folder, file))),
        ];

    private static void Check(string folder)
    {
        // Their loader says "cannot open shared object file" of a library for another processor; the smallest has the
        // header of all.
        var path = Path.Combine(folder, NativeFolders.FileName("torch"));
        ElfImage image;
        try
        {
            image = new ElfImage(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw new DllNotFoundException($"{path} is no library for Linux on x64: {e.Message}", e);
        }

        if (image.Machine != X64)
            throw new DllNotFoundException($"{path} is for {Processor(image.Machine)}, and this process is for x64");
        // Found by this name once it is loaded; under another one the packaged library would be taken beside it.
        if (ElfSymbols.OwnName(image) is { } name && name != Path.GetFileName(path))
            throw new DllNotFoundException(
                $"{path} calls itself {name}, and TorchSharp's library would not take it; use a libtorch as PyTorch builds it"
            );
    }

    private static string Processor(ushort machine) =>
        machine switch
        {
            183 => "arm64",
            243 => "RISC-V",
            21 => "PowerPC",
            _ => $"another processor (ELF machine {machine})",
        };
}
