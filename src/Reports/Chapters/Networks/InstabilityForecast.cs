using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(4.7)-(4.10), (5.3), section 6: a whole instability of a real network, rotation included, from one local measurement, by every theory.</summary>
internal sealed partial class InstabilityForecast : Chapter
{
    private const string Memory = "memory-map-4",
        Memoryless = "moment-map-4",
        Fixed = "memory-map-4-fixed",
        Ours = "memory-map-4-cubic",
        OursFixed = "memory-map-4-cubic-fixed";

    private const int Tail = 50;

    private static readonly Statement Sharpness = new(
        "forecast-sharpness",
        "With memory and four moments the sharpness of the next 150 steps is forecast to 1 % in the geometric mean over seeds.",
        "(4.9) D"
    );
    private static readonly Statement Displacement = new(
        "forecast-displacement",
        "… and the displacement along v₁ to 5 % of its peak in the geometric mean over seeds.",
        "(4.9) D"
    );
    private static readonly Statement Rotation = new(
        "forecast-rotation",
        "… and the rotation of v₁ away from the reference to 2° in the geometric mean over seeds.",
        "(4.9) D"
    );
    private static readonly Statement LossToo = new(
        "forecast-loss",
        "… and the loss to 5 % of the range that it goes through.",
        "(4.9) D"
    );
    private static readonly Statement NeedsMemory = new(
        "forecast-needs-memory",
        "Memory is needed: without it the error of the sharpness is at least five times as large.",
        "(4.8) D"
    );
    private static readonly Statement RotationMatters = new(
        "forecast-rotation-matters",
        "Rotation is not negligible: removing it from the forecast makes the largest error of the sharpness at least half as large again.",
        "(5.3), against rfangit"
    );
    private static readonly Statement CubicHelps = new(
        "forecast-cubic",
        "The cubic coupling forecasts the rotation that stays: without it the error of the rotation over the last 50 steps is at least a quarter larger.",
        "(4.10) D"
    );
    private static readonly Statement BestOfAll = new(
        "forecast-first",
        "In every smooth run, memory with cubic coupling forecasts the sharpness better than every rival theory.",
        "(4.10) D, against section 6"
    );
    private static readonly Statement Throughout = new(
        "forecast-throughout",
        "In every smooth run its sharpness is right, to 10 %, at each of the 150 steps.",
        "(4.10) D"
    );
    private static readonly Statement OnSoftplus = new(
        "forecast-softplus",
        "On softplus networks too the sharpness is forecast to 1 % in the geometric mean over seeds.",
        "(4.10) D"
    );
    private static readonly Statement OnPush = new(
        "forecast-push",
        "Pushed twice as far past the edge, the sharpness is forecast to 2 % in the geometric mean over seeds.",
        "(4.10) D"
    );
    private static readonly Statement OnSecond = new(
        "forecast-second",
        "The second instability is forecast as well as the first: the sharpness to 1 % in the geometric mean over seeds.",
        "(4.10) D"
    );
    private static readonly Statement OnSecondDisplacement = new(
        "forecast-second-displacement",
        "… and the displacement of the second to 5 % of its peak.",
        "(4.10) D"
    );
    private static readonly Statement OnWide = new(
        "forecast-wide",
        "It carries to 199,210 parameters: in every run of 784-200-200-10 the sharpness is forecast to 2 % in the mean over its steps.",
        "(4.10) D"
    );
    private static readonly Statement MomentsFluctuate = new(
        "network-moments-fluctuate",
        "Higher-order curvature moments fluctuate in an instability of a network: |m₄| along v₁ changes by a factor of two or more.",
        "after (1.3) WR"
    );
    private static readonly Statement MomentsFirst = new(
        "network-moments-first",
        "… and fall before it resolves: in most smooth runs |m₄| has its peak before S is back below 2/η.",
        "(1.3) WR"
    );
    private static readonly Statement DeclinesOnRelu = new(
        "forecast-relu-declines",
        "On ReLU, whose surface has no jet, the jet is refused before the run is made, in every run.",
        "(4.10) D"
    );
    private static readonly Statement HoldsOnSmooth = new(
        "forecast-smooth-holds",
        "On smooth networks it is not refused, in any run.",
        "(4.10) D"
    );
    private static readonly Statement Price = new(
        "forecast-cost",
        "The jet costs at most 300 gradient-equivalents, eigenpair, cubic coupling and the check against the surface included.",
        "our own"
    );

    public override string Title => "Forecasting an instability of a real network";

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        Sharpness,
        Displacement,
        Rotation,
        LossToo,
        NeedsMemory,
        RotationMatters,
        CubicHelps,
        BestOfAll,
        Throughout,
        OnSoftplus,
        OnPush,
        OnSecond,
        OnSecondDisplacement,
        OnWide,
        MomentsFluctuate,
        MomentsFirst,
        DeclinesOnRelu,
        HoldsOnSmooth,
        Price,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. InstabilityGroup.FullyConnected.SelectMany(group => group.Runs(settings))];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var all = InstabilityGroup.Trials(InstabilityGroup.FullyConnected, settings, records);
        InstabilityTrial[] trials = [.. all.Where(t => t.Reached)],
            smooth = [.. trials.Where(t => t.Group != InstabilityGroup.Relu)],
            refusable = [.. trials.Where(t => t.Group == InstabilityGroup.Relu)];
        Claim Mean(
            Statement statement,
            InstabilityGroup group,
            double limit,
            Func<InstabilityTrial, double> measure,
            string quantity,
            string unit = "%",
            Relation relation = Relation.AtMost
        )
        {
            double[] values = [.. trials.Where(t => t.Group == group).Select(measure)];
            if (values.Length < 2)
                return statement.NotRun($"{values.Length} of {group.Seeds(settings)} runs reached the instability");
            return statement.Judge(
                relation,
                limit,
                QuantityKind.Size.Of(values),
                0,
                "as stated",
                $"{quantity}, {QuantityKind.Size.Mean} of {values.Length} seeds with 95 % interval",
                unit
            );
        }

        Claim Ratio(Statement statement, double limit, Func<InstabilityTrial, double> measure, string quantity) =>
            Mean(statement, InstabilityGroup.First, limit, measure, quantity, "", Relation.AtLeast);
        var wide = trials.Where(t => t.Group == InstabilityGroup.Wide).ToArray();
        return new ChapterResult(
            [
                Mean(Sharpness, InstabilityGroup.First, 1, t => 100 * t.Sharpness(Memory), "mean relative error of S"),
                Mean(
                    Displacement,
                    InstabilityGroup.First,
                    5,
                    t => 100 * t.Displacement(Memory),
                    "mean error of u over its peak"
                ),
                Mean(Rotation, InstabilityGroup.First, 2, t => t.Rotation(Memory), "mean error of the rotation", "°"),
                Mean(LossToo, InstabilityGroup.First, 5, t => 100 * t.Loss(Memory), "mean error of L over its range"),
                Ratio(
                    NeedsMemory,
                    5,
                    t => t.Sharpness(Memoryless) / t.Sharpness(Memory),
                    "error of S without memory over that with it"
                ),
                Ratio(
                    RotationMatters,
                    1.5,
                    t => t.Largest(Fixed) / t.Largest(Memory),
                    "largest error of S without rotation over that with it"
                ),
                Ratio(
                    CubicHelps,
                    1.25,
                    t => t.LateRotation(Memory, Tail) / t.LateRotation(Ours, Tail),
                    $"error of the rotation over the last {Tail} steps without C over that with it"
                ),
                BestOfAll.JudgeEvery(
                    smooth,
                    t =>
                        double.IsFinite(t.Sharpness(Ours))
                        && ComparedTheories.Rivals.All(rival => !(t.Sharpness(rival) < t.Sharpness(Ours))),
                    "smooth runs in which no rival has a smaller mean error of S"
                ),
                Throughout.JudgeEvery(
                    smooth,
                    t => t.RightThroughout(Ours),
                    "smooth runs whose S is right at every step"
                ),
                Mean(
                    OnSoftplus,
                    InstabilityGroup.Softplus,
                    1,
                    t => 100 * t.Sharpness(Ours),
                    "mean relative error of S"
                ),
                Mean(OnPush, InstabilityGroup.Pushed, 2, t => 100 * t.Sharpness(Ours), "mean relative error of S"),
                Mean(OnSecond, InstabilityGroup.Second, 1, t => 100 * t.Sharpness(Ours), "mean relative error of S"),
                Mean(
                    OnSecondDisplacement,
                    InstabilityGroup.Second,
                    5,
                    t => 100 * t.Displacement(Ours),
                    "mean error of u over its peak"
                ),
                wide.Length == 0
                    ? OnWide.NotRun(
                        InstabilityGroup.Wide.Seeds(settings) == 0
                            ? "the paper profile runs it"
                            : "no run reached the instability"
                    )
                    : OnWide.Judge(
                        Relation.AtMost,
                        2,
                        wide.Max(t => 100 * t.Sharpness(Ours)),
                        0,
                        "as stated",
                        $"mean relative error of S, largest of {wide.Length} run{(wide.Length == 1 ? "" : "s")}",
                        unit: "%"
                    ),
                Mean(
                    MomentsFluctuate,
                    InstabilityGroup.First,
                    2,
                    t => t.MomentRange,
                    "largest over smallest |m₄|",
                    "",
                    Relation.AtLeast
                ),
                smooth.Count(t => !double.IsNaN(t.StepsFromMomentPeak)) is var resolved && resolved == 0
                    ? MomentsFirst.NotRun("no run came back below the edge")
                    : MomentsFirst.JudgeShare(
                        Relation.AtLeast,
                        0.5,
                        smooth.Count(t => t.StepsFromMomentPeak > 0),
                        resolved,
                        "smooth runs whose |m₄| peaks first"
                    ),
                DeclinesOnRelu.JudgeEvery(
                    refusable,
                    t => !t.JetHolds,
                    "jets refused, of the ReLU runs that reached the instability"
                ),
                HoldsOnSmooth.JudgeEvery(
                    smooth,
                    t => t.JetHolds,
                    "jets that hold, of the smooth runs that reached the instability"
                ),
                trials.Length == 0
                    ? Price.NotRun("no run reached the instability")
                    : Price.Judge(
                        Relation.AtMost,
                        300,
                        trials.Max(t => t.JetCost),
                        0,
                        "as stated",
                        $"gradient-equivalents, largest of {trials.Length} jets"
                    ),
            ],
            Figures(trials),
            [.. Findings(all, trials)]
        )
        {
            Tables = Tables(trials),
        };
    }
}
