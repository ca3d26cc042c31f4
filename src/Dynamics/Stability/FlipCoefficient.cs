using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Vectors;
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
    /// <summary>
    /// c at a flip. Derivatives beyond the first are central differences of tangents over the length on which these
    /// change,
    /// eq. (10.21), extrapolated to order six: good to about 1e-8 of |B|^2 + |C|.
    /// </summary>
    /// <typeparam name="TMap">The map with its tangents, a struct.</typeparam>
    /// <param name="map">The map at the flip.</param>
    /// <param name="orbit">The orbit there, as <see cref="Continuation"/> locates it.</param>
    /// <returns>c; positive for a supercritical flip.</returns>
    public static double At<TMap>(in TMap map, PeriodicOrbit orbit)
        where TMap : struct, ITangentMap
    {
        ArgumentNullException.ThrowIfNull(orbit);
        var n = map.Dimension;
        if (!orbit.Converged)
            throw new ArgumentException("orbit was not found; it must have converged.", nameof(orbit));
        Require.Length(orbit.Points[0].Length, n, nameof(orbit));
        var shooting = new Shooting(n, orbit.Points.Length);
        for (var i = 0; i < orbit.Points.Length; i++)
            orbit.Points[i].CopyTo(shooting.Points, i * n);
        shooting.Evaluate(map);
        var a = shooting.Monodromy();
        var (q, p) = (FlipDirection.Of(a), FlipDirection.Of(a.Transpose()));
        p /= p * q;
        var iterate = new IteratedMap<TMap>(map, orbit.Points.Length, 1);
        double[] x = orbit.Points[0];
        var response = Matrix<double>.Build.DenseIdentity(n) - a;
        Vector<double> Tangent(double length, Vector<double> v)
        {
            double[] moved = [.. x.Select((c, i) => c + (length * q[i]))],
                next = new double[n],
                image = new double[n];
            iterate.StepTangent(moved, v.AsArray() ?? [.. v], next, image);
            return Vector<double>.Build.Dense(image);
        }

        double Estimate(double h)
        {
            var cubic = (Tangent(h, q) - (2 * Tangent(0, q)) + Tangent(-h, q)) / (h * h);
            var mixed = response.Solve((Tangent(h, q) - Tangent(-h, q)) / (2 * h));
            return p * (cubic + (3 * (Tangent(h, mixed) - Tangent(-h, mixed)) / (2 * h))) / 6;
        }

        // Even in h: Richardson's extrapolation takes the terms in h^2 and h^4 out.
        double length = NaturalLength.Along(iterate, x, q.AsArray(), q.AsArray());
        return (Estimate(length) - (20 * Estimate(length / 2)) + (64 * Estimate(length / 4))) / 45;
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
        for (var i = 0; i < 4; i++)
        {
            q = shifted.Solve(q);
            q /= Squares.Of(q.AsArray()).Root;
        }

        return q;
    }
}
