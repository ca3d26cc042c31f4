using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Figures;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <content>Figures.</content>
internal sealed partial class OwnEdges
{
    private static ChapterFigure SamFigure(SeriesTable plain, SeriesTable uphill)
    {
        var sharpness = PlotStyle
            .Create("Sharpness", Columns.Step.Label, Columns.Sharpness.Label)
            .AddLine("gradient descent", plain.Array(Columns.Step), plain.Array(Columns.Sharpness))
            .AddLine("SAM, ρ = 0.1", uphill.Array(Columns.Step), uphill.Array(Columns.Sharpness))
            .AddHorizontal("2/η", 2 / SamStepSize);
        var number = PlotStyle
            .Create("Stability number", Columns.Step.Label, "ηS_eff / edge", logY: true)
            .AddLine("gradient descent", plain.Array(Columns.Step), plain.Array(Columns.StabilityNumber))
            .AddLine("SAM, ρ = 0.1", uphill.Array(Columns.Step), uphill.Array(Columns.StabilityNumber))
            .AddHorizontal("edge", 1);
        return new ChapterFigure("own-edges-sam", [sharpness, number], 70);
    }

    private static ChapterFigure SpikeFigure(RunRecords records)
    {
        var shown = Spikes[1];
        var series = records[shown.Run].Series;
        var judged = shown.Judged(series);
        var plot = PlotStyle
            .Create($"{shown.Label}: a spike", Columns.Step.Label, "|g| and its divisor", logY: true)
            .AddLine("|g|", series.Array(Columns.Step), series.Array(Columns.GradientNorm))
            .AddLine("divisor r", series.Array(Columns.Step), Spiking.Divisor(series))
            .AddVertical("forecast from here", judged.Stages.Decoupled)
            .AddVertical("edge, forecast", judged.Stages.Decoupled + judged.Forecast.Edge)
            .AddVertical("spike, forecast", judged.Stages.Decoupled + judged.Forecast.Spike);
        return new ChapterFigure("own-edges-spike", [plot], 80);
    }

    private static ChapterFigure PathFigure(RunRecords records)
    {
        const int depth = 3;
        var shared = new PathRun(depth);
        var series = records[shared.Run].Series;
        var plot = PlotStyle.Create(
            "Shares of four paths of depth 3",
            Columns.Step.Label,
            "share of the sum",
            logX: true
        );
        for (var p = 0; p < Paths; p++)
        {
            var path = p;
            plot.AddLine(
                $"path {p + 1}",
                series.Array(Columns.Step),
                [
                    .. Enumerable
                        .Range(0, series.Rows)
                        .Select(row =>
                            Enumerable
                                .Range(1, depth)
                                .Aggregate(1.0, (x, l) => x * series[Columns.Coordinate[(path * depth) + l]][row])
                        ),
                ]
            );
        }

        return new ChapterFigure("own-edges-paths", [plot], 80);
    }
}
