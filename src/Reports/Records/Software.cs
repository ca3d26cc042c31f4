using System.Reflection;
using System.Runtime.InteropServices;

namespace FlatBias.Reports.Records;

/// <summary>The versions that a result depends on.</summary>
internal static class Software
{
    /// <summary>FlatBias's own version.</summary>
    public static string Version { get; } = Of(typeof(Software).Assembly);

    /// <summary>Identifies the very build of every project that a result depends on: builds are deterministic, so the same source gives the same identity and any edit another.</summary>
    public static string Build { get; } =
        string.Join(
            '-',
            new[]
            {
                typeof(Software),
                typeof(NeuralValidation.Training.Devices),
                typeof(Quadratic.Landscapes.Landscape),
                typeof(Dynamics.Require),
            }.Select(type => type.Module.ModuleVersionId.ToString("N")[..8])
        );

    /// <summary>All versions, by name.</summary>
    public static SortedDictionary<string, string> Versions()
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["build"] = Build,
            ["flatbias"] = Version,
            ["dotnet"] = Environment.Version.ToString(),
            ["mathnet"] = Of(typeof(MathNet.Numerics.Control).Assembly),
            ["torchsharp"] = NeuralValidation.Training.Devices.TorchVersion,
        };
        if (NeuralValidation.Training.Devices.OwnTorchVersion is { } own)
            versions["libtorch"] = own;
        return versions;
    }

    /// <summary>What of the machine a result's last bits may depend on, by name.</summary>
    public static SortedDictionary<string, string> Machine(int threads) =>
        new(StringComparer.Ordinal)
        {
            ["os"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["processors"] = Settings.Text(Environment.ProcessorCount),
            ["threads"] = Settings.Text(threads),
        };

    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
