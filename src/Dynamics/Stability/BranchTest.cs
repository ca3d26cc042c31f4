using System.Numerics;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// A point on a branch with the branch's direction there: Y = (w x_0 ... w x_(n-1), p), a unit tangent of the same
/// length.
/// </summary>
internal sealed record BranchNode(double[] Y, double[] Tangent, PeriodicOrbit Orbit)
{
    public double Parameter => Y[^1];
}

/// <summary>A function of the nodes that changes its sign at a bifurcation, eq. (10.24).</summary>
/// <param name="Value">The function.</param>
/// <param name="Rounding">
/// What rounding may change of it, for an orbit known to a rounding of the length on which the map changes.
/// </param>
internal sealed record BranchTest(Func<BranchNode, double> Value, Func<BranchNode, double> Rounding)
{
    /// <summary>
    /// The parameter's part of the tangent. dF/dp is a difference over 1e-4 of the largest step, on which the map is
    /// smooth:
    /// good to its square, with room for derivatives of size 10.
    /// </summary>
    public static BranchTest Turn { get; } = new(node => node.Tangent[^1], _ => 1e-7);

    /// <summary>The product of 1 - m.</summary>
    public static BranchTest Unit { get; } =
        new(
            node => node.Orbit.Multipliers.Aggregate(Complex.One, (product, m) => product * (1 - m)).Real,
            node => Terms(node.Orbit.Multipliers)
        );

    /// <summary>The product of 1 + m.</summary>
    public static BranchTest Flip { get; } =
        new(
            node => node.Orbit.Multipliers.Aggregate(Complex.One, (product, m) => product * (1 + m)).Real,
            node => Terms(node.Orbit.Multipliers)
        );

    /// <summary>The product of m_i m_j - 1 over all pairs.</summary>
    public static BranchTest Pairs { get; } =
        new(
            node =>
                node.Orbit.Multipliers.Length < 2
                    ? 1
                    : Products(node).Aggregate(Complex.One, (product, mm) => product * (mm - 1)).Real,
            node => Terms(Products(node))
        );

    private static IEnumerable<Complex> Products(BranchNode node)
    {
        var m = node.Orbit.Multipliers;
        for (var i = 0; i < m.Length; i++)
        for (var j = i + 1; j < m.Length; j++)
            yield return m[i] * m[j];
    }

    /// <summary>
    /// Sixteen roundings of the terms of a product of 1 +- m: those of the map, its Jacobian, and the eigenvalues.
    /// </summary>
    private static double Terms(IEnumerable<Complex> multipliers) =>
        16 * Roundoff.Unit * multipliers.Aggregate(1.0, (product, m) => product * (1 + Complex.Abs(m)));
}
