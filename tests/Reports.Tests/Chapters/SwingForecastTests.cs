using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Forecasts from a jet over the swing judged from made-up trials: every rule, each way that it can go.</summary>
public class SwingForecastTests
{
    private static readonly SwingForecast Chapter = new();

    /// <summary>What spoils each statement, in the runs that it is about; one alone, or all.</summary>
    private static readonly Dictionary<
        string,
        (Func<ForecastPlan, bool> Of, Func<MadeUpTrial, MadeUpTrial> Spoil, bool ByOne)
    > Rules = new()
    {
        // The errors of S lie between limits of other statements, those of u nowhere; the fall of S is off by as much.
        ["swing-sharpness"] = (First, t => t with { SwingSharpness = 0.0017, Limit = 0.001 }, false),
        ["swing-push"] = (Pushed, t => t with { SwingSharpness = 0.006, OurSharpness = 0.007 }, false),
        ["swing-softplus"] = (Softplus, t => t with { SwingSharpness = 0.006, OurSharpness = 0.007 }, false),
        ["swing-flattening"] = (First, t => t with { SwingFlattening = 0.03, Limit = 0.001 }, false),
        ["swing-better"] = (Softplus, t => t with { OurSharpness = 0.0009 }, true),
        ["swing-cost"] = (Pushed, t => t with { SwingCost = 181 }, true),
        ["swing-cost-checked"] = (Pushed, t => t with { SwingCheckCost = 46 }, true),
        ["swing-limit"] = (First, t => t with { Limit = 0.00009 }, false),
        ["swing-check-refuses"] = (Relu, t => t with { SwingSharpness = 0.004 }, true),
        ["swing-relu-limit"] = (Relu, t => t with { Limit = 0.004 }, true),
        ["swing-relu-span"] = (Relu, t => t with { SpanLimit = 0.009 }, true),
        ["swing-rotation-matters"] = (First, t => t with { SwingWithoutRotation = 1.9 }, false),
        ["swing-needs-memory"] = (First, t => t with { SwingWithoutMemory = 9.9 }, false),
        ["swing-needs-stiffness"] = (First, t => t with { SwingWithoutStiffness = 1.9 }, false),
    };

    public static TheoryData<string> Spoilt => [.. Rules.Keys];

    [Fact]
    public void Statements_All_HaveATestOfTheirRule() =>
        Assert.Equal(Chapter.Statements.Select(s => s.Id).Order(), Rules.Keys.Append(Passes).Order());

    /// <summary>Eighteen forecasts that are right are too few to say that 95 % are: the interval reaches down to 81 %.</summary>
    [Fact]
    public void Evaluate_ForecastsThatAreRight_ConfirmsAllButTheShareThatNeedsMore()
    {
        foreach (var (id, verdict) in Verdicts((_, trial) => trial))
            Assert.True(verdict == (id == Passes ? Verdict.Inconclusive : Verdict.Confirmed), $"{id} {verdict}");
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Evaluate_WhatOneStatementIsAbout_RefutesItAlone(string id)
    {
        var (of, spoil, byOne) = Rules[id];
        var verdicts = Verdicts(
            (plan, trial) => of(plan) && (!byOne || plan.Training.Seed == 202) ? spoil(trial) : trial
        );
        foreach (var (statement, verdict) in verdicts.Where(v => v.Key != Passes))
            Assert.True(verdict == (statement == id ? Verdict.Refuted : Verdict.Confirmed), $"{statement} {verdict}");
    }

    [Fact]
    public void Evaluate_HalfOfTheRuns_AreEnoughWhereHalfIsAsked()
    {
        // Two of five spoilt leave three.
        var verdicts = Verdicts(
            (plan, trial) =>
                plan.Training.Seed > 202 ? trial
                : Softplus(plan) ? Rules["swing-softplus"].Spoil(trial)
                : First(plan) ? Rules["swing-limit"].Spoil(trial)
                : trial
        );
        Assert.Equal(Verdict.Confirmed, verdicts["swing-softplus"]);
        Assert.Equal(Verdict.Confirmed, verdicts["swing-limit"]);
    }

    [Fact]
    public void Evaluate_WrongForecastsThatWereLetThrough_RefuteTheCheck()
    {
        var verdicts = Verdicts(
            (plan, trial) => Softplus(plan) ? trial with { SwingSharpness = 0.03, OurSharpness = 0.04 } : trial
        );
        Assert.Equal(Verdict.Refuted, verdicts[Passes]);
    }

    [Fact]
    public void Evaluate_NothingToBeSaidOfThePath_CountsAsRefused()
    {
        // Wrongly, on networks whose forecast is right.
        var verdicts = Verdicts((plan, trial) => Pushed(plan) ? trial with { SwingError = double.NaN } : trial);
        Assert.Equal(Verdict.Refuted, verdicts["swing-check-refuses"]);
        Assert.Equal(Verdict.Confirmed, verdicts["swing-cost-checked"]);
    }

    [Fact]
    public void Evaluate_NothingRefusedOrLetThrough_LeavesTheCheckUnjudged()
    {
        Assert.Equal(Verdict.NotRun, Verdicts((_, trial) => trial with { SwingError = 0.02 })["swing-check-refuses"]);
        Assert.Equal(Verdict.NotRun, Verdicts((_, trial) => trial with { SwingError = 0.02 })[Passes]);
    }

    [Fact]
    public void Evaluate_InstabilitiesThatNeverCame_LeaveAllUnjudged()
    {
        var none = Chapter.Evaluate(StandIns.Settings, Records((_, trial) => trial with { Reached = false }));
        Assert.All(none.Claims, claim => Assert.Equal(Verdict.NotRun, claim.Verdict));
        Assert.Empty(none.Figures);
        Assert.Equal(Chapter.Runs(StandIns.Settings).Count, none.Findings.Count);
    }

    /// <summary>Both chapters read the same records: nothing is run twice.</summary>
    [Theory]
    [InlineData("quick")]
    [InlineData("paper")]
    public void Runs_OfTheChapterBefore_AreAmongThem(string profile)
    {
        var settings = StandIns.Settings with { Profile = profile };
        var runs = Chapter.Runs(settings).Select(spec => spec.Key()).ToHashSet();
        Assert.Subset(runs, new InstabilityForecast().Runs(settings).Select(spec => spec.Key()).ToHashSet());
    }

    private const string Passes = "swing-check-passes";

    private static Dictionary<string, Verdict> Verdicts(Func<ForecastPlan, MadeUpTrial, MadeUpTrial> change) =>
        StandIns.Verdicts(Chapter, StandIns.Settings, Records(change));

    private static RunRecords Records(Func<ForecastPlan, MadeUpTrial, MadeUpTrial> change) =>
        new(
            Chapter
                .Runs(StandIns.Settings)
                .Cast<InstabilitySpec>()
                .Select(spec =>
                    change(
                            spec.Plan,
                            Relu(spec.Plan)
                                ? new MadeUpTrial
                                {
                                    SwingSharpness = 0.05,
                                    SwingError = 0.1,
                                    Limit = 0.01,
                                }
                                : new MadeUpTrial()
                        )
                        .Record(spec)
                )
        );

    private static bool First(ForecastPlan plan) => InstabilityForecastTests.First(plan);

    private static bool Softplus(ForecastPlan plan) => InstabilityForecastTests.Softplus(plan);

    private static bool Pushed(ForecastPlan plan) => InstabilityForecastTests.Pushed(plan);

    private static bool Relu(ForecastPlan plan) => InstabilityForecastTests.Relu(plan);
}
