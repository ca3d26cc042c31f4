using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>The floor's stiffness away from the reference point, by some of its columns: (4.12).</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="space">The space of the vectors.</param>
/// <param name="basis">Q.</param>
/// <param name="stiffness">T_0, r x r.</param>
internal sealed class FloorColumns<TVector>(
    IVectorSpace<TVector> space,
    IVectorBlock<TVector> basis,
    double[,] stiffness
)
{
    // What differs by less than this many roundings of T_0 does not differ.
    private const double Rounding = 100;

    /// <summary>r.</summary>
    public int Count => stiffness.GetLength(0);

    /// <summary>T_0.</summary>
    public double[,] Stiffness => stiffness;

    /// <summary>Q.</summary>
    public IVectorBlock<TVector> Basis => basis;

    /// <summary>T - T_0 at a point: the first columns with their mirror rows, the rest 0; all 0 where it is rounding.</summary>
    /// <param name="point">The surface there. One Hessian product a column, all in one block.</param>
    /// <param name="columns">r_1, at least 1.</param>
    public double[,] Difference(ISurfacePoint<TVector> point, int columns)
    {
        var (r, measured) = (Count, Math.Min(columns, Count));
        var difference = new double[r, r];
        if (r == 0)
            return difference;
        using var products = space.CreateBlock(measured);
        point.HessianBlock(basis, products, measured);
        var column = new double[r];
        var (largest, size) = (0.0, 0.0);
        for (var j = 0; j < measured; j++)
        {
            basis.Project(products[j], column);
            for (var i = 0; i < r; i++)
            {
                // An entry between two measured columns comes twice, the others once; one on the diagonal meets itself.
                var change = column[i] - stiffness[i, j];
                var part = i < measured ? change / 2 : change;
                difference[i, j] += part;
                difference[j, i] += part;
                (largest, size) = (Math.Max(largest, Math.Abs(change)), Math.Max(size, Math.Abs(stiffness[i, j])));
            }
        }

        if (largest <= Rounding * space.UnitRoundoff * size)
            Array.Clear(difference);
        return difference;
    }
}
