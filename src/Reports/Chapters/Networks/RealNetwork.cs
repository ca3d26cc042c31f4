using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(8.1) and the comparison of step sizes on real networks, measured by the code that measured the landscapes.</summary>
internal sealed class RealNetwork : Chapter
{
    private const double Target = 0.045;
    private static readonly double[] StepSizes = [0.01, 0.05, 0.1];

    private static readonly Statement Hover = new(
        "network-hovers",
        "Sharpness climbs to 2/η and hovers there: over the second half of the run its median is 2/η within 25 %.",
        "after (8.1) WR"
    );
    private static readonly Statement Turns = new(
        "network-turns",
        "By the criterion of (8.2) the run is unstable: ρₖ between the first and the final leading frame is below 0.7 for every k = 1..4.",
        "(8.2) WR"
    );
    private static readonly Statement Instabilities = new(
        "network-instabilities",
        "The run goes through instabilities that resolve.",
        "(1.8) WR"
    );
    private static readonly Statement Flatter = new(
        "network-flatter",
        "At the same training loss, a step size past the edge leaves a point at least a tenth flatter than one below it.",
        "after (8.3) WR"
    );
    private static readonly Statement AtEdge = new(
        "network-at-edge",
        "The run past the edge sits at it: its sharpness at that loss is 2/η within 15 %.",
        "after (8.3) WR"
    );

    public override string Title => "A real network at the edge of stability";

    public override IReadOnlyList<Statement> Statements { get; } = [Hover, Turns, Instabilities, Flatter, AtEdge];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [
            AtTheEdge(settings),
            SpectrumFigure.Run(settings),
            .. Seeds(settings).SelectMany(seed => StepSizes.Select(stepSize => Compared(settings, stepSize, seed))),
        ];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var edge = records[AtTheEdge(settings)].Series;
        double[] number = [.. edge[Columns.Sharpness].Select(s => StabilityNumber.Of(0.1, s))];
        var found = Instability.Segment(
            edge.Array(Columns.StepSize),
            edge.Array(Columns.Sharpness),
            edge.Array(Columns.Loss)
        );
        var crossing = Array.FindIndex(number, n => n > 1);
        // One row a seed, one column a step size.
        double[][] at =
        [
            .. Seeds(settings)
                .Select(seed =>
                    StepSizes
                        .Select(h =>
                            EqualLoss.At(records[Compared(settings, h, seed)].Series, Target, Columns.Sharpness)
                        )
                        .ToArray()
                ),
        ];
        return new ChapterResult(
            [
                Hover.Judge(
                    Relation.Equal,
                    1,
                    number[(number.Length / 2)..].Median(),
                    0.25,
                    "as stated",
                    "median ηS/2 over the second half"
                ),
                Turns.Judge(
                    Relation.AtMost,
                    0.7,
                    Enumerable.Range(1, 4).Max(k => edge[Columns.Similarity[k]][^1]),
                    0,
                    "the paper's criterion",
                    "largest ρₖ, k = 1..4, first to final frame"
                ),
                Instabilities.Judge(
                    Relation.AtLeast,
                    1,
                    found.Count(i => i.Resolution is not null),
                    0,
                    "a count",
                    "instabilities resolved"
                ),
                .. Compare(at),
            ],
            [
                EdgeFigure(edge, number),
                RotationFigure(edge),
                SpectrumFigure.Of(records[SpectrumFigure.Run(settings)]),
                FlatnessFigure([.. StepSizes.Select(h => records[Compared(settings, h, settings.Seed)].Series)]),
            ],
            [
                (
                    crossing < 0
                        ? "The sharpness never reached 2/η = 20. "
                        : $"Sharpness rises from {Claim.Format(edge[Columns.Sharpness][0])} past 2/η = 20 within the first {Claim.Format(edge[Columns.Step][crossing])} steps and stays around it; "
                )
                    + $"{found.Count} instabilities were seen at this cadence. The run ends at training accuracy {edge[NetworkColumns.TrainAccuracy][^1]:P1} and test accuracy {edge[NetworkColumns.TestAccuracy][^1]:P1}.",
                "One architecture and one data set: a first look, not yet a law.",
            ]
        )
        {
            Tables =
            [
                ChapterTable.Of(
                    $"Sharpness where the loss reaches {Target}, by step size; means over {at.Length} seeds.",
                    "η",
                    StepSizes.Index(),
                    stepSize => Claim.Format(stepSize.Item),
                    ("edge 2/η", stepSize => Claim.Format(2 / stepSize.Item)),
                    ("S", stepSize => ChapterTable.Number(Sharpness(stepSize.Index).Average())),
                    ("smallest", stepSize => ChapterTable.Number(Sharpness(stepSize.Index).Min())),
                    ("largest", stepSize => ChapterTable.Number(Sharpness(stepSize.Index).Max())),
                    (
                        "ηS/2",
                        stepSize =>
                            ChapterTable.Number(StabilityNumber.Of(stepSize.Item, Sharpness(stepSize.Index).Average()))
                    )
                ),
            ],
        };

        IEnumerable<double> Sharpness(int stepSize) => at.Select(row => row[stepSize]);
    }

    private static IEnumerable<int> Seeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed, settings.Paper ? 5 : 3);

    /// <summary>The paper's own setting.</summary>
    private static NetworkSpec AtTheEdge(ReportSettings settings) =>
        new(
            new TrainingSpec
            {
                DataHash = settings.DataHash,
                Steps = 400,
                MeasureEvery = settings.Paper ? 1 : 8,
                Eigenpairs = settings.Paper ? 6 : 4,
                Seed = settings.Seed,
                Device = settings.Device,
            }
        );

    private static NetworkSpec Compared(ReportSettings settings, double stepSize, int seed) =>
        new(
            new TrainingSpec
            {
                DataHash = settings.DataHash,
                Train = settings.Paper ? 1000 : 500,
                Network = NetworkChoice.FullyConnected([32, 32], Activation.Tanh),
                Loss = NetworkLoss.MeanSquaredError,
                StepSize = stepSize,
                Steps = (int)Math.Round((settings.Paper ? 130 : 65) / stepSize),
                MeasureEvery = (int)Math.Round((settings.Paper ? 1 : 2.5) / stepSize),
                Eigenpairs = 2,
                Seed = seed,
                Device = settings.Device,
            }
        );

    private static IEnumerable<Claim> Compare(double[][] at)
    {
        if (at.Any(row => row.Any(double.IsNaN)))
            return
            [
                Flatter.NotRun($"a run did not reach loss {Target}"),
                AtEdge.NotRun($"a run did not reach loss {Target}"),
            ];
        return
        [
            Flatter.Judge(
                Relation.AtMost,
                0.9,
                QuantityKind.Size.Of([.. at.Select(row => row[^1] / row[0])]),
                0,
                "as stated",
                $"S(η = 0.1) over S(η = 0.01), geometric mean of {at.Length} seeds with 95 % interval"
            ),
            AtEdge.Judge(
                Relation.Equal,
                20,
                QuantityKind.Size.Of([.. at.Select(row => row[^1])]),
                3,
                "15 %",
                $"S at η = 0.1, geometric mean of {at.Length} seeds with 95 % interval"
            ),
        ];
    }

    private static ChapterFigure EdgeFigure(SeriesTable edge, double[] number)
    {
        var steps = edge.Array(Columns.Step);
        var sharpness = PlotStyle
            .Create("Stability number", Columns.Step.Label, "ηλ/2")
            .AddLine("ηS/2 (leading)", steps, number)
            .AddLine("ηλ₂/2", steps, [.. edge[Columns.Eigenvalue(2)].Select(l => StabilityNumber.Of(0.1, l))])
            .AddLine("ηλ_min/2", steps, [.. edge[Columns.TrailingEigenvalue].Select(l => StabilityNumber.Of(0.1, l))])
            .AddHorizontal("edge of stability", 1);
        var loss = PlotStyle
            .Create("Loss and accuracy", Columns.Step.Label, "loss (nats), accuracy (share)")
            .AddLine("training loss", steps, edge.Array(Columns.Loss))
            .AddLine("training accuracy", steps, edge.Array(NetworkColumns.TrainAccuracy))
            .AddLine("test accuracy", steps, edge.Array(NetworkColumns.TestAccuracy));
        return new ChapterFigure("network-edge", [sharpness, loss], 85);
    }

    private static ChapterFigure RotationFigure(SeriesTable edge)
    {
        var steps = edge.Array(Columns.Step);
        var rotation = PlotStyle
            .Create("Rotation of v₁", Columns.Step.Label, Columns.Rotation.Label)
            .AddPoints("rotation", steps[1..], edge.Array(Columns.Rotation[1])[1..])
            .AddLine("noise floor", steps[1..], edge.Array(Columns.RotationFloor)[1..]);
        var similarity = PlotStyle
            .Create("Similarity to the first frame", Columns.Step.Label, Columns.Similarity.Label)
            .AddLine("k = 1", steps, edge.Array(Columns.Similarity[1]))
            .AddLine("k = 2", steps, edge.Array(Columns.Similarity[2]))
            .AddLine("k = 4", steps, edge.Array(Columns.Similarity[4]))
            .AddHorizontal("0.7", 0.7);
        return new ChapterFigure("network-rotation", [rotation, similarity], 80);
    }

    private static ChapterFigure FlatnessFigure(SeriesTable[] firstSeed)
    {
        var plot = PlotStyle.Create(
            "Sharpness against loss",
            "training loss (half squared error)",
            Columns.Sharpness.Label,
            logX: true,
            logY: true
        );
        foreach (var (stepSize, series) in StepSizes.Zip(firstSeed))
        {
            var rows = Enumerable.Range(0, series.Rows).Where(i => series[Columns.Loss][i] < 0.5).ToArray();
            plot.AddLine(
                $"η = {Claim.Format(stepSize)}, edge at {Claim.Format(2 / stepSize)}",
                [.. rows.Select(i => series[Columns.Loss][i])],
                [.. rows.Select(i => series[Columns.Sharpness][i])]
            );
        }

        plot.AddVertical($"compared at {Target}", Target);
        return new ChapterFigure("network-flatness", [plot], 85);
    }
}
