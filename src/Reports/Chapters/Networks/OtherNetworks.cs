using FlatBias.NeuralValidation.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>Convolutional and residual networks, a transformer and a regression: the edge, flattening, rotation, and where in the network it happens.</summary>
internal sealed class OtherNetworks : Chapter
{
    private const string Cohen = "R: Cohen et al. 2021, arXiv 2103.00065";

    private static readonly NetworkChoice Residual = NetworkChoice
        .Of("resnet")
        .With("channels", "4")
        .With("stride", "4")
        .With("blocks", "1");

    /// <summary>Each with what stands before its statements' names.</summary>
    private static readonly OtherSubject[] Subjects =
    [
        new(
            "cnn",
            NetworkChoice.Of("cnn").With("channels", "4,8").With("strides", "2,1"),
            "fashion-mnist",
            Large: 0.25,
            Steps: 200
        ),
        new("resnet", Residual, "fashion-mnist", Large: 0.5, Steps: 200),
        new("transformer", NetworkChoice.Of("transformer"), "sorting:length=6,vocabulary=6", Large: 0.2, Steps: 300)
        {
            WarmUp = 60,
        },
        new("chebyshev", NetworkChoice.FullyConnected([32, 32], Activation.Tanh), "chebyshev", Large: 0.2, Steps: 1000)
        {
            Samples = (20, 20),
        },
    ];

    private static readonly OtherSubject BatchNormalised = new(
        "resnet with batch normalisation",
        Residual.With("normalisation", "batch"),
        "fashion-mnist",
        Large: 0.5,
        Steps: 200
    )
    {
        Compared = false,
    };

    private static readonly Statement[] Hovers =
    [
        Hover(0, "On a convolutional network", Cohen),
        Hover(1, "On a residual network with group normalisation", Cohen),
        Hover(2, "On a transformer", Cohen),
        Hover(3, "On Chebyshev regression", Cohen),
    ];

    private static readonly Statement[] Flatter = [.. Subjects.Select(Flattens)];

    private static readonly Statement[] Turns = [.. Subjects.Select(TurnsOf)];

    private static readonly Statement Further = new(
        "beyond-turns-further",
        "Over the same time the leading frame turns further past the edge than at a step size that is two fifths of it, on all four together.",
        "after (8.2) WR"
    );
    private static readonly Statement Together = new(
        "beyond-layers-together",
        "The sharpness is of no single layer: at the end the largest of the layers' own is at most nine tenths of that of the network with convolutions, blocks or attention.",
        "after (3.2), derived here"
    );
    private static readonly Statement Moves = new(
        "beyond-layers-move",
        "Through the instabilities v₁ moves in the network: at least a tenth of it has changed its layer between the first row past the edge and the end.",
        "after (8.2), ours"
    );
    private static readonly Statement Batch = new(
        "beyond-batch-normalisation-hovers",
        "Batch normalisation over the full batch changes none of it: at constant η the sharpness hovers at 2/η within 25 %.",
        Cohen
    );

    public override string Title => "Beyond fully connected networks";

    public override IReadOnlyList<Statement> Statements { get; } =
    [.. Hovers, .. Flatter, .. Turns, Further, Together, Moves, Batch];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [
            .. Seeds(settings)
                .SelectMany(seed =>
                    Subjects.Append(BatchNormalised).SelectMany(subject => subject.Runs(settings, seed))
                ),
        ];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        OtherComparison[] Of(OtherSubject subject) =>
            [.. Seeds(settings).Select(seed => OtherComparison.Of(subject, settings, records, seed))];
        OtherComparison[][] all = [.. Subjects.Select(Of)];
        var batch = Of(BatchNormalised);
        // Layers in the sense of the statement; the regression's network is fully connected.
        OtherComparison[] layered = [.. all[..3].SelectMany(seeds => seeds)];
        return new ChapterResult(
            [
                .. Hovers.Select((statement, i) => Hovering(statement, all[i])),
                .. Flatter.Select(
                    (statement, i) =>
                        statement.JudgeMean(
                            Relation.AtMost,
                            0.9,
                            all[i],
                            run => run.Ended ? run.Flattening : double.NaN,
                            "S at the larger step size over S at the smaller at equal loss",
                            kind: QuantityKind.Size
                        )
                ),
                .. Turns.Select(
                    (statement, i) =>
                        statement.JudgeMean(
                            Relation.AtMost,
                            0.7,
                            all[i],
                            run => run.Ended ? run.Similarity : double.NaN,
                            "largest ρₖ, k = 1..4, of the last frame to that of a quarter of the run",
                            basis: "the paper's criterion",
                            kind: QuantityKind.Share
                        )
                ),
                Further.JudgeMean(
                    Relation.AtLeast,
                    0,
                    [.. all.SelectMany(seeds => seeds)],
                    run => run.Ended ? run.TurnsFurther : double.NaN,
                    "largest ρₖ below the edge less that past it",
                    kind: QuantityKind.Correlation
                ),
                Together.JudgeMean(
                    Relation.AtMost,
                    0.9,
                    layered,
                    run => run.Ended ? run.LargestBlock : double.NaN,
                    "largest sharpness of a layer over S",
                    kind: QuantityKind.Size
                ),
                Moves.JudgeMean(
                    Relation.AtLeast,
                    0.1,
                    layered,
                    run => run.Ended ? run.Moved : double.NaN,
                    "share of v₁ that changed its layer",
                    kind: QuantityKind.Share
                ),
                Hovering(Batch, batch),
            ],
            [
                OtherFigures.Edges([.. Subjects.Zip(all, (subject, seeds) => (subject, seeds[0]))]),
                OtherFigures.Batch((Subjects[1], all[1][0]), (BatchNormalised, batch[0])),
                OtherFigures.Layers((Subjects[0], all[0][0]), (Subjects[2], all[2][0])),
            ],
            [.. Findings(all)]
        )
        {
            Tables =
            [
                Table([.. Subjects.Append(BatchNormalised).Zip(all.Append(batch))]),
                LayerTable([.. Subjects.Zip(all.Select(seeds => seeds[0])).Take(3)]),
            ],
        };
    }

    private static IEnumerable<int> Seeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed, settings.Paper ? 9 : 3);

    private static Claim Hovering(Statement statement, OtherComparison[] runs) =>
        statement.JudgeMean(
            Relation.Equal,
            1,
            runs,
            run => run.Ended ? run.Hovering : double.NaN,
            "median ηS/2 over the second half",
            0.25,
            kind: QuantityKind.Size
        );

    private static IEnumerable<string> Findings(OtherComparison[][] all)
    {
        yield return "Where the smaller step size has an edge of its own by then, the ratio of the sharpnesses is that of the edges, two fifths.";
        foreach (var (subject, runs) in Subjects.Zip(all).Take(3))
            if (OtherComparison.FirstPastTheEdge(runs[0].Large.Series) < 0)
                yield return $"The {subject.Name} of the first seed does not pass its edge.";
    }

    private static ChapterTable Table((OtherSubject Subject, OtherComparison[] Runs)[] networks)
    {
        return ChapterTable.Of(
            $"By network, means over {networks[0].Runs.Length} seeds: the median of ηS/2 over the second half at either step size, the sharpness at the larger over that at the smaller at equal loss, the largest similarity of the leading frame to that of a quarter of the run, the largest sharpness of a layer over that of the whole at the end, and the part of v₁ that changed its layer.",
            "network",
            networks,
            network => network.Subject.Name,
            ("ηS/2", Mean(run => run.Hovering)),
            ("smaller η", Compared(run => run.SmallHovering)),
            ("S over S", Compared(run => run.Flattening)),
            ("largest ρₖ", Mean(run => run.Similarity)),
            ("largest layer", Mean(run => run.LargestBlock)),
            ("v₁ moved, %", Mean(run => 100 * run.Moved))
        );

        static Func<(OtherSubject Subject, OtherComparison[] Runs), string> Mean(
            Func<OtherComparison, double> measure
        ) =>
            network => ChapterTable.Number(Replicates.Mean(network.Runs, run => run.Ended ? measure(run) : double.NaN));

        static Func<(OtherSubject Subject, OtherComparison[] Runs), string> Compared(
            Func<OtherComparison, double> measure
        ) => network => network.Subject.Compared ? Mean(measure)(network) : "–";
    }

    /// <summary>Where v_1 lies: the layers that hold a tenth of it or more at either end of the instabilities.</summary>
    private static ChapterTable LayerTable((OtherSubject Subject, OtherComparison Run)[] firsts) =>
        ChapterTable.Of(
            "Where in the network v₁ lies, first seed: its share in each layer that holds a tenth or more, at the first row past the edge and at the end.",
            "layer",
            firsts
                .Where(first => OtherComparison.FirstPastTheEdge(first.Run.Large.Series) >= 0)
                .SelectMany(first =>
                    first.Run.Layers.Select(layer =>
                        (
                            Name: $"{first.Subject.Name}: {layer}",
                            Before: first.Run.Share(layer, OtherComparison.FirstPastTheEdge(first.Run.Large.Series)),
                            After: first.Run.Share(layer, ^1)
                        )
                    )
                )
                .Where(layer => Math.Max(layer.Before, layer.After) >= 0.1),
            layer => layer.Name,
            ("past the edge, %", layer => Claim.Format(100 * layer.Before)),
            ("at the end, %", layer => Claim.Format(100 * layer.After))
        );

    private static Statement Hover(int subject, string where, string source) =>
        new(
            $"beyond-{Subjects[subject].Name}-hovers",
            $"{where} trained at constant η the sharpness comes to 2/η and hovers there: over the second half of the run its median is 2/η within 25 %.",
            source
        );

    private static Statement Flattens(OtherSubject subject) =>
        new(
            $"beyond-{subject.Name}-flatter",
            $"{Words(subject)}: at the same training loss a step size past the edge leaves a point at least a tenth flatter than one two fifths of it.",
            "after (8.3) WR"
        );

    private static Statement TurnsOf(OtherSubject subject) =>
        new(
            $"beyond-{subject.Name}-turns",
            $"{Words(subject)}: past the edge ρₖ between the leading frames of a quarter and the end of the run is below 0.7 for every k = 1..4.",
            "(8.2) WR"
        );

    private static string Words(OtherSubject subject) =>
        subject.Name switch
        {
            "cnn" => "Convolutional network",
            "resnet" => "Residual network",
            "transformer" => "Transformer",
            _ => "Chebyshev regression",
        };
}
