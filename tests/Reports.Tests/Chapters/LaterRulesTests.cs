using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Rules at their own edges and spikes of Adam, judged from made-up runs.</summary>
public class LaterRulesTests
{
    private const int Rows = 121;

    [Theory]
    [InlineData("quick")]
    [InlineData("paper")]
    public void Runs_BothProfiles_AreValidAndMeasuredAtOddSteps(string profile)
    {
        var settings = StandIns.Settings with { Profile = profile };
        foreach (var run in new LaterRules().Runs(settings))
            ((NetworkSpec)run).Training.Validate(new LabelledSamples(new float[784], [0], 784, 10));
        Assert.All(
            LaterRulesRuns.All,
            run => Assert.Equal(1, LaterRulesRuns.Spec(settings, 1, run).Training.MeasureEvery % 2)
        );
    }

    [Fact]
    public void Evaluate_AsPredicted_ConfirmsAll() =>
        Assert.All(
            StandIns.Verdicts(new LaterRules(), spec => Run(spec, asPredicted: true)),
            v => Assert.True(v.Value == Verdict.Confirmed, $"{v.Key} {v.Value}")
        );

    [Fact]
    public void Evaluate_OtherwiseThanPredicted_RefutesAll() =>
        Assert.All(
            StandIns.Verdicts(new LaterRules(), spec => Run(spec, asPredicted: false)),
            v => Assert.True(v.Value == Verdict.Refuted, $"{v.Key} {v.Value}")
        );

    [Fact]
    public void Find_TwoPeaks_HasEdgeAndLowOfEach()
    {
        double[] loss = [.. Enumerable.Range(0, 80).Select(i => Math.Exp(-i / 40.0))],
            number = [.. Enumerable.Repeat(0.9, 80)];
        (loss[30], loss[60]) = (3, 3);
        // Past the edge from row 20 on, back at 31; the second peak has no edge before it.
        number.AsSpan(20, 11).Fill(1);
        var spikes = LossSpike.Find(
            SeriesTable.From((Columns.Loss.Name, loss), (Columns.StabilityNumber.Name, number))
        );
        Assert.Equal([new LossSpike(20, 29, 30), new LossSpike(null, 59, 60)], spikes);
    }

    private static (StopReason Reason, SeriesTable Series) Run(NetworkSpec spec, bool asPredicted)
    {
        var rule = spec.Training.Optimiser;
        var (sam, decay) = (rule.Values.Number("sam-radius") > 0, rule.Values.Number("weight-decay") > 0);
        if (rule.Name == "adam" && !decay)
            return (StopReason.StepLimit, Adam(asPredicted));
        var published = rule.Name == "momentum" ? 0.949 : 0.971;
        var number = (asPredicted, rule.Name == "gd" && decay) switch
        {
            (true, _) => 1,
            (false, true) => 1.5,
            (false, false) => 0.5,
        };
        return (
            StopReason.StepLimit,
            Series(
                5,
                (Columns.RealisedEdge, _ => asPredicted ? published : 0.5),
                (Columns.StabilityNumber, _ => number),
                (Columns.Sharpness, _ => sam && asPredicted ? 8 : 20),
                (Columns.MaxNormSharpness, _ => number),
                (Columns.GradientSum, _ => 0.5 * LaterRulesRuns.SignStepSize),
                (Columns.StepSize, _ => LaterRulesRuns.SignStepSize)
            )
        );
    }

    /// <summary>
    /// |g| at a hundredth of a divisor that forgets, and a peak of the loss where (7.14) has it; or one at twice the
    /// time,
    /// below the edge where the loss is least, with the gradient still of the size of the divisor and a sharpness
    /// that rises.
    /// </summary>
    private static SeriesTable Adam(bool asPredicted)
    {
        const int first = 60;
        var fall = -Math.Log(LaterRulesRuns.SecondDecay) / 2;
        var bias = Math.Sqrt(1 - Math.Pow(LaterRulesRuns.SecondDecay, 5 * first));
        const double start = 0.8,
            edge = 38;
        double Number(int row) => start * Math.Exp(fall * 5 * (row - first));
        var forecast = AdaptiveSpike.Forecast(
            start * edge / bias,
            0.01 / bias,
            LaterRulesRuns.FirstDecay,
            LaterRulesRuns.SecondDecay
        );
        var peak = first + (int)Math.Round((asPredicted ? 1 : 2) * forecast.Spike / 5);
        Assert.InRange(peak, first + 1, Rows - 2);
        var crossing = Enumerable.Range(first, Rows).First(row => Number(row) >= 1);
        bool Below(int row) => asPredicted ? row > peak : row == peak - 1;
        double Ratio(int row) => row < first || (!asPredicted && row >= crossing) ? 0.5 : 0.01;
        return Series(
            5,
            (Columns.RealisedEdge, _ => asPredicted ? 0.96 : 0.5),
            (Columns.Loss, row => row == peak ? 3 : Math.Exp(-row / 40.0)),
            (Columns.StabilityNumber, row => Below(row) ? 0.9 : Math.Max(0.1, Number(row))),
            (Columns.EffectiveSharpness, row => Number(row) * edge / LaterRulesRuns.AdamStepSize),
            (Columns.Sharpness, row => asPredicted ? 20 : 20 * Number(row)),
            (Columns.DivisorNorm, _ => 1),
            (Columns.GradientNorm, Ratio)
        );
    }

    private static SeriesTable Series(int every, params (Column Column, Func<int, double> Value)[] columns)
    {
        (Column Column, Func<int, double> Value)[] always =
        [
            (Columns.Step, row => every * row),
            (Columns.Loss, row => Math.Exp(-row / 40.0)),
            (Columns.RealisedEdgeAlongLeading, _ => 1),
        ];
        return SeriesTable.From([
            .. columns
                .UnionBy(always, column => column.Column)
                .Select(column => (column.Column.Name, Enumerable.Range(0, Rows).Select(column.Value).ToArray())),
        ]);
    }
}
