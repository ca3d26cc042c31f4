using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using OxyPlot;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(8.3): a large step size dropped to a smaller one at several times, under squared error, compared at equal loss and at the new edge.</summary>
internal sealed class StepSizeDrop : Chapter
{
    private const double High = 0.12,
        Low = 0.09,
        TimeAfter = 250;

    private static readonly Statement Reaches = new(
        "drop-reaches-edge",
        "Every run reaches the loss and its new edge: η S/2 comes to 0.95 or more in the second half of what follows the drop.",
        "(8.3), the condition of the paper's reviewers"
    );
    private static readonly Statement SameSharpness = new(
        "drop-same-sharpness",
        "At equal loss and at the new edge, sharpness does not tell the drop times apart: S after the latest drop is that of the control within 10 %.",
        "follows from the condition"
    );
    private static readonly Statement NextFlatter = new(
        "drop-next-eigenvalues",
        "Progressive flattening: the later the drop, the smaller λ₂ + λ₃ + λ₄ at that end.",
        "(8.3) WR"
    );
    private static readonly Statement TraceFlatter = new(
        "drop-trace",
        "… and the smaller the trace of the Hessian.",
        "(8.3) WR"
    );
    private static readonly Statement Much = new(
        "drop-tenth-flatter",
        "After the latest drop the trace is at least a tenth below that of the control, which ran at the small step size from the start.",
        "(8.3) WR; the tenth is ours"
    );
    private static readonly Statement Accuracy = new(
        "drop-accuracy",
        "The later the drop, the higher the test accuracy at that end.",
        "after (8.2), (8.3) WR"
    );

    public override string Title => "Dropping the step size";

    public override IReadOnlyList<Statement> Statements { get; } =
    [Reaches, SameSharpness, NextFlatter, TraceFlatter, Much, Accuracy];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. Seeds(settings).SelectMany(seed => Times(settings).Select(time => Run(settings, time, seed)))];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var times = Times(settings);
        RunRecord[][] runs =
        [
            .. Seeds(settings).Select(seed => times.Select(time => records[Run(settings, time, seed)]).ToArray()),
        ];
        DroppedRun[][] seeds = [.. runs.Select(seed => seed.Select(DroppedRun.Of).ToArray())];
        DroppedRun[] all = [.. seeds.SelectMany(seed => seed)];
        Claim Rank(Statement statement, Relation relation, Func<DroppedRun, double> value, string quantity) =>
            statement.JudgeMean(
                relation,
                0,
                seeds,
                seed =>
                    Replicates.Rank(
                        times.Zip(seed).Where(p => p.Second.Counts).Select(p => (p.First, value(p.Second)))
                    ),
                $"Spearman correlation of drop time and {quantity}",
                kind: QuantityKind.Correlation
            );

        Claim Latest(
            Statement statement,
            Relation relation,
            double predicted,
            double tolerance,
            string basis,
            Func<DroppedRun, double> value,
            string quantity
        )
        {
            double[] ratios =
            [
                .. seeds
                    .Where(seed => seed[0].Counts && seed[^1].Counts)
                    .Select(seed => value(seed[^1]) / value(seed[0])),
            ];
            if (ratios.Length < 2)
                return statement.NotRun("fewer than two seeds have both ends to compare");
            return statement.Judge(
                relation,
                predicted,
                QuantityKind.Size.Of(ratios),
                tolerance,
                basis,
                $"{quantity}, latest drop over control, geometric mean of {ratios.Length} seeds with 95 % interval"
            );
        }

        return new ChapterResult(
            [
                Reaches.Judge(
                    Relation.AtLeast,
                    all.Length,
                    all.Count(run => run.Counts),
                    0,
                    "a count",
                    "runs that reached both"
                ),
                Latest(SameSharpness, Relation.Equal, 1, 0.1, "as stated", run => run.Sharpness, "S"),
                Rank(NextFlatter, Relation.AtMost, run => run.Next, "λ₂ + λ₃ + λ₄"),
                Rank(TraceFlatter, Relation.AtMost, run => run.Trace, "tr H"),
                Latest(Much, Relation.AtMost, 0.9, 0, "as stated", run => run.Trace, "tr H"),
                Rank(Accuracy, Relation.AtLeast, run => run.Accuracy, "test accuracy"),
            ],
            [PathFigure(times, runs[0]), EndFigure(times, seeds)],
            [.. Findings(times, seeds)]
        )
        {
            Tables = [Table(times, seeds)],
        };
    }

    /// <summary>The time of the drop; 0 is the control.</summary>
    private static double[] Times(ReportSettings settings) => settings.Paper ? [0, 10, 40, 80] : [0, 5, 20, 40];

    // docs/paper-edition.md says what this number and those of other chapters decide.
    private static IEnumerable<int> Seeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed, settings.Paper ? 41 : 4);

    private static NetworkSpec Run(ReportSettings settings, double time, int seed) =>
        new(Training(settings, time, seed));

    private static TrainingSpec Training(ReportSettings settings, double time, int seed)
    {
        var drop = (int)Math.Round(time / High);
        return EqualLoss.Network(settings, seed) with
        {
            EigenTolerance = new TrainingSpec().EigenTolerance,
            StepSize = drop == 0 ? Low : new DroppedStepSize(High, Low, drop),
            Steps = drop + (int)Math.Round(TimeAfter / Low),
            LossTarget = settings.Paper ? 0.025 : 0.012,
            MeasureEvery = settings.Paper ? 50 : 100,
            TraceProbes = 8,
        };
    }

    private static ChapterTable Table(double[] times, DroppedRun[][] seeds)
    {
        return ChapterTable.Of(
            $"Ends of the runs that reached the loss and their new edge, means over {seeds.Length} seeds.",
            "dropped at",
            times.Index(),
            time => time.Index == 0 ? "control" : Claim.Format(time.Item),
            ("runs", time => $"{Runs(time.Index).Length}"),
            ("S", Mean(r => r.Sharpness)),
            ("λ₂ + λ₃ + λ₄", Mean(r => r.Next)),
            ("tr H", Mean(r => r.Trace)),
            ("test accuracy, %", Mean(r => r.Accuracy)),
            ("time", Mean(r => r.Time))
        );

        DroppedRun[] Runs(int time) => [.. seeds.Select(seed => seed[time]).Where(run => run.Counts)];

        Func<(int Index, double Item), string> Mean(Func<DroppedRun, double> measure) =>
            time => ChapterTable.Number(Replicates.Mean(Runs(time.Index), measure));
    }

    private static IEnumerable<string> Findings(double[] times, DroppedRun[][] seeds)
    {
        DroppedRun[] all = [.. seeds.SelectMany(seed => seed)];
        yield return (
            all.All(r => r.Counts)
                ? $"All {all.Length} runs reached the loss and their new edge."
                : $"Of {all.Length} runs {all.Count(r => r.Counts)} reached both the loss and their new edge; {all.Count(r => r.Trained && !r.AtEdge)} reached the loss alone, {all.Count(r => r.Diverged)} diverged; these are left out. A run left out because it is still below the edge would speak for flattening."
        );
        DroppedRun[][] whole = [.. seeds.Select(seed => seed[1..]).Where(seed => seed.All(run => run.Counts))];
        yield return $"The control counts as a drop at 0. Among the dropped runs alone the rank correlation of drop time with λ₂ + λ₃ + λ₄ is {Claim.Format(Replicates.Mean(seeds, seed => Replicates.Rank(times.Zip(seed).Skip(1).Where(p => p.Second.Counts).Select(p => (p.First, p.Second.Next)))))} in the mean over seeds.";
        yield return $"Seen, not predicted: among the dropped runs alone, without the control, the trace falls from each drop time to the next in {whole.Count(seed => seed.Zip(seed[1..]).All(pair => pair.Second.Trace < pair.First.Trace))} of {whole.Length} seeds.";
        yield return "Standard errors of the traces, eight probes beside the four leading pairs, the same probes for all runs of a seed, are at most "
            + $"{Claim.Format(100 * all.Max(r => r.TraceError / r.Trace))} % of them. One network, one data set, one pair of step sizes; the trace of a point at its edge says nothing of what would happen at a still smaller step size.";
    }

    private static ChapterFigure PathFigure(double[] times, RunRecord[] records)
    {
        PlotModel Paths(string title, string label, Func<SeriesTable, double[]> value)
        {
            var plot = PlotStyle.Create(title, "training loss (half squared error)", label, logX: true);
            foreach (var (time, record) in times.Zip(records))
            {
                // The first transient, at losses near that of the start, would stretch the axis.
                int[] rows =
                [
                    .. Enumerable.Range(0, record.Series.Rows).Where(i => record.Series[Columns.Loss][i] < 0.25),
                ];
                var values = value(record.Series);
                plot.AddLine(
                    time == 0 ? "control" : $"drop at {Claim.Format(time)}",
                    [.. rows.Select(i => record.Series[Columns.Loss][i])],
                    [.. rows.Select(i => values[i])]
                );
            }

            return plot;
        }

        return new ChapterFigure(
            "drop-paths",
            [
                Paths("Sharpness", Columns.Sharpness.Label, s => s.Array(Columns.Sharpness))
                    .AddHorizontal("edge at 0.09", 2 / Low)
                    .AddHorizontal("edge at 0.12", 2 / High),
                Paths("Trace", NetworkColumns.Trace.Label, s => s.Array(NetworkColumns.Trace)),
            ],
            85
        );
    }

    private static ChapterFigure EndFigure(double[] times, DroppedRun[][] seeds)
    {
        PlotModel Ends(string title, string label, params (string Name, Func<DroppedRun, double> Value)[] quantities)
        {
            var plot = PlotStyle.Create(title, "time of the drop, η × steps", label);
            foreach (var (name, value) in quantities)
            {
                Interval[] means =
                [
                    .. times.Select(
                        (_, i) =>
                            QuantityKind.Size.Of([
                                .. seeds.Where(s => s[0].Counts && s[i].Counts).Select(s => value(s[i]) / value(s[0])),
                            ])
                    ),
                ];
                plot.AddLine(name, times, [.. means.Select(m => m.Value)])
                    .AddBand("", times, [.. means.Select(m => m.Low)], [.. means.Select(m => m.High)]);
            }

            return plot.AddHorizontal("control", 1);
        }

        return new ChapterFigure(
            "drop-ends",
            [
                Ends(
                    "Curvature at the end",
                    "over the control's",
                    ("S", r => r.Sharpness),
                    ("λ₂ + λ₃ + λ₄", r => r.Next),
                    ("tr H", r => r.Trace)
                ),
                Ends("Accuracy at the end", "test accuracy over the control's", ("test accuracy", r => r.Accuracy)),
            ],
            80
        );
    }
}
