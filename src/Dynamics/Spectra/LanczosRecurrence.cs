using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// The symmetric Lanczos recurrence with full reorthogonalisation (Parlett 1998, chapter 13): an orthonormal basis q_1,
/// q_2, ... of a Krylov space, and the tridiagonal matrix alpha, beta of the operator in it.
/// With a locked block V the operator is P H P, P = I - V V^T, and the basis lies in the complement of V.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class LanczosRecurrence<TVector> : IDisposable
{
    private readonly IVectorSpace<TVector> _space;
    private readonly int _capacity;
    private readonly double[] _alpha,
        _beta;
    private readonly TVector _work;
    private IVectorBlock<TVector> _basis;
    private double[] _scratch = [];
    private double _neglected;

    /// <summary>Makes room for a number of basis vectors; storage grows as needed.</summary>
    public LanczosRecurrence(IVectorSpace<TVector> space, int capacity)
    {
        (_space, _capacity) = (space, capacity);
        (_alpha, _beta, _work) = (new double[capacity], new double[capacity], space.Create());
        _basis = space.CreateBlock(Math.Min(capacity, 32));
    }

    /// <summary>The most basis vectors.</summary>
    public int Capacity => _capacity;

    /// <summary>The number of products, and of finished basis vectors.</summary>
    public int Size { get; private set; }

    /// <summary>The diagonal.</summary>
    public ReadOnlySpan<double> Alpha => _alpha.AsSpan(0, Size);

    /// <summary>beta_1 .. beta_m: the last couples the basis to the rest of the space.</summary>
    public ReadOnlySpan<double> Beta => _beta.AsSpan(0, Size);

    /// <summary>The last beta; 0 where the Krylov space is closed.</summary>
    public double Last => _beta[Size - 1];

    /// <summary>An estimate of |H|.</summary>
    public double Scale { get; private set; }

    /// <summary>
    /// The backward error of the recurrence and of the small eigenproblem, and what was dropped on the way: without it
    /// a closed Krylov space would claim residual 0.
    /// True residuals of complete decompositions in up to ten dimensions reached 38 u |H| over 60,000 random matrices;
    /// 8 m u |H|, at least 64 u |H|, covers them.
    /// </summary>
    public double Floor => (8 * Math.Max(8, Size) * _space.UnitRoundoff * Scale) + _neglected;

    /// <summary>Begins with a direction, which is normalised.</summary>
    /// <param name="start">Overwritten; orthogonal to the locked block, if there is one.</param>
    public void Begin(TVector start)
    {
        _space.Normalize(start);
        _space.Copy(start, _basis[0]);
        (Size, Scale, _neglected) = (0, 0, 0);
    }

    /// <summary>
    /// Multiplies the newest basis vector and adds the next one; a fresh random one where the Krylov space has closed.
    /// </summary>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="random">Supplies the fresh directions.</param>
    /// <param name="locked">V, orthonormal; null for none.</param>
    /// <param name="couplings">Overwritten with V^T H q; its length says how many vectors of V take part.</param>
    public void Extend(
        Action<TVector, TVector> product,
        Random random,
        IVectorBlock<TVector>? locked,
        Span<double> couplings
    )
    {
        var j = Size;
        var needed = Math.Max(j + 1, couplings.Length);
        if (_scratch.Length < needed)
            _scratch = new double[2 * needed];
        product(_basis[j], _work);
        _alpha[j] = _space.Dot(_basis[j], _work);
        locked?.Project(_work, couplings);
        Orthogonalize(j + 1, locked, couplings.Length);
        var beta = _space.Norm(_work);
        Scale = Math.Max(Scale, Math.Abs(_alpha[j]) + (j > 0 ? _beta[j - 1] : 0) + beta);
        // With the whole space spanned nothing is left but rounding; before that, a remainder at the level of rounding
        // is dropped, and remembered in the residuals.
        var closed =
            double.IsFinite(beta)
            && (beta <= 64 * _space.UnitRoundoff * Scale || j + 1 + couplings.Length == _space.Dimension);
        if (closed)
            _neglected = Math.Max(_neglected, beta);
        _beta[j] = closed ? 0 : beta;
        Size++;
        if (Size >= _capacity)
            return;
        Reserve(Size + 1);
        if (closed)
        {
            _space.FillGaussian(_work, random);
            _space.Normalize(_work);
            Orthogonalize(Size, locked, couplings.Length);
        }

        _space.Normalize(_work);
        _space.Copy(_work, _basis[Size]);
    }

    /// <summary>result := sum_j weights_j q_j.</summary>
    /// <param name="weights">One factor a basis vector.</param>
    /// <param name="result">Overwritten.</param>
    public void Combine(ReadOnlySpan<double> weights, TVector result)
    {
        _space.Copy(_basis[0], result);
        _space.Scale(weights[0], result);
        double[] rest = [0, .. weights[1..]];
        _basis.Accumulate(rest, result);
    }

    /// <summary>Storage behind the basis, until the next <see cref="Extend"/>.</summary>
    /// <param name="index">From 0.</param>
    /// <returns>A vector that may be overwritten.</returns>
    public TVector Spare(int index)
    {
        Reserve(Size + index + 1);
        return _basis[Size + index];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _basis.Dispose();
        _space.Release(_work);
    }

    private void Orthogonalize(int size, IVectorBlock<TVector>? locked, int lockedCount)
    {
        locked?.Orthogonalize(lockedCount, _work, _scratch);
        _basis.Orthogonalize(size, _work, _scratch);
    }

    private void Reserve(int count)
    {
        if (count <= _basis.Capacity)
            return;
        var larger = _space.CreateBlock(Math.Max(count, Math.Min(_capacity, 2 * _basis.Capacity)));
        for (var i = 0; i < _basis.Capacity; i++)
            _space.Copy(_basis[i], larger[i]);
        _basis.Dispose();
        _basis = larger;
    }
}
