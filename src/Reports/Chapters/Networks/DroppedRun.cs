using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The end of one run of (8.3).</summary>
/// <param name="Trained">Whether it ended at the loss at which runs are compared.</param>
/// <param name="Diverged">Whether it diverged.</param>
/// <param name="AtEdge">Whether eta S / 2 came to 0.95 in the second half of the measurements made at the final step size.</param>
/// <param name="Sharpness">S.</param>
/// <param name="Next">lambda_2 + lambda_3 + lambda_4.</param>
/// <param name="Trace">tr H.</param>
/// <param name="TraceError">Its standard error.</param>
/// <param name="Accuracy">Test accuracy in per cent.</param>
/// <param name="Time">The sum of the step sizes of the steps taken.</param>
internal sealed record DroppedRun(
    bool Trained,
    bool Diverged,
    bool AtEdge,
    double Sharpness,
    double Next,
    double Trace,
    double TraceError,
    double Accuracy,
    double Time
)
{
    private const double Edge = 0.95;

    /// <summary>Whether it may be compared.</summary>
    public bool Counts => Trained && AtEdge;

    /// <summary>Reads a run.</summary>
    /// <param name="record">Its record.</param>
    public static DroppedRun Of(RunRecord record)
    {
        var (series, training) = (record.Series, ((NetworkSpec)record.Manifest.Specification).Training);
        var final = training.StepSize.At(training.Steps);
        int[] after = [.. Enumerable.Range(0, series.Rows).Where(i => series[Columns.StepSize][i] == final)];
        var edge = after
            .Skip(after.Length / 2)
            .Select(i => StabilityNumber.Of(final, series[Columns.Sharpness][i]))
            .DefaultIfEmpty(double.NaN)
            .Max();
        var time = Enumerable.Range(0, record.Manifest.Steps).Sum(training.StepSize.At);
        return new DroppedRun(
            record.Manifest.Reason == StopReason.LossReached,
            record.Manifest.Reason == StopReason.Diverged,
            edge >= Edge,
            series[Columns.Sharpness][^1],
            Enumerable.Range(2, 3).Sum(k => series[Columns.Eigenvalue(k)][^1]),
            series[NetworkColumns.Trace][^1],
            series[NetworkColumns.TraceError][^1],
            100 * series[NetworkColumns.TestAccuracy][^1],
            time
        );
    }
}
