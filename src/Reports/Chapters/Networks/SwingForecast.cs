using FlatBias.Dynamics.Forecasting;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(4.11)-(4.18): the same instabilities from a jet that looks at the surface over the swing, how far to trust it, and how near it comes to what can be forecast at all.</summary>
internal sealed partial class SwingForecast : Chapter
{
    /// <summary>The forecast, and what is left of it with one mechanism removed.</summary>
    private const string Ours = "memory-map-6-cubic",
        Fixed = "memory-map-6-cubic-fixed",
        Stiff = "memory-map-6",
        Memoryless = "moment-map-6",
        Taylor = "memory-map-4-cubic";

    // A mean error of S up to which a forecast is right, for the check of the path.
    private const double Right = 0.02;

    private static readonly Statement Sharpness = new(
        "swing-sharpness",
        "From a jet over the swing the sharpness of the next 150 steps is forecast to 0.15 % in the geometric mean over seeds.",
        "(4.13) D"
    );
    private static readonly Statement OnPush = new(
        "swing-push",
        "… pushed twice as far past the edge, to 0.5 % in the geometric mean over seeds.",
        "(4.13) D"
    );
    private static readonly Statement OnSoftplus = new(
        "swing-softplus",
        "… and on softplus to 0.5 % in at least half of the runs.",
        "(4.13) D"
    );
    private static readonly Statement Flattening = new(
        "swing-flattening",
        "How much the instability flattens, S at the start less S at the end, is forecast to 2 % in the geometric mean over seeds.",
        "(4.13) D"
    );
    private static readonly Statement Better = new(
        "swing-better",
        "In every smooth run the jet over the swing forecasts the sharpness better than the Taylor jet at the same point.",
        "(4.11) D"
    );
    private static readonly Statement Price = new(
        "swing-cost",
        "It costs at most 180 gradient-equivalents, eigenpair included.",
        "our own"
    );
    private static readonly Statement CheckedPrice = new(
        "swing-cost-checked",
        "… and at most 215 with the check along the path.",
        "(4.16), our own"
    );
    private static readonly Statement NearLimit = new(
        "swing-limit",
        "In at least half of the runs of the first setting its error of S is at most ten times what no forecast can be expected to beat.",
        "(4.18) D"
    );
    private static readonly Statement Passed = new(
        "swing-check-passes",
        "The check along the path lets through what is right: of the forecasts with e_S up to 1 %, ReLU included, at least 95 % have a mean error of S of at most 2 %.",
        "(4.16) D"
    );
    private static readonly Statement Refused = new(
        "swing-check-refuses",
        "… and refuses what is not worth having: every forecast with e_S above 3 % has a mean error of S above 0.5 %.",
        "(4.16) D"
    );
    private static readonly Statement OnRelu = new(
        "swing-relu-limit",
        "On ReLU nobody can forecast step by step at this size: in every run a start a thousandth of the excursion away changes S by at least 0.5 % in the mean over its steps.",
        "(4.18) D"
    );
    private static readonly Statement OnReluSpan = new(
        "swing-relu-span",
        "… and no model on the jet's span can: even the exact loss there misses S by at least 1 % in the mean over its steps, in every ReLU run.",
        "(4.22) D"
    );
    private static readonly Statement RotationMatters = new(
        "swing-rotation-matters",
        "Rotation is not negligible: removing it at least doubles the mean error of the sharpness.",
        "(5.3), against rfangit"
    );
    private static readonly Statement NeedsMemory = new(
        "swing-needs-memory",
        "The response of the floor, H ∇S, is the cause of the decay: without it the mean error of the sharpness is at least ten times as large.",
        "(5.3), with rfangit"
    );
    private static readonly Statement NeedsStiffness = new(
        "swing-needs-stiffness",
        "That the floor's stiffness changes along the way matters: held constant, it at least doubles the mean error of the sharpness.",
        "(4.11), (4.15) D"
    );

    public override string Title => "Forecasts from a jet over the swing";

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        Sharpness,
        OnPush,
        OnSoftplus,
        Flattening,
        Better,
        Price,
        CheckedPrice,
        NearLimit,
        Passed,
        Refused,
        OnRelu,
        OnReluSpan,
        RotationMatters,
        NeedsMemory,
        NeedsStiffness,
    ];

    private static IReadOnlyList<InstabilityGroup> Groups { get; } =
    [.. InstabilityGroup.FullyConnected, .. InstabilityGroup.Others];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. Groups.SelectMany(group => group.Runs(settings))];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var all = InstabilityGroup.Trials(Groups, settings, records);
        InstabilityTrial[] trials = [.. all.Where(t => t.Reached)],
            smooth = [.. trials.Where(t => t.Group != InstabilityGroup.Relu)],
            relu = [.. Of(InstabilityGroup.Relu)],
            passed = [.. trials.Where(t => t.SwingError <= PathTrust.Believed)],
            refused = [.. trials.Where(t => !(t.SwingError <= PathTrust.Refused))];
        return new ChapterResult(
            [
                Mean(
                    Sharpness,
                    InstabilityGroup.First,
                    Relation.AtMost,
                    0.15,
                    t => 100 * t.Sharpness(Ours),
                    "mean relative error of S",
                    "%"
                ),
                Mean(
                    OnPush,
                    InstabilityGroup.Pushed,
                    Relation.AtMost,
                    0.5,
                    t => 100 * t.Sharpness(Ours),
                    "mean relative error of S",
                    "%"
                ),
                Half(
                    OnSoftplus,
                    InstabilityGroup.Softplus,
                    t => t.Sharpness(Ours) <= 0.005,
                    "softplus runs with a mean relative error of S of at most 0.5 %"
                ),
                Mean(
                    Flattening,
                    InstabilityGroup.First,
                    Relation.AtMost,
                    2,
                    t => 100 * FlatteningError(t, Ours),
                    "error of the fall of S over the fall",
                    "%"
                ),
                Better.JudgeEvery(
                    smooth,
                    t => t.Sharpness(Ours) < t.Sharpness(Taylor),
                    "smooth runs with the smaller mean error of S"
                ),
                Largest(Price, 180, t => t.SwingCost, "gradient-equivalents, largest of"),
                Largest(
                    CheckedPrice,
                    215,
                    t => t.SwingCost + t.SwingCheckCost,
                    "gradient-equivalents with the check, largest of"
                ),
                Half(
                    NearLimit,
                    InstabilityGroup.First,
                    t => t.Sharpness(Ours) <= 10 * t.Limit,
                    "runs with a mean error of S of at most ten limits"
                ),
                passed.Length == 0
                    ? Passed.NotRun("the check let nothing through")
                    : Passed.JudgeShare(
                        Relation.AtLeast,
                        0.95,
                        passed.Count(t => t.Sharpness(Ours) <= Right),
                        passed.Length,
                        "forecasts let through that are right"
                    ),
                refused.Length == 0
                    ? Refused.NotRun("the check refused nothing")
                    : Refused.JudgeEvery(
                        refused,
                        t => !(t.Sharpness(Ours) <= 0.005),
                        "refused forecasts with a mean error of S above 0.5 %"
                    ),
                OnRelu.JudgeEvery(relu, t => t.Limit >= 0.005, "ReLU runs with a limit of at least 0.5 %"),
                OnReluSpan.JudgeEvery(
                    relu,
                    t => t.SpanLimit >= 0.01,
                    "ReLU runs from which descent on the exact loss within the span differs by at least 1 %"
                ),
                Mean(
                    RotationMatters,
                    InstabilityGroup.First,
                    Relation.AtLeast,
                    2,
                    t => t.Sharpness(Fixed) / t.Sharpness(Ours),
                    "error of S without rotation over that with it"
                ),
                Mean(
                    NeedsMemory,
                    InstabilityGroup.First,
                    Relation.AtLeast,
                    10,
                    t => t.Sharpness(Memoryless) / t.Sharpness(Ours),
                    "error of S without the floor's response over that with it"
                ),
                Mean(
                    NeedsStiffness,
                    InstabilityGroup.First,
                    Relation.AtLeast,
                    2,
                    t => t.Sharpness(Stiff) / t.Sharpness(Ours),
                    "error of S with a floor of constant stiffness over that of the whole"
                ),
            ],
            Figures(trials),
            [.. Findings(all, trials)]
        )
        {
            Tables = Tables(trials),
        };

        InstabilityTrial[] Of(InstabilityGroup group) => [.. trials.Where(t => t.Group == group)];

        Claim Mean(
            Statement statement,
            InstabilityGroup group,
            Relation relation,
            double limit,
            Func<InstabilityTrial, double> measure,
            string quantity,
            string unit = ""
        ) => statement.JudgeMean(relation, limit, Of(group), measure, quantity, unit: unit, kind: QuantityKind.Size);

        Claim Half(Statement statement, InstabilityGroup group, Func<InstabilityTrial, bool> holds, string quantity) =>
            Of(group) is not { Length: > 0 } runs
                ? statement.NotRun("no run reached the instability")
                : statement.Judge(
                    Relation.AtLeast,
                    (runs.Length + 1) / 2,
                    runs.Count(holds),
                    0,
                    "as stated",
                    $"{quantity}, of {runs.Length}"
                );

        Claim Largest(Statement statement, double limit, Func<InstabilityTrial, double> cost, string quantity) =>
            trials.Length == 0
                ? statement.NotRun("no run reached the instability")
                : statement.Judge(
                    Relation.AtMost,
                    limit,
                    trials.Max(cost),
                    0,
                    "as stated",
                    $"{quantity} {trials.Length} jets"
                );
    }

    /// <summary>The error of the fall of S, relative to the run's.</summary>
    private static double FlatteningError(InstabilityTrial trial, string theory) =>
        Math.Abs((trial.Flattening(theory) - trial.Flattening(null)) / trial.Flattening(null));
}
