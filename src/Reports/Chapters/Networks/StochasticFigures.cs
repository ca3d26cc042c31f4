using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using OxyPlot;
using static FlatBias.Reports.Chapters.Networks.StochasticRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The figures of <see cref="StochasticDescent"/>.</summary>
internal static class StochasticFigures
{
    public static ChapterFigure Sharpness(StochasticRuns first) =>
        new("sgd-sharpness", [Paths("SGD", first.Sgd), Paths("Noise alone", first.Controls)], 90);

    public static ChapterFigure BySize(ReportSettings settings, StochasticRuns[] seeds)
    {
        var sharpness = ByBatch(
                settings,
                seeds,
                "Sharpness at equal loss",
                Columns.Sharpness.Label,
                r => At(r, Columns.Sharpness)
            )
            .AddHorizontal("2/η of SGD", 2 / StepSize);
        var similarity = ByBatch(
                settings,
                seeds,
                "Turn of the leading frame",
                "largest similarity ρₖ, k = 1..4",
                Similarity
            )
            .AddHorizontal("0.7", 0.7);
        return new ChapterFigure("sgd-batch-size", [sharpness, similarity], 90);
    }

    public static ChapterFigure NoiseAndAccuracy(ReportSettings settings, StochasticRuns[] seeds)
    {
        var noise = ByBatch(
            settings,
            seeds,
            "Gradient noise along v₁",
            "variance over the samples",
            r => At(r, NetworkColumns.GradientNoise[1]),
            logY: true
        );
        var accuracy = ByBatch(
            settings,
            seeds,
            "Test accuracy at equal loss",
            "test accuracy (%)",
            r => 100 * At(r, NetworkColumns.TestAccuracy)
        );
        return new ChapterFigure("sgd-noise-accuracy", [noise, accuracy], 90);
    }

    private static PlotModel Paths(string name, RunRecord[] runs)
    {
        // After the warm-up, which controls have.
        var stepSize = Spec(runs[0]).StepSize.At(Spec(runs[0]).Steps);
        var plot = PlotStyle.Create(
            $"{name}, η = {Claim.Format(stepSize)}",
            "training loss (half squared error)",
            Columns.Sharpness.Label,
            logX: true,
            logY: true
        );
        foreach (var run in runs)
        {
            int[] rows = [.. Enumerable.Range(0, run.Series.Rows).Where(i => run.Series[Columns.Loss][i] < 0.5)];
            plot.AddLine(
                Spec(run).Batch is { } plan ? $"batch size {plan.Size}" : "full batch",
                [.. rows.Select(i => run.Series[Columns.Loss][i])],
                [.. rows.Select(i => run.Series[Columns.Sharpness][i])]
            );
        }

        return plot.AddHorizontal("2/η", 2 / stepSize).AddVertical($"loss {Claim.Format(Target)}", Target);
    }

    private static PlotModel ByBatch(
        ReportSettings settings,
        StochasticRuns[] seeds,
        string title,
        string label,
        Func<RunRecord, double> measure,
        bool logY = false
    )
    {
        var plot = PlotStyle.Create(title, "batch size of SGD (images)", label, logX: true, logY: logY);
        void Add(string name, int[] sizes, Func<StochasticRuns, RunRecord[]> runs)
        {
            double[] x = [.. sizes.Select(b => (double)b)];
            plot.AddLine(
                $"{name}, mean",
                x,
                [.. sizes.Select((_, i) => Replicates.Mean(seeds, s => measure(runs(s)[i])))]
            );
            plot.AddPoints(name, [.. seeds.SelectMany(_ => x)], [.. seeds.SelectMany(s => runs(s).Select(measure))]);
        }

        Add("SGD", Batches(settings), s => s.Sgd);
        Add("noise alone", Controlled(settings), s => s.Controls);
        return plot;
    }

    private static TrainingSpec Spec(RunRecord record) => ((NetworkSpec)record.Manifest.Specification).Training;
}
