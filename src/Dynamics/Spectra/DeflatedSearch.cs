using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// Looks for leading pairs that a frame lacks: Lanczos iteration with P H P, P = I - V V^T, from a random direction in
/// the complement of the frame V. By (10.4) the largest eigenvalue of P H P there is at least
/// lambda_(k+1), and (10.5) bounds it from above, but for a small probability. A Ritz value above the k-th is a missed
/// pair: once it has converged, the Rayleigh-Ritz method on both spaces makes a new frame,
/// and the search begins anew.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class DeflatedSearch<TVector>(
    IVectorSpace<TVector> space,
    LanczosOptions options,
    LanczosRecurrence<TVector> lanczos
) : IDisposable
{
    /// <summary>
    /// A search gives up after this many products, or after as many as the frame has cost so far, where it could
    /// neither find a pair nor show that there is none.
    /// </summary>
    private const int Patience = 32;

    private readonly TVector _start = space.Create();
    private double[] _couplings = [];

    /// <summary>Completes a frame.</summary>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="random">Supplies the random directions.</param>
    /// <param name="frame">A frame of this operator.</param>
    /// <param name="hint">A vector beside which the first search begins, changed; null for none.</param>
    /// <param name="guard">
    /// Overwritten with the leading Ritz vector of the complement, if it was searched to the end; null where it is not
    /// wanted.
    /// </param>
    /// <returns>Whether a pair was found.</returns>
    public bool Complete(
        Action<TVector, TVector> product,
        Random random,
        EigenFrame<TVector> frame,
        TVector? hint,
        TVector? guard
    )
    {
        var budget = Math.Max(Patience, frame.Products);
        var found = false;
        // Each round but the last puts a pair, or several, above others that were held for leading ones.
        for (var round = 0; round <= 2 * frame.Count && frame.Converged; round++)
        {
            var shortening = Begin(frame, round == 0 ? hint : default, random);
            if (!Round(product, random, frame, budget, shortening, guard))
                break;
            found = true;
            if (!frame.Converged)
                Refine(product, frame);
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => space.Release(_start);

    /// <summary>One search from one start; true where the frame is another one now.</summary>
    private bool Round(
        Action<TVector, TVector> product,
        Random random,
        EigenFrame<TVector> frame,
        int budget,
        double shortening,
        TVector? guard
    )
    {
        var (count, rest) = (frame.Count, space.Dimension - frame.Count);
        var limit = Math.Min(rest, lanczos.Capacity);
        if (_couplings.Length < count * limit)
            _couplings = new double[count * limit];
        // What exceeds the k-th value by no more than this is in its place as far as the frame can tell.
        var last = frame.Values[^1] + frame.Residuals.Max();
        var bound = new UnseenBound(rest, shortening);
        for (var nextCheck = Math.Min(4, limit); ; )
        {
            lanczos.Extend(product, random, frame.Vectors, _couplings.AsSpan(count * lanczos.Size, count));
            frame.Products++;
            var size = lanczos.Size;
            if (size < nextCheck && lanczos.Last > 0)
                continue;
            nextCheck = Math.Min(limit, size + Math.Max(1, size / 12));
            var ritz = RitzPairs.Of(lanczos.Alpha, lanczos.Beta, lanczos.Last, 1, lanczos.Floor);
            if (!ritz.IsFinite)
            {
                frame.Converged = false;
                return false;
            }

            var spent = size == limit || lanczos.Last == 0;
            var next = ritz.Leading(0).Value;
            if (next > last)
            {
                var tolerance = options.Tolerance * Math.Max(ritz.Scale, Math.Abs(frame.Values[0]));
                if (!spent && !HaveConverged(ritz, last, tolerance))
                    continue;
                Merge(frame, size);
                return true;
            }

            // Half of the gap below the k-th value is left to noise floors, and to what may rise till the next search.
            if (!spent && size < budget && !bound.Excludes((last + next) / 2, lanczos.Beta, ritz))
                continue;
            frame.Next = double.IsNaN(frame.Next) ? next : Math.Max(frame.Next, next);
            frame.NextBound = bound.Of(lanczos.Beta, ritz) + lanczos.Floor;
            if (guard is not null)
                lanczos.Combine(ritz.Leading(0).Weights, guard);
            return false;
        }
    }

    /// <summary>
    /// Makes the start: random, and uniform on the sphere of the complement; returns the factor by which a hint makes
    /// the random part shorter.
    /// </summary>
    private double Begin(EigenFrame<TVector> frame, TVector? hint, Random random)
    {
        var scratch = new double[frame.Count];
        space.FillGaussian(_start, random);
        frame.Vectors.Orthogonalize(frame.Count, _start, scratch);
        space.Normalize(_start);
        var length = 1.0;
        if (hint is not null)
        {
            frame.Vectors.Orthogonalize(frame.Count, hint, scratch);
            if (space.Normalize(hint) > 0)
                space.Axpy(10, hint, _start);
            length = space.Norm(_start);
        }

        lanczos.Begin(_start);
        return length;
    }

    private static bool HaveConverged(RitzPairs ritz, double above, double tolerance)
    {
        for (var i = 0; i < ritz.Size && ritz.Leading(i).Value > above; i++)
            if (ritz.Leading(i).Residual > tolerance)
                return false;
        return true;
    }

    /// <summary>The Rayleigh-Ritz method on the frame and the basis of the search together, eq. (10.3).</summary>
    private void Merge(EigenFrame<TVector> frame, int size)
    {
        var count = frame.Count;
        var matrix = Matrix<double>.Build.Dense(count + size, count + size);
        for (var i = 0; i < count; i++)
            matrix[i, i] = frame.Values[i];
        for (var j = 0; j < size; j++)
        {
            matrix[count + j, count + j] = lanczos.Alpha[j];
            if (j + 1 < size)
                matrix[count + j, count + j + 1] = matrix[count + j + 1, count + j] = lanczos.Beta[j];
            for (var i = 0; i < count; i++)
                matrix[i, count + j] = matrix[count + j, i] = _couplings[(count * j) + i];
        }

        var (values, vectors) = DenseEigen.Symmetric(matrix);
        var residuals = new double[count];
        for (var i = 0; i < count; i++)
        {
            var weights = vectors.Column(values.Length - 1 - i).ToArray();
            var vector = lanczos.Spare(i);
            lanczos.Combine(weights.AsSpan(count), vector);
            frame.Vectors.Accumulate(weights.AsSpan(0, count), vector);
            space.Normalize(vector);
            // What the old vectors bring along is unknown in direction, so that only the sum of the lengths is sure.
            residuals[i] = Math.Abs(lanczos.Last * weights[^1]);
            for (var j = 0; j < count; j++)
                residuals[i] += Math.Abs(weights[j]) * frame.Residuals[j];
            residuals[i] = Math.Max(residuals[i], lanczos.Floor);
        }

        for (var i = 0; i < count; i++)
            space.Copy(lanczos.Spare(i), frame.Vectors[i]);
        for (var i = 0; i < count; i++)
            (frame.Values[i], frame.Residuals[i]) = (values[^(i + 1)], residuals[i]);
        frame.Next = values[^(count + 1)];
        var scale = Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        frame.Converged = Array.TrueForAll(residuals, residual => residual <= options.Tolerance * scale);
    }

    /// <summary>
    /// Where the sum of the old residuals is too long to be told to meet the tolerance: residuals from products, and
    /// directions along them until they do.
    /// </summary>
    private void Refine(Action<TVector, TVector> product, EigenFrame<TVector> frame)
    {
        var count = frame.Count;
        using var subspace = new RitzSubspace<TVector>(space, Math.Min(space.Dimension, (2 * count) + 8));
        var residual = space.Create();
        for (var i = 0; i < count; i++)
            subspace.TryAppend(frame.Vectors[i], product);
        while (subspace.Size >= count && subspace.TrySolve())
        {
            var worst = 0.0;
            space.Scale(0, _start);
            for (var i = 0; i < count; i++)
            {
                var norm = subspace.Form(i, frame.Vectors[i], residual);
                (frame.Values[i], frame.Residuals[i]) = (subspace.Value(i), Math.Max(norm, subspace.Floor));
                worst = Math.Max(worst, norm);
                space.Axpy(1, residual, _start);
            }

            frame.Converged = worst <= options.Tolerance * subspace.Scale;
            if (frame.Converged || !subspace.TryAppend(_start, product))
                break;
        }

        frame.Products += subspace.Size;
        space.Release(residual);
    }
}
