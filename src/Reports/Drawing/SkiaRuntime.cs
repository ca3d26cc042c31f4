using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using HarfBuzzSharp;
using SkiaSharp;

namespace FlatBias.Reports.Drawing;

/// <summary>
/// Finds the native libraries of SkiaSharp and HarfBuzz where a script host loads their assemblies by path: it knows nothing of the folders of the package's layout, runtimes/PLATFORM/native, beside them.
/// </summary>
/// <remarks>The handlers are asked only after everything else has failed, so a program whose host finds the libraries by itself is not changed.</remarks>
internal static class SkiaRuntime
{
#pragma warning disable CA2255 // As for libtorch: the libraries must be findable before the first figure, whoever draws it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        foreach (var assembly in new[] { typeof(SKPaint).Assembly, typeof(Blob).Assembly })
            if (AssemblyLoadContext.GetLoadContext(assembly) is { } context)
                context.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Loads a library from the package layout beside an assembly.</summary>
    /// <param name="assembly">The assembly that asks for it.</param>
    /// <param name="name">The library's name, as the assembly gives it.</param>
    /// <returns>Its handle, or 0 when it is not there.</returns>
    internal static nint Resolve(Assembly assembly, string name)
    {
        if (Path.GetDirectoryName(assembly.Location) is not { Length: > 0 } folder)
            return 0;
        var (system, extension) =
            OperatingSystem.IsWindows() ? ("win", ".dll")
            : OperatingSystem.IsMacOS() ? ("osx", ".dylib")
            : ("linux", ".so");
        var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

        // On macOS one library serves both processors, and its folder names none.
        foreach (var platform in new[] { $"{system}-{processor}", system })
            if (
                NativeLibrary.TryLoad(
                    Path.Combine(folder, "runtimes", platform, "native", name + extension),
                    out var handle
                )
            )
                return handle;
        return 0;
    }
}
