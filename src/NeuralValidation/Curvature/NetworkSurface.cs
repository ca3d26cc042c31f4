using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The full-batch loss of a fully connected network on fixed data, as a surface over its flat parameter vector.
/// Gradients and Hessian-vector products come from nested reverse mode, directional derivatives from a Taylor-mode forward pass (and one reverse pass for their gradients).
/// </summary>
public sealed class NetworkSurface : ISurface<Tensor>, IDisposable
{
    private readonly Tensor _inputs, _targets;
    private readonly TensorSpace _space;

    /// <summary>Binds a network to data.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="pixels">Inputs, samples x input width, row by row.</param>
    /// <param name="labels">One class a sample, from 0 to output width - 1.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="ArgumentException">Sizes do not agree, or a label is out of range.</exception>
    public NetworkSurface(Architecture architecture, float[] pixels, int[] labels, ScalarType type, Device device)
        : this(architecture, tensor(Checked(architecture, pixels, labels), [labels.Length, architecture.Widths[0]], type, device), labels, type, device)
    {
    }

    /// <summary>Binds a network to data in float64.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="inputs">Inputs, samples x input width, row by row.</param>
    /// <param name="labels">One class a sample.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    public NetworkSurface(Architecture architecture, double[] inputs, int[] labels, ScalarType type, Device device)
        : this(architecture, tensor(Checked(architecture, inputs, labels), [labels.Length, architecture.Widths[0]], type, device), labels, type, device)
    {
    }

    private NetworkSurface(Architecture architecture, Tensor inputs, int[] labels, ScalarType type, Device device)
    {
        Architecture = architecture;
        _space = new TensorSpace(architecture.ParameterCount, type, device);
        // A tensor made from an array may lie in the array's own memory, wherever that starts, and matrix products round differently at different alignments: torch's own memory is always aligned alike.
        _inputs = inputs.clone().DetachFromDisposeScope();
        inputs.Dispose();
        var classes = architecture.Widths[^1];
        var oneHot = new double[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++) oneHot[(i * classes) + Require.InRange(labels[i], 0, classes - 1, $"labels[{i}]")] = 1;
        _targets = tensor(oneHot, [labels.Length, classes], type, device).DetachFromDisposeScope();
    }

    /// <summary>The network.</summary>
    public Architecture Architecture { get; }

    /// <inheritdoc/>
    public IVectorSpace<Tensor> Space => _space;

    /// <inheritdoc/>
    public CostLedger Cost { get; } = new();

    /// <inheritdoc/>
    public int MaximumOrder => 6;

    /// <summary>Makes a parameter vector of the surface's precision and device.</summary>
    /// <param name="theta">The components.</param>
    /// <returns>The vector, to be released by the caller.</returns>
    public Tensor Parameters(double[] theta) => _space.Create(theta);

    /// <inheritdoc/>
    public double LossAndGradient(Tensor theta, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        Cost.Gradients++;
        using var scope = NewDisposeScope();
        var leaf = theta.detach().requires_grad_(true);
        var loss = Loss(leaf);
        gradient.copy_(Autograd.Gradient(loss, leaf));
        return loss.to(ScalarType.Float64).item<double>();
    }

    /// <inheritdoc/>
    public ISurfacePoint<Tensor> At(Tensor theta) => new NetworkPoint(this, theta);

    /// <summary>The share of samples whose largest output is that of their label.</summary>
    /// <param name="theta">The parameters.</param>
    /// <returns>Accuracy from 0 to 1.</returns>
    public double Accuracy(Tensor theta)
    {
        Cost.ForwardPasses++;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var outputs = ForwardPass.Outputs(Architecture, theta, _inputs);
        return outputs.argmax(1).eq(_targets.argmax(1)).to(ScalarType.Float64).mean().item<double>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
    }

    internal Tensor Loss(Tensor leaf) => ForwardPass.Loss(Architecture, ForwardPass.Outputs(Architecture, leaf, _inputs), _targets);

    internal Tensor[] LossSeries(Tensor theta, Tensor direction, int order) => TaylorMode.Loss(Architecture, theta, direction, _inputs, _targets, order);

    private static T[] Checked<T>(Architecture architecture, T[] inputs, int[] labels)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        Require.InRange(labels.Length, 1, name: "number of samples");
        Require.Length(inputs.Length, labels.Length * architecture.Widths[0], nameof(inputs));
        return inputs;
    }
}
