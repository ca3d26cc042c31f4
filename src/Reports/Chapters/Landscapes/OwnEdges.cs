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
internal sealed class OwnEdges : Chapter
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
        [Sam(0), Sam(0.1), .. Spikes.Select(spike => spike.Run), .. Depths.Select(depth => Shared(depth).Run)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        SeriesTable plain = records[Sam(0)].Series,
            uphill = records[Sam(0.1)].Series;
        double[] settled = [.. uphill[Columns.StabilityNumber].Skip(uphill.Rows - Last).Order()];
        var spikes = Spikes.Select(spike => spike.Judged(records[spike.Run].Series)).ToArray();
        var shared = Depths.Select(depth => (Depth: depth, Shared: Shared(depth))).ToArray();
        double[] End(PathRun run, int depth) => At(records[run.Run].Series, Paths * depth);
        double Settled(int depth, PathRun run) =>
            run.Network.MinimumSharpness(End(run, depth)) * run.Run.StepSize.Constant / 2;
        double Kept(int depth, PathRun run) => run.Share(End(run, depth)) / run.Share(run.Flow.Minimum);
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
                    shared.Max(s => Settled(s.Depth, s.Shared)),
                    1e-6,
                    "slow convergence at the edge",
                    "largest final ηS/2, three depths"
                ),
                PathShares.Judge(
                    Relation.AtMost,
                    0.9,
                    shared.Max(s => Kept(s.Depth, s.Shared)),
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
                    s => $"{s.Depth}",
                    ("S after flow", s => ChapterTable.Number(s.Shared.Sharpness)),
                    (
                        "S after descent",
                        s => ChapterTable.Number(s.Shared.Network.MinimumSharpness(End(s.Shared, s.Depth)))
                    ),
                    ("2/η", s => ChapterTable.Number(2 / s.Shared.Run.StepSize.Constant)),
                    ("S of equal shares", s => ChapterTable.Number(s.Shared.Network.SharedSharpness(Paths))),
                    ("largest share after flow", s => ChapterTable.Number(s.Shared.Share(s.Shared.Flow.Minimum))),
                    ("after descent", s => ChapterTable.Number(s.Shared.Share(End(s.Shared, s.Depth))))
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

    private static PathRun Shared(int depth) => new(depth, Past, Paths);

    private static double[] At(SeriesTable series, int dimension) =>
        [.. Enumerable.Range(1, dimension).Select(i => series[Columns.Coordinate[i]][^1])];

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
        var shared = Shared(depth);
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

    /// <summary>An adaptive rule on the parabola x^2 / 2 from x = 1, without eps and bias correction.</summary>
    private sealed record Spiking(double FirstDecay, double SecondDecay, double StepSize, int Steps)
    {
        public string Label =>
            FirstDecay == 0
                ? $"RMSProp, b₂ = {Claim.Format(SecondDecay)}"
                : $"Adam, b₁ = {Claim.Format(FirstDecay)}, b₂ = {Claim.Format(SecondDecay)}";

        public SimulationSpec Run =>
            new(LandscapeChoice.Of("quadratic", ("eigenvalues", "1")), [1], StepSize)
            {
                Steps = Steps,
                Optimiser = OptimiserSpec
                    .Of("adam")
                    .With("momentum", FirstDecay)
                    .With("second-decay", SecondDecay)
                    .With("epsilon", 0)
                    .With("bias-correction", Dynamics.Catalogues.Parameter.Off),
            };

        /// <summary>r: what divides, S over S_eff in one dimension.</summary>
        public static double[] Divisor(SeriesTable series) =>
            [.. series[Columns.Sharpness].Zip(series[Columns.EffectiveSharpness], (s, effective) => s / effective)];

        public JudgedSpike Judged(SeriesTable series)
        {
            var (gradient, divisor) = (series.Array(Columns.GradientNorm), Divisor(series));
            var stages = SpikeStages.Find(gradient, divisor, series.Array(Columns.StabilityNumber));
            var at = Math.Min(stages.Decoupled, series.Rows - 1);
            var forecast = AdaptiveSpike.Forecast(
                StepSize / divisor[at],
                gradient[at] / divisor[at],
                FirstDecay,
                SecondDecay
            );
            return new(stages, forecast, stages.Over < series.Rows);
        }
    }

    private sealed record JudgedSpike(SpikeStages Stages, AdaptiveSpike Forecast, bool Came)
    {
        public double Error =>
            Came ? 100 * Math.Abs((Forecast.Spike / (Stages.Spike - Stages.Decoupled)) - 1) : double.NaN;
    }

    /// <summary>Gradient descent past the edge of where gradient flow ends, from unequal paths.</summary>
    private sealed class PathRun
    {
        public PathRun(int depth, double past, int paths)
        {
            Network = new MultiPathway(paths, depth);
            double[] size = [0.9, 0.7, 0.6, 0.5];
            double[] start = [.. Enumerable.Range(0, paths * depth).Select(i => size[i / depth])];
            Flow = GradientFlow.ToMinimum(Network, start);
            Sharpness = Network.MinimumSharpness(Flow.Minimum);
            Run = new(
                LandscapeChoice.Of("multi-pathway", ("paths", $"{paths}"), ("depth", $"{depth}")),
                start,
                past / Sharpness
            )
            {
                Steps = 4000,
                MeasureEvery = 20,
            };
        }

        public MultiPathway Network { get; }

        public FlowMinimum Flow { get; }

        public double Sharpness { get; }

        public SimulationSpec Run { get; }

        /// <summary>The largest path's share of what all contribute.</summary>
        public double Share(double[] theta)
        {
            var products = Enumerable.Range(0, Network.Paths).Select(p => Network.Product(theta, p)).ToArray();
            return products.Max() / products.Sum();
        }
    }
}
