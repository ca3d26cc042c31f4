using FlatBias.Dynamics.Maps;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// The cubic coefficient of the flip normal form w+ = -(1 + eps) w + c w^3 at an orbit with a multiplier -1, for a map of any dimension (Kuznetsov 2004, section 5.4):
/// c = p . [ C(q,q,q) + 3 B(q, (I - A)^-1 B(q,q)) ] / 6, A the Jacobian of f^n, B and C its second and third derivatives, A q = -q, A^T p = -p, p . q = 1, |q| = 1.
/// The two-cycle of f^n has w = +-sqrt(eps / c) along q and is stable where c is positive. In one dimension c = f''^2 / 4 + f''' / 6, for gradient descent (4.6);
/// in more dimensions gradient descent has the further term (eta / 2) sum_j (v_j . grad m_2)^2 / lambda_j over the other eigenpairs, since (I - A)^-1 = H^-1 / eta.
/// </summary>
public static class FlipCoefficient
{
    /// <summary>c at a flip. Derivatives beyond the first are central differences of tangents, good to about 1e-6 of their size.</summary>
    /// <typeparam name="TMap">The map with its tangents, a struct.</typeparam>
    /// <param name="map">The map at the flip.</param>
    /// <param name="orbit">The orbit there, as <see cref="Continuation"/> locates it.</param>
    /// <returns>c; positive for a supercritical flip.</returns>
    public static double At<TMap>(in TMap map, PeriodicOrbit orbit)
        where TMap : struct, ITangentMap
    {
        ArgumentNullException.ThrowIfNull(orbit);
        var n = map.Dimension;
        if (!orbit.Converged) throw new ArgumentException("orbit was not found; it must have converged.", nameof(orbit));
        Require.Length(orbit.Points[0].Length, n, nameof(orbit));
        var shooting = new Shooting(n, orbit.Points.Length);
        for (var i = 0; i < orbit.Points.Length; i++) orbit.Points[i].CopyTo(shooting.Points, i * n);
        shooting.Evaluate(map);
        var a = shooting.Monodromy();
        var (q, p) = (FlipDirection.Of(a), FlipDirection.Of(a.Transpose()));
        p /= p * q;
        var iterate = new IteratedMap<TMap>(map, orbit.Points.Length, 1);
        double[] x = orbit.Points[0];
        // Second differences of tangents: truncation h^2, rounding u / h^2, balanced near h = u^(1/4); first ones are exact enough with the same h.
        var h = 1e-4 * Math.Max(1, x.Max(Math.Abs));
        Vector<double> Tangent(Vector<double> along, double length, Vector<double> v)
        {
            double[] moved = [.. x.Select((c, i) => c + (length * along[i]))], next = new double[n], image = new double[n];
            iterate.StepTangent(moved, v.AsArray() ?? [.. v], next, image);
            return Vector<double>.Build.Dense(image);
        }

        var cubic = (Tangent(q, h, q) - (2 * Tangent(q, 0, q)) + Tangent(q, -h, q)) / (h * h);
        var quadratic = (Tangent(q, h, q) - Tangent(q, -h, q)) / (2 * h);
        var response = (Matrix<double>.Build.DenseIdentity(n) - a).Solve(quadratic);
        var mixed = (Tangent(q, h, response) - Tangent(q, -h, response)) / (2 * h);
        return p * (cubic + (3 * mixed)) / 6;
    }
}

/// <summary>The eigenvector of the multiplier nearest to -1.</summary>
internal static class FlipDirection
{
    public static Vector<double> Of(Shooting shooting) => Of(shooting.Monodromy());

    /// <summary>Inverse iteration with the shift -1, which is not quite the eigenvalue, so that the matrix stays regular.</summary>
    public static Vector<double> Of(Matrix<double> monodromy)
    {
        var n = monodromy.RowCount;
        var shifted = monodromy + (Matrix<double>.Build.DenseIdentity(n) * (1 + 1e-9));
        var q = Vector<double>.Build.Dense(n, i => 1 + (0.37 * i));
        for (var i = 0; i < 4; i++) q = shifted.Solve(q).Normalize(2);
        return q;
    }
}
