using System.Runtime.InteropServices;
using System.Text;

namespace FlatBias.NeuralValidation.Native;

/// <summary>Names and memory of CUDA devices, which TorchSharp does not tell, from the driver itself. Numbered as torch
/// numbers them: both see what CUDA_VISIBLE_DEVICES leaves.</summary>
internal static class CudaDriver
{
    private const int NameLength = 256;

    /// <summary>The name of a device; null where the driver does not tell.</summary>
    internal static string? Name(int index)
    {
        if (!Found(index, out var device))
            return null;
        var name = new byte[NameLength];
        return GetName(name, name.Length, device) == 0
            ? Encoding.UTF8.GetString(name.AsSpan(0, Math.Max(0, Array.IndexOf(name, (byte)0))))
            : null;
    }

    /// <summary>Bytes that the device has; null where the driver does not tell.</summary>
    internal static long? TotalMemory(int index) =>
        Found(index, out var device) && GetTotal(out var bytes, device) == 0 ? (long)bytes : null;

    /// <summary>Bytes in use, by all programs, on the device that this thread's last torch operation ran on; null where
    /// there was none.</summary>
    internal static long? MemoryInUse() =>
        Found(0, out _) && GetMemory(out var free, out var total) == 0 ? (long)total - (long)free : null;

    private static bool Found(int index, out int device)
    {
        device = 0;
        try
        {
            return Initialise(0) == 0 && GetDevice(out device, index) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // no driver on this machine
        }
    }

    // On Linux the loader is asked for libcuda.so.1, which every driver has; the name without a number belongs to its
    // development files.
    static CudaDriver() =>
        NativeLibrary.SetDllImportResolver(
            typeof(CudaDriver).Assembly,
            (name, assembly, path) =>
                name == Library
                && NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var handle)
                    ? handle
                    : 0
        );

    private const string Library = "cuda-driver";

    [DllImport(Library, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Initialise(uint flags);

    [DllImport(Library, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetDevice(out int device, int index);

    [DllImport(Library, EntryPoint = "cuDeviceGetName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetName(byte[] name, int length, int device);

    [DllImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTotal(out nuint bytes, int device);

    [DllImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetMemory(out nuint free, out nuint total);
}
