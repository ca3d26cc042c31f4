using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using OxyPlot.Series;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>The forecasts of instabilities judged from made-up trials: every rule, each way that it can go.</summary>
public class InstabilityForecastTests
{
    private static readonly InstabilityForecast Chapter = new();

    /// <summary>
    /// Statements about means over the seeds of a group: what they hang on, their limits, and whether these are lower
    /// ones.
    /// </summary>
    private static readonly Dictionary<string, Mean> Means = new()
    {
        ["forecast-sharpness"] = new(First, (t, x) => t with { Sharpness = x }, 0.01),
        ["forecast-displacement"] = new(First, (t, x) => t with { Displacement = x }, 0.05),
        ["forecast-rotation"] = new(First, (t, x) => t with { Rotation = x }, 2),
        ["forecast-loss"] = new(First, (t, x) => t with { Loss = x }, 0.05),
        ["forecast-needs-memory"] = new(First, (t, x) => t with { WithoutMemory = x }, 5, AtLeast: true),
        ["forecast-rotation-matters"] = new(First, (t, x) => t with { WithoutRotation = x }, 1.5, AtLeast: true),
        ["forecast-cubic"] = new(First, (t, x) => t with { WithoutCubic = x }, 1.25, AtLeast: true),
        ["forecast-softplus"] = new(Softplus, (t, x) => t with { OurSharpness = x }, 0.01),
        ["forecast-push"] = new(Pushed, (t, x) => t with { OurSharpness = x }, 0.02),
        ["forecast-second"] = new(Second, (t, x) => t with { OurSharpness = x }, 0.01),
        ["forecast-second-displacement"] = new(Second, (t, x) => t with { OurDisplacement = x }, 0.05),
    };

    /// <summary>
    /// Statements about every run: one that goes wrong refutes them, and nothing leaves them undecided.
    /// </summary>
    private static readonly Dictionary<
        string,
        (Func<ForecastPlan, bool> Of, Func<MadeUpTrial, MadeUpTrial> Spoil)
    > Counts = new()
    {
        ["forecast-first"] = (Softplus, t => t with { RivalOverOurs = 0.9 }),
        ["forecast-throughout"] = (Pushed, t => t with { WrongFrom = 150 }),
        ["forecast-relu-declines"] = (Relu, t => t with { Refused = false, TrustError = 0.05 }),
        ["forecast-smooth-holds"] = (Second, t => t with { Refused = true }),
        ["forecast-cost"] = (Relu, t => t with { JetCost = 301 }),
    };

    private const string Fluctuate = "network-moments-fluctuate",
        MomentsFirst = "network-moments-first";

    public static TheoryData<string> OfMeans => [.. Means.Keys];

    public static TheoryData<string> OfCounts => [.. Counts.Keys];

    [Fact]
    public void Statements_All_HaveATestOfTheirRule() =>
        Assert.Equal(
            Chapter.Statements.Select(s => s.Id).Order(),
            Means.Keys.Concat(Counts.Keys).Concat([Fluctuate, MomentsFirst, "forecast-wide"]).Order()
        );

    [Fact]
    public void Evaluate_ForecastsThatAreRight_ConfirmsAllThatIsRun() =>
        Only("forecast-wide", Verdict.NotRun, (_, trial) => trial);

    [Theory]
    [MemberData(nameof(OfMeans))]
    public void Evaluate_ErrorBeyondTheLimit_RefutesThatStatementAlone(string id)
    {
        var (of, set, limit, atLeast) = Means[id];
        Only(id, Verdict.Refuted, (plan, trial) => of(plan) ? set(trial, atLeast ? limit / 1.2 : 1.2 * limit) : trial);
    }

    [Theory]
    [MemberData(nameof(OfMeans))]
    public void Evaluate_ErrorWithinTheLimit_ConfirmsAll(string id)
    {
        var (of, set, limit, atLeast) = Means[id];
        Only(
            id,
            Verdict.Confirmed,
            (plan, trial) => of(plan) ? set(trial, atLeast ? 1.05 * limit : limit / 1.05) : trial
        );
    }

    [Theory]
    [MemberData(nameof(OfMeans))]
    public void Evaluate_OneSeedFarAboveTheOthers_LeavesThatStatementUndecided(string id)
    {
        // 3 and 0.2, 0.2, ... limits: the mean is 0.76 or 1.13 of it, with an interval of more than 1.5.
        var (of, set, limit, _) = Means[id];
        Only(
            id,
            Verdict.Inconclusive,
            (plan, trial) => of(plan) ? set(trial, (plan.Training.Seed == 201 ? 3 : 0.2) * limit) : trial
        );
    }

    [Theory]
    [MemberData(nameof(OfCounts))]
    public void Evaluate_OneRunThatGoesWrong_RefutesThatStatementAlone(string id)
    {
        var (of, spoil) = Counts[id];
        Only(id, Verdict.Refuted, (plan, trial) => of(plan) && plan.Training.Seed == 202 ? spoil(trial) : trial);
    }

    [Fact]
    public void Evaluate_MomentsThatHardlyChange_RefuteThatTheyFluctuate() =>
        Only(Fluctuate, Verdict.Refuted, (plan, trial) => First(plan) ? trial with { MomentRange = 1.9 } : trial);

    [Theory]
    [InlineData(0, Verdict.Refuted)]
    [InlineData(203, Verdict.Inconclusive)]
    [InlineData(205, Verdict.Confirmed)]
    public void Evaluate_MomentsThatPeakAfterS_DecideByTheirShare(int upTo, Verdict verdict) =>
        // 0, 12 and 18 of the 18 smooth runs peak first.
        Only(
            MomentsFirst,
            verdict,
            (plan, trial) => plan.Training.Seed > upTo ? trial with { MomentPeak = 100 } : trial
        );

    [Fact]
    public void Evaluate_NothingToHoldTheJetAt_CountsAsRefused()
    {
        // Refused on ReLU by that alone, and wrongly on a smooth network.
        Only(
            "forecast-wide",
            Verdict.NotRun,
            (plan, trial) => Relu(plan) ? trial with { Refused = false, TrustError = double.NaN } : trial
        );
        Only(
            "forecast-smooth-holds",
            Verdict.Refuted,
            (plan, trial) => First(plan) ? trial with { TrustError = double.NaN } : trial
        );
    }

    [Fact]
    public void Evaluate_TheoryThatDeclinesInOneRun_DecidesNothingByIt()
    {
        var verdicts = Verdicts(
            StandIns.Settings,
            (plan, trial) =>
                First(plan) && plan.Training.Seed == 203 ? trial with { Declined = MadeUpTrial.Memory } : trial
        );
        string[] hang =
        [
            "forecast-sharpness",
            "forecast-displacement",
            "forecast-rotation",
            "forecast-loss",
            "forecast-needs-memory",
            "forecast-rotation-matters",
            "forecast-cubic",
        ];
        Assert.Equal(hang.Order(), verdicts.Where(v => v.Value == Verdict.Inconclusive).Select(v => v.Key).Order());
        // A rival that declines forecasts nothing better; where ours declines it is not the best.
        Only("forecast-wide", Verdict.NotRun, (_, trial) => trial with { Declined = MadeUpTrial.Rival });
        Assert.Equal(
            Verdict.Refuted,
            Verdicts(
                StandIns.Settings,
                (plan, trial) => Second(plan) ? trial with { Declined = MadeUpTrial.Ours } : trial
            )["forecast-first"]
        );
    }

    [Fact]
    public void Evaluate_RunThatDivergesOnTheWay_IsNotRightThroughoutAndHasNoLastSteps()
    {
        var verdicts = Verdicts(
            StandIns.Settings,
            (plan, trial) => First(plan) && plan.Training.Seed == 205 ? trial with { Length = 150 } : trial
        );
        Assert.Equal(Verdict.Refuted, verdicts["forecast-throughout"]);
        Assert.Equal(Verdict.Inconclusive, verdicts["forecast-cubic"]);
        Assert.Equal(Verdict.Confirmed, verdicts["forecast-sharpness"]);
    }

    [Fact]
    public void Evaluate_InstabilitiesThatNeverCame_LeaveTheirStatementsUnjudged()
    {
        // One seed is no mean; two are.
        var one = Verdicts(
            StandIns.Settings,
            (plan, trial) => trial with { Reached = !Second(plan) || plan.Training.Seed == 201 }
        );
        Assert.Equal(Verdict.NotRun, one["forecast-second"]);
        Assert.Equal(Verdict.NotRun, one["forecast-second-displacement"]);
        Assert.Equal(Verdict.Confirmed, one["forecast-first"]);
        Only(
            "forecast-wide",
            Verdict.NotRun,
            (plan, trial) => trial with { Reached = !Second(plan) || plan.Training.Seed < 203 }
        );

        var none = Chapter.Evaluate(
            StandIns.Settings,
            Records(StandIns.Settings, (_, trial) => trial with { Reached = false })
        );
        Assert.All(none.Claims, claim => Assert.Equal(Verdict.NotRun, claim.Verdict));
        Assert.Empty(none.Figures);
        Assert.Equal(Chapter.Runs(StandIns.Settings).Count, none.Findings.Count);
    }

    [Theory]
    [InlineData(0.019, Verdict.Confirmed)]
    [InlineData(0.021, Verdict.Refuted)]
    public void Evaluate_PaperProfile_JudgesTheWideNetworkByItsWorstRun(double error, Verdict verdict) =>
        Only(
            "forecast-wide",
            verdict,
            (plan, trial) =>
                plan.Training.Seed == 203 && Width(plan) == "200,200" ? trial with { OurSharpness = error } : trial,
            StandIns.Settings with
            {
                Profile = "paper",
            }
        );

    [Fact]
    public void Evaluate_AllFigures_DrawATheoryAlike()
    {
        var figures = Chapter.Evaluate(StandIns.Settings, Records(StandIns.Settings, (_, trial) => trial)).Figures;

        var lines = figures.SelectMany(figure => figure.Plots).SelectMany(plot => plot.Series).OfType<LineSeries>();
        Assert.All(
            lines.Where(line => line.Title?.Contains("K = ", StringComparison.Ordinal) == true).ToLookup(l => l.Title),
            theory => Assert.Single(theory.Select(line => (line.Color, line.LineStyle)).Distinct())
        );
    }

    /// <summary>Expects a verdict of one statement, and that all others that are run are confirmed.</summary>
    private static void Only(
        string id,
        Verdict verdict,
        Func<ForecastPlan, MadeUpTrial, MadeUpTrial> change,
        ReportSettings? settings = null
    )
    {
        foreach (var (statement, found) in Verdicts(settings ?? StandIns.Settings, change))
            Assert.True(
                found
                    == (
                        statement == id ? verdict
                        : statement == "forecast-wide" && settings is null ? Verdict.NotRun
                        : Verdict.Confirmed
                    ),
                $"{statement} {found}"
            );
    }

    private static Dictionary<string, Verdict> Verdicts(
        ReportSettings settings,
        Func<ForecastPlan, MadeUpTrial, MadeUpTrial> change
    ) => StandIns.Verdicts(Chapter, settings, Records(settings, change));

    private static RunRecords Records(ReportSettings settings, Func<ForecastPlan, MadeUpTrial, MadeUpTrial> change) =>
        new(
            Chapter
                .Runs(settings)
                .Cast<InstabilitySpec>()
                .Select(spec => change(spec.Plan, new MadeUpTrial { Refused = Relu(spec.Plan) }).Record(spec))
        );

    internal static bool First(ForecastPlan plan) =>
        plan is { Push: 2.15, Instability: 1 } && Width(plan) == "24,24" && Of(plan, Activation.Tanh);

    private static string Width(ForecastPlan plan) => plan.Training.Network.Values.Text("widths");

    private static bool Of(ForecastPlan plan, Activation activation) =>
        plan.Training.Network.Values.Text("activation") == activation.Name;

    internal static bool Softplus(ForecastPlan plan) => Of(plan, Activation.Softplus);

    internal static bool Pushed(ForecastPlan plan) => plan.Push == 2.3;

    private static bool Second(ForecastPlan plan) => plan.Instability == 2;

    internal static bool Relu(ForecastPlan plan) => Of(plan, Activation.Relu);

    private sealed record Mean(
        Func<ForecastPlan, bool> Of,
        Func<MadeUpTrial, double, MadeUpTrial> Set,
        double Limit,
        bool AtLeast = false
    );
}
