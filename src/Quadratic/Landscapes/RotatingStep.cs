using FlatBias.Dynamics.Maps;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// A step of descent on a quadratic whose frame turns by psi per step, eq. (5.2): p+ = M p, M = R(psi) diag(d_1, d_2), d_i = 1 - eta lambda_i, trace (d_1 + d_2) cos psi, determinant d_1 d_2.
/// With h = (d_1 + d_2) cos(psi) / 2 and D = h^2 - d_1 d_2 its spectral radius is |h| + sqrt(D) for D at least 0, else sqrt(d_1 d_2). It is below 1 iff |d_1 d_2| is and 2 |h| is below 1 + d_1 d_2 (Jury).
/// State (p_1, p_2).
/// </summary>
/// <param name="First">d_1.</param>
/// <param name="Second">d_2.</param>
/// <param name="Angle">psi, radians.</param>
public readonly record struct RotatingStep(double First, double Second, double Angle) : IDiscreteMap
{
    /// <inheritdoc/>
    public int Dimension => 2;

    /// <summary>The growth per step in the long run: the spectral radius of M.</summary>
    public double Multiplier
    {
        get
        {
            var (half, determinant) = ((First + Second) / 2 * Math.Cos(Angle), First * Second);
            // h^2 - d_1 d_2 = (d_1 - d_2)^2 / 4 - (d_1 + d_2)^2 sin(psi)^2 / 4, which does not cancel at small angles.
            var (gap, turned) = ((First - Second) / 2, (First + Second) / 2 * Math.Sin(Angle));
            var discriminant = (gap - turned) * (gap + turned);
            return discriminant >= 0 ? Math.Abs(half) + Math.Sqrt(discriminant) : Math.Sqrt(determinant);
        }
    }

    /// <summary>Whether the multiplier is below 1, by Jury's conditions on trace and determinant.</summary>
    public bool IsStable => First * Second < 1 && Math.Abs((First + Second) * Math.Cos(Angle)) < 1 + (First * Second);

    /// <summary>
    /// The angle in [0, pi/2] at which the multiplier is 1: arccos((1 + d_1 d_2) / |d_1 + d_2|). Below it rotation is too slow to stabilise. A descent that only rotates must end here if it neither dies out nor
    /// diverges while the frame turns steadily. NaN where there is none (no angle destabilises, or none stabilises). <see cref="Angle"/> plays no part.
    /// </summary>
    public double MarginalAngle =>
        Math.Abs(First * Second) < 1 ? Math.Acos((1 + (First * Second)) / Math.Abs(First + Second)) : double.NaN;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var (sin, cos) = Math.SinCos(Angle);
        var (a, b) = (First * current[0], Second * current[1]);
        (next[0], next[1]) = ((cos * a) - (sin * b), (sin * a) + (cos * b));
    }
}
