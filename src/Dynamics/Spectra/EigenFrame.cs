using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// Leading eigenpairs of a Hessian, largest first, and the trailing (most negative) one, with their residuals:
/// the result of one eigenvalue measurement, overwritten by the next when the frame is reused.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class EigenFrame<TVector> : IDisposable
{
    /// <summary>Makes room for <paramref name="count"/> leading pairs.</summary>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="count">Number of leading pairs, 1 to the dimension.</param>
    public EigenFrame(IVectorSpace<TVector> space, int count)
    {
        ArgumentNullException.ThrowIfNull(space);
        Count = Require.InRange(count, 1, space.Dimension);
        Values = new double[count];
        Residuals = new double[count];
        Vectors = space.CreateBlock(count + 1);
    }

    /// <summary>The number k of leading pairs.</summary>
    public int Count { get; }

    /// <summary>lambda_1 >= ... >= lambda_k.</summary>
    public double[] Values { get; }

    /// <summary>|H v_i - lambda_i v_i| for each leading pair, never below the rounding error of the computation.</summary>
    public double[] Residuals { get; }

    /// <summary>Unit eigenvectors as rows: the k leading ones, then the trailing one.</summary>
    public IVectorBlock<TVector> Vectors { get; }

    /// <summary>The smallest eigenvalue lambda_P (eq. 1.2's lambda_neg when it is negative); NaN where it was not measured, and <see cref="TrailingVector"/> is then that of an earlier measurement.</summary>
    public double Trailing { get; internal set; }

    /// <summary>The residual of the trailing pair.</summary>
    public double TrailingResidual { get; internal set; }

    /// <summary>The unit eigenvector of the trailing pair.</summary>
    public TVector TrailingVector => Vectors[Count];

    /// <summary>The best estimate of lambda_(k+1), which closes the last gap; NaN when k equals the dimension.</summary>
    public double Next { get; internal set; }

    /// <summary>
    /// An upper bound of lambda_(k+1), eq. (10.5): what is not in the frame lies below, but for a probability of at
    /// most 1e-6 a search, and between searches on the assumption that what is unseen moves no faster than what is
    /// seen.
    /// Infinite where nothing was looked for or nothing could be shown; minus infinity where k equals the dimension.
    /// </summary>
    public double NextBound { get; internal set; } = double.PositiveInfinity;

    /// <summary>
    /// True where an eigenvalue that belongs among the leading ones by more than the residuals may have been missed:
    /// <see cref="NextBound"/> lies above the k-th value by more than the largest residual.
    /// </summary>
    public bool PossiblyMissed => !(NextBound <= Values[^1] + Residuals.Max());

    /// <summary>True when every pair met the tolerance asked for. Never where a number is not finite.</summary>
    public bool Converged { get; internal set; }

    /// <summary>Hessian-vector products spent.</summary>
    public int Products { get; internal set; }

    /// <summary>Distance of lambda_i (i from 0) to the nearest other known eigenvalue; infinite in one dimension.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The gap, at least 0.</returns>
    public double Gap(int index)
    {
        var gap = double.PositiveInfinity;
        for (var j = 0; j < Count; j++)
            if (j != index)
                gap = Math.Min(gap, Math.Abs(Values[index] - Values[j]));
        if (!double.IsNaN(Next))
            gap = Math.Min(gap, Math.Abs(Values[index] - Next));
        return gap;
    }

    /// <summary>
    /// The distance that lambda_i certainly keeps from every other eigenvalue, eq. (10.6): known values may be off by
    /// their residuals, and what was not seen may lie as high as <see cref="NextBound"/>.
    /// </summary>
    internal double Separation(int index)
    {
        var separation = Values[index] - NextBound;
        for (var j = 0; j < Count; j++)
            if (j != index)
                separation = Math.Min(separation, Math.Abs(Values[index] - Values[j]) - Residuals[j]);
        return Math.Max(0, separation);
    }

    /// <inheritdoc/>
    public void Dispose() => Vectors.Dispose();

    /// <summary>Names every part of the frame to a store.</summary>
    internal void Exchange(string name, IStateStore<TVector> store)
    {
        store.Exchange($"{name}.values", Values);
        store.Exchange($"{name}.residuals", Residuals);
        Span<double> rest = [Trailing, TrailingResidual, Next, Converged ? 1 : 0, Products, NextBound];
        store.Exchange($"{name}.rest", rest);
        (Trailing, TrailingResidual, Next, Converged, Products, NextBound) = (
            rest[0],
            rest[1],
            rest[2],
            rest[3] > 0,
            (int)rest[4],
            rest[5]
        );
        for (var i = 0; i <= Count; i++)
            store.Exchange($"{name}.vector.{i}", Vectors[i]);
    }
}
