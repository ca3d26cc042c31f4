using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>The surface of a specification's network and a point on it, to measure there.</summary>
public sealed class NetworkAt : IDisposable
{
    private NetworkAt(NetworkSurface surface, torch.Tensor theta) => (Surface, Theta) = (surface, theta);

    /// <summary>The surface.</summary>
    public NetworkSurface Surface { get; }

    /// <summary>The point.</summary>
    public torch.Tensor Theta { get; }

    /// <summary>Makes the surface.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="train">Training data.</param>
    /// <param name="weights">The parameters, or null to draw them from the seed.</param>
    /// <exception cref="ArgumentException">The specification does not fit itself or the data.</exception>
    public static NetworkAt Of(TrainingSpec spec, LabelledSamples train, double[]? weights)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(train);
        TorchRuntime.EnsureLoaded();
        spec.Validate(train);
        train = train.WithLabelNoise(spec.LabelNoise, spec.Seed);
        var (model, loss) = (spec.Model(train), spec.Loss.Smoothed(spec.LabelSmoothing));
        var type = spec.Precision == "float64" ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        var surface = new NetworkSurface(model, loss, train, type, torch.device(spec.Device), spec.Chunk)
        {
            L2 = spec.L2,
        };
        return new NetworkAt(surface, surface.Parameters(weights ?? spec.Initialisation.Draw(model.Layout, spec.Seed)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Theta.Dispose();
        Surface.Dispose();
    }
}
