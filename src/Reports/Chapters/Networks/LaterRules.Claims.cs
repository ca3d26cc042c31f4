using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using static FlatBias.Reports.Chapters.Networks.LaterRulesRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <content>What is judged, by predictions that were settled before the runs.</content>
internal sealed partial class LaterRules
{
    // The bound of the first stage of (7.14).
    private const double Tenth = 0.1;

    private static IReadOnlyList<(Statement Statement, RuleRun Run, double Value)> Published =>
        [(EdgeHeavyBall, HeavyBall, 0.949), (EdgeAdam, Adam, 0.960), (EdgeAdamW, AdamW, 0.971)];

    private static IReadOnlyList<Claim> JudgeEdges(RuleSeries[] seeds)
    {
        const string number = "median stability number, second half of the run";
        return
        [
            .. Published.Select(p =>
                p.Statement.JudgeMean(
                    Relation.Equal,
                    p.Value,
                    seeds,
                    s => SecondHalf.Median(s[p.Run], Columns.RealisedEdge),
                    "median ζ, second half of the run",
                    0.1,
                    "another network, other data and another window; the three published values lie within 0.022"
                )
            ),
            MuonEdge.JudgeMean(
                Relation.AtLeast,
                0.9,
                seeds,
                s => SecondHalf.Median(s[Muon], Columns.StabilityNumber),
                number,
                kind: QuantityKind.Size
            ),
            SignOwnNorm.JudgeMean(
                Relation.AtLeast,
                0.9,
                seeds,
                s => RuleSeries.InMaxNorm(s[Sign]),
                "median of ηS_∞ / (2|g|₁), second half of the run",
                kind: QuantityKind.Size
            ),
            SamEdge.JudgeMean(
                Relation.Equal,
                1,
                seeds,
                s => SecondHalf.Median(s[Sam], Columns.StabilityNumber),
                number,
                0.25,
                "as for hovering at 2/η",
                kind: QuantityKind.Size
            ),
            SamFlatter.JudgeMean(
                Relation.AtMost,
                0.9,
                seeds,
                s => SecondHalf.Median(s[Sam], Columns.Sharpness) / SecondHalf.Median(s.Descent, Columns.Sharpness),
                "median S, second half of the run, over that of gradient descent",
                kind: QuantityKind.Size
            ),
            SmallDecay.JudgeMean(
                Relation.AtMost,
                1.1,
                seeds,
                s => SecondHalf.Median(s[LaterRulesRuns.SmallDecay], Columns.StabilityNumber),
                number,
                kind: QuantityKind.Size
            ),
        ];
    }

    private static IReadOnlyList<Claim> JudgeSpikes(RuleSeries[] seeds)
    {
        (SeriesTable Series, LossSpike Spike)[] spikes =
        [
            .. seeds.SelectMany(s => s.Spikes.Select(spike => (s.Adam, spike))),
        ];
        return
        [
            SpikePastEdge.JudgeEvery(
                spikes,
                s => s.Series[Columns.StabilityNumber][s.Spike.Low] >= 1,
                "spikes of all seeds with a stability number of 1 or more where the loss is least before"
            ),
            SpikeDecoupledFirst.JudgeMean(
                Relation.AtMost,
                Tenth,
                seeds,
                s => s.Spikes is [var first, ..] ? first.RatioAtEdge(s.Adam) : double.NaN,
                "|g| / |P| at the edge before the first spike",
                kind: QuantityKind.Size
            ),
            SpikeDecoupled.JudgeEvery(
                spikes,
                s => s.Spike.RatioAtEdge(s.Series) <= Tenth,
                "spikes of all seeds with |g| / |P| of a tenth or less at the edge before"
            ),
            SpikeDivisor.JudgeMean(
                Relation.AtLeast,
                0.5,
                seeds,
                s => s.First?.DivisorShare ?? double.NaN,
                "divisor's share of the rise of ln S_eff"
            ),
            SpikeTime.JudgeMean(
                Relation.Equal,
                1,
                seeds,
                s => s.First is { } first ? first.ToPeak / first.Forecast.Spike : double.NaN,
                "steps to the first peak of the loss over those forecast",
                0.25,
                "gradients of a tenth of the divisor, and a curvature that does not stand still",
                kind: QuantityKind.Size
            ),
        ];
    }
}
