using System.Runtime.InteropServices;
using FlatBias.Dynamics.Surfaces;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The default route, for whatever torch can differentiate: reverse mode, nested. g from L, then again and again the gradient of the last derivative times v,
/// D^(k+1) L[v^k, .] = grad (D^k L[v^k]), D^(k+1) L[v^(k+1)] = (D^(k+1) L[v^k, .]) . v. Every pass differentiates the graphs of all passes before it, so the cost grows geometrically with the order.
/// </summary>
internal sealed class ReverseRoute : IRoute
{
    private readonly ITorchFunction _function;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private int _probed;

    /// <param name="function">Outputs as a function of the parameters.</param>
    /// <param name="loss">The mean loss of outputs and targets, a scalar.</param>
    public ReverseRoute(ITorchFunction function, Func<Tensor, Tensor, Tensor> loss)
    {
        (_function, _loss) = (function, loss);
        // The fused form of attention has no second derivative; without it torch takes the plain one.
        backends.cuda.enable_flash_sdp(false);
    }

    public int ParameterCount => _function.ParameterCount;

    /// <summary>Changes whenever an earlier linearisation is no longer to be used.</summary>
    public int Binding => _function.Binding;

    public Tensor Outputs(Tensor theta, Tensor inputs)
    {
        using var noGradient = no_grad();
        _function.Bind(theta);
        return _function.Outputs(inputs);
    }

    public Tensor Loss(Tensor theta, SamplePart part)
    {
        Probe(theta, part, 1);
        using var noGradient = no_grad();
        return _loss(Outputs(theta, part.Inputs), part.Targets).Times(part.Share).to(ScalarType.Float64);
    }

    public (Tensor Loss, Tensor Gradient) LossAndGradient(Tensor theta, SamplePart part)
    {
        Probe(theta, part, 1);
        var graph = Graph(theta, part);
        return (graph.Loss.detach().to(ScalarType.Float64), graph.Differentiated(graph.Loss, 1, keep: false));
    }

    public ILinearisation At(Tensor theta, SamplePart part)
    {
        Probe(theta, part, 2);
        return new ReverseLinearisation(this, theta, part);
    }

    public Tensor TaylorCoefficients(Tensor theta, Tensor direction, SamplePart part, int order)
    {
        // Of what torch gets wrong nothing is said.
        var right = _function.Fused is null ? order : Math.Min(order, 2);
        Probe(theta, part, right);
        var graph = Graph(theta, part);
        var coefficients = new Tensor[order];
        Array.Fill(coefficients, tensor(double.NaN, device: theta.device));
        var (derivative, factorial) = (graph.Loss, 1.0);
        for (var k = 1; k <= right; k++)
        {
            derivative = graph.Differentiated(derivative, k, keep: k < right).dot(direction);
            coefficients[k - 1] = derivative.detach().to(ScalarType.Float64).Over(factorial *= k);
        }

        return stack(coefficients);
    }

    public Tensor DirectionalGradient(Tensor theta, Tensor direction, SamplePart part, int order) =>
        DirectionalGradients(theta, direction, part, order)[^1];

    /// <summary>D^(k+1) L[v^k, .] for k = 0 to <paramref name="order"/>, [P] each.</summary>
    public Tensor[] DirectionalGradients(Tensor theta, Tensor direction, SamplePart part, int order)
    {
        Probe(theta, part, order + 1);
        var graph = Graph(theta, part);
        var gradients = new Tensor[order + 1];
        for (var k = 0; k <= order; k++)
        {
            var below = k == 0 ? graph.Loss : gradients[k - 1].dot(direction);
            gradients[k] = graph.Differentiated(below, k + 1, keep: k < order);
        }

        return [.. gradients.Select(g => g.detach())];
    }

    public Tensor MixedGradients(Tensor theta, Tensor first, Tensor seconds, SamplePart part)
    {
        Probe(theta, part, 3);
        var graph = Graph(theta, part);
        var slope = graph.Differentiated(graph.Loss, 1, keep: true).dot(first);
        var product = graph.Differentiated(slope, 2, keep: true);
        return stack([.. Enumerable.Range(0, (int)seconds.shape[0]).Select(j => graph.Product(product, seconds[j]))]);
    }

    public void Book(CostLedger cost, int order, bool differentiated) =>
        cost.AddNestedPasses(differentiated ? order + 1 : order);

    /// <summary>The loss of some samples with its graph.</summary>
    public ReverseGraph Graph(Tensor theta, SamplePart part)
    {
        var leaves = _function.Bind(theta);
        var outputs = _function.Outputs(part.Inputs);
        var mean = Checked(_loss(outputs, part.Targets), theta);
        return new ReverseGraph(leaves, _function.Connected, outputs, part.Targets, part.Share, _loss, mean);
    }

    /// <summary>
    /// Before the first derivative of an order: whether the loss is a function of theta, and torch has the derivatives
    /// of all its operations.
    /// </summary>
    private void Probe(Tensor theta, SamplePart part, int order)
    {
        if (_probed >= order)
            return;
        if (order > 2 && _function.Fused is { } fused)
            throw new ArgumentException(
                $"the module has a {fused}, a fused form that torch differentiates wrongly from the third derivative on; write it as mean, centred square and root (docs/networks.md)."
            );
        using var scope = NewDisposeScope();
        var graph = FirstGraph(theta, part);
        if (_probed == 0)
            RefuseRandomness(graph.Loss.Over(part.Share), _loss(_function.Outputs(part.Inputs), part.Targets));
        var derivative = graph.Loss;
        for (var k = 1; k <= order; k++)
        {
            if (k > _probed)
                graph.Probe(derivative);
            if (k < order)
                derivative = graph.Differentiated(derivative, k, keep: true);
        }

        _probed = order;
    }

    /// <summary>What torch says of shapes or classes that do not fit, without the native stack that it adds.</summary>
    private ReverseGraph FirstGraph(Tensor theta, SamplePart part)
    {
        try
        {
            return Graph(theta, part);
        }
        catch (ExternalException e)
        {
            throw new ArgumentException($"the loss cannot be evaluated: {e.Message.Split('\n')[0]}", e);
        }
    }

    private static Tensor Checked(Tensor mean, Tensor theta)
    {
        if (mean.numel() != 1)
            throw new ArgumentException(
                $"loss has the shape [{string.Join(", ", mean.shape)}]; it must be a single number, the mean over the samples."
            );
        if (!mean.requires_grad)
            throw new ArgumentException(
                "loss does not depend on the parameters, or by operations that torch cannot differentiate (detach, no_grad, whole numbers)."
            );
        if (mean.dtype != theta.dtype)
            throw new ArgumentException(
                $"loss is {mean.dtype} and theta {theta.dtype}; the precision must not change on the way."
            );
        if (mean.device_type != theta.device_type)
            throw new ArgumentException(
                $"loss is on {mean.device_type} and theta on {theta.device_type}; the device must not change on the way."
            );
        return mean;
    }

    /// <summary>A loss that is drawn is no surface. Sums may run in another order on a GPU, so some roundoffs are let pass.</summary>
    private static void RefuseRandomness(Tensor mean, Tensor again)
    {
        double first = mean.detach().to(ScalarType.Float64).item<double>(),
            second = again.detach().to(ScalarType.Float64).item<double>();
        var roundoff = Math.ScaleB(1, mean.dtype == ScalarType.Float64 ? -53 : -24);
        if (Math.Abs(first - second) > 100 * roundoff * Math.Max(1, Math.Abs(first)))
            throw new ArgumentException(
                $"loss is {first:R} and then {second:R} at the same parameters; it must be a function of them: switch off dropout and other randomness, as eval() does."
            );
    }
}
