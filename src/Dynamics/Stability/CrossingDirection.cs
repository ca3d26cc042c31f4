using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// The second branch through a point where two cross, eq. (10.25): with t the tangent of the first, phi the other null
/// vector
/// of the Jacobian across it and psi the left one, t' = phi - t B(phi, phi) / (2 B(t, phi)), B the second derivative of
/// psi . F.
/// </summary>
internal static class CrossingDirection
{
    // Second differences that are extrapolated to order six leave 1e-7 or so of a slope; a branch of this slope moves
    // the
    // parameter by a hundred-thousandth of what it moves the orbit by.
    private const double Vertical = 1e-5;

    /// <summary>
    /// What crosses, and how; a crossing without a name where more than two branches do, or two touch.
    /// </summary>
    /// <param name="equations">The equations.</param>
    /// <param name="node">The point, with the tangent of the branch that it was found on.</param>
    /// <param name="length">Of the differences: short against the length on which the map changes.</param>
    public static (BifurcationKind Kind, BranchDirection? Other) Of<TFamily, TMap>(
        BranchEquations<TFamily, TMap> equations,
        BranchNode node,
        double length
    )
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, ITangentMap
    {
        var (y, t) = (Vector<double>.Build.Dense(node.Y), Unit(Vector<double>.Build.Dense(node.Tangent)));
        var svd = equations.Jacobian(node.Y).Svd();
        var n = svd.S.Count;
        // The last singular value vanishes to the accuracy of the point; were the one before it as small, a third
        // branch would cross.
        if (n > 1 && svd.S[n - 2] <= 1e-6 * svd.S[0])
            return (BifurcationKind.Crossing, null);
        var (psi, v, w) = (svd.U.Column(n - 1), svd.VT.Row(n - 1), svd.VT.Row(n));
        var phi = Unit(((t * w) * v) - ((t * v) * w));
        double Across(double h, Vector<double> a) => psi * equations.Residual((y + (h * a)).AsArray());
        double Mixed(double h, Vector<double> a, Vector<double> b) =>
            (Across(h, a + b) + Across(-h, a + b) - Across(h, a - b) - Across(-h, a - b)) / (4 * h * h);
        double Second(Vector<double> a, Vector<double> b) =>
            (Mixed(length, a, b) - (20 * Mixed(length / 2, a, b)) + (64 * Mixed(length / 4, a, b))) / 45;
        var (along, mixed) = (Second(phi, phi), Second(t, phi));
        if (!(Math.Abs(mixed) > 1e-6 * Math.Abs(along)) || !double.IsFinite(along / mixed))
            return (BifurcationKind.Crossing, null);
        var other = Unit(phi - (along / (2 * mixed) * t));
        var pitchfork = Math.Abs(other[^1]) <= Vertical || Math.Abs(t[^1]) <= Vertical;
        return (
            pitchfork ? BifurcationKind.Pitchfork : BifurcationKind.Transcritical,
            equations.Direction(other.AsArray())
        );
    }

    private static Vector<double> Unit(Vector<double> v) => v / Squares.Of(v.AsArray()).Root;
}
