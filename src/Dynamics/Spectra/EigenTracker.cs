using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// Follows the leading pairs of a Hessian along a run. While they move little (a residual of at most ten tolerances after extrapolation), the Rayleigh-Ritz method on the frame extrapolated from the last three gives k pairs for k products, and residual
/// directions are added until all meet the tolerance. Where they move more, warm Lanczos iteration is cheaper, started from the sum of the extrapolated vectors; what its result says of the extrapolation decides on the next measurement.
/// </summary>
/// <remarks>
/// Guard. A subspace says nothing of what lies outside it, so a guard pair with fresh random direction mixed in is measured below the frame at a cadence, and sooner once the eigenvalues have drifted by the gap between the last pair and the guard. A Ritz pair that
/// enters the leading k from outside the frame is the sign of a missed one: the Lanczos iteration then starts anew. A pair that rises through the gap with no component in guard or random direction stays unseen until the next check.
/// Filter. What is remembered for extrapolation is H v / lambda: the product is at hand, and its error off the leading pairs is smaller by the ratio of the eigenvalues, which keeps the errors from building up.
/// </remarks>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class EigenTracker<TVector> : IDisposable, IResumable<TVector>
{
    /// <summary>The guard converges to this many tolerances, as in <see cref="LanczosEigensolver{TVector}"/>.</summary>
    private const double GuardLooseness = 30;

    /// <summary>Residual after extrapolation, in tolerances, above which Lanczos iteration needed fewer products on networks.</summary>
    private const double SwitchAt = 10;

    private readonly IVectorSpace<TVector> _space;
    private readonly LanczosOptions _options;
    private readonly TrackingOptions _tracking;
    private readonly LanczosEigensolver<TVector> _solver;
    private readonly FrameHistory<TVector> _history;
    private readonly RitzSubspace<TVector> _subspace;
    private readonly IVectorBlock<TVector> _extrapolated, _residuals;
    private readonly TVector _guard, _work, _sum;
    private readonly double[] _values, _overlap;
    private double _error = double.PositiveInfinity, _guardValue = double.NaN, _drift, _change, _sinceGuard;

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
        (_guard, _work, _sum) = (space.Create(), space.Create(), space.Create());
        (_values, _overlap) = (new double[count], new double[count]);
    }

    /// <summary>How often Lanczos iteration was used so far; the first measurement is one of them.</summary>
    public int Restarts { get; private set; }

    /// <summary>Measures the leading pairs, and the trailing one where asked.</summary>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="theta">The point at which H is taken; tells the tracker how far the run has moved.</param>
    /// <param name="trailing">Whether the trailing pair is wanted; it takes a Lanczos iteration. Without it the frame's <see cref="EigenFrame{TVector}.Trailing"/> is NaN and its vector that of the last time.</param>
    /// <param name="random">Supplies the random part of starts and guards.</param>
    /// <param name="frame">Overwritten with the result, except for the trailing vector where that is not wanted. Its <see cref="EigenFrame{TVector}.Next"/> is the guard when it was last measured.</param>
    public void Track(Action<TVector, TVector> product, TVector theta, bool trailing, Random random, EigenFrame<TVector> frame)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(frame);
        Require.Length(frame.Count, _values.Length, nameof(frame));
        if (!_history.IsEmpty) _history.Extrapolate(theta, _extrapolated);
        _subspace.Clear();
        var follow = !trailing && _error <= SwitchAt * _options.Tolerance && _space.Dimension > LanczosEigensolver<TVector>.ExhaustedDimension;
        var followed = follow && TryFollow(product, random, frame);
        if (!followed) Restart(product, trailing, random, frame);
        Remember(theta, frame, followed);
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> state = [_error, _guardValue, _drift, _change, _sinceGuard, Restarts];
        store.Exchange("tracker.state", state);
        (_error, _guardValue, _drift, _change, _sinceGuard, Restarts) = (state[0], state[1], state[2], state[3], state[4], (int)state[5]);
        store.Exchange("tracker.values", _values);
        store.Exchange("tracker.guard", _guard);
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
        _space.Release(_work);
        _space.Release(_sum);
    }

    /// <summary>Rayleigh-Ritz on the extrapolated frame; false where a pair may be missing or the subspace is used up.</summary>
    private bool TryFollow(Action<TVector, TVector> product, Random random, EigenFrame<TVector> frame)
    {
        var count = frame.Count;
        for (var i = 0; i < count; i++)
            if (!_subspace.TryAppend(_extrapolated[i], product)) return false;
        var guarded = _sinceGuard + 1 >= _tracking.GuardEvery || !(_drift + _change < _values[^1] - _guardValue);
        if (guarded && !_subspace.TryAppend(GuardStart(random), product)) return false;
        for (var first = true; ; first = false)
        {
            if (!_subspace.TrySolve()) return false;
            var worst = Form(count, frame);
            if (first) _error = worst / _subspace.Scale;
            for (var i = 0; i < count; i++)
                if (_subspace.Share(i, count) < 0.5) return false;
            var expand = worst > _options.Tolerance * _subspace.Scale;
            if (!expand && guarded) expand = _subspace.Form(count, _guard, _sum) > GuardLooseness * _options.Tolerance * _subspace.Scale;
            if (!expand)
            {
                Finish(guarded, frame);
                return true;
            }

            if (!_subspace.TryAppend(_sum, product)) return false;
        }
    }

    /// <summary>Forms the leading pairs and the sum of the residuals that are too large; returns the largest.</summary>
    private double Form(int count, EigenFrame<TVector> frame)
    {
        var worst = 0.0;
        _space.Scale(0, _sum);
        for (var i = 0; i < count; i++)
        {
            var residual = _subspace.Form(i, frame.Vectors[i], _residuals[i]);
            if (residual > _options.Tolerance * _subspace.Scale) _space.Axpy(1, _residuals[i], _sum);
            (frame.Values[i], frame.Residuals[i]) = (_subspace.Value(i), Math.Max(residual, _subspace.Floor));
            worst = Math.Max(worst, residual);
        }

        return worst;
    }

    private TVector GuardStart(Random random)
    {
        _space.FillGaussian(_work, random);
        _space.Normalize(_work);
        _space.Axpy(10, _guard, _work);
        return _work;
    }

    private void Finish(bool guarded, EigenFrame<TVector> frame)
    {
        (frame.Converged, frame.Products) = (true, _subspace.Size);
        (frame.Trailing, frame.TrailingResidual) = (double.NaN, double.NaN);
        if (guarded) (_guardValue, _drift, _sinceGuard) = (_subspace.Value(frame.Count), 0, 0);
        else _sinceGuard++;
        frame.Next = _guardValue;
    }

    private void Restart(Action<TVector, TVector> product, bool trailing, Random random, EigenFrame<TVector> frame)
    {
        Restarts++;
        if (_history.IsEmpty)
        {
            _space.FillGaussian(_sum, random);
        }
        else
        {
            _space.Scale(0, _sum);
            for (var i = 0; i < frame.Count; i++) _space.Axpy(1, _extrapolated[i], _sum);
            if (trailing) _space.Axpy(1, frame.TrailingVector, _sum);
        }

        _space.Copy(frame.TrailingVector, _work);
        _solver.Solve(product, _sum, random, frame, trailing, _guard);
        if (!trailing)
        {
            (frame.Trailing, frame.TrailingResidual) = (double.NaN, double.NaN);
            _space.Copy(_work, frame.TrailingVector);
        }

        frame.Products += _subspace.Size;
        (_guardValue, _drift, _sinceGuard) = (frame.Next, 0, 0);
        _error = _history.IsEmpty ? double.PositiveInfinity : Miss(frame);
    }

    /// <summary>The residual that the extrapolated frame would have had, from what of the true one lies outside it; relative to the largest |eigenvalue|.</summary>
    private double Miss(EigenFrame<TVector> frame)
    {
        var (worst, scale) = (0.0, 0.0);
        for (var i = 0; i < frame.Count; i++)
        {
            _extrapolated.Project(frame.Vectors[i], _overlap);
            for (var j = 0; j < _overlap.Length; j++) _overlap[j] = -_overlap[j];
            _space.Copy(frame.Vectors[i], _work);
            _extrapolated.Accumulate(_overlap, _work);
            worst = Math.Max(worst, Math.Abs(frame.Values[i]) * _space.Norm(_work));
            scale = Math.Max(scale, Math.Abs(frame.Values[i]));
        }

        return worst / scale;
    }

    private void Remember(TVector theta, EigenFrame<TVector> frame, bool followed)
    {
        if (!double.IsFinite(frame.Values[0]))
        {
            _history.Clear();
            _error = double.PositiveInfinity;
            return;
        }

        _change = 0;
        for (var i = 0; i < _values.Length; i++) _change = Math.Max(_change, Math.Abs(frame.Values[i] - _values[i]));
        if (_sinceGuard > 0) _drift += _change;
        frame.Values.CopyTo(_values, 0);
        _history.Push(theta);
        for (var i = 0; i < frame.Count; i++) Filter(frame, i, followed);
    }

    private void Filter(EigenFrame<TVector> frame, int index, bool followed)
    {
        var stored = _history.Latest;
        _space.Copy(frame.Vectors[index], _work);
        // v + r / lambda = H v / lambda; not where lambda is so small that other eigenvalues, unseen ones at the trailing end among them, would be amplified.
        if (followed && frame.Values[index] > 0.1 * _subspace.Scale) _space.Axpy(1 / frame.Values[index], _residuals[index], _work);
        stored.Orthogonalize(index, _work, _overlap);
        _space.Normalize(_work);
        _space.Copy(_work, stored[index]);
    }
}
