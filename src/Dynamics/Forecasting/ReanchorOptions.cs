using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>A forecast over more than one jet carries: (4.17).</summary>
/// <param name="Horizon">The steps forecast in all, at least 1.</param>
/// <param name="Window">The most steps that one jet is to carry, at least 8.</param>
/// <param name="Krylov">The number r of Krylov vectors of each jet, at least 1.</param>
/// <param name="Collocation">What each jet measures.</param>
/// <param name="Tolerance">The residual of the run's leading pair relative to |H|, at each step.</param>
/// <param name="Seed">Seeds the eigensolvers' starts.</param>
/// <param name="JetTolerance">The residual of v_1 relative to |H| where a jet needs it.</param>
public sealed record ReanchorOptions(
    int Horizon,
    int Window,
    int Krylov,
    CollocationOptions Collocation,
    double Tolerance = 1e-4,
    int Seed = 1,
    double JetTolerance = 1e-6
)
{
    // Fewer steps than this a jet is not asked for: they would cost more than to measure S at each.
    internal const int ShortestWindow = 8;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require.InRange(Horizon, 1, name: "horizon");
        Require.InRange(Window, ShortestWindow, name: "window");
        Require.InRange(Krylov, 1, name: "krylov");
        Collocation.Validate();
    }
}

/// <summary>What a forecast by several jets leaves behind.</summary>
/// <param name="Series">
/// One row a step: step, loss and sharpness of the run with the cost of measuring it; forecast_loss and
/// forecast_sharpness from the jet taken at the step named by anchor, of which the row is no part itself but for the
/// first; first_sharpness, the forecast of the first jet carried on over all steps; and in the rows where the next jet was taken jet_cost, trust_path (e_S over the steps that it was used for) and
/// path_cost.
/// </param>
/// <param name="Diverged">Whether the run left the finite numbers before the horizon; the series ends there.</param>
public sealed record ReanchorOutcome(SeriesTable Series, bool Diverged);
