using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Uses of a jet judged from made-up records: every rule, each way that it can go.</summary>
public class JetUsesTests
{
    private static readonly JetUses Chapter = new();

    /// <summary>What spoils each statement, and no other.</summary>
    private static readonly Dictionary<string, Func<MadeUpUses, MadeUpUses>> Rules = new()
    {
        // Twelve of twenty runs lie outside, on either side, so that their mean stays.
        ["batch-covers-sharpness"] = m => m with { OutsideSharpness = 12 },
        ["batch-covers-displacement"] = m => m with { OutsideDisplacement = 12 },
        ["batch-covers-loss"] = m => m with { OutsideLoss = 12 },
        ["batch-mean-sharpness"] = m => m with { MeanError = 0.026 },
        // Per cent of 2/eta: 4 is beyond what is asked of the horizon, and within what is asked of long runs.
        ["batch-gap"] = m => m with { ForecastGap = m.Gap + 4 },
        ["batch-gap-settled"] = m => m with { Settled = m.Gap - 6, Leading = m.Gap - 6 },
        ["batch-gap-published"] = m => m with { Leading = m.Settled - 6 },
        ["batch-gap-lower"] = m => m with { BySize = -0.001 },
        ["scan-peak-loss"] = m => m with { PeakError = 0.051 },
        ["scan-lowest-sharpness"] = m => m with { LowestError = 0.021 },
        ["scan-edge"] = m => m with { LowestOverEdge = 0.99 },
        ["scan-carries"] = m => m with { Carried = 3 },
        ["scan-cost"] = m => m with { ScanCost = 301 },
        ["anchor-sharpness"] = m => m with { AnchorError = 0.0051 },
        ["anchor-cost"] = m => m with { CostAStep = 2.6 },
        ["anchor-needed"] = m => m with { FirstError = 0.0029 },
    };

    public static TheoryData<string> Spoilt => [.. Rules.Keys];

    [Fact]
    public void Statements_All_HaveATestOfTheirRule() => Assert.Equal(Chapter.Statements.Select(s => s.Id), Rules.Keys);

    [Fact]
    public void Evaluate_ForecastsThatAreRight_ConfirmsAll() =>
        Assert.All(Verdicts(new MadeUpUses()), v => Assert.True(v.Value == Verdict.Confirmed, $"{v}"));

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Evaluate_WhatOneStatementIsAbout_RefutesItAlone(string id)
    {
        foreach (var (statement, verdict) in Verdicts(Rules[id](new MadeUpUses())))
            Assert.True(verdict == (statement == id ? Verdict.Refuted : Verdict.Confirmed), $"{statement} {verdict}");
    }

    [Fact]
    public void Evaluate_JetsThatAreRefused_AreNotJudged()
    {
        var verdicts = Verdicts(new MadeUpUses { Trust = 0.031, MeanError = 0.5 });
        Assert.All(
            verdicts,
            v =>
                Assert.Equal(
                    v.Key.StartsWith("batch-", StringComparison.Ordinal) ? Verdict.NotRun : Verdict.Confirmed,
                    v.Value
                )
        );
    }

    [Fact]
    public void Evaluate_FormulaWithoutANumber_IsNoSupport() =>
        Assert.Equal(Verdict.Refuted, Verdicts(new MadeUpUses { Leading = double.NaN })["batch-gap-published"]);

    [Fact]
    public void Evaluate_FirstJetThatLeavesItsModel_CountsAsAnErrorOfAll() =>
        Assert.Equal(Verdict.Confirmed, Verdicts(new MadeUpUses { FirstError = double.NaN })["anchor-needed"]);

    [Fact]
    public void Evaluate_RunsThatAreLostAtOnce_AreOutsideTheBand()
    {
        var verdicts = Verdicts(new MadeUpUses { Lost = 12 });
        Assert.Equal(Verdict.Refuted, verdicts["batch-covers-sharpness"]);
        Assert.Equal(Verdict.Confirmed, verdicts["batch-mean-sharpness"]);
    }

    private static Dictionary<string, Verdict> Verdicts(MadeUpUses uses) =>
        StandIns.Verdicts(
            Chapter,
            StandIns.Settings,
            new RunRecords(Chapter.Runs(StandIns.Settings).Select(uses.Record))
        );
}

/// <summary>Made-up records of a chapter; as they stand, all statements are confirmed. Gaps are in per cent of 2/eta, which is 20.</summary>
internal sealed record MadeUpUses
{
    private const double Edge = 20,
        StepSize = 0.1;

    public int OutsideSharpness { get; init; }

    public int OutsideDisplacement { get; init; }

    public int OutsideLoss { get; init; }

    /// <summary>Runs without a row.</summary>
    public int Lost { get; init; }

    public double MeanError { get; init; } = 0.01;

    public double Gap { get; init; } = -1;

    public double ForecastGap { get; init; } = -1;

    public double Settled { get; init; } = -1;

    public double Leading { get; init; } = -1;

    /// <summary>By how much a sample more raises what runs settle at.</summary>
    public double BySize { get; init; } = 0.001;

    public double Trust { get; init; } = 0.002;

    public double PeakError { get; init; } = 0.01;

    public double LowestError { get; init; } = 0.01;

    public double LowestOverEdge { get; init; } = 0.9;

    /// <summary>Step sizes with a forecast, of six.</summary>
    public int Carried { get; init; } = 6;

    public double ScanCost { get; init; } = 250;

    public double AnchorError { get; init; } = 0.001;

    public double FirstError { get; init; } = 0.02;

    public double CostAStep { get; init; } = 1;

    public RunRecord Record(RunSpec spec)
    {
        var series = spec switch
        {
            BatchScanSpec batches => Batches(batches),
            StepScanSpec scan => Scan(scan.Plan.StepSizes.At(Edge)),
            ReanchorSpec anchored => Anchored(anchored.Plan.Forecast.Horizon),
            _ => throw new ArgumentException($"no {spec.Label} is made up"),
        };
        return new RunRecord(
            new RunManifest
            {
                Specification = spec,
                Versions = [],
                Machine = [],
                Reason = StopReason.StepLimit,
            },
            series
        );
    }

    private SeriesTable Batches(BatchScanSpec spec)
    {
        var (plan, series) = (spec.Plan, new SeriesTable());
        foreach (var batch in plan.Batches)
            for (var draw = 1; draw <= batch.Draws - Lost; draw++)
            for (var t = 0; t <= (draw <= 2 ? plan.Onward : plan.Forecast.Horizon); t += plan.Every)
            {
                series.AddRow();
                series.Set(Columns.BatchSize, batch.Batch.Size);
                series.Set(Columns.Draw, draw);
                series.Set(Columns.Step, t);
                var side = draw % 2 == 0 ? 2 : -2;
                var late = t > plan.Forecast.Horizon;
                var sharpness = Edge * (1 + ((late ? Settled + (BySize * batch.Batch.Size) : Gap) / 100));
                Quantity(Columns.Sharpness, sharpness, draw <= OutsideSharpness, 1 + MeanError);
                Quantity(Columns.Displacement, 0, draw <= OutsideDisplacement, 1);
                Quantity(Columns.Loss, 3, draw <= OutsideLoss, 1);
                series.Set(Columns.GapForecast, Edge * ForecastGap / 100);
                series.Set(Columns.GapLeading, Edge * Leading / 100);
                series.Set(Columns.GapMap, double.NaN);
                series.Set(Columns.TrustPath, Trust);
                series.Set(Columns.StepSize, StepSize);

                void Quantity(Column column, double value, bool outside, double error)
                {
                    series.Set(column, value + (outside && !late ? side : 0));
                    series.Set(Columns.ForecastMean[column], late ? double.NaN : error * value);
                    series.Set(Columns.ForecastLower[column], late ? double.NaN : value - 1);
                    series.Set(Columns.ForecastUpper[column], late ? double.NaN : value + 1);
                }
            }

        return series;
    }

    private SeriesTable Scan(double[] stepSizes)
    {
        var series = new SeriesTable();
        foreach (var (i, stepSize) in stepSizes.Index())
        {
            series.AddRow();
            series.Set(Columns.StepSize, stepSize);
            series.Set(Columns.Push, stepSize * Edge);
            series.Set(Columns.JetCost, ScanCost);
            Quantity(Columns.PeakLoss, 1, PeakError);
            Quantity(Columns.LowestSharpness, LowestOverEdge * 2 / stepSize, LowestError);
            Quantity(Columns.FinalSharpness, 18, 0.01);

            void Quantity(Column column, double value, double error)
            {
                series.Set(column, value);
                series.Set(
                    Columns.Forecast(Columns.JetForecast, column),
                    i < Carried ? (1 + error) * value : double.NaN
                );
            }
        }

        return series;
    }

    private SeriesTable Anchored(int horizon)
    {
        var series = new SeriesTable();
        for (var t = 0; t <= horizon; t++)
        {
            series.AddRow();
            series.Set(Columns.Step, t);
            series.Set(Columns.Sharpness, Edge);
            series.Set(Columns.Forecast(Columns.JetForecast, Columns.Sharpness), (1 + AnchorError) * Edge);
            series.Set(Columns.FirstSharpness, (1 + FirstError) * Edge);
            series.Set(Columns.MeasurementCost, 10);
            series.Set(Columns.Anchor, t / 150 * 150);
            series.Set(Columns.JetCost, t % 150 == 0 && t < horizon ? 150 * CostAStep : double.NaN);
            series.Set(Columns.PathCost, t % 150 == 0 && t < horizon ? 0 : double.NaN);
        }

        return series;
    }
}
