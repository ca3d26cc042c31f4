using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// A network linearised at one point over some samples, by hand: forward pass, backward pass, and for k directions at once the derivatives of both along each direction
/// (Pearlmutter 1994), so that H V costs one forward and one backward pass of tangents and no graph.
/// With z_l = a_l W_l^T + b_l, a_(l+1) = f(z_l), d_l = dL/dz_l, and a dot for the derivative along V:
/// forward z'_l = a'_l W_l^T + a_l V_l^T + c_l, a'_(l+1) = f'(z_l) z'_l; at the outputs d' = H_out z';
/// backward e'_l = d'_(l+1) W_(l+1) + d_(l+1) V_(l+1), d'_l = f'(z_l) e'_l + f''(z_l) e_l z'_l; and (H v)_l = d'_l^T a_l + d_l^T a'_l.
/// Leaving out every term in d and e gives the Gauss-Newton part J^T H_out J v.
/// Tangents are [samples, k, width]: the first layer, the widest, is then one matrix product for all directions.
/// </summary>
internal sealed class Linearisation : ILinearisation
{
    private readonly Architecture _architecture;
    private readonly List<Layer> _layers = [];
    private readonly OutputHessian _outputHessian;
    private readonly long _total;

    /// <summary>Passes the samples forward and back.</summary>
    public Linearisation(Architecture architecture, Tensor theta, SamplePart part)
    {
        (_architecture, _total) = (architecture, part.Total);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = FlatParameters.Views(architecture, theta.detach());
        var (inputs, slopes, bends) = (
            new Tensor[weights.Length],
            new Tensor?[weights.Length],
            new Tensor?[weights.Length]
        );
        var a = part.Inputs;
        for (var l = 0; l < weights.Length; l++)
        {
            inputs[l] = a;
            a = addmm(weights[l].Bias, a, weights[l].Weight.t(), 1, 1);
            if (l + 1 < weights.Length)
                (a, slopes[l], bends[l]) = architecture.Activation.Derivatives(a);
        }

        var loss = ForwardPass.Loss(architecture, a, part.Targets).Times(part.Share);
        Loss = loss.to(ScalarType.Float64).DetachFromDisposeScope();
        var (perSample, hessian) = architecture.Loss.Derivatives(a, part.Targets);
        (var delta, _outputHessian) = (perSample.Over(_total), hessian);
        var gradient = new Tensor[2 * weights.Length];
        for (var l = weights.Length - 1; l >= 0; l--)
        {
            (gradient[2 * l], gradient[(2 * l) + 1]) = (delta.t().mm(inputs[l]).flatten(), delta.sum(0L));
            _layers.Insert(0, Kept(weights[l].Weight, inputs[l], delta, slopes[l], bends[l]));
            if (l == 0)
                break;
            var back = delta.mm(weights[l].Weight);
            delta = slopes[l - 1] is { } slope ? back * slope : back;
            if (bends[l - 1] is { } bend)
                bends[l - 1] = bend * back;
        }

        Gradient = cat(gradient).DetachFromDisposeScope();
    }

    /// <summary>The samples' share of the mean loss, a float64 scalar: read only where it is asked for, since that
    /// waits for a GPU.</summary>
    public Tensor Loss { get; }

    /// <summary>The samples' share of the gradient, [P].</summary>
    public Tensor Gradient { get; }

    /// <summary>The samples' share of H V, or of its Gauss-Newton part, [k, P] for directions [k, P]; belongs to the current dispose scope.</summary>
    public Tensor Product(Tensor directions, bool gaussNewton = false)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var blocks = FlatParameters.Blocks(_architecture, directions);
        var (forward, outputs) = Tangents(blocks);
        var delta = _outputHessian.Product(outputs).Over(_total);
        var parts = new Tensor[2 * _layers.Count];
        long k = directions.shape[0];
        for (var l = _layers.Count - 1; l >= 0; l--)
        {
            var layer = _layers[l];
            var product = delta.flatten(1).t().mm(layer.Input).view(k, -1);
            if (!gaussNewton && forward[l].Activation is { } moved)
            {
                var turned = layer.Delta.t().mm(moved.flatten(1)).view(layer.Delta.shape[1], k, -1);
                product = product.Increase(turned.permute(1, 0, 2).reshape(k, -1));
            }

            (parts[2 * l], parts[(2 * l) + 1]) = (product, delta.sum(0L));
            if (l == 0)
                break;
            delta = Back(l, delta, blocks[l].Weight, gaussNewton ? null : forward[l - 1].Preactivation);
        }

        return cat(parts, 1).MoveToOuterDisposeScope();
    }

    /// <summary>The derivatives of each sample's own loss along each direction, [samples, k]: g_i . v_j by one forward pass of tangents; belongs to the current dispose scope.</summary>
    public Tensor SampleDerivatives(Tensor directions)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (_, outputs) = Tangents(FlatParameters.Blocks(_architecture, directions));
        return (outputs * _layers[^1].Delta.unsqueeze(1)).sum(2).Times(_total).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
        _outputHessian.Dispose();
        Loss.Dispose();
        Gradient.Dispose();
    }

    private static Layer Kept(Tensor weight, Tensor input, Tensor delta, Tensor? slope, Tensor? bend) =>
        new(
            weight.alias().DetachFromDisposeScope(),
            input.alias().DetachFromDisposeScope(),
            delta.DetachFromDisposeScope(),
            slope?.DetachFromDisposeScope(),
            bend?.DetachFromDisposeScope()
        );

    /// <summary>z' of every hidden layer and a' of every layer's input (null for the first, whose input is fixed), and z' of the outputs.</summary>
    private ((Tensor? Activation, Tensor Preactivation)[] Layers, Tensor Outputs) Tangents(
        (Tensor Weight, Tensor Bias)[] directions
    )
    {
        var all = new (Tensor? Activation, Tensor Preactivation)[_layers.Count];
        Tensor? a = null;
        for (var l = 0; l < _layers.Count; l++)
        {
            var (layer, (v, c)) = (_layers[l], directions[l]);
            var (n, k, width) = (layer.Input.shape[0], v.shape[0], v.shape[1]);
            var z = addmm(c.reshape(-1), layer.Input, v.reshape(k * width, -1).t(), 1, 1).view(n * k, width);
            if (a is not null)
                z = z.addmm_(a.view(n * k, -1), layer.Weight.t(), 1, 1);
            z = z.view(n, k, width);
            all[l] = (a, z);
            a = layer.Slope is { } slope ? z * slope.unsqueeze(1) : z;
        }

        return (all, all[^1].Preactivation);
    }

    private Tensor Back(int l, Tensor delta, Tensor v, Tensor? moved)
    {
        var (layer, below) = (_layers[l], _layers[l - 1]);
        var (n, k, width) = (delta.shape[0], delta.shape[1], delta.shape[2]);
        var back = delta.reshape(n * k, width).mm(layer.Weight).view(n, k, -1);
        if (moved is not null)
            back = back.Increase(layer.Delta.mm(v.permute(1, 0, 2).reshape(width, -1)).view(n, k, -1));
        if (below.Slope is { } slope)
            back = back.mul_(slope.unsqueeze(1));
        return moved is not null && below.Bend is { } bend ? back.AddProduct(bend.unsqueeze(1), moved) : back;
    }

    /// <summary>What one layer keeps: W, a, d, f'(z), and f''(z) e.</summary>
    private sealed record Layer(Tensor Weight, Tensor Input, Tensor Delta, Tensor? Slope, Tensor? Bend) : IDisposable
    {
        public void Dispose()
        {
            foreach (var tensor in new[] { Weight, Input, Delta, Slope, Bend })
                tensor?.Dispose();
        }
    }
}
