using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using static FlatBias.Reports.Chapters.Networks.LaterRulesRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <content>What is shown.</content>
internal sealed partial class LaterRules
{
    private static IReadOnlyList<string> Findings(RuleSeries[] seeds)
    {
        (SeriesTable Series, LossSpike Spike)[] later =
        [
            .. seeds.SelectMany(s => s.Spikes.Skip(1).Select(spike => (s.Adam, spike))),
        ];
        var ratios = later.Select(s => s.Spike.RatioAtEdge(s.Series)).Where(q => !double.IsNaN(q)).Order().ToArray();
        var sign = Replicates.Mean(seeds, s => SecondHalf.Median(s[Sign], Columns.StabilityNumber));
        return
        [
            $"{seeds.Sum(s => s.Spikes.Count)} loss spikes of Adam on {seeds.Length} seeds, "
                + $"{later.Length} of them after the first of their run. "
                + (
                    ratios.Length == 0
                        ? "None of these has an edge before it."
                        : $"Before these |g| is {Claim.Format(ratios[0])} to {Claim.Format(ratios[^1])} of "
                            + "the divisor where the edge is passed."
                ),
            "What does not swing weighs (1 + b) / (1 − b) times as much in ζ with momentum b as for "
                + "gradient descent (9.12), 19 times at b = 0.9: at its edge such a run has ζ near 1 only "
                + "while its swing is by so much the larger. That was derived when these runs had been seen.",
            "With the preconditioner of (7.9), the sizes of the gradient's components, the median "
                + $"stability number of the same runs of sign descent is {Claim.Format(sign)}: a few components "
                + "that are nearly 0 decide it, where the norm of the largest component has all step lengths "
                + "equal.",
        ];
    }

    private static ChapterTable EdgeTable(RuleSeries[] seeds)
    {
        var published = Published.ToDictionary(p => p.Run, p => ChapterTable.Number(p.Value));
        (string Label, string Published, Func<RuleSeries, SeriesTable> Series)[] rows =
        [
            ("GD, η = 0.1", "0.904 to 1.624", s => s.Descent),
            .. All.Select(run =>
                (run.Label, published.GetValueOrDefault(run, "–"), (Func<RuleSeries, SeriesTable>)(s => s[run]))
            ),
        ];
        Func<(string Label, string Published, Func<RuleSeries, SeriesTable> Series), string> Mean(string column) =>
            row => ChapterTable.Number(Replicates.Mean(seeds, s => SecondHalf.Median(row.Series(s), column)));
        return ChapterTable.Of(
            $"Medians over the second half of each run, means over {seeds.Length} seeds; the stability "
                + "number is by the rule's own edge, in its own norm for Muon.",
            "run",
            rows,
            row => row.Label,
            ("stability number", Mean(Columns.StabilityNumber)),
            (
                "in the norm of sign descent",
                row => ChapterTable.Number(Replicates.Mean(seeds, s => RuleSeries.InMaxNorm(row.Series(s))))
            ),
            ("ζ", Mean(Columns.RealisedEdge)),
            ("ζ published", row => row.Published),
            ("ηSΓ/2", Mean(Columns.RealisedEdgeAlongLeading)),
            ("S", Mean(Columns.Sharpness)),
            ("loss", Mean(Columns.Loss))
        );
    }

    private static ChapterTable SpikeTable(RuleSeries[] seeds)
    {
        Func<RuleSeries, string> Of(Func<FirstSpike, double> value) =>
            s => ChapterTable.Number(s.First is { } first ? value(first) : double.NaN);
        return ChapterTable.Of(
            "The first spike of Adam by seed: steps from where |g| is a tenth of the divisor, as "
                + "forecast from there and as run.",
            "seed",
            seeds,
            s => $"{s.Seed}",
            ("step of the forecast", Of(first => first.Series[Columns.Step][first.Decoupled])),
            ("forecast edge", Of(first => Math.Round(first.Forecast.Edge))),
            ("edge", Of(first => first.ToEdge)),
            ("forecast spike", Of(first => Math.Round(first.Forecast.Spike))),
            ("spike", Of(first => first.ToPeak)),
            ("|g| / |P| at the edge", Of(first => first.First.RatioAtEdge(first.Series))),
            (
                "loss, times the least before",
                Of(first => first.Series[Columns.Loss][first.First.Peak] / first.Series[Columns.Loss][first.First.Low])
            ),
            ("divisor's share", Of(first => first.DivisorShare)),
            ("spikes", s => $"{s.Spikes.Count}")
        );
    }

    private static ChapterFigure EdgeFigure(RuleSeries first)
    {
        var edge = PlotStyle.Create("Realised edge", Columns.Step.Label, Columns.RealisedEdge.Label);
        foreach (var run in new[] { HeavyBall, Adam, AdamW })
            edge.AddLine(run.Label, first[run].Array(Columns.Step), first[run].Array(Columns.RealisedEdge));
        edge.AddHorizontal("1", 1);
        var number = PlotStyle.Create("Own edge", Columns.Step.Label, "ηS_{eff} / edge", logY: true);
        foreach (var run in new[] { HeavyBall, Adam, Muon, Sam })
            number.AddLine(run.Label, first[run].Array(Columns.Step), first[run].Array(Columns.StabilityNumber));
        var sign = first[Sign];
        number
            .AddLine(
                "sign, own norm",
                sign.Array(Columns.Step),
                [
                    .. sign.Array(Columns.MaxNormSharpness)
                        .Zip(sign.Array(Columns.GradientSum), (s, g) => SignStepSize * s / (2 * g)),
                ]
            )
            .AddHorizontal("edge", 1);
        return new ChapterFigure("later-rules-edges", [edge, number], 105);
    }

    private static ChapterFigure SpikeFigure(RuleSeries seed)
    {
        var (series, steps) = (seed.Adam, seed.Adam.Array(Columns.Step));
        var sizes = PlotStyle
            .Create("Gradient and divisor", Columns.Step.Label, "|g|, |P| and loss", logY: true)
            .AddLine("|g|", steps, series.Array(Columns.GradientNorm))
            .AddLine("|P|", steps, series.Array(Columns.DivisorNorm))
            .AddLine("loss", steps, series.Array(Columns.Loss));
        var number = PlotStyle
            .Create("Sharpness over the edge", Columns.Step.Label, "ηS_{eff} / edge", logY: true)
            .AddLine("Adam", steps, series.Array(Columns.StabilityNumber));
        if (seed.First is { } first)
        {
            var (at, sharpness) = (steps[first.Decoupled], series.Array(Columns.Sharpness));
            number.AddLine(
                "at the S of the forecast",
                steps,
                [
                    .. series
                        .Array(Columns.StabilityNumber)
                        .Select((n, i) => n * sharpness[first.Decoupled] / sharpness[i]),
                ]
            );
            foreach (var plot in new[] { sizes, number })
                plot.AddVertical("forecast from here", at)
                    .AddVertical("edge, forecast", at + first.Forecast.Edge)
                    .AddVertical("spike, forecast", at + first.Forecast.Spike);
        }

        return new ChapterFigure("later-rules-spike", [sizes, number.AddHorizontal("edge", 1)], 105);
    }
}
