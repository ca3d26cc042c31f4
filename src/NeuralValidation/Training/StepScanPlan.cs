using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A forecast of many step sizes of a network from one jet below its edge, (4.21), and the runs that test it.</summary>
public sealed record StepScanPlan
{
    private static readonly ForecastPlan Default = new();

    /// <summary>The network, its data and its initial weights; its step size is that of the approach, below the edge.</summary>
    public TrainingSpec Training { get; init; } = Default.Training;

    /// <summary>Steps of the approach; the reference point is where it ends.</summary>
    public int Approach { get; init; } = Default.Approach;

    /// <summary>The step sizes.</summary>
    public required StepSizeGrid StepSizes { get; init; }

    /// <summary>u_0, how far along v_1 from the reference point every run begins, at least 0.</summary>
    public double Excursion { get; init; } = Default.Excursion;

    /// <summary>Steps forecast, for each.</summary>
    public int Horizon { get; init; } = Default.Horizon;

    /// <summary>Krylov vectors of the jet.</summary>
    public int Krylov { get; init; } = Default.Krylov;

    /// <summary>What the jet measures.</summary>
    public CollocationOptions Collocation { get; init; } = new();

    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        new ForecastPlan
        {
            Training = Training,
            Approach = Approach,
            Horizon = Horizon,
            Krylov = Krylov,
            Collocation = Collocation,
            Theories = [],
        }.Validate(samples);
        Options(ForecastRun.TrialTolerance, ForecastRun.JetTolerance).Validate();
    }

    internal StepScanOptions Options(double tolerance, double jetTolerance) =>
        new(StepSizes, Horizon, Krylov, Collocation, Excursion, tolerance, Training.Seed, jetTolerance);
}
