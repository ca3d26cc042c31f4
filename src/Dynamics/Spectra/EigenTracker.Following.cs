using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <content>Following: the Rayleigh-Ritz method on the extrapolated frame, with guard and scout below it.</content>
public sealed partial class EigenTracker<TVector>
{
    /// <summary>Rayleigh-Ritz on the extrapolated frame; false where the subspace is used up or not finite.</summary>
    private bool TryFollow(Action<TVector, TVector> product, Random random, EigenFrame<TVector> frame, bool guarded)
    {
        var count = frame.Count;
        for (var i = 0; i < count; i++)
            if (!_subspace.TryAppend(_extrapolated[i], product))
                return false;
        if (guarded && !TryAppendGuards(product, random))
            return false;
        var first = true;
        while (true)
        {
            if (!_subspace.TrySolve())
                return false;
            var worst = Form(count, frame, first);
            first = false;
            if (_intruded && !guarded)
            {
                if (!TryAppendGuards(product, random))
                    return false;
                guarded = true;
                continue;
            }

            if (worst <= _options.Tolerance * _subspace.Scale && (!guarded || HasGuards(count)))
            {
                Finish(guarded, frame);
                return true;
            }

            if (!_subspace.TryAppend(_sum, product))
                return false;
        }
    }

    /// <summary>Whether guard and scout are as good as they have to be; leaves the residual of the first that is not in the sum.</summary>
    private bool HasGuards(int count)
    {
        var tolerance = _options.Tolerance * _subspace.Scale;
        // A loose Ritz value lies below its eigenvalue: nearer to the frame than that, it has to be known as well as the frame is.
        var loose =
            _subspace.Value(count - 1) - _subspace.Value(count) < SwitchAt * tolerance
                ? tolerance
                : GuardLooseness * tolerance;
        return _subspace.Form(count, _guard, _sum) <= loose
            && _subspace.Form(count + 1, _scout, _sum) <= GuardLooseness * tolerance;
    }

    private bool TryAppendGuards(Action<TVector, TVector> product, Random random)
    {
        if (!_subspace.TryAppend(_guard, product))
            return false;
        _space.FillGaussian(_work, random);
        _space.Normalize(_work);
        _space.Axpy(3, _scout, _work);
        return _subspace.TryAppend(_work, product);
    }

    /// <summary>Forms the leading pairs and the sum of their residuals; returns the largest.</summary>
    private double Form(int count, EigenFrame<TVector> frame, bool first)
    {
        var (worst, known) = (0.0, 0.0);
        _space.Scale(0, _sum);
        for (var i = 0; i < count; i++)
        {
            var residual = _subspace.Form(i, frame.Vectors[i], _residuals[i]);
            _space.Axpy(1, _residuals[i], _sum);
            (frame.Values[i], frame.Residuals[i]) = (_subspace.Value(i), Math.Max(residual, _subspace.Floor));
            worst = Math.Max(worst, residual);
            if (_subspace.Share(i, count) < 0.5)
                _intruded = true;
            else
                known = Math.Max(known, residual);
        }

        if (first)
            _error = known / _subspace.Scale;
        return worst;
    }

    /// <summary>Due at the cadence, after a restart, and when the last pair, sinking as the leading ones have moved, and the guard, rising at its own pace, may have met.</summary>
    private bool IsGuardDue()
    {
        var elapsed = _sinceGuard + 1;
        // A loose Ritz value lies below its eigenvalue by up to its residual.
        var loose = GuardLooseness * _options.Tolerance * Math.Abs(_values[0]);
        return elapsed >= _tracking.GuardEvery
            || !(_drift + _change + (_guardRate * elapsed) + loose < _values[^1] - _guardValue);
    }

    private void SetGuard(double value, double drift)
    {
        _guardRate = Math.Abs(value - _guardValue) / (_sinceGuard + 1);
        (_guardValue, _drift, _sinceGuard) = (value, drift, 0);
    }

    private void Finish(bool guarded, EigenFrame<TVector> frame)
    {
        (frame.Converged, frame.NextBound, _followed) = (true, double.PositiveInfinity, true);
        (frame.Trailing, frame.TrailingResidual) = (double.NaN, double.NaN);
        if (guarded)
        {
            _subspace.Form(frame.Count, _guard, _sum);
            // The scout's power step H v / lambda comes free, as for the frame.
            _subspace.Form(frame.Count + 1, _scout, _sum);
            if (_subspace.Value(frame.Count + 1) > 0)
                _space.Axpy(1 / _subspace.Value(frame.Count + 1), _sum, _scout);
            _space.Normalize(_scout);
            SetGuard(_subspace.Value(frame.Count), 0);
        }
        else
        {
            _sinceGuard++;
        }

        frame.Next = _guardValue;
    }
}
