using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The rules of the chapter's claims.</summary>
internal sealed partial class JetUses
{
    // Of 2/eta, in per cent.
    private const double NearGap = 3,
        SettledGap = 5;

    private static IEnumerable<Claim> OfBatches(BatchSet[] sets)
    {
        var runs = sets.Sum(set => set.Rows.Draws);
        yield return Covers(CoversSharpness, Columns.Sharpness);
        yield return Covers(CoversDisplacement, Columns.Displacement);
        yield return Covers(CoversLoss, Columns.Loss);
        yield return MeanSharpness.JudgeEvery(
            sets,
            set => set.Rows.MeanError <= 0.025,
            $"of {sets.Length} sizes and jets, those with a mean error of mean S of at most 2.5 %"
        );
        yield return Gap.JudgeEvery(
            sets,
            set => Near(set, Columns.GapForecast, set.Rows.Gap, NearGap),
            $"of {sets.Length} sizes and jets, those with S − 2/η forecast to 3 % of 2/η"
        );
        yield return Settles.JudgeEvery(
            sets,
            set => Near(set, Columns.GapForecast, set.Rows.Settled, SettledGap),
            $"of {sets.Length} sizes and jets, those that settle within 5 % of 2/η of the forecast"
        );
        yield return Published.JudgeEvery(
            sets,
            set => Near(set, Columns.GapLeading, set.Rows.Settled, SettledGap),
            $"of {sets.Length} sizes and jets, those that settle within 5 % of 2/η of −ηβs²/(4α)"
        );
        BatchSet[][] jets = [.. sets.GroupBy(set => (set.Network, set.Seed)).Select(jet => jet.ToArray())];
        yield return Lower.JudgeEvery(
            jets,
            jet => jet.MinBy(set => set.Rows.Size)!.Rows.Settled < jet.MaxBy(set => set.Rows.Size)!.Rows.Settled,
            $"of {jets.Length} jets, those whose smallest batch settles below the largest"
        );

        // The steps of a run hang together: its share varies by no more than a single yes or no with the same mean, so
        // that the interval of as many trials as there are runs is wide enough.
        Claim Covers(Statement statement, string quantity) =>
            runs == 0
                ? statement.NotRun("no jet that is not refused")
                : statement.JudgeShare(
                    Relation.AtLeast,
                    0.8,
                    (int)Math.Round(sets.Sum(set => set.Rows.Covered(quantity).Sum())),
                    runs,
                    "runs, by the steps of each in the band"
                );
    }

    /// <summary>Whether a gap that was known before is within a part of 2/eta of the one found; not where either is none.</summary>
    private static bool Near(BatchSet set, string column, double found, double within) =>
        Math.Abs(set.OfEdge(set.Rows.Constant(column) - found)) <= within;

    private static IEnumerable<Claim> OfScans(ScannedRun[] scanned)
    {
        ScannedRun[] forecast = [.. scanned.Where(run => run.HasForecast && double.IsFinite(run.At(Columns.PeakLoss)))];
        yield return Share(PeakLoss, 0.5, forecast, run => run.Error(Columns.PeakLoss) <= 0.05, "peaks within 5 %");
        yield return Share(
            LowestSharpness,
            0.5,
            forecast,
            run => run.Error(Columns.LowestSharpness) <= 0.02,
            "lowest S within 2 %"
        );
        yield return Share(
            NearerThanEdge,
            0.5,
            forecast,
            run => run.Error(Columns.LowestSharpness) <= run.EdgeError / 2,
            "lowest S with at most half of the error of 2/η"
        );
        yield return Share(Carries, 0.8, scanned, run => run.HasForecast, "runs with a forecast");
        SeriesTable[] jets = [.. scanned.Select(run => run.Series).Distinct()];
        yield return ScanCost.JudgeEvery(
            jets,
            jet => jet[Columns.JetCost][0] <= 300,
            $"of {jets.Length} jets, those that cost at most 300 gradient-equivalents"
        );

        static Claim Share(
            Statement statement,
            double limit,
            ScannedRun[] among,
            Func<ScannedRun, bool> holds,
            string quantity
        ) =>
            among.Length == 0
                ? statement.NotRun("no run has a forecast")
                : statement.JudgeShare(Relation.AtLeast, limit, among.Count(holds), among.Length, quantity);
    }

    private static IEnumerable<Claim> OfAnchors(AnchoredRun[] runs) =>
        [
            Anchored.JudgeEvery(
                runs,
                run => run.Error(ByJets) <= 0.005,
                $"of {runs.Length} runs, those with a mean error of S of at most 0.5 %"
            ),
            Cheaper.JudgeEvery(
                runs,
                run => run.Cost <= run.MeasurementCost / 4,
                $"of {runs.Length} runs, those whose jets cost at most a quarter of measuring S"
            ),
            Needed.JudgeEvery(
                runs,
                run => run.Error(Columns.FirstSharpness) >= 3 * run.Error(ByJets),
                $"of {runs.Length} runs, those in which the first jet errs by three times as much"
            ),
        ];
}
