using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>What a run needs of its surroundings and does not depend on in its result.</summary>
/// <param name="Inputs">Data and initial weights of networks.</param>
/// <param name="Cancellation">Ends the run early.</param>
internal sealed record RunContext(RunInputs Inputs, CancellationToken Cancellation)
{
    /// <summary>The training data of a network and its initial weights, null where they are drawn.</summary>
    public (LabelledSamples Train, double[]? Initial) Start(TrainingSpec training)
    {
        var train = Inputs.Data(training).Train;
        return (train, Inputs.InitialWeights(training, train));
    }

    /// <summary>Called with the units of work done; null for nobody.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Called with the series of a network run when a row has been measured; null for nobody.</summary>
    public Action<SeriesTable>? Measured { get; init; }

    /// <summary>Where a long run keeps what it has so far; null to keep nothing.</summary>
    public RunJournal? Journal { get; init; }
}
