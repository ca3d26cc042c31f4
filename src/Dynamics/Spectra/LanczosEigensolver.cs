using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <summary>What an eigenvalue measurement is asked for.</summary>
/// <param name="Tolerance">Residual at which a pair counts as converged, relative to the largest |eigenvalue|. In (0, 1).</param>
/// <param name="MaximumIterations">
/// Upper bound of the Hessian-vector products of the iteration, and of each search after it (and of basis vectors
/// held), at least 2.
/// </param>
/// <param name="Trailing">Whether the trailing pair must converge as well; when false it is reported as far as it came.</param>
public sealed record LanczosOptions(double Tolerance = 1e-3, int MaximumIterations = 300, bool Trailing = true);

/// <summary>
/// Symmetric Lanczos iteration with full reorthogonalisation (Parlett 1998, chapter 13) for both ends of a Hessian's spectrum.
/// One extra leading pair is carried to a looser tolerance as a guard, so that a pair is not missed by stopping too early.
/// </summary>
/// <remarks>
/// Repeated and nearly repeated eigenvalues. A Krylov space holds one copy of each eigenvalue, and sees close ones as
/// one. In up to <see cref="ExhaustedDimension"/> dimensions the iteration always spans the
/// whole space, and the result is complete and exact to rounding. In more, it goes on from a fresh random direction
/// when the Krylov space closes, until a further block has changed no pair asked for; and where
/// the pairs converge before the space closes, the complement of what was found is searched from a random direction,
/// eqs. (10.4), (10.5), until a pair that belongs among the leading ones turns up, and then again, or until it
/// is shown that none is left. What could not be shown is said by <see cref="EigenFrame{TVector}.NextBound"/>.
/// </remarks>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class LanczosEigensolver<TVector> : IDisposable
{
    /// <summary>Up to this dimension the whole space is spanned, whatever the tolerance.</summary>
    public const int ExhaustedDimension = 64;

    private readonly IVectorSpace<TVector> _space;
    private readonly LanczosOptions _options;
    private readonly int _capacity;
    private readonly double _closing;
    private readonly TVector _work;
    private readonly LanczosRecurrence<TVector> _lanczos;
    private readonly DeflatedSearch<TVector> _search;

    /// <summary>Makes a solver; its basis grows as needed and is reused by each call.</summary>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="options">Tolerance and limits.</param>
    public LanczosEigensolver(IVectorSpace<TVector> space, LanczosOptions options)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(options);
        Require.Fraction(options.Tolerance);
        Require.InRange(options.MaximumIterations, 2);
        (_space, _options) = (space, options);
        _capacity = Math.Min(space.Dimension, options.MaximumIterations);
        // Rounding is amplified where a Krylov space closes, by the inverse of the last few beta: in float64 1e-10 is far above that and far below any tolerance worth asking for.
        _closing = Math.Max(1e-10, 64 * space.UnitRoundoff);
        _work = space.Create();
        _lanczos = new LanczosRecurrence<TVector>(space, _capacity);
        _search = new DeflatedSearch<TVector>(space, options, _lanczos);
    }

    /// <summary>Computes the leading pairs and the trailing pair of a symmetric operator.</summary>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="start">A vector rich in the eigenvectors wanted, such as the sum of earlier ones; overwritten.</param>
    /// <param name="random">Supplies the random part of the start, of restarts and of the search.</param>
    /// <param name="frame">Overwritten with the result.</param>
    public void Solve(Action<TVector, TVector> product, TVector start, Random random, EigenFrame<TVector> frame)
    {
        Iterate(product, start, random, frame, _options.Trailing, default);
        if (frame.Converged)
            Search(product, random, frame, default, default);
    }

    /// <summary>
    /// The iteration alone, with the trailing pair asked for or not, and with the guard vector, where there is room for
    /// it and it exists. Copies of what it finds may stay unseen, and the frame says so.
    /// </summary>
    internal void Iterate(
        Action<TVector, TVector> product,
        TVector start,
        Random random,
        EigenFrame<TVector> frame,
        bool trailing,
        TVector? guard
    )
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(frame);
        Require.InRange(frame.Count, 1, _capacity);
        Seed(start, random);
        _lanczos.Begin(_work);
        var block = 0;
        var nextCheck = _space.Dimension <= ExhaustedDimension ? _capacity : Math.Min(_capacity, frame.Count + 1);
        double[] settled = []; // the leading values when the space last closed
        while (true)
        {
            _lanczos.Extend(product, random, null, []);
            var (size, last) = (_lanczos.Size, _lanczos.Last);
            block++;
            var closed = last <= _closing * _lanczos.Scale && _space.Dimension > ExhaustedDimension;
            if (!closed && size < nextCheck && size < _capacity)
                continue;
            var ritz = RitzPairs.Of(_lanczos.Alpha, _lanczos.Beta, last, frame.Count, _lanczos.Floor);
            var blockEnds = closed || settled.Length > 0;
            var complete = size == _space.Dimension || (blockEnds && ritz.Leads(settled));
            if (
                complete
                || size == _capacity
                || !ritz.IsFinite
                || (!blockEnds && ritz.Converged(_options.Tolerance, trailing))
            )
            {
                Fill(frame, ritz, size);
                frame.Converged = ritz.Converged(_options.Tolerance, trailing);
                frame.NextBound =
                    !complete ? double.PositiveInfinity
                    : frame.Count < size ? frame.Next + ritz.Leading(frame.Count).Residual
                    : double.NegativeInfinity;
                if (guard is not null && frame.Count < size)
                    Combine(ritz.Leading(frame.Count).Weights, guard);
                return;
            }

            if (blockEnds)
            {
                // The next block lies in the complement and meets no more distinct eigenvalues than this one, so it ends after as many products at the latest.
                settled = ritz.LeadingValues();
                nextCheck = Math.Min(_capacity, size + block);
                block = 0;
            }
            else
            {
                nextCheck = size + Math.Max(1, size / 12);
            }
        }
    }

    /// <summary>
    /// Looks for pairs that a frame of this operator lacks; nothing is done where it is known to be complete.
    /// </summary>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="random">Supplies the random directions.</param>
    /// <param name="frame">Completed, and its bound and products brought up to date.</param>
    /// <param name="hint">A vector in which a missing pair is suspected, changed; null for none.</param>
    /// <param name="guard">
    /// Overwritten with the leading Ritz vector of the complement; null where it is not wanted.
    /// </param>
    /// <returns>Whether a pair was found.</returns>
    internal bool Search(
        Action<TVector, TVector> product,
        Random random,
        EigenFrame<TVector> frame,
        TVector? hint,
        TVector? guard
    ) => double.IsPositiveInfinity(frame.NextBound) && _search.Complete(product, random, frame, hint, guard);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lanczos.Dispose();
        _search.Dispose();
        _space.Release(_work);
    }

    private void Seed(TVector start, Random random)
    {
        // A tenth of random direction gives every eigenvector a component; a pair absent from the start would otherwise never be found.
        _space.FillGaussian(_work, random);
        _space.Normalize(_work);
        var norm = _space.Normalize(start);
        if (double.IsFinite(norm) && norm > 0)
            _space.Axpy(10, start, _work);
    }

    private void Fill(EigenFrame<TVector> frame, RitzPairs ritz, int size)
    {
        for (var i = 0; i <= frame.Count; i++)
        {
            var (value, residual, weights) = i < frame.Count ? ritz.Leading(i) : ritz.Trailing();
            Combine(weights, frame.Vectors[i]);
            if (i < frame.Count)
                (frame.Values[i], frame.Residuals[i]) = (value, residual);
            else
                (frame.Trailing, frame.TrailingResidual) = (value, residual);
        }

        frame.Next = frame.Count < size ? ritz.Leading(frame.Count).Value : double.NaN;
        frame.Products = size;
    }

    private void Combine(double[] weights, TVector result)
    {
        _lanczos.Combine(weights, result);
        _space.Normalize(result);
    }
}
