using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A landscape whose loss is a mean over samples, so that its gradient can be estimated on a part of them, eq. (3.12): stochastic descent runs on it, and a batch's gradient is to be had alone.</summary>
public interface IStochasticLandscape : IStochasticSurface<double[]>
{
    /// <summary>gradient := the gradient of the mean loss over a batch. Over all samples it is the full gradient.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="batch">The samples, from 0 to n - 1, at least one; a repeated one counts as often as it is named.</param>
    /// <param name="gradient">Overwritten, P components.</param>
    void BatchGradient(ReadOnlySpan<double> theta, ReadOnlySpan<int> batch, Span<double> gradient);
}
