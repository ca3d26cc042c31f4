using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Mean losses of outputs and targets, for surfaces of one's own: differentiable to any order, and safe against the trap of <see cref="Scalars"/>.</summary>
public static class SampleLosses
{
    /// <summary>Softmax cross-entropy in nats, averaged over samples, and over positions where there are any.</summary>
    /// <param name="outputs">Logits, [samples, classes] or [samples, positions, classes].</param>
    /// <param name="targets">Classes as 64-bit whole numbers, [samples] or [samples, positions].</param>
    /// <returns>One number.</returns>
    public static Tensor CrossEntropy(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        return (outputs.logsumexp(-1) - outputs.gather(-1, targets.unsqueeze(-1)).squeeze(-1)).mean();
    }

    /// <summary>Half the squared error, summed over outputs, averaged over samples.</summary>
    /// <param name="outputs">[samples, ...].</param>
    /// <param name="targets">Numbers of the same shape.</param>
    /// <returns>One number.</returns>
    public static Tensor HalfSquaredError(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var error = outputs - targets;
        return (error * error).sum().Times(0.5 / error.shape[0]);
    }

    /// <summary>Logistic loss log(1 + e^(-y z)), averaged over all outputs.</summary>
    /// <param name="outputs">Margins z, [samples] or [samples, 1].</param>
    /// <param name="targets">y, -1 or 1, of the same shape.</param>
    /// <returns>One number.</returns>
    public static Tensor Logistic(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return (outputs * targets).neg().Softplus().mean();
    }
}
