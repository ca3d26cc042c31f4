using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlatBias.Testing;

/// <summary>
/// A small network with its loss, gradient, Hessian spectrum and directional derivatives as PyTorch 1.13 computed them in float64 by nested automatic differentiation
/// (Fixtures/small-nets.json): an oracle made by other code in another language.
/// </summary>
public sealed record SmallNet
{
    // Before All, which needs it: static fields are initialised in the order of the text.
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public required string Activation { get; init; }

    public required string Loss { get; init; }

    public required int[] Widths { get; init; }

    public required double[][] Inputs { get; init; }

    public required int[] Labels { get; init; }

    public required double[] Parameters { get; init; }

    public required double Value { get; init; }

    public required double[] Gradient { get; init; }

    /// <summary>Smallest first.</summary>
    [JsonPropertyName("hessian_eigenvalues")]
    public required double[] HessianEigenvalues { get; init; }

    [JsonPropertyName("leading_eigenvector")]
    public required double[] LeadingEigenvector { get; init; }

    public required double[] Direction { get; init; }

    [JsonPropertyName("hessian_times_direction")]
    public required double[] HessianTimesDirection { get; init; }

    /// <summary>D^k L[v^k] for k = 1..4.</summary>
    [JsonPropertyName("directional_derivatives")]
    public required double[] DirectionalDerivatives { get; init; }

    /// <summary>D^(k+1) L[v^k, .] for k = 1..4.</summary>
    [JsonPropertyName("gradients_of_directional_derivatives")]
    public required double[][] GradientsOfDirectionalDerivatives { get; init; }

    [JsonPropertyName("directional_derivatives_along_leading_eigenvector")]
    public required double[] AlongLeadingEigenvector { get; init; }

    public double[] FlatInputs => [.. Inputs.SelectMany(row => row)];

    /// <summary>All eight cases.</summary>
    public static IReadOnlyList<SmallNet> All { get; } = Load();

    public override string ToString() => $"{Activation}, {Loss}";

    private static SmallNet[] Load()
    {
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream("small-nets.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.GetProperty("cases").Deserialize<SmallNet[]>(Options)!;
    }
}
