using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>What is forecast, and from what.</summary>
/// <param name="Horizon">T, the number of steps forecast, at least 1.</param>
/// <param name="Order">The order K of a Taylor jet, from 2 to the surface's highest; a collocation jet has its own.</param>
/// <param name="Krylov">The number r of Krylov vectors of the jet; 0 for none.</param>
/// <param name="Cubic">Whether a Taylor jet carries the cubic coupling (4.10); it needs Krylov vectors.</param>
/// <param name="Tolerance">The residual of the run's leading pair relative to |H|, at each step.</param>
/// <param name="Seed">Seeds the eigensolvers' starts.</param>
/// <param name="JetTolerance">The residual of the jet's own v_1 relative to |H|; a v_1 that is slightly off is still a direction of which the jet, m_1 and grad m_1 included, is exact.</param>
/// <param name="TrailingTolerance">The residual of the smallest eigenvalue's vector, of which the coupled map alone asks; the eigenvalue is good to its square over the gap.</param>
/// <param name="Trust">Whether a jet is held against the surface at the largest |u| that memory and all moments let expect (<see cref="ModelTrust"/>) and along the path (<see cref="PathTrust"/>); it needs Krylov vectors. A collocation jet is held along the path alone: along v_1 it was taken from the surface.</param>
/// <param name="Collocation">What a collocation jet (4.11) measures, which needs Krylov vectors; null for none.</param>
/// <param name="Predictability">Whether the predictability limit (4.18) is measured, by a second run.</param>
/// <param name="Taylor">Whether a Taylor jet (4.7) is measured. Beside a collocation jet, a theory forecasts from the Taylor jet, and from the collocation jet what declines there, as the orders above K do.</param>
/// <param name="SpanLimit">Whether the limit of the jet's span (4.22) is measured, by a run on the exact loss there; it needs Krylov vectors, those of the collocation jet where there are two.</param>
/// <param name="Stochastic">Stochastic descent that is forecast and run as well, (4.19), from the same jet, which needs Krylov vectors; null for none.</param>
public sealed record TrialOptions(
    int Horizon,
    int Order,
    int Krylov,
    bool Cubic = false,
    double Tolerance = 1e-4,
    int Seed = 1,
    double JetTolerance = 1e-8,
    double TrailingTolerance = 1e-8,
    bool Trust = false,
    CollocationOptions? Collocation = null,
    bool Predictability = false,
    bool Taylor = true,
    bool SpanLimit = false,
    StochasticOptions? Stochastic = null
);

/// <summary>What a jet of a trial cost, and how far it can be trusted.</summary>
/// <param name="Cost">Its cost in gradient-equivalents, its eigenpair included and the checks along the path not.</param>
public sealed record TrialJet(double Cost)
{
    /// <summary>How far a Taylor jet agrees with the surface along v_1, known before the run; null when it was not asked.</summary>
    public ModelTrust? Trust { get; init; }

    /// <summary>
    /// How far the jet agrees with the surface along the path that it forecasts, known before the run as well; null when
    /// it was not asked. What it cost is not in <see cref="Cost"/>.
    /// </summary>
    public PathTrust? Path { get; init; }

    /// <summary>The swing of a collocation jet; null for a Taylor jet.</summary>
    public Swing? Swing { get; init; }
}

/// <summary>What a trial leaves behind.</summary>
/// <param name="Series">
/// One row a step from the reference point on: step, the columns of <see cref="CurvatureProbe{TVector}"/> with one
/// pair, and what refers to the reference point: displacement, reference_rotation_1 (degrees from the reference v_1),
/// reference_m3 and reference_m4 (D^k L along the reference v_1). For each theory that did not decline THEORY_validity,
/// and THEORY_ before the name of each of these columns, sharpness and loss included, that it forecasts;
/// THEORY_amplitude where its displacement is a mean path.
/// </param>
/// <param name="Declined">Why each theory that declined did so.</param>
/// <param name="JetCost">The cost of all jets in gradient-equivalents, their eigenpair counted once.</param>
/// <param name="Diverged">Whether the run left the finite numbers before the horizon; the series ends there.</param>
public sealed record TrialOutcome(
    SeriesTable Series,
    SortedDictionary<string, string> Declined,
    double JetCost,
    bool Diverged
)
{
    /// <summary>The Taylor jet; null where none was measured.</summary>
    public TrialJet? Taylor { get; init; }

    /// <summary>The collocation jet; null where none was measured.</summary>
    public TrialJet? Collocation { get; init; }

    /// <summary>
    /// l_S of (4.18), the mean relative difference of S between the run and one displaced by a thousandth of its largest
    /// |u|; infinite where only that one diverged, null when it was not asked.
    /// </summary>
    public double? Predictability { get; init; }

    /// <summary>
    /// The mean relative difference of S between the run and gradient descent on the exact loss restricted to the span of
    /// the jet, (4.22); infinite where the latter diverged first, null when it was not asked.
    /// </summary>
    public double? SpanLimit { get; init; }

    /// <summary>Stochastic descent forecast and run; null when it was not asked. What it cost is not in <see cref="JetCost"/>.</summary>
    public StochasticOutcome? Stochastic { get; init; }
}
