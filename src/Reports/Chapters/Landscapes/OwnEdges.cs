using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(7.11), (7.14), (3.13): sharpness-aware minimisation at its own edge, spikes of adaptive rules, shares of parallel paths.</summary>
internal sealed partial class OwnEdges : Chapter
{
    private const double SamStepSize = 0.1,
        Past = 2.3;
    private const int Last = 200,
        Paths = 4;

    private static readonly Spiking[] Spikes =
    [
        new(0, 0.92, 0.02, 500),
        new(0, 0.97, 0.02, 1000),
        new(0.3, 0.97, 0.005, 1500),
        new(0.8, 0.96, 0.005, 1500),
    ];
    private static readonly int[] Depths = [3, 4, 6];

    private static readonly Statement SamEdge = new(
        "since-sam-edge",
        "Sharpness-aware minimisation goes to its own edge by itself: its stability number settles at 1.",
        "(7.11) R: Long and Bartlett"
    );
    private static readonly Statement SamFlatter = new(
        "since-sam-flatter",
        "There it flattens on, where gradient descent at the same step size has long come to rest: at least a tenth flatter in the end.",
        "(7.11), (3.2) D"
    );
    private static readonly Statement SpikeTime = new(
        "since-spike-time",
        "The step at which an adaptive rule spikes on a parabola follows from two numbers of one state.",
        "(7.14) D"
    );
    private static readonly Statement PathSharpness = new(
        "since-paths-flatter",
        "Past the edge of the minimum that gradient flow reaches, gradient descent on parallel paths settles within its edge.",
        "(3.13) D"
    );
    private static readonly Statement PathShares = new(
        "since-paths-share",
        "It does so by sharing: the largest path's share falls by a tenth or more.",
        "(3.13) R: Kim and Lee"
    );

    public override string Title => "Own edges, spikes and shared paths";

    public override IReadOnlyList<Statement> Statements { get; } =
    [SamEdge, SamFlatter, SpikeTime, PathSharpness, PathShares];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [Sam(0), Sam(0.1), .. Spikes.Select(spike => spike.Run), .. Depths.Select(depth => new PathRun(depth).Run)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        SeriesTable plain = records[Sam(0)].Series,
            uphill = records[Sam(0.1)].Series;
        double[] settled = [.. uphill[Columns.StabilityNumber].Skip(uphill.Rows - Last).Order()];
        var spikes = Spikes.Select(spike => spike.Judged(records[spike.Run].Series)).ToArray();
        var shared = Depths.Select(depth => new PathRun(depth)).ToArray();
        double[] End(PathRun run) =>
            [
                .. Enumerable
                    .Range(1, run.Network.Dimension)
                    .Select(i => records[run.Run].Series[Columns.Coordinate[i]][^1]),
            ];
        double Settled(PathRun run) => run.Network.MinimumSharpness(End(run)) * run.Run.StepSize.Constant / 2;
        double Kept(PathRun run) => run.Share(End(run)) / run.Share(run.Flow.Minimum);
        return new ChapterResult(
            [
                SamEdge.Judge(
                    Relation.Equal,
                    1,
                    settled[Last / 2],
                    0.02,
                    "2 %: the edge takes |g| for frozen",
                    "median stability number of the last 200 steps"
                ),
                SamFlatter.Judge(
                    Relation.AtMost,
                    0.9,
                    uphill[Columns.Sharpness][^1] / plain[Columns.Sharpness][^1],
                    0,
                    "as stated",
                    "final S over that of gradient descent"
                ),
                SpikeTime.Judge(
                    Relation.AtMost,
                    2,
                    spikes.Max(spike => spike.Error),
                    0,
                    "squared gradients of a hundredth of v still enter",
                    "largest error of the time to the spike, four settings",
                    unit: "%"
                ),
                PathSharpness.Judge(
                    Relation.AtMost,
                    1,
                    shared.Max(Settled),
                    1e-6,
                    "slow convergence at the edge",
                    "largest final ηS/2, three depths"
                ),
                PathShares.Judge(
                    Relation.AtMost,
                    0.9,
                    shared.Max(Kept),
                    0,
                    "as stated",
                    "largest share of a path over that after flow, three depths"
                ),
            ],
            [SamFigure(plain, uphill), SpikeFigure(records), PathFigure(records)],
            [
                $"SAM's stability number does not settle at a value. In the last {Last} steps it lies between {Claim.Format(settled[0])} and {Claim.Format(settled[^1])}: on a floor that bends, |g| differs from step to step by factors, where the parabola of (7.11) has one swing. Its median is near the edge all the same.",
            ]
        )
        {
            Tables =
            [
                ChapterTable.Of(
                    "Spikes on a parabola: steps from where |g| is a tenth of the divisor, forecast from there and as run.",
                    "rule",
                    Spikes.Zip(spikes),
                    s => s.First.Label,
                    ("forecast edge", s => ChapterTable.Number(Math.Round(s.Second.Forecast.Edge))),
                    ("edge", s => $"{s.Second.Stages.Unstable - s.Second.Stages.Decoupled}"),
                    ("forecast spike", s => ChapterTable.Number(Math.Round(s.Second.Forecast.Spike))),
                    ("spike", s => $"{s.Second.Stages.Spike - s.Second.Stages.Decoupled}"),
                    ("error, %", s => ChapterTable.Number(s.Second.Error))
                ),
                ChapterTable.Of(
                    "Four parallel paths: gradient flow, and gradient descent at η = 2.3 over the sharpness where flow ends.",
                    "depth",
                    shared,
                    s => $"{s.Network.Depth}",
                    ("S after flow", s => ChapterTable.Number(s.Sharpness)),
                    ("S after descent", s => ChapterTable.Number(s.Network.MinimumSharpness(End(s)))),
                    ("2/η", s => ChapterTable.Number(2 / s.Run.StepSize.Constant)),
                    ("S of equal shares", s => ChapterTable.Number(s.Network.SharedSharpness(Paths))),
                    ("largest share after flow", s => ChapterTable.Number(s.Share(s.Flow.Minimum))),
                    ("after descent", s => ChapterTable.Number(s.Share(End(s))))
                ),
            ],
        };
    }

    private static SimulationSpec Sam(double radius) =>
        new(
            LandscapeChoice.Of("two-parameter-network", ("link", "squared-error"), ("target", "1")),
            [0.3, 3.3],
            SamStepSize
        )
        {
            Steps = 3000,
            Optimiser = OptimiserSpec.GradientDescent.With("sam-radius", radius),
        };
}
