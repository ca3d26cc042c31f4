namespace FlatBias.Dynamics.Stability;

/// <summary>How to follow a branch of periodic orbits in a parameter.</summary>
/// <param name="Lower">The branch ends when the parameter falls below this; finite.</param>
/// <param name="Upper">The branch ends when the parameter rises above this; above <paramref name="Lower"/>.</param>
/// <param name="FirstStep">The first step along the branch, in the Euclidean norm of all points and the parameter; its sign is the direction in which the parameter starts off. Finite, not 0.</param>
/// <param name="LargestStep">Steps grow up to this, above 0.</param>
/// <param name="MaximumPoints">At least 1.</param>
/// <param name="Newton">Tolerances of the corrector; null for the default ones.</param>
public sealed record ContinuationOptions(double Lower, double Upper, double FirstStep, double LargestStep, int MaximumPoints = 1000, NewtonOptions? Newton = null)
{
    internal NewtonOptions Corrector => Newton ?? new NewtonOptions();

    internal void Validate()
    {
        Require.Finite(Lower);
        Require.Finite(Upper);
        if (!(Upper > Lower)) throw new ArgumentOutOfRangeException(nameof(Upper), Upper, $"Upper is {Upper}; it must be above Lower, {Lower}.");
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
    /// <summary>A multiplier passes 1 where the branch turns round in the parameter. A branch that sprang from a flip shows its birth in this way when followed back through it.</summary>
    Fold,

    /// <summary>A multiplier passes -1: an orbit of twice the period is born.</summary>
    Flip,

    /// <summary>A complex pair of multipliers passes the unit circle: an invariant curve is born.</summary>
    NeimarkSacker,

    /// <summary>A multiplier passes 1 where the branch does not turn: another branch crosses it (transcritical or pitchfork).</summary>
    Crossing,
}

/// <summary>A bifurcation on a branch.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Parameter">Where.</param>
/// <param name="Uncertainty">The width, in the parameter, of the last bracket or secant step: how well the test function's zero is located.</param>
/// <param name="Orbit">The orbit there.</param>
public sealed record Bifurcation(BifurcationKind Kind, double Parameter, double Uncertainty, PeriodicOrbit Orbit);

/// <summary>A point of a branch.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Orbit">The orbit with its multipliers.</param>
public sealed record BranchPoint(double Parameter, PeriodicOrbit Orbit);

/// <summary>A branch of periodic orbits.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Points">Its points in order.</param>
/// <param name="Bifurcations">The bifurcations between them, in order.</param>
public sealed record Branch(ContinuationEnd End, IReadOnlyList<BranchPoint> Points, IReadOnlyList<Bifurcation> Bifurcations);
