using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace FlatBias.NeuralValidation.Native;

/// <summary>Loads the native libraries of TorchSharp, also on Linux systems older than the one they were built on.</summary>
/// <remarks>
/// TorchSharp's own library asks for the symbol version GLIBCXX_3.4.32, which Debian 12 and Ubuntu 22.04 do not have, although it never
/// calls the one symbol of that version. Where it does not load as it is, a copy is made in which that need is weak, and loaded in
/// its place: TorchSharp asks for it by name, and the system hands out what is loaded under that name already. In the
/// same way it takes the libtorch of the user's own in the folder that the environment variable FLATBIAS_TORCH names.
/// No file of a package is changed. It is done as TorchSharp is loaded, once this module is; a program that uses torch
/// before anything of FlatBias calls <see cref="EnsureLoaded"/> first.
/// </remarks>
public static class TorchRuntime
{
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private static readonly string Advice =
        $"FlatBias leaves the choice of a libtorch to the program: add the package libtorch-cpu-{Platform} {LoadedTorch.WantedVersion} "
        + $"(or TorchSharp-cpu, which has all platforms) to its project, or set {TorchFolder.Variable} to the folder of a libtorch (docs/gpu.md).";
    private const string OwnAdvice =
        $"{TorchFolder.Variable} names that folder, and docs/gpu.md says which to name; unset it to use the libtorch that comes with the program.";

    private static readonly Lazy<Exception?> Failure = new(Start);
    private static Exception? _unprepared;
    private static int _prepared;
    private static LoadedTorch? _loaded;

    /// <summary>Why torch cannot be used in this process, in one line; null when it can.</summary>
    public static string? Problem => Failure.Value?.Message;

    /// <summary>The libtorch in use; null where none can be used.</summary>
    public static LoadedTorch? Loaded => Failure.Value is null ? _loaded : null;

    /// <summary>The symbols that TorchSharp's library asks for and the libtorch of FLATBIAS_TORCH lacks; empty where
    /// that is not the trouble.</summary>
    public static IReadOnlyList<string> MissingSymbols =>
        Failure.Value?.GetBaseException() is MissingSymbolsException missing ? missing.Symbols : [];

    /// <summary>Makes sure that torch can be used. Cheap after the first call, and safe on any thread.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no build of torch for this system.</exception>
    /// <exception cref="DllNotFoundException">The native files are missing, or the system cannot load them.</exception>
    public static void EnsureLoaded()
    {
        switch (Failure.Value)
        {
            case null:
                return;
            case PlatformNotSupportedException e:
                throw new PlatformNotSupportedException(e.Message, e);
            case var e:
                throw new DllNotFoundException(e.Message, e);
        }
    }

    // As TorchSharp loads, and not when the first tensor is made: a caller may use torch directly, and TorchSharp looks
    // only once. Nor as this module loads: whoever lists networks and options by name waits for half a gigabyte of
    // libraries otherwise.
#pragma warning disable CA2255 // The assembly cannot be used without this, in whatever host it is loaded.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Watch()
    {
        AppDomain.CurrentDomain.AssemblyLoad += PrepareWithTorch;
        if (Managed is { } loaded)
            Prepare(loaded);
    }

    /// <summary>TorchSharp, where it is in the process already.</summary>
    internal static Assembly? Managed => AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(IsTorch);

    /// <summary>TorchSharp as this assembly was built for it.</summary>
    internal static AssemblyName Referenced =>
        typeof(TorchRuntime).Assembly.GetReferencedAssemblies().Single(name => name.Name == nameof(TorchSharp));

    private static void PrepareWithTorch(object? sender, AssemblyLoadEventArgs load)
    {
        if (IsTorch(load.LoadedAssembly))
            Prepare(load.LoadedAssembly);
    }

    private static bool IsTorch(Assembly assembly) => assembly.GetName().Name == nameof(TorchSharp);

    /// <summary>Loads the native libraries for TorchSharp, before any of its code runs. Uses none of its types, since it
    /// is still being loaded.</summary>
    private static void Prepare(Assembly torchSharp)
    {
        AppDomain.CurrentDomain.AssemblyLoad -= PrepareWithTorch;
        if (Interlocked.Exchange(ref _prepared, 1) == 1)
            return;
        try
        {
            if (!IsSupported)
                return;
            var packaged = NativeFolders.Candidates(Platform, torchSharp);
            if (TorchFolder.Asked is { } folder)
                OwnTorch.Load(TorchFolder.Locate(folder), packaged);
            else if (IsLinuxX64)
                Load(packaged);
        }
        catch (Exception e)
        {
            // An exception here would surface as an assembly that cannot be loaded, far from its cause. EnsureLoaded tells it.
            _unprepared = e;
        }
    }

    /// <summary>Loads torch from the given folders, patching where it must.</summary>
    /// <exception cref="DllNotFoundException">A file is missing or does not load.</exception>
    internal static void Load(IReadOnlyList<string> folders)
    {
        LetThreadsSleep();
        var binding = NativeFolders.Find(Binding, folders);
        PackedTorch.Load(folders);
        // The copy lies elsewhere and so cannot find these beside itself; once loaded, they are found by name.
        NativeLibrary.Load(NativeFolders.Find(NativeFolders.FileName("torch"), folders));
        LoadBinding(binding);
    }

    /// <summary>Loads TorchSharp's own library, whose needs are in the process already.</summary>
    internal static void LoadBinding(string binding)
    {
        if (!NativeLibrary.TryLoad(binding, out _))
            LoadWeakened(binding);
    }

    /// <summary>TorchSharp's own library.</summary>
    internal static string Binding { get; } = NativeFolders.FileName("LibTorchSharp");

    /// <summary>
    /// To be called before libgomp starts: its threads then sleep between parallel regions instead of spinning, without
    /// which a second process on
    /// the cores slows every small operation down tenfold. What the user has set stays.
    /// </summary>
    internal static void LetThreadsSleep()
    {
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
    }

    // .NET's own environment is a copy that native code does not see.
    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite
    );

    private static void LoadWeakened(string binding)
    {
        var image = File.ReadAllBytes(binding);
        var name =
            $"{Path.GetFileNameWithoutExtension(binding)}-{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}.so";
        if (ElfVersionNeeds.Weaken(image, MissingVersion) == 0)
        {
            // Not the known trouble: loading it once more says what is.
            NativeLibrary.Load(binding);
            return;
        }
        try
        {
            LoadCopy(image, name);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"{binding} needs {MissingVersion}, and a copy without that need could not be loaded: {e.Message}",
                e
            );
        }
    }

    /// <summary>Writes a library to a place of FlatBias's own and loads it.</summary>
    /// <exception cref="DllNotFoundException">It can nowhere be written and loaded.</exception>
    internal static void LoadCopy(byte[] image, string name)
    {
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
        throw new DllNotFoundException(last?.Message, last);
    }

    private static Exception? Start()
    {
        if (!IsSupported)
            return new PlatformNotSupportedException(
                $"Neural networks need torch, which has no build for {RuntimeInformation.RuntimeIdentifier}; "
                    + "use Linux or Windows on x64, or macOS on arm64."
            );
        try
        {
            Initialise();
            _loaded = LoadedTorch.Find(TorchFolder.Asked is not null);
            return null;
        }
        catch (Exception e)
        {
            return Unloadable(e);
        }
    }

    // Not inlined: TorchSharp is loaded, and with it the libraries, as this is entered, and where it is missing that is met here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Initialise()
    {
        _ = typeof(torch).Assembly;
        if (_unprepared is not null)
            throw _unprepared;
        torch.InitializeDeviceType(DeviceType.CPU);
    }

    /// <summary>One line out of whatever the loader said, with what to do about it.</summary>
    internal static DllNotFoundException Unloadable(Exception cause)
    {
        // What a type's initialiser met; every other exception has been given words of its own.
        var said = cause is TypeInitializationException { InnerException: { } inner } ? inner : cause;
        var words = said.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var detail = string.Join(' ', words).TrimEnd('.');
        var advice = TorchFolder.Asked is null ? Advice : OwnAdvice;
        return new DllNotFoundException($"Torch could not be loaded: {detail}. {advice}", cause);
    }

    private static string Platform =>
        OperatingSystem.IsWindows() ? "win-x64"
        : OperatingSystem.IsMacOS() ? "osx-arm64"
        : "linux-x64";

    private static bool IsLinuxX64 =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static bool IsSupported =>
        IsLinuxX64
        || (OperatingSystem.IsWindows() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        || (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64);
}
