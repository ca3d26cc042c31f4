using System.Reflection;

namespace FlatBias.NeuralValidation.Native;

/// <summary>Where the native libraries may lie, however the process was started.</summary>
internal static class NativeFolders
{
    /// <summary>The folders in the order in which they are searched, without repetition.</summary>
    /// <remarks>
    /// The assemblies' own folders come first: a script host runs from elsewhere, and only they lead to the files of FlatBias.
    /// </remarks>
    internal static IReadOnlyList<string> Candidates(string platform, Assembly torchSharp)
    {
        string?[] roots =
        [
            Path.GetDirectoryName(torchSharp.Location),
            Path.GetDirectoryName(typeof(NativeFolders).Assembly.Location),
            AppContext.BaseDirectory,
        ];
        var beside = roots
            .Where(root => !string.IsNullOrEmpty(root))
            .SelectMany(root =>
                new[] { Path.TrimEndingDirectorySeparator(root!), Path.Combine(root!, "runtimes", platform, "native") }
            );
        // Where the host resolves packages from their cache, it lists the folders of their native files here.
        var listed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(Path.TrimEndingDirectorySeparator);
        return [.. beside.Concat(listed).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A library's file name on this system.</summary>
    internal static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
        : $"lib{library}.so";

    /// <summary>The full name of the first such file.</summary>
    /// <exception cref="DllNotFoundException">None of the folders holds it.</exception>
    internal static string Find(string fileName, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists)
        ?? throw new DllNotFoundException(
            $"{fileName} is in none of the folders searched ({string.Join(", ", folders)})"
        );
}
