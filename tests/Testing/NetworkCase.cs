using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlatBias.Testing;

/// <summary>A small convolutional, residual, normalised, transformer or regression network with its derivatives as PyTorch 1.13 computed them in float64 (Fixtures/networks.json), normalisations in their plain form.</summary>
public sealed record NetworkCase
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public required string Name { get; init; }

    public required NamedTensor[] Parameters { get; init; }

    public required long[] InputShape { get; init; }

    public required double[] Inputs { get; init; }

    public required long[] TargetShape { get; init; }

    public required double[] Targets { get; init; }

    public required double Loss { get; init; }

    public required double[] Outputs { get; init; }

    public required double[] Gradient { get; init; }

    public required double[] Direction { get; init; }

    public required double[] HessianTimesDirection { get; init; }

    /// <summary>D^k L[v^k] for k = 1..4.</summary>
    public required double[] Directional { get; init; }

    /// <summary>The largest Hessian eigenvalues, the largest first.</summary>
    public required double[] Leading { get; init; }

    /// <summary>The smallest.</summary>
    public required double[] Trailing { get; init; }

    public required double Trace { get; init; }

    [JsonIgnore]
    public double[] Theta => [.. Parameters.SelectMany(p => p.Values)];

    public static IReadOnlyList<NetworkCase> All { get; } = Load();

    public override string ToString() => Name;

    private static NetworkCase[] Load()
    {
        using var stream = typeof(NetworkCase).Assembly.GetManifestResourceStream("networks.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.GetProperty("cases").Deserialize<NetworkCase[]>(Options)!;
    }

    public sealed record NamedTensor(string Name, long[] Shape, double[] Values);
}
