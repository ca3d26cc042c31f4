using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>What a scan of step sizes forecasts, and from what.</summary>
/// <param name="StepSizes">The step sizes.</param>
/// <param name="Horizon">T, the steps of each run, at least 1.</param>
/// <param name="Krylov">The number r of Krylov vectors of the jet, at least 1.</param>
/// <param name="Collocation">What the jet measures.</param>
/// <param name="Excursion">
/// u_0, how far along v_1 from the reference point the runs begin, finite and not negative. On the floor below the edge
/// u is a rounding, and how long it takes to grow out of it is no property of the instability.
/// </param>
/// <param name="Tolerance">The residual of the run's leading pair relative to |H|, at each step.</param>
/// <param name="Seed">Seeds the eigensolvers' starts.</param>
/// <param name="JetTolerance">The residual of the jet's own v_1 relative to |H|.</param>
public sealed record StepScanOptions(
    StepSizeGrid StepSizes,
    int Horizon,
    int Krylov,
    CollocationOptions Collocation,
    double Excursion = 1e-3,
    double Tolerance = 1e-4,
    int Seed = 1,
    double JetTolerance = 1e-6
)
{
    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        StepSizes.Validate();
        Require.InRange(Horizon, 1, name: "horizon");
        Require.InRange(Krylov, 1, name: "krylov");
        Collocation.Validate();
        Require.NotNegative(Excursion, "excursion");
        Require.Finite(Excursion, "excursion");
    }
}

/// <summary>What a scan of step sizes leaves behind.</summary>
/// <param name="Series">
/// One row a step size, ascending: step_size, push (eta S at the reference point); of the run peak_loss, lowest_sharpness,
/// final_sharpness (over the last two steps), peak_displacement and steps_made; the same with forecast_ before it, NaN
/// where forecast_steps_made, the steps that the model carries, are fewer than the horizon.
/// </param>
/// <param name="Swing">The swing of the jet.</param>
/// <param name="Sharpness">S at the reference point.</param>
/// <param name="JetCost">The cost of the jet in gradient-equivalents, its eigenpair included.</param>
public sealed record StepScanOutcome(Observables.SeriesTable Series, Swing Swing, double Sharpness, double JetCost);
