using FlatBias.Dynamics.Surfaces;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>The fast route of a fully connected network: <see cref="Linearisation"/> and <see cref="TaylorMode"/>, both written by hand.</summary>
internal sealed class FullyConnectedRoute(Architecture architecture) : IRoute
{
    public int ParameterCount => architecture.ParameterCount;

    /// <summary>The same network for the default route, the second one that this is held against.</summary>
    public ReverseRoute Reverse() =>
        new(
            new FlatFunction(ParameterCount, (theta, inputs) => ForwardPass.Outputs(architecture, theta, inputs)),
            (outputs, targets) => ForwardPass.Loss(architecture, outputs, targets)
        );

    public Tensor Outputs(Tensor theta, Tensor inputs)
    {
        using var noGradient = no_grad();
        return ForwardPass.Outputs(architecture, theta, inputs);
    }

    public Tensor Loss(Tensor theta, SamplePart part)
    {
        using var noGradient = no_grad();
        return ForwardPass
            .Loss(architecture, ForwardPass.Outputs(architecture, theta, part.Inputs), part.Targets)
            .Times(part.Share)
            .to(ScalarType.Float64);
    }

    public (Tensor Loss, Tensor Gradient) LossAndGradient(Tensor theta, SamplePart part)
    {
        var layers = FlatParameters.Leaves(architecture, theta);
        var loss = ForwardPass
            .Loss(architecture, ForwardPass.Outputs(architecture, layers, part.Inputs), part.Targets)
            .Times(part.Share);
        return (loss.detach().to(ScalarType.Float64), Gradient(loss, layers));
    }

    public ILinearisation At(Tensor theta, SamplePart part) => new Linearisation(architecture, theta, part);

    public Tensor TaylorCoefficients(Tensor theta, Tensor direction, SamplePart part, int order)
    {
        using var noGradient = no_grad();
        var layers = FlatParameters.Views(architecture, theta);
        return stack(TaylorMode.Loss(architecture, layers, direction, part, order)[1..]).to(ScalarType.Float64);
    }

    public Tensor DirectionalGradient(Tensor theta, Tensor direction, SamplePart part, int order)
    {
        var layers = FlatParameters.Leaves(architecture, theta);
        var coefficient = TaylorMode.Loss(architecture, layers, direction, part, order)[order];
        return Gradient(coefficient.Times(Factorial(order)).Plus(Nothing(layers).sum()), layers);
    }

    /// <remarks>One reverse pass for each through the kept graph of H v, which is the gradient of the first Taylor coefficient g . v.</remarks>
    public Tensor MixedGradients(Tensor theta, Tensor first, Tensor seconds, SamplePart part)
    {
        var layers = FlatParameters.Leaves(architecture, theta);
        var slope = TaylorMode.Loss(architecture, layers, first, part, 1)[1].Plus(Nothing(layers).sum());
        var product = Gradient(slope, layers, createGraph: true).Plus(Nothing(layers));
        var mixed = Enumerable
            .Range(0, (int)seconds.shape[0])
            .Select(j => Gradient(product, layers, seconds[j], retainGraph: true));
        return stack([.. mixed]);
    }

    public void Book(CostLedger cost, int order, bool differentiated) => cost.AddTaylorPass(order, differentiated);

    private static Tensor Gradient(
        Tensor output,
        (Tensor Weight, Tensor Bias)[] layers,
        Tensor? seed = null,
        bool createGraph = false,
        bool retainGraph = false
    ) =>
        FlatParameters.Join(Autograd.Gradients(output, FlatParameters.InOrder(layers), seed, createGraph, retainGraph));

    /// <summary>0 times theta, [P]: ties what it is added to to all layers.</summary>
    private static Tensor Nothing((Tensor Weight, Tensor Bias)[] layers) =>
        FlatParameters.Join(FlatParameters.InOrder(layers)).Times(0);

    private static double Factorial(int order) =>
        Enumerable.Range(1, order).Aggregate(1.0, (product, k) => product * k);
}
