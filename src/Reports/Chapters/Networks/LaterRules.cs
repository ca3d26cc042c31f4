using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using static FlatBias.Reports.Chapters.Networks.LaterRulesRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>
/// Section 9 under other rules, on a network: the realised edge of heavy ball, Adam and AdamW, Muon and sign descent in
/// the sharpness of their own norms (7.13), (9.10), sharpness-aware minimisation (7.11), and the spikes of Adam (7.14).
/// </summary>
internal sealed partial class LaterRules : Chapter
{
    private static readonly Statement EdgeHeavyBall = new(
        "since-edge-heavy-ball",
        "The median realised edge of heavy-ball descent is 0.949 within a tenth.",
        "(9.1), as reported in 2026"
    );
    private static readonly Statement EdgeAdam = new(
        "since-edge-adam",
        "… that of Adam 0.960.",
        "(9.1), as reported in 2026"
    );
    private static readonly Statement EdgeAdamW = new(
        "since-edge-adamw",
        "… and that of AdamW 0.971.",
        "(9.1), as reported in 2026"
    );
    private static readonly Statement MuonEdge = new(
        "since-muon-edge",
        "Muon without momentum sits at or above the edge in the sharpness of its own norm: its stability "
            + "number is at least 0.9.",
        "(7.13) R: Islamov et al."
    );
    private static readonly Statement SignOwnNorm = new(
        "since-sign-own-norm",
        "So does sign descent in the norm of the largest component.",
        "(9.10) R: Islamov et al."
    );
    private static readonly Statement SamEdge = new(
        "since-sam-network-edge",
        "Sharpness-aware minimisation sits at its own edge: its stability number is 1 within 25 %.",
        "(7.11) R: Long and Bartlett"
    );
    private static readonly Statement SamFlatter = new(
        "since-sam-network-flatter",
        "There it is at least a tenth flatter than gradient descent at the same step size.",
        "(7.11) R: Long and Bartlett"
    );
    private static readonly Statement SmallDecay = new(
        "since-decay-small",
        "A small weight decay, w = 0.01, holds the sharpness of GD below 2/η − w as a larger one does: "
            + "its stability number is at most 1.1.",
        "(7.5)"
    );
    private static readonly Statement SpikePastEdge = new(
        "since-spike-past-edge",
        "Before every loss spike of Adam its preconditioned sharpness is past the edge, while the loss still falls.",
        "(7.14) R: Bai et al."
    );
    private static readonly Statement SpikeDecoupledFirst = new(
        "since-spike-decoupled-first",
        "Where it comes to the edge before the first of them, v has lost touch with the squared "
            + "gradient: |g| is at most a tenth of the divisor.",
        "(7.14) R: Bai et al."
    );
    private static readonly Statement SpikeDecoupled = new(
        "since-spike-decoupled",
        "… and so it is before every one.",
        "(7.14) R: Bai et al."
    );
    private static readonly Statement SpikeDivisor = new(
        "since-spike-divisor",
        "It is the divisor that carries Adam there, not the landscape: it has at least half of the rise "
            + "of ln S_eff from where |g| is a tenth of it to the edge.",
        "(9.11) R: Bai et al."
    );
    private static readonly Statement SpikeTime = new(
        "since-spike-network-time",
        "The step of the first spike follows from two numbers of one state as on a parabola, within a "
            + "quarter of the time to it.",
        "(7.14) D"
    );

    public override string Title => "Rules at their own edges, and spikes";

    protected override IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>
        {
            ["first seed"] = Claim.Format(SinceThePaperRuns.FirstSeed + 1),
            ["adam step size"] = Claim.Format(AdamStepSize),
        };

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        EdgeHeavyBall,
        EdgeAdam,
        EdgeAdamW,
        MuonEdge,
        SignOwnNorm,
        SamEdge,
        SamFlatter,
        SmallDecay,
        SpikePastEdge,
        SpikeDecoupledFirst,
        SpikeDecoupled,
        SpikeDivisor,
        SpikeTime,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [
            .. Seeds(settings)
                .SelectMany(seed =>
                    All.Select(run => Spec(settings, seed, run))
                        .Append(SinceThePaperRuns.Spec(settings, seed, SinceThePaperRuns.Descent))
                ),
        ];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        RuleSeries[] seeds =
        [
            .. Seeds(settings)
                .Select(seed => new RuleSeries(
                    seed,
                    All.ToDictionary(run => run, run => records[Spec(settings, seed, run)].Series),
                    records[SinceThePaperRuns.Spec(settings, seed, SinceThePaperRuns.Descent)].Series
                )),
        ];
        return new ChapterResult(
            [.. JudgeEdges(seeds), .. JudgeSpikes(seeds)],
            [EdgeFigure(seeds[0]), SpikeFigure(seeds[0])],
            Findings(seeds)
        )
        {
            Tables = [EdgeTable(seeds), SpikeTable(seeds)],
        };
    }
}
