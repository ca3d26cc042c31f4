using System.Runtime.InteropServices;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Loss and gradient of the diagonal network on data; parameters (u, v), d components each.</summary>
public readonly struct DiagonalRegressionModel : IResidualModel
{
    private readonly double[] _inputs,
        _targets;

    internal DiagonalRegressionModel(double[] inputs, double[] targets) => (_inputs, _targets) = (inputs, targets);

    /// <inheritdoc/>
    public int Outputs => Samples;

    internal int Samples => _targets.Length;

    /// <summary>The network on some of the samples.</summary>
    internal DiagonalRegressionModel On(ReadOnlySpan<int> batch)
    {
        var width = _inputs.Length / Samples;
        double[] inputs = new double[batch.Length * width],
            targets = new double[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            Require.InRange(batch[i], 0, Samples - 1, nameof(batch));
            _inputs.AsSpan(batch[i] * width, width).CopyTo(inputs.AsSpan(i * width));
            targets[i] = _targets[batch[i]];
        }

        return new DiagonalRegressionModel(inputs, targets);
    }

    /// <inheritdoc/>
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var s = 0; s < Samples; s++)
        {
            var residual = Error(theta, s);
            sum += residual * residual;
        }

        return (T)(0.5 / Samples) * sum;
    }

    /// <inheritdoc/>
    public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T>
    {
        var slopes = gradient[..(theta.Length / 2)];
        slopes.Fill(0.0);
        for (var s = 0; s < Samples; s++)
            AddSample(theta, s, 1.0 / Samples, slopes);
        Expand(theta, gradient);
    }

    /// <summary>slopes += weight x_s (x_s . (u v) - y_s): what sample s adds to dL/d(u v).</summary>
    internal void AddSample<T>(ReadOnlySpan<T> theta, int sample, double weight, Span<T> slopes)
        where T : struct, IReal<T>
    {
        var residual = (T)weight * Error(theta, sample);
        for (var j = 0; j < slopes.Length; j++)
            slopes[j] += (T)_inputs[(sample * slopes.Length) + j] * residual;
    }

    /// <summary>z_s = (x_s . (u v) - y_s) / sqrt(n).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="theta">The point.</param>
    /// <param name="index">The sample s.</param>
    public T Residual<T>(ReadOnlySpan<T> theta, int index)
        where T : struct, IReal<T> => (T)(1 / Math.Sqrt(Samples)) * Error(theta, index);

    /// <inheritdoc/>
    public void ResidualGradient<T>(ReadOnlySpan<T> theta, int index, Span<T> gradient)
        where T : struct, IReal<T>
    {
        var width = theta.Length / 2;
        for (var j = 0; j < width; j++)
            gradient[j] = (1 / Math.Sqrt(Samples)) * _inputs[(index * width) + j];
        Expand(theta, gradient);
    }

    /// <summary>From the slopes c in the first half to the gradient (c v, c u).</summary>
    internal static void Expand<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T>
    {
        var width = theta.Length / 2;
        for (var j = 0; j < width; j++)
            (gradient[j], gradient[width + j]) = (gradient[j] * theta[width + j], gradient[j] * theta[j]);
    }

    /// <summary>x_s . (u v) - y_s.</summary>
    internal T Error<T>(ReadOnlySpan<T> theta, int sample)
        where T : struct, IReal<T>
    {
        var width = theta.Length / 2;
        T sum = -_targets[sample];
        for (var j = 0; j < width; j++)
            sum += (T)_inputs[(sample * width) + j] * theta[j] * theta[width + j];
        return sum;
    }
}

/// <summary>
/// The two-layer diagonal linear network on data X (n x d), y, eq. (3.10): L = 1/(2n) |X w - y|^2, w = u v by components, theta = (u, v), defined everywhere. With c = X^T (X w - y) / n:
/// gradient (c v, c u); Hessian J^T (X^T X / n) J plus c on the two off-diagonals, J = [diag v, diag u]; degree 4.
/// Minima: X^T (X w - y) = 0; there S is the largest eigenvalue of J^T (X^T X / n) J. (3.1) holds per coordinate with c_i for z',
/// at every step of full-batch descent, and of stochastic descent with the batch's own c_i, eq. (3.12).
/// </summary>
public sealed class DiagonalRegression : ResidualLandscape<DiagonalRegressionModel>, IStochasticLandscape
{
    /// <summary>Makes the network.</summary>
    /// <param name="inputs">X, n x d, finite, n and d at least 1.</param>
    /// <param name="targets">y, n components, finite.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or a number is not finite.</exception>
    public DiagonalRegression(double[,] inputs, double[] targets)
        : this(Checked(inputs, targets), 2 * inputs.GetLength(1)) { }

    private DiagonalRegression(DiagonalRegressionModel model, int dimension)
        : base("diagonal-regression", model, dimension) { }

    /// <inheritdoc/>
    public int Samples => Model.Samples;

    /// <summary>d.</summary>
    public int Width => Dimension / 2;

    /// <summary>Draws data: X of independent standard normal numbers, y = X w + noise with w standard normal as well.</summary>
    /// <param name="samples">n, at least 1.</param>
    /// <param name="width">d, at least 1.</param>
    /// <param name="noise">The standard deviation of the noise, finite and at least 0.</param>
    /// <param name="seed">Seeds the generator.</param>
    public static DiagonalRegression Random(int samples, int width, double noise, int seed)
    {
        Require.NotNegative(noise);
        Require.InRange(samples, 1);
        Require.InRange(width, 1);
        // One row more than there are samples: the last is the teacher w.
        var drawn = MatrixData.Gaussian(samples + 1, width, seed);
        var errors = MatrixData.Gaussian(samples, 1, unchecked(seed + 1));
        var inputs = new double[samples, width];
        var targets = new double[samples];
        for (var s = 0; s < samples; s++)
        {
            targets[s] = noise * errors[s, 0];
            for (var j = 0; j < width; j++)
                targets[s] += (inputs[s, j] = drawn[s, j]) * drawn[samples, j];
        }

        return new(inputs, targets);
    }

    /// <inheritdoc/>
    public void BatchGradient(ReadOnlySpan<double> theta, ReadOnlySpan<int> batch, Span<double> gradient)
    {
        Require.Length(gradient.Length, Dimension, nameof(gradient));
        EffectiveSlopes(theta, batch, gradient[..Width]);
        DiagonalRegressionModel.Expand(
            MemoryMarshal.Cast<double, Scalar>(theta),
            MemoryMarshal.Cast<double, Scalar>(gradient)
        );
    }

    /// <inheritdoc/>
    public double BatchLossAndGradient(double[] theta, ReadOnlySpan<int> batch, double[] gradient)
    {
        Cost.BatchWork += (double)batch.Length / Samples;
        BatchGradient(theta, batch, gradient);
        var sum = 0.0;
        foreach (var sample in batch)
        {
            var residual = Model.Error<Scalar>(MemoryMarshal.Cast<double, Scalar>(theta), sample).Value;
            sum += residual * residual;
        }

        return sum / (2 * batch.Length);
    }

    /// <inheritdoc/>
    public ISurface<double[]> Batch(ReadOnlySpan<int> batch) =>
        new DiagonalRegression(Model.On(Nonempty(batch)), Dimension);

    /// <summary>slopes[i] := c_i = dL/d(u_i v_i), what (3.1) has for z' in coordinate i, over all samples.</summary>
    /// <param name="theta">The point, 2 d components.</param>
    /// <param name="slopes">Overwritten, d components.</param>
    public void EffectiveSlopes(ReadOnlySpan<double> theta, Span<double> slopes)
    {
        RequireLengths(theta, slopes);
        for (var s = 0; s < Samples; s++)
            Add(theta, s, 1.0 / Samples, slopes);
    }

    /// <summary>The slopes c_i of the mean loss over a batch, z'_B of eq. (3.12).</summary>
    /// <param name="theta">The point, 2 d components.</param>
    /// <param name="batch">The samples, from 0 to n - 1, at least one.</param>
    /// <param name="slopes">Overwritten, d components.</param>
    public void EffectiveSlopes(ReadOnlySpan<double> theta, ReadOnlySpan<int> batch, Span<double> slopes)
    {
        foreach (var sample in Nonempty(batch))
            Require.InRange(sample, 0, Samples - 1, nameof(batch));
        RequireLengths(theta, slopes);
        foreach (var sample in batch)
            Add(theta, sample, 1.0 / batch.Length, slopes);
    }

    private void RequireLengths(ReadOnlySpan<double> theta, Span<double> slopes)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        Require.Length(slopes.Length, Width, nameof(slopes));
        slopes.Clear();
    }

    private void Add(ReadOnlySpan<double> theta, int sample, double weight, Span<double> slopes) =>
        Model.AddSample(
            MemoryMarshal.Cast<double, Scalar>(theta),
            sample,
            weight,
            MemoryMarshal.Cast<double, Scalar>(slopes)
        );

    private static ReadOnlySpan<int> Nonempty(ReadOnlySpan<int> batch)
    {
        Require.InRange(batch.Length, 1, name: nameof(batch));
        return batch;
    }

    private static DiagonalRegressionModel Checked(double[,] inputs, double[] targets)
    {
        var flat = MatrixData.Flat(inputs, nameof(inputs));
        ArgumentNullException.ThrowIfNull(targets);
        Require.Length(targets.Length, inputs.GetLength(0), nameof(targets));
        Require.AllFinite(targets);
        return new(flat, [.. targets]);
    }
}
