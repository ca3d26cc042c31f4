using System.Numerics;

namespace FlatBias.Dynamics.Stability;

/// <summary>Tolerances of Newton's method.</summary>
/// <param name="Tolerance">
/// Converged when no component of the residual exceeds this times the largest component of the orbit and of the guess,
/// and no further step halves it; above 0. For the map of a flow it must lie above the integration's error.
/// </param>
/// <param name="MaximumIterations">At least 1.</param>
public sealed record NewtonOptions(double Tolerance = 1e-12, int MaximumIterations = 50)
{
    internal void Validate()
    {
        Require.Positive(Tolerance);
        Require.InRange(MaximumIterations, 1);
    }
}

/// <summary>How Newton's method ended.</summary>
public enum NewtonEnd
{
    /// <summary>The residual fell to the tolerance.</summary>
    Converged,

    /// <summary>The iterations ran out: start nearer, or there is no such orbit.</summary>
    IterationLimit,

    /// <summary>The equations became singular: a multiplier is 1 (a fold, or a family of orbits), or there is no solution near.</summary>
    Singular,

    /// <summary>The map left the finite numbers: start nearer.</summary>
    NotFinite,
}

/// <summary>What the multipliers say of an orbit.</summary>
public enum OrbitStability
{
    /// <summary>All multipliers lie inside the unit circle.</summary>
    Stable,

    /// <summary>Some lie inside, some outside.</summary>
    Saddle,

    /// <summary>All lie outside.</summary>
    Repelling,

    /// <summary>One lies on the circle to within 1e-8 (relative rounding of a multiplier, times a condition of up to 1e7): the linear part does not decide.</summary>
    Neutral,

    /// <summary>The orbit was not found, or a multiplier is not finite.</summary>
    Unknown,
}

/// <summary>A fixed point (period 1) or periodic orbit of a map, or the last iterate where the search failed.</summary>
/// <param name="End">How the search ended; the rest describes an orbit only if it converged.</param>
/// <param name="Points">The points in order, [period][dimension].</param>
/// <param name="Multipliers">Floquet multipliers, the eigenvalues of the Jacobian of f^n at the first point, largest modulus first; empty where the search failed.</param>
/// <param name="MinimalPeriod">
/// The smallest divisor of the period that the orbit repeats after but for rounding: smaller than the period asked for
/// if the search fell on a shorter orbit.
/// </param>
/// <param name="Residual">The largest component of f(x_i) - x_(i+1).</param>
/// <param name="Iterations">Newton steps taken.</param>
public sealed record PeriodicOrbit(
    NewtonEnd End,
    double[][] Points,
    Complex[] Multipliers,
    int MinimalPeriod,
    double Residual,
    int Iterations
)
{
    /// <summary>Whether the search converged.</summary>
    public bool Converged => End == NewtonEnd.Converged;

    /// <summary>What the multipliers say.</summary>
    public OrbitStability Stability
    {
        get
        {
            if (!Converged || !Multipliers.All(Complex.IsFinite))
                return OrbitStability.Unknown;
            if (Multipliers.Any(m => Math.Abs(Complex.Abs(m) - 1) <= 1e-8))
                return OrbitStability.Neutral;
            var outside = Multipliers.Count(m => Complex.Abs(m) > 1);
            return outside == 0 ? OrbitStability.Stable
                : outside == Multipliers.Length ? OrbitStability.Repelling
                : OrbitStability.Saddle;
        }
    }
}
