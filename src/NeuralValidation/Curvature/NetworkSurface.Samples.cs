using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <content>What is asked of single samples or of some of them: minibatches, accuracy, gradient noise.</content>
public sealed partial class NetworkSurface
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch is empty, or an index is not that of a sample.</exception>
    /// <exception cref="InvalidOperationException">The network ties its samples together.</exception>
    public double BatchLossAndGradient(Tensor theta, ReadOnlySpan<int> batch, Tensor gradient)
    {
        Check(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        RefuseTied("a minibatch is asked for");
        Checked(batch);
        Cost.BatchWork += (double)batch.Length / Samples.Count;
        using var outer = NewDisposeScope();
        Tensor? loss = null;
        for (var i = 0; i < Samples.BatchParts(batch.Length); i++)
        {
            using var scope = NewDisposeScope();
            var (share, term) = Route.LossAndGradient(theta, Samples.BatchPart(batch, i));
            loss = loss is null ? share.MoveToOuterDisposeScope() : loss.Increase(share);
            if (i == 0)
                gradient.copy_(term);
            else
                gradient.Increase(term);
        }

        if (L2 != 0)
        {
            gradient.Increase(theta.detach().Times(L2));
            loss = loss!.Plus(QuadraticTerm(theta));
        }

        return loss!.item<double>();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch is empty, or an index is not that of a sample.</exception>
    /// <exception cref="InvalidOperationException">The network ties its samples together.</exception>
    public ISurface<Tensor> Batch(ReadOnlySpan<int> batch)
    {
        RefuseTied("a minibatch is asked for");
        return new NetworkSurface(Route, Samples.Subset(Checked(batch)), _type, _device) { L2 = L2 };
    }

    /// <summary>The share of samples whose largest output is that of their label.</summary>
    /// <param name="theta">The parameters.</param>
    /// <returns>Accuracy from 0 to 1.</returns>
    /// <exception cref="InvalidOperationException">The targets are not classes.</exception>
    public double Accuracy(Tensor theta)
    {
        if (_right is null)
            throw new InvalidOperationException("Accuracy needs classes: targets of 64-bit whole numbers.");
        Check(theta);
        Cost.ForwardPasses++;
        var (right, all) = (0L, 0L);
        for (var i = 0; i < Samples.Parts; i++)
        {
            using var scope = NewDisposeScope();
            var part = Samples.Part(i);
            var hits = _right(Route.Outputs(theta, part.Inputs), part.Targets);
            (right, all) = (right + hits.sum().item<long>(), all + hits.numel());
        }

        return (double)right / all;
    }

    /// <summary>
    /// The covariance over the samples of their gradients' components along given directions, C_jk = mean_i (g_i . v_j - g . v_j)(g_i . v_k - g . v_k): the noise that (3.12) splits off.
    /// The mean gradient over b samples drawn with replacement has covariance C / b, drawn without (n - b) / (n - 1) of
    /// that. The quadratic term L2 is the same for all samples and adds nothing.
    /// One forward pass of tangents gives g_i . v for all samples and directions; there is no loop over samples. The ledger books a gradient and one Taylor pass of order 1 for each direction.
    /// </summary>
    /// <param name="theta">The parameters.</param>
    /// <param name="directions">The directions, not normalised here; all of the block.</param>
    /// <returns>A symmetric matrix, one row a direction, in squared units of the gradient times the direction.</returns>
    /// <exception cref="InvalidOperationException">The network ties its samples together.</exception>
    public Matrix<double> GradientNoise(Tensor theta, IVectorBlock<Tensor> directions)
    {
        ArgumentNullException.ThrowIfNull(directions);
        using var scope = NewDisposeScope();
        var all = SampleComponents(theta, directions, directions.Capacity);
        all -= all.mean([0], keepdim: true);
        var covariance = all.t().mm(all).Over(Samples.Count).cpu();
        return Matrix<double>.Build.Dense(
            directions.Capacity,
            directions.Capacity,
            covariance.data<double>().ToArray()
        );
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One forward pass of tangents for all samples and directions. The ledger books a gradient and one Taylor pass of
    /// order 1 for each direction.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The network ties its samples together.</exception>
    public double[,] SampleDerivatives(Tensor theta, IVectorBlock<Tensor> directions, int count)
    {
        ArgumentNullException.ThrowIfNull(directions);
        Require.InRange(count, 1, directions.Capacity);
        using var scope = NewDisposeScope();
        var components = SampleComponents(theta, directions, count).cpu().data<double>().ToArray();
        var derivatives = new double[Samples.Count, count];
        for (var j = 0; j < count; j++)
        {
            // The quadratic term is part of every sample's loss, as it is of every batch's.
            var common = L2 == 0 ? 0 : L2 * Space.Dot(theta, directions[j]);
            for (var i = 0; i < Samples.Count; i++)
                derivatives[i, j] = components[(i * count) + j] + common;
        }

        return derivatives;
    }

    /// <summary>g_i . d_j without the quadratic term, float64, [samples, count].</summary>
    private Tensor SampleComponents(Tensor theta, IVectorBlock<Tensor> directions, int count)
    {
        Check(theta);
        RefuseTied("gradients of single samples are asked for");
        Cost.Gradients++;
        for (var i = 0; i < count; i++)
            Cost.AddTaylorPass(1, differentiated: false);
        using var scope = NewDisposeScope();
        var rows = TensorBlock.Matrix(directions, count);
        var components = new Tensor[Samples.Parts];
        for (var i = 0; i < components.Length; i++)
        {
            using var at = Route.At(theta, Samples.Part(i));
            components[i] = at.SampleDerivatives(rows).to(ScalarType.Float64);
        }

        return cat(components).MoveToOuterDisposeScope();
    }

    private ReadOnlySpan<int> Checked(ReadOnlySpan<int> batch)
    {
        Require.InRange(batch.Length, 1, name: "batch size");
        foreach (var sample in batch)
            Require.InRange(sample, 0, Samples.Count - 1, "index in batch");
        return batch;
    }

    private void RefuseTied(string what)
    {
        if (_tied)
            throw new InvalidOperationException($"{what}, but {TiedSamples}");
    }
}
