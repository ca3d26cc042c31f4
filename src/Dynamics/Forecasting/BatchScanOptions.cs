using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>What a scan of batch sizes forecasts, and from what.</summary>
/// <param name="Batches">The minibatches, one entry a size, with the draws of each.</param>
/// <param name="Horizon">T, the steps forecast, at least 1.</param>
/// <param name="Krylov">The number r of Krylov vectors of the jet, at least 1.</param>
/// <param name="Collocation">What the jet measures.</param>
/// <param name="Every">
/// Runs are measured at every n-th step and at their end, from 1 to T; an odd number sees u on both sides of the floor.
/// </param>
/// <param name="Onward">
/// The first two runs of each size go on to this step, for the sharpness at which they settle: at least T, or 0 for none.
/// </param>
/// <param name="Tolerance">The residual of a run's leading pair relative to |H|.</param>
/// <param name="Seed">Seeds the eigensolvers' starts.</param>
/// <param name="JetTolerance">The residual of the jet's own v_1 relative to |H|.</param>
public sealed record BatchScanOptions(
    IReadOnlyList<StochasticOptions> Batches,
    int Horizon,
    int Krylov,
    CollocationOptions Collocation,
    int Every = 1,
    int Onward = 0,
    double Tolerance = 1e-4,
    int Seed = 1,
    double JetTolerance = 1e-6
)
{
    // Far beyond what makes sense, and within what memory holds.
    private const int MostSizes = 100,
        LongestRun = 1_000_000;

    /// <summary>Checks the numbers.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <exception cref="ArgumentException">One is out of range, or a batch size is given twice; the message names it.</exception>
    public void Validate(int samples)
    {
        Require.InRange(Batches.Count, 1, MostSizes, "number of batch sizes");
        foreach (var batch in Batches)
            batch.Validate(samples);
        if (Batches.GroupBy(batch => batch.Batch.Size).FirstOrDefault(size => size.Count() > 1) is { } twice)
            throw new ArgumentException($"The batch size {twice.Key} is given twice.");
        Require.InRange(Horizon, 1, name: "horizon");
        Require.InRange(Krylov, 1, name: "krylov");
        Collocation.Validate();
        Require.InRange(Every, 1, Horizon, "measure-every");
        if (Onward != 0)
            Require.InRange(Onward, Horizon, LongestRun, "onward");
    }
}
