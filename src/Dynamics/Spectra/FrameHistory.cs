using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// The last few frames of a run with the points at which they were measured, and their extrapolation to a new point. With theta = sum_i c_i theta_i as nearly as the stored points allow (least squares, sum c_i = 1), the leading
/// subspace is that of sum_i c_i V_i V_i^T V_0: projectors need no matching of signs or order. The least-squares weights follow a straight path and a jump to and fro alike.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class FrameHistory<TVector> : IDisposable
{
    /// <summary>Three points: a straight line needs two, an alternation about a drifting centre three. A fourth gained nothing on networks.</summary>
    private const int Depth = 3;

    /// <summary>Relative weight on the squares of the coefficients: it keeps them, and with them the errors of the stored vectors, from growing where the path is nearly straight.</summary>
    private const double Damping = 1e-3;

    private readonly IVectorSpace<TVector> _space;
    private readonly IVectorBlock<TVector>[] _frames;
    private readonly TVector[] _points;
    private readonly IVectorBlock<TVector> _differences;
    private readonly double[] _overlap;
    private int _stored;

    public FrameHistory(IVectorSpace<TVector> space, int count)
    {
        _space = space;
        _frames = [.. Enumerable.Range(0, Depth).Select(_ => space.CreateBlock(count))];
        _points = [.. Enumerable.Range(0, Depth).Select(_ => space.Create())];
        _differences = space.CreateBlock(Depth);
        _overlap = new double[count];
    }

    /// <summary>Whether nothing is stored.</summary>
    public bool IsEmpty => _stored == 0;

    /// <summary>The frame stored last.</summary>
    public IVectorBlock<TVector> Latest => _frames[0];

    /// <summary>Takes the oldest place for a new frame, to be written to <see cref="Latest"/>.</summary>
    /// <param name="theta">The point at which it was measured.</param>
    public void Push(TVector theta)
    {
        var (frame, point) = (_frames[^1], _points[^1]);
        Array.Copy(_frames, 0, _frames, 1, Depth - 1);
        Array.Copy(_points, 0, _points, 1, Depth - 1);
        (_frames[0], _points[0]) = (frame, point);
        _space.Copy(theta, point);
        _stored = Math.Min(Depth, _stored + 1);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _stored = 0;

    /// <summary>Writes the extrapolated frame, one vector for each of the latest; they are nearly orthonormal where the frames change little.</summary>
    public void Extrapolate(TVector theta, IVectorBlock<TVector> result)
    {
        var weights = Weights(theta);
        for (var j = 0; j < _overlap.Length; j++)
        {
            _space.Scale(0, result[j]);
            for (var i = 0; i < _stored; i++)
            {
                _frames[i].Project(_frames[0][j], _overlap);
                for (var l = 0; l < _overlap.Length; l++)
                    _overlap[l] *= weights[i];
                _frames[i].Accumulate(_overlap, result[j]);
            }
        }
    }

    public void Exchange(string name, IStateStore<TVector> store)
    {
        Span<double> stored = [_stored];
        store.Exchange($"{name}.stored", stored);
        _stored = (int)stored[0];
        for (var i = 0; i < Depth; i++)
        {
            store.Exchange($"{name}.point.{i}", _points[i]);
            for (var j = 0; j < _overlap.Length; j++)
                store.Exchange($"{name}.frame.{i}.{j}", _frames[i][j]);
        }
    }

    public void Dispose()
    {
        foreach (var frame in _frames)
            frame.Dispose();
        foreach (var point in _points)
            _space.Release(point);
        _differences.Dispose();
    }

    private double[] Weights(TVector theta)
    {
        var count = _stored - 1;
        if (count == 0)
            return [1];
        for (var i = 0; i <= count; i++)
        {
            _space.Copy(i < count ? _points[i + 1] : theta, _differences[i]);
            _space.Axpy(-1, _points[0], _differences[i]);
        }

        // The weights do not depend on the unit of length; squares of very long or very short steps are no numbers.
        var longest = Enumerable.Range(0, count + 1).Max(i => _space.Norm(_differences[i]));
        if (longest is > 0 and (< 1e-100 or > 1e100))
            for (var i = 0; i <= count; i++)
                _space.ScaleByPowerOfTwo(-Math.ILogB(longest), _differences[i]);
        var gram = Matrix<double>.Build.Dense(
            count,
            count,
            (i, j) => _space.Dot(_differences[i], _differences[j]) * (i == j ? 1 + Damping : 1)
        );
        // A point stored twice says nothing: its equation becomes 1 c = 0.
        for (var i = 0; i < count; i++)
            if (gram[i, i] == 0)
                gram[i, i] = 1;
        var right = Vector<double>.Build.Dense(count, i => _space.Dot(_differences[i], _differences[count]));
        var solved = gram.Solve(right);
        return [1 - solved.Sum(), .. solved];
    }
}
