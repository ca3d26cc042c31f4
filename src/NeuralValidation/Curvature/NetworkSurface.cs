using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The mean loss of a fully connected network over fixed samples, as a surface over its flat parameter vector.
/// Gradients come from reverse mode, Hessian products from a linearisation written by hand, directional derivatives from a Taylor-mode forward pass (and one reverse pass for their gradients);
/// <see cref="Disagreement"/> holds all but the first against nested reverse mode. With a chunk, every full-batch quantity is a sum over chunks of samples in their order,
/// so that memory does not grow with the data: the numbers then differ from those without by rounding only, and are the same bits from run to run.
/// </summary>
public sealed class NetworkSurface : IStochasticSurface<Tensor>, IDisposable
{
    private readonly TensorSpace _space;

    /// <summary>Binds a network to data.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="inputs">Inputs, samples x input width, row by row.</param>
    /// <param name="labels">One class a sample, from 0 to output width - 1.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="chunk">The most samples to pass through the network at once, at least 1; null for all.</param>
    /// <exception cref="ArgumentException">Sizes do not agree, or a label or the chunk is out of range.</exception>
    public NetworkSurface(Architecture architecture, float[] inputs, int[] labels, ScalarType type, Device device, int? chunk = null)
        : this(architecture, () => tensor(SampleSet.Checked(architecture, inputs, labels, chunk), [labels.Length, architecture.Widths[0]], type, device), labels, type, device, chunk)
    {
    }

    /// <summary>Binds a network to data in float64.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="inputs">Inputs, samples x input width, row by row.</param>
    /// <param name="labels">One class a sample.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="chunk">The most samples to pass through the network at once, at least 1; null for all.</param>
    public NetworkSurface(Architecture architecture, double[] inputs, int[] labels, ScalarType type, Device device, int? chunk = null)
        : this(architecture, () => tensor(SampleSet.Checked(architecture, inputs, labels, chunk), [labels.Length, architecture.Widths[0]], type, device), labels, type, device, chunk)
    {
    }

    private NetworkSurface(Architecture architecture, Func<Tensor> inputs, int[] labels, ScalarType type, Device device, int? chunk)
    {
        var data = inputs();
        Architecture = architecture;
        _space = new TensorSpace(architecture.ParameterCount, type, device);
        Samples = new SampleSet(data, labels, architecture.Widths[^1], chunk);
    }

    /// <summary>The network.</summary>
    public Architecture Architecture { get; }

    /// <inheritdoc/>
    public IVectorSpace<Tensor> Space => _space;

    /// <inheritdoc/>
    public CostLedger Cost { get; } = new();

    /// <inheritdoc/>
    public int MaximumOrder => 6;

    int IStochasticSurface<Tensor>.Samples => Samples.Count;

    internal SampleSet Samples { get; }

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
        return Sum(gradient, part => LossAndGradient(theta, part));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch is empty, or an index is not that of a sample.</exception>
    public double BatchLossAndGradient(Tensor theta, ReadOnlySpan<int> batch, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        Require.InRange(batch.Length, 1, name: "batch size");
        foreach (var sample in batch) Require.InRange(sample, 0, Samples.Count - 1, "index in batch");
        Cost.BatchWork += (double)batch.Length / Samples.Count;
        using var outer = NewDisposeScope();
        Tensor? loss = null;
        for (var i = 0; i < Samples.BatchParts(batch.Length); i++)
        {
            using var scope = NewDisposeScope();
            var (share, term) = LossAndGradient(theta, Samples.BatchPart(batch, i));
            loss = loss is null ? share.MoveToOuterDisposeScope() : loss.Increase(share);
            if (i == 0) gradient.copy_(term);
            else gradient.Increase(term);
        }

        return loss!.item<double>();
    }

    /// <inheritdoc cref="ISurface{TVector}.At"/>
    public NetworkPoint At(Tensor theta) => new(this, theta);

    ISurfacePoint<Tensor> ISurface<Tensor>.At(Tensor theta) => At(theta);

    /// <summary>The share of samples whose largest output is that of their label.</summary>
    /// <param name="theta">The parameters.</param>
    /// <returns>Accuracy from 0 to 1.</returns>
    public double Accuracy(Tensor theta)
    {
        Cost.ForwardPasses++;
        using var noGradient = no_grad();
        long right = 0;
        for (var i = 0; i < Samples.Parts; i++)
        {
            using var scope = NewDisposeScope();
            var part = Samples.Part(i);
            right += ForwardPass.Outputs(Architecture, theta, part.Inputs).argmax(1).eq(part.Targets.argmax(1)).sum().item<long>();
        }

        return (double)right / Samples.Count;
    }

    /// <summary>
    /// The covariance over the samples of their gradients' components along given directions, C_jk = mean_i (g_i . v_j - g . v_j)(g_i . v_k - g . v_k): the noise that (3.12) splits off.
    /// The mean gradient over b samples drawn with replacement has covariance C / b, drawn without (n - b) / (n - 1) of that.
    /// One forward pass of tangents gives g_i . v for all samples and directions; there is no loop over samples. The ledger books a gradient and one Taylor pass of order 1 for each direction.
    /// </summary>
    /// <param name="theta">The parameters.</param>
    /// <param name="directions">The directions, not normalised here; all of the block.</param>
    /// <returns>A symmetric matrix, one row a direction, in squared units of the gradient times the direction.</returns>
    public Matrix<double> GradientNoise(Tensor theta, IVectorBlock<Tensor> directions)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(directions);
        Cost.Gradients++;
        for (var i = 0; i < directions.Capacity; i++) Cost.AddTaylorPass(1, differentiated: false);
        using var scope = NewDisposeScope();
        var rows = TensorBlock.Matrix(directions, directions.Capacity);
        var components = new Tensor[Samples.Parts];
        for (var i = 0; i < components.Length; i++)
        {
            using var at = new Linearisation(Architecture, theta, Samples.Part(i));
            components[i] = at.SampleDerivatives(rows).to(ScalarType.Float64);
        }

        var all = cat(components);
        all -= all.mean([0], keepdim: true);
        var covariance = all.t().mm(all).Over(Samples.Count).cpu();
        return Matrix<double>.Build.Dense(directions.Capacity, directions.Capacity, covariance.data<double>().ToArray());
    }

    /// <summary>
    /// How far the two routes to the curvature differ at a point: the default ones (linearisation by hand, Taylor mode) against nested reverse mode. Expect some hundred roundoffs of the precision in use;
    /// much more says that the numbers cannot be believed there. The ledger books both routes.
    /// </summary>
    /// <param name="theta">The parameters.</param>
    /// <param name="direction">The direction v, not zero.</param>
    /// <returns>The relative differences.</returns>
    public RouteDisagreement Disagreement(Tensor theta, Tensor direction) => RouteDisagreement.Measure(this, theta, direction);

    /// <inheritdoc/>
    public void Dispose() => Samples.Dispose();

    /// <summary>
    /// result := the sum of a vector over the parts in their order; returns the sum of the float64 scalars beside it, 0
    /// where there are none. The result is written at the end, so that it may be an operand. A GPU is waited for once,
    /// at the end, and only where there is a scalar.
    /// </summary>
    internal double Sum(Tensor result, Func<SamplePart, (Tensor? Scalar, Tensor Vector)> term)
    {
        using var scope = NewDisposeScope();
        Tensor? total = null, sum = null;
        for (var i = 0; i < Samples.Parts; i++)
        {
            using var inner = NewDisposeScope();
            var (scalar, vector) = term(Samples.Part(i));
            if (scalar is not null) total = total is null ? scalar.clone().MoveToOuterDisposeScope()
                : total.Increase(scalar);
            sum = sum is null ? vector.MoveToOuterDisposeScope() : sum.Increase(vector);
        }

        result.copy_(sum!);
        return total?.item<double>() ?? 0;
    }

    private (Tensor Loss, Tensor Gradient) LossAndGradient(Tensor theta, SamplePart part)
    {
        var leaf = theta.detach().requires_grad_(true);
        var loss = ForwardPass.Loss(Architecture, ForwardPass.Outputs(Architecture, leaf, part.Inputs), part.Targets).Times(part.Share);
        return (loss.detach().to(ScalarType.Float64), Autograd.Gradient(loss, leaf));
    }
}
