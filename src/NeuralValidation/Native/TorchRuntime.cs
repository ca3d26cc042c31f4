using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace FlatBias.NeuralValidation.Native;

/// <summary>Loads the native libraries of TorchSharp, also on Linux systems older than the one they were built on.</summary>
/// <remarks>
/// TorchSharp's own library asks for the symbol version GLIBCXX_3.4.32, which Debian 12 and Ubuntu 22.04 do not have, although it never
/// calls the one symbol of that version. Where it does not load as it is, a copy is made in which that need is weak, and loaded in
/// its place: TorchSharp asks for it by name, and the system hands out what is loaded under that name already.
/// No file of a package is changed. The module does this as it loads; a program that uses torch before anything of FlatBias calls
/// <see cref="EnsureLoaded"/> first.
/// </remarks>
public static class TorchRuntime
{
    private const string Platform = "linux-x64";
    private const string Binding = "libLibTorchSharp.so";
    private const string Core = "libtorch.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string Advice =
        "Build FlatBias on this platform (TorchBackend=cpu or cuda), so that the packages with torch's native files are copied beside it.";

    private static readonly Lazy<Exception?> Failure = new(Start);
    private static Exception? unprepared;

    /// <summary>Why torch cannot be used in this process, in one line; null when it can.</summary>
    public static string? Problem => Failure.Value?.Message;

    /// <summary>Makes sure that torch can be used. Cheap after the first call, and safe on any thread.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no build of torch for this system.</exception>
    /// <exception cref="DllNotFoundException">The native files are missing, or the system cannot load them.</exception>
    public static void EnsureLoaded()
    {
        switch (Failure.Value)
        {
            case null: return;
            case PlatformNotSupportedException e: throw new PlatformNotSupportedException(e.Message, e);
            case var e: throw new DllNotFoundException(e.Message, e);
        }
    }

    // When the module loads, and not when the first tensor is made: a caller may use torch directly, and TorchSharp looks only once.
#pragma warning disable CA2255 // The assembly cannot be used without this, in whatever host it is loaded.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare()
    {
        try
        {
            if (IsLinuxX64) Load(NativeFolders.Candidates(Platform));
        }
        catch (Exception e)
        {
            // An exception here would surface as a type that cannot be initialised, far from its cause. EnsureLoaded tells it.
            unprepared = e;
        }
    }

    /// <summary>Loads torch from the given folders, patching where it must.</summary>
    /// <exception cref="DllNotFoundException">A file is missing or does not load.</exception>
    internal static void Load(IReadOnlyList<string> folders)
    {
        // Before libgomp starts: its threads then sleep between parallel regions instead of spinning, without which a second process on the cores
        // slows every small operation down tenfold. What the user has set stays.
        _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        var binding = NativeFolders.Find(Binding, folders);
        // The copy lies elsewhere and so cannot find these beside itself; once loaded, they are found by name.
        NativeLibrary.Load(NativeFolders.Find(Core, folders));
        if (!NativeLibrary.TryLoad(binding, out _)) LoadCopy(binding);
    }

    // .NET's own environment is a copy that native code does not see.
    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    private static void LoadCopy(string binding)
    {
        var image = File.ReadAllBytes(binding);
        var name = $"{Path.GetFileNameWithoutExtension(binding)}-{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}.so";
        if (ElfVersionNeeds.Weaken(image, MissingVersion) == 0)
        {
            // Not the known trouble: loading it once more says what is.
            NativeLibrary.Load(binding);
            return;
        }
        Exception? last = null;
        foreach (var folder in NativeCopies.Folders())
        {
            try
            {
                NativeLibrary.Load(NativeCopies.Store(image, folder, name));
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                // A full or read-only home, or one mounted so that nothing in it may be executed.
                last = e;
            }
        }
        throw new DllNotFoundException(
            $"{binding} needs {MissingVersion}, and a copy without that need could not be loaded: {last?.Message}", last);
    }

    private static Exception? Start()
    {
        if (!IsSupported)
            return new PlatformNotSupportedException(
                $"Neural networks need torch, which has no build for {RuntimeInformation.RuntimeIdentifier}; "
                + "use Linux or Windows on x64, or macOS on arm64.");
        if (unprepared is not null) return Unloadable(unprepared);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e)
        {
            return Unloadable(e);
        }
    }

    /// <summary>One line out of whatever the loader said, with what to do about it.</summary>
    internal static DllNotFoundException Unloadable(Exception cause)
    {
        var words = cause.GetBaseException().Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var detail = string.Join(' ', words).TrimEnd('.');
        return new DllNotFoundException($"Torch could not be loaded: {detail}. {Advice}", cause);
    }

    private static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static bool IsSupported =>
        IsLinuxX64
        || (OperatingSystem.IsWindows() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        || (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64);
}
