using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using OxyPlot;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The figures of the chapter beyond fully connected networks.</summary>
internal static class OtherFigures
{
    private const string Time = "time (η × steps)";

    /// <summary>Stability number and loss of each at its larger step size.</summary>
    public static ChapterFigure Edges(IReadOnlyList<(OtherSubject Subject, OtherComparison Run)> runs)
    {
        var edge = PlotStyle.Create("Stability number past the edge", "share of the run", "ηS/2");
        var loss = PlotStyle.Create("Loss", "share of the run", Columns.Loss.Label, logY: true);
        foreach (var (subject, run) in runs)
        {
            var series = run.Large.Series;
            double[] share = [.. series.Array(Columns.Step).Select(step => step / series[Columns.Step][^1])];
            edge.AddLine(subject.Name, share, series.Array(Columns.StabilityNumber));
            loss.AddLine(subject.Name, share, series.Array(Columns.Loss));
        }

        return new ChapterFigure("beyond-edges", [edge.AddHorizontal("edge of stability", 1), loss], 85);
    }

    /// <summary>The residual network by its normalisation, and each network's sharpness at both step sizes.</summary>
    public static ChapterFigure Batch(
        (OtherSubject Subject, OtherComparison Run) group,
        (OtherSubject Subject, OtherComparison Run) batch
    )
    {
        var number = PlotStyle
            .Create("Two normalisations", Columns.Step.Label, "ηS/2")
            .AddLine("over groups", Steps(group.Run), group.Run.Large.Series.Array(Columns.StabilityNumber))
            .AddLine("over the full batch", Steps(batch.Run), batch.Run.Large.Series.Array(Columns.StabilityNumber))
            .AddHorizontal("edge of stability", 1);
        var sharpness = PlotStyle.Create("Over groups, by step size", Time, Columns.Sharpness.Label);
        foreach (
            var (name, run, stepSize) in new[]
            {
                ("larger", group.Run.Large, group.Subject.Large),
                ("smaller", group.Run.Small!, group.Subject.Small),
            }
        )
            sharpness.AddLine(
                $"{name}, η = {Claim.Format(stepSize)}",
                [.. run.Series.Array(Columns.Step).Select(step => step * stepSize)],
                run.Series.Array(Columns.Sharpness)
            );
        return new ChapterFigure(
            "beyond-normalisation",
            [
                number,
                sharpness
                    .AddHorizontal($"edge, {Claim.Format(2 / group.Subject.Large)}", 2 / group.Subject.Large)
                    .AddHorizontal($"edge, {Claim.Format(2 / group.Subject.Small)}", 2 / group.Subject.Small),
            ],
            85
        );
    }

    /// <summary>Where in two networks v_1 lives.</summary>
    public static ChapterFigure Layers(params (OtherSubject Subject, OtherComparison Run)[] runs) =>
        new("beyond-layers", [.. runs.Select(run => Shares(run.Subject, run.Run))], 95);

    private static PlotModel Shares(OtherSubject subject, OtherComparison run)
    {
        var plot = PlotStyle.Create($"Layers of the {subject.Name}", Columns.Step.Label, "share of v₁");
        // The five layers that hold most; a transformer has a dozen and a half.
        foreach (
            var layer in run
                .Layers.OrderByDescending(l => run.Large.Series.Array(NetworkColumns.LayerShare[l]).Average())
                .Take(5)
        )
            plot.AddLine(layer, Steps(run), run.Large.Series.Array(NetworkColumns.LayerShare[layer]));
        return plot;
    }

    private static double[] Steps(OtherComparison run) => run.Large.Series.Array(Columns.Step);
}
