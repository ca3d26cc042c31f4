using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// Follows the leading pairs of a Hessian along a run. While they move little (a residual of at most ten tolerances after extrapolation), the Rayleigh-Ritz method on the frame extrapolated from the last three gives k pairs for k products, and residual
/// directions are added until all meet the tolerance. Where they move more, warm Lanczos iteration is cheaper, started from the sum of the extrapolated vectors; what its result says of the extrapolation decides on the next measurement.
/// </summary>
/// <remarks>
/// Guard. A subspace says nothing of what lies outside it, so at a cadence a guard pair is measured below the frame, and a scout below that: the next Ritz vector, with fresh random direction mixed in each time, which by power steps turns to whatever rises from the bulk. Both are measured sooner once the eigenvalues have drifted by the gap between the last pair and the guard. A Ritz pair that
/// enters the leading k from outside the frame is the sign of a missed one: guard and scout are then measured whether
/// due or not, and all is iterated anew until it meets the tolerance.
/// Search. A Krylov space tends to see close eigenvalues as one, so after a Lanczos iteration out of a calm stretch,
/// the first one included, the complement of the frame is searched (<see cref="LanczosEigensolver{TVector}"/>), and so
/// it is wherever a direction has left the frame, (10.4): a pair once held is not lost. The bound that a
/// search gives is carried along, raised by how far the leading values have strayed, and renewed when it reaches the
/// k-th value. What can still be missed: a pair that rises from below the guard through the gap between two checks
/// while the leading ones stand still (<see cref="TrackingOptions.GuardEvery"/> = 1 looks every time; at 5 one of 300
/// test paths with such a pair was found late, at 2 none), and in a fast stretch one of two
/// pairs a few tolerances apart that has come there since the last search.
/// Filter. What is remembered for extrapolation is H v / lambda: the product is at hand, and its error off the leading pairs is smaller by the ratio of the eigenvalues, which keeps the errors from building up.
/// </remarks>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed partial class EigenTracker<TVector> : IDisposable, IResumable<TVector>
{
    /// <summary>The guard converges to this many tolerances, as in <see cref="LanczosEigensolver{TVector}"/>.</summary>
    private const double GuardLooseness = 30;

    /// <summary>Residual after extrapolation, in tolerances, above which Lanczos iteration needed fewer products on networks.</summary>
    private const double SwitchAt = 10;

    /// <summary>
    /// Where the last search could not show that nothing is missing, the next one comes this many measurements later;
    /// else at the guard's cadence where its bound has worn off.
    /// </summary>
    private const int SearchEvery = 50;

    private readonly IVectorSpace<TVector> _space;
    private readonly LanczosOptions _options;
    private readonly TrackingOptions _tracking;
    private readonly LanczosEigensolver<TVector> _solver;
    private readonly FrameHistory<TVector> _history;
    private readonly RitzSubspace<TVector> _subspace;
    private readonly IVectorBlock<TVector> _extrapolated,
        _residuals;
    private readonly TVector _guard,
        _scout,
        _work,
        _sum;
    private readonly double[] _values,
        _overlap,
        _atSearch;
    private double _error = double.PositiveInfinity,
        _guardValue = double.NaN,
        _guardRate = double.NaN,
        _drift,
        _change,
        _sinceGuard;
    private double _unseen = double.PositiveInfinity,
        _strayed,
        _sinceSearch;
    private bool _intruded,
        _followed,
        _shown;

    /// <summary>Makes a tracker for one run.</summary>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="count">The number k of leading pairs, 1 to the dimension.</param>
    /// <param name="options">Tolerance and limits.</param>
    /// <param name="tracking">The cadence of the guard.</param>
    public EigenTracker(IVectorSpace<TVector> space, int count, LanczosOptions options, TrackingOptions tracking)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(tracking);
        Require.InRange(count, 1, space.Dimension);
        Require.InRange(tracking.GuardEvery, 1);
        (_space, _options, _tracking) = (space, options, tracking);
        _solver = new LanczosEigensolver<TVector>(space, options);
        _history = new FrameHistory<TVector>(space, count);
        _subspace = new RitzSubspace<TVector>(space, Math.Min(space.Dimension, (3 * count) + 6));
        (_extrapolated, _residuals) = (space.CreateBlock(count), space.CreateBlock(count));
        (_guard, _scout, _work, _sum) = (space.Create(), space.Create(), space.Create(), space.Create());
        (_values, _overlap, _atSearch) = (new double[count], new double[count], new double[count]);
    }

    /// <summary>How often Lanczos iteration was used so far; the first measurement is one of them.</summary>
    public int Restarts { get; private set; }

    /// <summary>Measures the leading pairs, and the trailing one where asked.</summary>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="theta">The point at which H is taken; tells the tracker how far the run has moved.</param>
    /// <param name="trailing">Whether the trailing pair is wanted; it takes a Lanczos iteration. Without it the frame's <see cref="EigenFrame{TVector}.Trailing"/> is NaN and its vector that of the last time.</param>
    /// <param name="random">Supplies the random part of starts and guards.</param>
    /// <param name="frame">Overwritten with the result, except for the trailing vector where that is not wanted. Its <see cref="EigenFrame{TVector}.Next"/> is the guard when it was last measured.</param>
    public void Track(
        Action<TVector, TVector> product,
        TVector theta,
        bool trailing,
        Random random,
        EigenFrame<TVector> frame
    )
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(frame);
        Require.Length(frame.Count, _values.Length, nameof(frame));
        var products = 0;
        void Counted(TVector x, TVector y)
        {
            products++;
            product(x, y);
        }

        if (!_history.IsEmpty)
            _history.Extrapolate(theta, _extrapolated);
        (_intruded, _followed) = (false, false);
        _subspace.Clear();
        var large = _space.Dimension > LanczosEigensolver<TVector>.ExhaustedDimension;
        var calm = _history.IsEmpty || _error <= SwitchAt * _options.Tolerance;
        var followed =
            !trailing && large && calm && !_history.IsEmpty && TryFollow(Counted, random, frame, IsGuardDue());
        if (!followed)
            Restart(Counted, trailing, random, frame);
        Complete(Counted, random, frame, wanted: !followed && calm);
        if (!followed)
        {
            // The next measurement looks below the new frame.
            SetGuard(frame.Next, double.PositiveInfinity);
            // What of the true frame the extrapolated one lacked; a pair that the iteration missed and the search found
            // does not count.
            _error = _history.IsEmpty ? 0 : Miss(frame);
        }

        frame.Products = products;
        Remember(theta, frame);
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> state =
        [
            _error,
            _guardValue,
            _guardRate,
            _drift,
            _change,
            _sinceGuard,
            Restarts,
            _unseen,
            _strayed,
            _sinceSearch,
            _shown ? 1 : 0,
        ];
        store.Exchange("tracker.state", state);
        (_error, _guardValue, _guardRate, _drift, _change, _sinceGuard, Restarts) = (
            state[0],
            state[1],
            state[2],
            state[3],
            state[4],
            state[5],
            (int)state[6]
        );
        (_unseen, _strayed, _sinceSearch, _shown) = (state[7], state[8], state[9], state[10] > 0);
        store.Exchange("tracker.values", _values);
        store.Exchange("tracker.searched", _atSearch);
        store.Exchange("tracker.guard", _guard);
        store.Exchange("tracker.scout", _scout);
        _history.Exchange("tracker.history", store);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _solver.Dispose();
        _history.Dispose();
        _subspace.Dispose();
        _extrapolated.Dispose();
        _residuals.Dispose();
        _space.Release(_guard);
        _space.Release(_scout);
        _space.Release(_work);
        _space.Release(_sum);
    }

    private void Remember(TVector theta, EigenFrame<TVector> frame)
    {
        if (!double.IsFinite(frame.Values[0]))
        {
            _history.Clear();
            return;
        }

        _change = 0;
        for (var i = 0; i < _values.Length; i++)
            _change = Math.Max(_change, Math.Abs(frame.Values[i] - _values[i]));
        if (_sinceGuard > 0)
            _drift += _change;
        frame.Values.CopyTo(_values, 0);
        // The older frames span another subspace than one with a newcomer.
        if (_intruded)
            _history.Clear();
        _history.Push(theta);
        for (var i = 0; i < frame.Count; i++)
            Filter(frame, i);
    }

    private void Filter(EigenFrame<TVector> frame, int index)
    {
        var stored = _history.Latest;
        _space.Copy(frame.Vectors[index], _work);
        // v + r / lambda = H v / lambda; not where lambda is so small that other eigenvalues, unseen ones at the trailing end among them, would be amplified.
        if (_followed && frame.Values[index] > 0.1 * _subspace.Scale)
            _space.Axpy(1 / frame.Values[index], _residuals[index], _work);
        stored.Orthogonalize(index, _work, _overlap);
        _space.Normalize(_work);
        _space.Copy(_work, stored[index]);
    }
}
