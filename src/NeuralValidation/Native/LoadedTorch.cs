using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FlatBias.NeuralValidation.Native;

/// <summary>The libtorch of this process.</summary>
/// <param name="Folder">Where it was loaded from, as the system says; null where the system does not tell.</param>
/// <param name="Version">Its version, such as 2.10.0; null where it does not tell.</param>
/// <param name="HasCuda">Whether it was built with CUDA. Whether it sees a device is another question.</param>
/// <param name="IsOwn">Whether FLATBIAS_TORCH named it, in place of the one that comes with the program.</param>
public sealed partial record LoadedTorch(string? Folder, string? Version, bool HasCuda, bool IsOwn)
{
    /// <summary>The version of libtorch that TorchSharp's library was built for; another may lack symbols, or lay out
    /// its objects in another way.</summary>
    public const string WantedVersion = "2.10.0";

    private delegate ulong VersionFunction();

    /// <summary>Whether the version is that of <see cref="WantedVersion"/>.</summary>
    public bool IsWanted => Version == WantedVersion;

    /// <summary>Asks the system what is there; libtorch must have been loaded.</summary>
    /// <exception cref="DllNotFoundException">Two of them are loaded, so that no result could be believed.</exception>
    internal static LoadedTorch Find(bool isOwn)
    {
        using var process = Process.GetCurrentProcess();
        var modules = process.Modules.Cast<ProcessModule>().Select(module => module.FileName);
        var files = modules.Distinct(StringComparer.Ordinal).ToArray();
        string[] core = [.. files.Where(Is("torch_cpu"))];
        if (core.Length > 1)
            throw new DllNotFoundException($"two of them are in this process, {string.Join(" and ", core)}");
        var folder = core.Length == 1 ? Path.GetDirectoryName(core[0]) : null;
        return new LoadedTorch(folder, VersionOf(folder), files.Any(Is("torch_cuda")), isOwn);

        static Func<string, bool> Is(string name) =>
            file => Path.GetFileName(file).StartsWith(NativeFolders.FileName(name), StringComparison.Ordinal);
    }

    /// <summary>The version that the library itself states, or the files beside it where it is too old for
    /// that.</summary>
    internal static string? VersionOf(string? folder)
    {
        if (folder is null)
            return null;
        if (
            NativeLibrary.TryLoad(Path.Combine(folder, NativeFolders.FileName("torch_cpu")), out var library)
            && NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var address)
        )
        {
            // One byte each from the top: major, minor, patch.
            var packed = Marshal.GetDelegateForFunctionPointer<VersionFunction>(address)();
            return $"{packed >> 56}.{(packed >> 48) & 255}.{(packed >> 40) & 255}";
        }

        return FileVersion(Path.GetDirectoryName(folder)!);
    }

    /// <summary>The version in the folder above the libraries: of an unpacked libtorch, or of a Python
    /// package.</summary>
    internal static string? FileVersion(string folder)
    {
        var (plain, python) = (Path.Combine(folder, "build-version"), Path.Combine(folder, "version.py"));
        var match =
            File.Exists(plain) ? Number().Match(File.ReadAllText(plain))
            : File.Exists(python) ? PythonVersion().Match(File.ReadAllText(python))
            : Match.Empty;
        return match.Success ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^(\d+\.\d+\.\d+)")]
    private static partial Regex Number();

    [GeneratedRegex(@"__version__\s*=\s*['""](\d+\.\d+\.\d+)")]
    private static partial Regex PythonVersion();
}
