using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <content>Starting anew: Lanczos iteration, and the search for pairs that a frame may lack.</content>
public sealed partial class EigenTracker<TVector>
{
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
            for (var i = 0; i < frame.Count; i++)
                _space.Axpy(1, _extrapolated[i], _sum);
            if (_subspace.Size > 0)
            {
                // The subspace was used up, perhaps by a pair that has just risen: without these it would be all but absent from the start, and the old pairs converge before it shows.
                _space.Axpy(1, _guard, _sum);
                _space.Axpy(1, _scout, _sum);
            }

            if (trailing)
                _space.Axpy(1, frame.TrailingVector, _sum);
        }

        _space.Copy(frame.TrailingVector, _work);
        _solver.Iterate(product, _sum, random, frame, trailing, _guard);
        if (!trailing)
        {
            (frame.Trailing, frame.TrailingResidual) = (double.NaN, double.NaN);
            _space.Copy(_work, frame.TrailingVector);
        }
    }

    /// <summary>
    /// Searches the complement of the frame for pairs that it lacks: where asked to, where one seems lost, and where
    /// what the last search has shown may have worn off. Otherwise that is carried over, as if what is unseen had
    /// risen by as much as any leading value has strayed since, or at the pace of the guard.
    /// </summary>
    private void Complete(Action<TVector, TVector> product, Random random, EigenFrame<TVector> frame, bool wanted)
    {
        if (double.IsPositiveInfinity(frame.NextBound) && double.IsFinite(frame.Values[0]))
        {
            for (var i = 0; i < frame.Count; i++)
                _strayed = Math.Max(_strayed, Math.Abs(frame.Values[i] - _atSearch[i]));
            _sinceSearch++;
            // What rises from below is seen by the guard first.
            var rise = double.IsNaN(_guardRate) ? 0 : _guardRate * (_followed ? _sinceGuard + 1 : 1);
            var carried = Math.Max(_unseen, frame.Next) + Math.Max(_strayed, rise);
            var due =
                carried > frame.Values[^1] + frame.Residuals.Max()
                && _sinceSearch >= (_shown ? _tracking.GuardEvery : SearchEvery);
            var lost = HasLost(frame);
            if (!frame.Converged || !(wanted || due || lost))
            {
                frame.NextBound = carried;
                return;
            }

            if (_solver.Search(product, random, frame, lost ? _sum : default, _guard))
                _intruded = true;
        }

        (_unseen, _strayed, _sinceSearch, _shown) = (frame.NextBound, 0, 0, !frame.PossiblyMissed);
        frame.Values.CopyTo(_atSearch, 0);
    }

    /// <summary>
    /// Whether a direction has left the frame since the last measurement: a frame of k vectors that lacks one of the
    /// old ones is off by a right angle. The k-th value of this matrix cannot lie below the Ritz value of the old
    /// frame, (10.4), so that
    /// the old vector farthest outside, left in the sum, tells a pair that was lost from one that sank.
    /// </summary>
    private bool HasLost(EigenFrame<TVector> frame)
    {
        if (_history.IsEmpty || _followed)
            return false;
        var (outside, farthest) = (0.0, 0.0);
        for (var i = 0; i < frame.Count; i++)
        {
            _space.Copy(_extrapolated[i], _work);
            _space.Normalize(_work);
            frame.Vectors.Orthogonalize(frame.Count, _work, _overlap);
            var length = _space.Norm(_work);
            outside += length * length;
            if (!(length > farthest))
                continue;
            farthest = length;
            _space.Copy(_work, _sum);
        }

        return outside > 0.5;
    }

    /// <summary>The residual that the extrapolated frame would have had, from what of the true one lies outside it; relative to the largest |eigenvalue|.</summary>
    private double Miss(EigenFrame<TVector> frame)
    {
        var (worst, scale) = (0.0, 0.0);
        for (var i = 0; i < frame.Count; i++)
        {
            _extrapolated.Project(frame.Vectors[i], _overlap);
            for (var j = 0; j < _overlap.Length; j++)
                _overlap[j] = -_overlap[j];
            _space.Copy(frame.Vectors[i], _work);
            _extrapolated.Accumulate(_overlap, _work);
            worst = Math.Max(worst, Math.Abs(frame.Values[i]) * _space.Norm(_work));
            scale = Math.Max(scale, Math.Abs(frame.Values[i]));
        }

        return scale > 0 ? worst / scale : 0;
    }
}
