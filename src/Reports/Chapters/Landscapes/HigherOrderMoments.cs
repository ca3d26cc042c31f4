using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(1.3), (1.8), (3.7): higher-order curvature moments through an instability.</summary>
internal sealed class HigherOrderMoments : Chapter
{
    private static readonly Statement Grow = new(
        "hocm-grow",
        "|λ_neg| grows in the instability by an order of magnitude or more.",
        "after (1.3) WR"
    );
    private static readonly Statement PeakFirst = new(
        "hocm-flatten-first",
        "Higher-order moments flatten before the instability resolves: |λ_neg| peaks at least one step earlier.",
        "(1.3) WR"
    );
    private static readonly Statement FlatFirst = new(
        "flattening-precedes",
        "Flattening precedes resolution: S is below 2/η before the loss is back below its value at onset.",
        "(1.3) WR"
    );
    private static readonly Statement Formula = new(
        "hocm-formula",
        "λ_neg = s − √(s² + 12Θ²) along the whole run, to rounding.",
        "(3.7) D"
    );
    private static readonly Statement Detectors = new(
        "detectors-agree",
        "The loss-peak detector, which sees no curvature, finds the same peak.",
        "(1.8)"
    );

    public override string Title => "Higher-order curvature moments in an instability";

    public override IReadOnlyList<Statement> Statements { get; } = [Grow, PeakFirst, FlatFirst, Formula, Detectors];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [TwoParameterRuns.Run(TwoParameterRuns.Past)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var series = records[TwoParameterRuns.Run(TwoParameterRuns.Past)].Series;
        var found = Instability.Segment(
            series.Array(Columns.StepSize),
            series.Array(Columns.Sharpness),
            series.Array(Columns.Loss)
        );
        if (found.Count == 0 || found[0].Resolution is not { } resolution)
            return new ChapterResult(
                [.. Statements.Select(s => s.NotRun("no instability that resolves was found"))],
                [],
                []
            );
        var (onset, peak) = (found[0].Onset, found[0].Peak);
        double[] negative = [.. series[Columns.TrailingEigenvalue].Select(x => -x)];
        // Over the rest of the run, so that a later peak would show.
        var largest = Axes.IndexOfLargest(negative, onset, series.Rows);
        var flat = Enumerable
            .Range(peak, series.Rows - peak)
            .First(i => series[Columns.StepSize][i] * series[Columns.Sharpness][i] < 2);
        var peaks = Instability.LossPeaks(series.Array(Columns.Loss));
        return new ChapterResult(
            [
                Grow.Judge(
                    Relation.AtLeast,
                    10,
                    negative[largest] / negative[onset],
                    0,
                    "our reading of: grow",
                    "|λ_neg| at its peak over its value at onset"
                ),
                PeakFirst.Judge(
                    Relation.AtLeast,
                    1,
                    resolution - largest,
                    0,
                    "as stated",
                    "steps from the peak of |λ_neg| to the resolution",
                    unit: "steps"
                ),
                FlatFirst.Judge(
                    Relation.AtLeast,
                    1,
                    resolution - flat,
                    0,
                    "as stated",
                    "steps from S < 2/η to the resolution",
                    unit: "steps"
                ),
                Formula.Judge(
                    Relation.Equal,
                    0,
                    FormulaError(series),
                    64,
                    "a dozen operations a side",
                    "largest deviation in units of rounding, 1.1e−16 S"
                ),
                peaks.Count == 0
                    ? Detectors.NotRun("no loss peak stood out")
                    : Detectors.Judge(Relation.Equal, peak, peaks[0], 1, "one step", "step of the largest loss"),
            ],
            [Figure(series, onset, peak, resolution)],
            [
                $"Onset at step {onset}, largest loss {Claim.Format(series[Columns.Loss][peak])} at step {peak}, sharpness below 2/η from step {flat}, resolved at step {resolution}. |λ_neg| rose from {Claim.Format(negative[onset])} to {Claim.Format(negative[largest])}; the sharpness fell from {Claim.Format(series[Columns.Sharpness][onset])} to {Claim.Format(series[Columns.Sharpness][resolution])}.",
            ]
        );
    }

    private static double FormulaError(SeriesTable series)
    {
        var worst = 0.0;
        var states = TwoParameterRuns.States(series);
        for (var i = 0; i < states.Length; i++)
        {
            var (leading, trailing) = CoupledMap.Eigenvalues(states[i].Product, states[i].SquaredNorm);
            worst = Math.Max(
                worst,
                Math.Abs(series[Columns.TrailingEigenvalue][i] - trailing) / (Roundoff.Unit * leading)
            );
        }

        return worst;
    }

    private static ChapterFigure Figure(SeriesTable series, int onset, int peak, int resolution)
    {
        const int shown = 50;
        var steps = series.Array(Columns.Step)[..shown];
        var number = PlotStyle
            .Create("Sharpness and loss", Columns.Step.Label, "relative value")
            .AddLine(
                "ηS/2",
                steps,
                [
                    .. series[Columns.Sharpness]
                        .Take(shown)
                        .Zip(series[Columns.StepSize], (s, h) => StabilityNumber.Of(h, s)),
                ]
            )
            .AddLine(
                "L / max L",
                steps,
                [.. series[Columns.Loss].Take(shown).Select(l => l / series[Columns.Loss][peak])]
            )
            .AddHorizontal("edge of stability", 1)
            .AddShade(onset, resolution, "instability");
        var moments = PlotStyle
            .Create("Higher-order moments", Columns.Step.Label, "magnitude (loss units)", logY: true)
            .AddLine("|λ_neg|", steps, [.. series[Columns.TrailingEigenvalue].Take(shown).Select(Math.Abs)])
            .AddLine("|m₃|", steps, [.. series[Columns.ThirdMoment].Take(shown).Select(Math.Abs)])
            .AddLine("|m₄|", steps, [.. series[Columns.FourthMoment].Take(shown).Select(Math.Abs)])
            .AddShade(onset, resolution, "instability");
        return new ChapterFigure("higher-order-moments", [number, moments], 85);
    }
}
