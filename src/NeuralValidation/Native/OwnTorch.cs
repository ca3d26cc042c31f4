using System.Runtime.InteropServices;

namespace FlatBias.NeuralValidation.Native;

/// <summary>Puts the user's own libtorch under TorchSharp, in place of the one that comes with the program.</summary>
internal static class OwnTorch
{
    private static readonly string[] Preloaded = ["torch_cpu", "torch_cuda"];

    /// <summary>Loads the libtorch of a folder and TorchSharp's library on top of it.</summary>
    /// <param name="folder">As <see cref="TorchFolder.Locate"/> returns it.</param>
    /// <param name="packaged">Where the program's own native files lie, TorchSharp's library among them.</param>
    /// <exception cref="DllNotFoundException">A file is missing or does not load.</exception>
    internal static void Load(string folder, IReadOnlyList<string> packaged)
    {
        var binding = NativeFolders.Find(TorchRuntime.Binding, packaged);
        TorchRuntime.LetThreadsSleep();
        var library = TorchFolder.Load(folder);
        if (OperatingSystem.IsLinux())
            RequireSymbols(binding, library, folder);
        TorchRuntime.LoadBinding(binding);
        foreach (var name in Preloaded)
        {
            var places = packaged.Select(place => Path.Combine(place, NativeFolders.FileName(name)));
            if (places.FirstOrDefault(File.Exists) is { } other)
                KeepOut(name, other);
        }
    }

    /// <summary>Names all that is missing, before the first call of one of them ends the process.</summary>
    private static void RequireSymbols(string binding, IntPtr library, string folder)
    {
        string[] missing =
        [
            .. ElfSymbols
                .Wanted(new ElfImage(File.ReadAllBytes(binding)))
                .Where(symbol => !NativeLibrary.TryGetExport(library, symbol, out _)),
        ];
        if (missing.Length > 0)
            throw new MissingSymbolsException(folder, missing);
    }

    /// <summary>
    /// TorchSharp asks the runtime for these before its first tensor, and the runtime finds the packaged file: a second
    /// libtorch in the process, which ends it. But the runtime looks for NAME.so everywhere before it looks for
    /// libNAME.so, and at last takes what is loaded under that name.
    /// </summary>
    private static void KeepOut(string name, string packaged)
    {
        if (!OperatingSystem.IsLinux())
            throw new DllNotFoundException(
                $"the packaged {packaged} would be loaded beside it; build with TorchBackend=none, which brings none"
            );
        TorchRuntime.LoadCopy(ElfStub.Build($"{name}.so"), $"{name}.so");
    }
}

/// <summary>A libtorch of another version than TorchSharp's library was built for lacks some of what it asks
/// for.</summary>
internal sealed class MissingSymbolsException(string folder, IReadOnlyList<string> symbols)
    : DllNotFoundException(
        $"the libtorch in {folder}, version {LoadedTorch.VersionOf(folder) ?? "unknown"}, lacks {symbols.Count} of the symbols that TorchSharp's library asks for, "
            + $"such as {symbols[0]}; use version {LoadedTorch.WantedVersion} (flatbias doctor lists them all)"
    )
{
    /// <summary>Their names as the linker writes them.</summary>
    public IReadOnlyList<string> Symbols { get; } = symbols;
}
