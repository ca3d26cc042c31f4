using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// The nonlinearity after each hidden layer: its values, and what the derivatives that are written out by hand need of it.
/// One file each; <see cref="ActivationCatalogue"/> has them by name.
/// </summary>
[JsonConverter(typeof(ActivationConverter))]
public abstract partial class Activation : INamed
{
    private protected Activation() { }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <summary>Whether it has derivatives of every order everywhere; otherwise they hold between its kinks.</summary>
    public abstract bool IsSmooth { get; }

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>f(z), through which torch differentiates.</summary>
    internal abstract Tensor Value(Tensor z);

    /// <summary>f(z), f'(z) and f''(z); null for a first derivative that is 1 and a second that is 0 everywhere.</summary>
    internal abstract (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z);

    /// <summary>The coefficients of f(z(t)) from those of z(t), as many as there are.</summary>
    internal abstract Tensor[] Series(Tensor[] z);
}

internal sealed class ActivationConverter()
    : NameConverter<Activation>(ActivationCatalogue.All, activation => activation.Name);
