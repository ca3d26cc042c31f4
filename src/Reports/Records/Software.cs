using System.Reflection;

namespace FlatBias.Reports.Records;

/// <summary>The versions that a result depends on.</summary>
internal static class Software
{
    /// <summary>FlatBias's own version.</summary>
    public static string Version { get; } = Of(typeof(Software).Assembly);

    /// <summary>All versions, by name.</summary>
    public static SortedDictionary<string, string> Versions() => new(StringComparer.Ordinal)
    {
        ["flatbias"] = Version,
        ["dotnet"] = Environment.Version.ToString(),
        ["mathnet"] = Of(typeof(MathNet.Numerics.Control).Assembly),
        ["torchsharp"] = NeuralValidation.Training.Devices.TorchVersion,
    };

    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown";
}
