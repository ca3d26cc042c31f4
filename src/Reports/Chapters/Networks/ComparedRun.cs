using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The end of one run of a sweep of step sizes, (8.2), in the terms of the seed's own threshold.</summary>
/// <param name="Seed">Of the initial weights.</param>
/// <param name="StepSize">eta.</param>
/// <param name="Relative">eta over the threshold: 2 over the largest sharpness on the path of the seed's smallest step size, which stands for gradient flow.</param>
/// <param name="Reason">Why it ended; a run that reached the loss is comparable.</param>
/// <param name="Accuracy">Test accuracy in per cent; chance, 10 %, for a run that diverged.</param>
/// <param name="Gain">The accuracy less that of the seed's smallest step size; NaN where that one did not reach the loss.</param>
/// <param name="TestLoss">The test loss.</param>
/// <param name="LossGain">The test loss less that of the seed's smallest step size; NaN where that one did not reach the loss.</param>
/// <param name="Sharpness">S at the end.</param>
/// <param name="Trace">tr H at the end.</param>
/// <param name="Similarity">The largest rho_k, k = 1..4, between the early and the final frame; NaN for a run that ended before the early frame.</param>
internal sealed record ComparedRun(
    int Seed,
    double StepSize,
    double Relative,
    StopReason Reason,
    double Accuracy,
    double Gain,
    double TestLoss,
    double LossGain,
    double Sharpness,
    double Trace,
    double Similarity
)
{
    /// <summary>The similarity above which (8.2) calls a run stable.</summary>
    public const double StableSimilarity = 0.7;

    private const double Chance = 10,
        Margin = 0.1;

    /// <summary>Whether it reached the loss at which runs are compared.</summary>
    public bool Trained => Reason == StopReason.LossReached;

    /// <summary>Below the threshold by a tenth or more; what is nearer is on neither side, since the path is sampled.</summary>
    public bool Below => Relative < 1 - Margin;

    /// <summary>Past the threshold by a tenth or more.</summary>
    public bool Past => Relative > 1 + Margin;

    /// <summary>The angle whose cosine the similarity is, in degrees.</summary>
    public double Turn => Math.Acos(Math.Min(1, Similarity)) * 180 / Math.PI;

    /// <summary>Reads the runs of one seed.</summary>
    /// <param name="records">One for each step size.</param>
    /// <returns>Their ends, in that order.</returns>
    public static ComparedRun[] OfSeed(RunRecord[] records)
    {
        // The path of the smallest step size gives the threshold, and what accuracies are compared with.
        var smallest = records.MinBy(record => Training(record).StepSize.Constant)!;
        var threshold = 2 / smallest.Series[Columns.Sharpness].Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        var first = End(smallest, threshold, null);
        return [.. records.Select(record => End(record, threshold, first.Trained ? first : null))];
    }

    private static ComparedRun End(RunRecord record, double threshold, ComparedRun? first)
    {
        var (series, training) = (record.Series, Training(record));
        var similarity = Enumerable.Range(1, 4).Max(k => series[Columns.Similarity[k]][^1]);
        var accuracy =
            record.Manifest.Reason == StopReason.Diverged ? Chance : 100 * series[NetworkColumns.TestAccuracy][^1];
        var testLoss = series[Columns.TestLoss][^1];
        return new ComparedRun(
            training.Seed,
            training.StepSize.Constant,
            training.StepSize.Constant / threshold,
            record.Manifest.Reason,
            accuracy,
            accuracy - (first?.Accuracy ?? double.NaN),
            testLoss,
            testLoss - (first?.TestLoss ?? double.NaN),
            series[Columns.Sharpness][^1],
            series[NetworkColumns.Trace][^1],
            similarity
        );
    }

    private static TrainingSpec Training(RunRecord record) => ((NetworkSpec)record.Manifest.Specification).Training;
}
