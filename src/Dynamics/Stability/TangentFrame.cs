using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// Tangent vectors carried along with gradient descent, eq. (1.1), whose tangent map is v+ = v - eta H(theta) v, and orthonormalised after every step (a QR decomposition): the logarithms of the diagonal of R, summed over a run, are its
/// finite-time Lyapunov exponents (Benettin, Galgani, Giorgilli and Strelcyn 1980). Above 0: two runs from nearby weights drift apart.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class TangentFrame<TVector> : IDisposable, IResumable<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IVectorBlock<TVector> _frame;
    private readonly TVector _product;
    private readonly double[] _stretches,
        _scratch,
        _sums;
    private int _alive;
    private double _steps;

    /// <summary>Makes a frame of random orthonormal vectors.</summary>
    /// <param name="space">The space.</param>
    /// <param name="count">How many vectors, from 1 to the dimension.</param>
    /// <param name="seed">Of the vectors.</param>
    public TangentFrame(IVectorSpace<TVector> space, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        Require.InRange(count, 1, space.Dimension);
        (_space, _frame, _product) = (space, space.CreateBlock(count), space.Create());
        (_stretches, _scratch, _sums, _alive) = (new double[count], new double[count], new double[count], count);
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            space.FillGaussian(_frame[i], random);
        Orthonormalize();
    }

    /// <summary>Factors by which the last step stretched the vectors, each measured across those before it; up to and including the first that collapsed.</summary>
    public ReadOnlySpan<double> Stretches => _stretches.AsSpan(0, Math.Min(_alive + 1, _stretches.Length));

    /// <summary>The number of vectors that have not collapsed, that is, become a combination of those before them to rounding.</summary>
    public int Alive => _alive;

    /// <summary>Mean logarithmic growth a step since the start: the finite-time exponents, the largest first once the frame has settled. NaN before the first step, minus infinity from a vector on that collapsed.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <returns>The exponent, per step.</returns>
    public double Exponent(int index) => index < _alive ? _sums[index] / _steps : double.NegativeInfinity;

    /// <summary>Carries the vectors over one step. Cost: a Hessian product for each.</summary>
    /// <param name="point">The surface where the step begins.</param>
    /// <param name="stepSize">eta.</param>
    public void Advance(ISurfacePoint<TVector> point, double stepSize)
    {
        ArgumentNullException.ThrowIfNull(point);
        for (var i = 0; i < _alive; i++)
        {
            point.HessianVector(_frame[i], _product);
            _space.Axpy(-stepSize, _product, _frame[i]);
        }

        Orthonormalize();
        for (var i = 0; i < _alive; i++)
            _sums[i] += Math.Log(_stretches[i]);
        _steps++;
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> state = [_alive, _steps];
        store.Exchange("tangents.state", state);
        (_alive, _steps) = ((int)state[0], state[1]);
        store.Exchange("tangents.sums", _sums);
        for (var i = 0; i < _frame.Capacity; i++)
            store.Exchange($"tangents.{i}", _frame[i]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frame.Dispose();
        _space.Release(_product);
    }

    private void Orthonormalize()
    {
        for (var i = 0; i < _alive; i++)
        {
            var before = _space.Norm(_frame[i]);
            _frame.Orthogonalize(i, _frame[i], _scratch);
            _stretches[i] = _space.Normalize(_frame[i]);
            if (_stretches[i] <= GramSchmidt.Floor(_space.Dimension, _space.UnitRoundoff) * before)
                _alive = i;
        }
    }
}
