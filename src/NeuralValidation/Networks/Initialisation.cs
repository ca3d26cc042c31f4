using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;
using MathNet.Numerics.Distributions;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>How the initial weights are drawn: normal, with mean 0 and a deviation by tensor; biases are 0, scales of normalisations 1.</summary>
[JsonConverter(typeof(InitialisationConverter))]
public sealed class Initialisation : INamed
{
    private readonly Func<ParameterSlot, double> _deviation;

    private Initialisation(string name, string summary, Func<ParameterSlot, double> deviation) =>
        (Name, Summary, _deviation) = (name, summary, deviation);

    /// <summary>LeCun normal (LeCun et al. 1998): variance 1 / fan-in.</summary>
    public static Initialisation LeCun { get; } =
        new("lecun", "variance 1 / fan-in (LeCun et al. 1998)", slot => 1 / Math.Sqrt(slot.FanIn));

    /// <summary>He normal (He et al. 2015): variance 2 / fan-in, for relu.</summary>
    public static Initialisation He { get; } =
        new("he", "variance 2 / fan-in, for relu (He et al. 2015)", slot => Math.Sqrt(2.0 / slot.FanIn));

    /// <summary>Xavier normal (Glorot and Bengio 2010): variance 2 / (fan-in + fan-out).</summary>
    public static Initialisation Xavier { get; } =
        new(
            "xavier",
            "variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010)",
            slot => Math.Sqrt(2.0 / (slot.FanIn + slot.FanOut))
        );

    /// <summary>LeCun normal with the last weights of each residual branch divided by the root of the number of branches, so that their sum does not grow with depth.</summary>
    public static Initialisation DepthScaled { get; } =
        new(
            "depth-scaled",
            "lecun, and the end of each of n residual branches over the root of n",
            slot => 1 / Math.Sqrt((double)slot.FanIn * Math.Max(1, slot.Branches))
        );

    /// <summary>All of them by name.</summary>
    public static Catalogue<Initialisation> All { get; } = new("initialisation", [LeCun, He, Xavier, DepthScaled]);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <summary>Draws the parameters in float64 from a generator of their own, so that the same seed gives the same network in either precision.</summary>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="seed">The seed.</param>
    public double[] Draw(ParameterLayout layout, int seed)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var theta = new double[layout.ParameterCount];
        var random = new Random(seed);
        foreach (var slot in layout)
        {
            var values = theta.AsSpan(slot.Begin, slot.Length);
            if (slot.FanIn == 0)
            {
                values.Fill(slot.Start);
                continue;
            }

            var drawn = new double[slot.Length];
            Normal.Samples(random, drawn, 0, _deviation(slot));
            drawn.CopyTo(values);
        }

        return theta;
    }
}

internal sealed class InitialisationConverter()
    : NameConverter<Initialisation>(Initialisation.All, initialisation => initialisation.Name);
