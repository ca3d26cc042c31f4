using System.Text.Json.Serialization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// The loss of a network, a mean over samples, as a function of its outputs [samples, outputs] and targets, one-hot classes or numbers; and what the derivatives that are written out by hand need of it.
/// Two classes may share one output, where the loss says so: the target is then that of the second, 0 or 1.
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

    /// <summary>What it needs as targets, in words, where it does not take all numbers.</summary>
    private protected virtual string Needs => "needs classes";

    /// <summary>Whether it says how probable each class is, so that targets may be smoothed (10.33).</summary>
    private protected virtual bool IsOfProbabilities => false;

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>How many outputs a network needs to learn samples by this loss: one for each class, token or number, but one for two classes under the logistic loss.</summary>
    /// <param name="samples">The samples.</param>
    public int OutputsFor(SampleShape samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return samples.Kind == TargetKind.Numbers ? samples.Targets : OutputsFor(samples.Targets);
    }

    /// <summary>The loss against smoothed targets, (1 - s) times the one-hot class plus s over the number of classes,
    /// eq. (10.33).</summary>
    /// <param name="smoothing">s, from 0 to below 1; 0 gives this loss itself.</param>
    /// <exception cref="ArgumentException">s is out of range, or the loss is not one of probabilities.</exception>
    public NetworkLoss Smoothed(double smoothing)
    {
        Require.Decay(smoothing, "label-smoothing");
        if (smoothing != 0 && !IsOfProbabilities)
            throw new ArgumentException(
                $"label-smoothing is {smoothing} and loss {this}; only {Messages.OneOf([.. LossCatalogue.All.Where(loss => loss.IsOfProbabilities).Select(loss => loss.Name)])} can have smoothed labels."
            );
        return smoothing == 0 ? this : new SmoothedTargets(this, smoothing);
    }

    /// <summary>Refuses numbers that the loss cannot learn.</summary>
    /// <param name="targets">Numbers to be learnt; none where there are classes.</param>
    /// <exception cref="ArgumentException">It needs classes, or there is a number outside the range that it needs.</exception>
    public void Check(ReadOnlySpan<float> targets)
    {
        foreach (var number in targets)
            if (!Takes(number))
                throw new ArgumentException(
                    $"loss is {this}, which {Needs}; these targets are numbers, such as {number}, for which there is {MeanSquaredError}."
                );
    }

    /// <summary>Whether a number may be a target.</summary>
    internal virtual bool Takes(float number) => false;

    /// <summary>How many outputs there are for some classes.</summary>
    internal virtual int OutputsFor(int classes) => classes;

    /// <summary>How many classes some outputs stand for.</summary>
    internal virtual int ClassesOf(int outputs) => outputs;

    /// <summary>Which samples' classes have the largest output.</summary>
    internal virtual Tensor Right(Tensor outputs, Tensor targets) => outputs.argmax(-1).eq(targets.argmax(-1));

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
