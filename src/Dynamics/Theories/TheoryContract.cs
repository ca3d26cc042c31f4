using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The limit in which a theory claims to agree with gradient descent on any smooth surface; the conformance suites
/// hold it to that.
/// </summary>
public enum TheoryLimit
{
    /// <summary>
    /// Step size to 0, at a fixed number of steps: the loss is right to first order in eta, with an error of second
    /// order; so is the displacement.
    /// </summary>
    SmallSteps,

    /// <summary>
    /// Slow change at the edge of stability, eta S to 2: the forecast is right while the alternation of u grows or
    /// shrinks by a small share a step.
    /// </summary>
    SlowEdge,

    /// <summary>
    /// No limit on surfaces at large: gradient descent itself on the landscape that it is made for, a picture
    /// elsewhere.
    /// </summary>
    OwnLandscape,
}

/// <summary>What a theory needs of a jet, beyond what every jet has.</summary>
/// <param name="Order">The lowest order K.</param>
/// <param name="Direction">Whether v_1 must be defined, that is, the leading eigenvalue simple.</param>
/// <param name="Krylov">Whether the floor must have been measured, eq. (4.9).</param>
/// <param name="Coupling">Whether the cubic coupling must have been measured, eq. (4.10).</param>
/// <param name="Residuals">Whether the surface must be a sum of squares, eqs. (6.3) and (6.6).</param>
/// <param name="Cut">
/// Whether it drops the moments above its order: the interpolant of a collocation jet, eq. (4.11), cannot be cut
/// below its own.
/// </param>
public sealed record JetNeeds(
    int Order = 2,
    bool Direction = true,
    bool Krylov = false,
    bool Coupling = false,
    bool Residuals = false,
    bool Cut = false
)
{
    /// <summary>Names the first need that a jet does not meet.</summary>
    /// <param name="jet">The jet.</param>
    /// <returns>The reason to decline, or null when every need is met.</returns>
    public string? Missing(Jet jet)
    {
        ArgumentNullException.ThrowIfNull(jet);
        if (Krylov && jet.Krylov is null)
            return "the jet has no Krylov part";
        if (Coupling && jet.Krylov?.Coupling is null)
            return "the jet has no cubic coupling";
        if (Residuals && jet.Residuals is null)
            return "the surface has no residuals";
        if (jet.Order < Order)
            return $"the jet has order {jet.Order}; order {Order} is needed";
        if (Cut && jet.Swing is not null && jet.Order > Order)
            return $"the jet interpolates over a swing of u, and cannot be cut at order {Order}; order {jet.Order} runs on it";
        // A measured gap is never exactly 0. Below the square root of the roundoff the direction v_1 turns by order 1
        // under changes of the surface that no jet can see.
        return Direction && jet.Gap <= 1e-8 * Math.Abs(jet.Sharpness)
            ? "the leading eigenvalue is degenerate: v_1 is not defined"
            : null;
    }
}

/// <summary>The checks that every forecast begins with.</summary>
internal static class TheoryContract
{
    /// <summary>Throws for arguments that no theory accepts, then asks the theory's needs.</summary>
    /// <param name="theory">The theory.</param>
    /// <param name="jet">The jet, not null.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="steps">The horizon, at least 0.</param>
    /// <returns>The reason to decline, or null.</returns>
    public static string? Refusal(ITheory theory, Jet jet, double stepSize, int steps)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.Positive(stepSize);
        Require.InRange(steps, 0);
        return theory.Needs.Missing(jet);
    }

    /// <summary>
    /// Why there is no alternation with a slow envelope, or null: u is multiplied by 1 - eta S in a step, which must
    /// lie within 1 of -1.
    /// </summary>
    /// <param name="jet">The jet.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <returns>The reason to decline of a flow near the edge, or null.</returns>
    public static string? OffTheEdge(Jet jet, double stepSize) =>
        Math.Abs((stepSize * jet.Sharpness) - 2) < 1
            ? null
            : $"eta S is {stepSize * jet.Sharpness:G4}; the flow near the edge needs it between 1 and 3";
}
