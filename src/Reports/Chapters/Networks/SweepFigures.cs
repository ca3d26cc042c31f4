using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using OxyPlot;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The figures of a sweep of step sizes.</summary>
internal static class SweepFigures
{
    /// <summary>Accuracy, sharpness and similarity against the step size, and accuracy against what might explain it.</summary>
    public static IEnumerable<ChapterFigure> Of(SweepComparison sweep)
    {
        var (name, words) = (sweep.Figures, new Dictionary<string, string> { ["data"] = sweep.Name });
        yield return new ChapterFigure(
            $"{name}-accuracy",
            [
                Against(sweep, "Test accuracy", "gain over the smallest η (percentage points)", run => run.Gain)
                    .AddHorizontal("no gain", 0),
                Against(sweep, "Sharpness", Columns.Sharpness.Label, run => run.Sharpness, edge: true),
            ],
            80
        )
        {
            Caption = "accuracy",
            Values = words,
        };
        yield return new ChapterFigure(
            $"{name}-similarity",
            [
                Against(sweep, "Early and final frame", "largest similarity ρₖ, k = 1..4", run => run.Similarity)
                    .AddHorizontal("stable above 0.7", ComparedRun.StableSimilarity),
                Against(sweep, "Trace", "trace of the Hessian", run => run.Trace, logY: true),
            ],
            80
        )
        {
            Caption = "similarity",
            Values = words,
        };
        yield return new ChapterFigure(
            $"{name}-scatter",
            [
                Scatter(sweep, "Against sharpness", "final sharpness S", run => run.Sharpness, log: true),
                Scatter(sweep, "Against rotation", "angle between early and final frame (degrees)", run => run.Turn),
            ],
            80
        )
        {
            Caption = "scatter",
            Values = words,
        };
    }

    private static PlotModel Against(
        SweepComparison sweep,
        string title,
        string label,
        Func<ComparedRun, double> value,
        bool edge = false,
        bool logY = false
    )
    {
        ComparedRun[] all = [.. sweep.Seeds.SelectMany(seed => seed).Where(run => run.Trained)];
        double[] grid = [.. sweep.Seeds[0].Select(run => run.StepSize)];
        var kind = edge || logY ? QuantityKind.Size : QuantityKind.Difference;
        Interval[] means =
        [
            .. grid.Select((_, i) => kind.Of([.. sweep.Column(i).Select(value).Where(double.IsFinite)])),
        ];
        var plot = PlotStyle
            .Create(title, Columns.StepSize.Label, label, logX: true, logY: edge || logY)
            .AddLine("mean", grid, [.. means.Select(m => m.Value)])
            .AddBand("", grid, [.. means.Select(m => m.Low)], [.. means.Select(m => m.High)])
            .AddPoints("run", [.. all.Select(run => run.StepSize)], [.. all.Select(value)]);
        if (edge)
            plot.AddLine("edge 2/η", grid[1..], [.. grid[1..].Select(h => 2 / h)]);
        return plot.AddVertical("threshold", sweep.Seeds.Average(seed => seed[0].StepSize / seed[0].Relative));
    }

    private static PlotModel Scatter(
        SweepComparison sweep,
        string title,
        string label,
        Func<ComparedRun, double> x,
        bool log = false
    )
    {
        var plot = PlotStyle.Create(title, label, "test accuracy (%)", logX: log);
        foreach (
            var (name, side) in new (string, Func<ComparedRun, bool>)[]
            {
                ("below the threshold", run => run.Below),
                ("past it", run => run.Past),
            }
        )
        {
            ComparedRun[] runs = [.. sweep.Seeds.SelectMany(seed => seed).Where(run => run.Trained && side(run))];
            plot.AddPoints(name, [.. runs.Select(x)], [.. runs.Select(run => run.Accuracy)]);
        }

        return plot;
    }
}
