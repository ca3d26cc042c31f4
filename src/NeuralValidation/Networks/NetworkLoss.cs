using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// The loss of a network, a mean over samples, as a function of its outputs [samples, outputs] and targets, one-hot classes or numbers; and what the derivatives that are written out by hand need of it.
/// One file each; <see cref="LossCatalogue"/> has them by name.
/// </summary>
[JsonConverter(typeof(LossConverter))]
public abstract partial class NetworkLoss : INamed
{
    private protected NetworkLoss() { }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <summary>What records call it, where that is not its name.</summary>
    internal virtual string NameInRecords => Name;

    /// <summary>Whether targets may be any numbers, and not only classes.</summary>
    internal virtual bool TakesNumbers => false;

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>The mean over the samples, a scalar, through which torch differentiates.</summary>
    internal abstract Tensor Mean(Tensor outputs, Tensor targets);

    /// <summary>The derivatives of each sample's own loss by its outputs.</summary>
    /// <returns>The gradient [samples, classes], which belongs to the current dispose scope, and the Hessian at the same outputs.</returns>
    internal abstract (Tensor Gradient, OutputHessian Hessian) Derivatives(Tensor outputs, Tensor targets);

    /// <summary>The coefficients of the mean loss from those of the outputs, as many as there are.</summary>
    internal abstract Tensor[] Series(Tensor[] outputs, Tensor targets);
}

internal sealed class LossConverter() : NameConverter<NetworkLoss>(LossCatalogue.All, loss => loss.NameInRecords);

/// <summary>The Hessian of each sample's loss by its outputs, at one place.</summary>
internal abstract class OutputHessian : IDisposable
{
    /// <summary>H_out z for tangents [samples, k, classes]; belongs to the current dispose scope.</summary>
    public abstract Tensor Product(Tensor z);

    /// <summary>Frees what it keeps.</summary>
    public abstract void Dispose();
}
