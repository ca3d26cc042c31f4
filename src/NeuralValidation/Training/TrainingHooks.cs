using FlatBias.Dynamics.Observables;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Who is told of a run while it goes: no result depends on it.</summary>
public sealed record TrainingHooks
{
    /// <summary>Called when a row has been measured, with the series up to it; null for nobody.</summary>
    public Action<SeriesTable>? Measured { get; init; }

    /// <summary>
    /// Called with each spectrum of <see cref="TrainingSpec.SpectrumSteps"/> and its step; null for nobody.
    /// </summary>
    public Action<int, Spectrum>? Spectrum { get; init; }
}
