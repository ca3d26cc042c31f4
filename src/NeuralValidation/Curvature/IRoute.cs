using FlatBias.Dynamics.Surfaces;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The one seam of a network surface: a way to the derivatives of some samples' share of the mean loss. <see cref="ReverseRoute"/> differentiates
/// whatever torch can; <see cref="FullyConnectedRoute"/> is written by hand for one kind of network, and several times cheaper. Results belong to the current dispose scope.
/// </summary>
internal interface IRoute
{
    /// <summary>P.</summary>
    int ParameterCount { get; }

    /// <summary>The outputs for some inputs, without a graph.</summary>
    Tensor Outputs(Tensor theta, Tensor inputs);

    /// <summary>The share of the loss, a float64 scalar, without a graph.</summary>
    Tensor Loss(Tensor theta, SamplePart part);

    /// <summary>The share of the loss, a float64 scalar, and of the gradient, [P].</summary>
    (Tensor Loss, Tensor Gradient) LossAndGradient(Tensor theta, SamplePart part);

    /// <summary>The loss linearised at a point, for products; to be disposed.</summary>
    ILinearisation At(Tensor theta, SamplePart part);

    /// <summary>D^k L[v^k] / k! for k = 1 to <paramref name="order"/>, float64, [order].</summary>
    Tensor TaylorCoefficients(Tensor theta, Tensor direction, SamplePart part, int order);

    /// <summary>D^(order + 1) L[v^order, .], [P].</summary>
    Tensor DirectionalGradient(Tensor theta, Tensor direction, SamplePart part, int order);

    /// <summary>D^3 L[first, second_j, .] for the rows of <paramref name="seconds"/>, [count, P].</summary>
    Tensor MixedGradients(Tensor theta, Tensor first, Tensor seconds, SamplePart part);

    /// <summary>Books the derivatives along a direction to an order, with their gradient or without.</summary>
    void Book(CostLedger cost, int order, bool differentiated);
}

/// <summary>Some samples' share of the loss at one point, with what is needed for products.</summary>
internal interface ILinearisation : IDisposable
{
    /// <summary>The share of the mean loss, a float64 scalar: read only where it is asked for, since that waits for a GPU.</summary>
    Tensor Loss { get; }

    /// <summary>The share of the gradient, [P].</summary>
    Tensor Gradient { get; }

    /// <summary>The share of H V, or of its Gauss-Newton part, [k, P] for directions [k, P].</summary>
    Tensor Product(Tensor directions, bool gaussNewton = false);

    /// <summary>The derivatives of each sample's own loss along each direction, [samples, k].</summary>
    Tensor SampleDerivatives(Tensor directions);
}
