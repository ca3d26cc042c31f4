namespace FlatBias.Dynamics.Stability;

/// <summary>How to follow a branch of periodic orbits in a parameter.</summary>
/// <param name="Lower">The branch ends when the parameter falls below this; finite.</param>
/// <param name="Upper">The branch ends when the parameter rises above this; above <paramref name="Lower"/>.</param>
/// <param name="FirstStep">
/// The first step along the branch; its sign is the direction in which the parameter starts off. Finite, not 0. A step
/// has
/// the units of the parameter: the orbit's way counts as a largest step where it is as long as the map takes to change,
/// eq. (10.23).
/// </param>
/// <param name="LargestStep">Steps grow up to this, above 0. The family is taken to be smooth over it.</param>
/// <param name="MaximumPoints">At least 1.</param>
/// <param name="Newton">Tolerances of the corrector; null for the default ones.</param>
public sealed record ContinuationOptions(
    double Lower,
    double Upper,
    double FirstStep,
    double LargestStep,
    int MaximumPoints = 1000,
    NewtonOptions? Newton = null
)
{
    internal NewtonOptions Corrector => Newton ?? new NewtonOptions();

    internal void Validate()
    {
        Require.Finite(Lower);
        Require.Finite(Upper);
        if (!(Upper > Lower))
            throw new ArgumentOutOfRangeException(
                nameof(Upper),
                Upper,
                $"Upper is {Upper}; it must be above Lower, {Lower}."
            );
        Require.Positive(Math.Abs(FirstStep), nameof(FirstStep));
        Require.Positive(LargestStep);
        Require.InRange(MaximumPoints, 1);
        Corrector.Validate();
    }
}

/// <summary>Why a branch ended.</summary>
public enum ContinuationEnd
{
    /// <summary>The parameter left its range.</summary>
    LeftRange,

    /// <summary>The number of points ran out.</summary>
    PointLimit,

    /// <summary>There is no orbit at the start: the search there did not converge.</summary>
    NoStart,

    /// <summary>The corrector failed at the smallest step, 1e-9 of the largest: the branch ends, or the map is not smooth there.</summary>
    StepTooSmall,
}

/// <summary>Where an orbit loses or gains stability.</summary>
public enum BifurcationKind
{
    /// <summary>A multiplier passes 1 where the branch turns round in the parameter.</summary>
    Fold,

    /// <summary>A multiplier passes -1: an orbit of twice the period is born.</summary>
    Flip,

    /// <summary>A complex pair of multipliers passes the unit circle: an invariant curve is born.</summary>
    NeimarkSacker,

    /// <summary>
    /// A multiplier is 1 and the branch goes on, and what crosses it has no name: more than one other branch, one that
    /// touches it, or one that could not be followed close enough.
    /// </summary>
    Crossing,

    /// <summary>Another branch crosses that goes on in the parameter as well.</summary>
    Transcritical,

    /// <summary>
    /// A branch that turns round in the parameter crosses one that does not, met on either of them. A branch that
    /// sprang from
    /// a flip shows its birth in this way when followed back through it; the orbit's minimal period is then half.
    /// </summary>
    Pitchfork,
}

/// <summary>The tangent of a branch: how fast orbit and parameter move along it, up to a factor.</summary>
/// <param name="Points">Of the points of the orbit, [period][dimension].</param>
/// <param name="Parameter">Of the parameter.</param>
public sealed record BranchDirection(double[][] Points, double Parameter);

/// <summary>A bifurcation on a branch.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Parameter">Where.</param>
/// <param name="Uncertainty">
/// Of the parameter: what rounding leaves of the zero of the test function, and the difference of two interpolations
/// where
/// branches cross, eq. (10.24). The whole step where the branch could not be followed closer.
/// </param>
/// <param name="Orbit">The orbit there.</param>
/// <param name="Other">
/// The tangent of the other branch through the point, for <see cref="Continuation.Switch"/>: at a flip of the branch of
/// twice the period. Null where there is none, or none was found.
/// </param>
public sealed record Bifurcation(
    BifurcationKind Kind,
    double Parameter,
    double Uncertainty,
    PeriodicOrbit Orbit,
    BranchDirection? Other = null
);

/// <summary>A point of a branch.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Orbit">The orbit with its multipliers.</param>
public sealed record BranchPoint(double Parameter, PeriodicOrbit Orbit);

/// <summary>A branch of periodic orbits.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Points">Its points in order.</param>
/// <param name="Bifurcations">The bifurcations between them, in order.</param>
public sealed record Branch(
    ContinuationEnd End,
    IReadOnlyList<BranchPoint> Points,
    IReadOnlyList<Bifurcation> Bifurcations
);
