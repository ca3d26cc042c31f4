using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using MathNet.Numerics.Statistics;
using OxyPlot;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The chapter's figures and findings.</summary>
internal sealed partial class JetUses
{
    private static ChapterFigure[] Figures(BatchSet[] sets, ScannedRun[] scanned, AnchoredRun[] anchored) =>
        [
            .. sets.Length == 0 ? [] : new[] { Fan(sets[sets.Length > 1 ? 1 : 0]), BySize(sets) },
            .. scanned.Length == 0 ? [] : new[] { Scan(scanned) },
            .. anchored.Length == 0 ? [] : new[] { Long(anchored[0]) },
        ];

    private static ChapterFigure Fan(BatchSet set)
    {
        return new ChapterFigure("jet-batch-fan", [Plot(Columns.Sharpness), Plot(Columns.Loss)], 84);

        PlotModel Plot(Column quantity)
        {
            var first = set.Rows.Longest;
            double[] steps = set.Rows.Of(first, Columns.Step);
            var plot = PlotStyle
                .Create(
                    $"{set.Network}, seed {set.Seed}, batches of {set.Rows.Size}",
                    "step after the jet",
                    quantity.Label
                )
                .AddLine("forecast, mean", steps, set.Rows.Of(first, Columns.ForecastMean[quantity]));
            plot.AddBand(
                "90 % band",
                steps,
                set.Rows.Of(first, Columns.ForecastLower[quantity]),
                set.Rows.Of(first, Columns.ForecastUpper[quantity])
            );
            int[] rows = [.. set.Rows.Runs.SelectMany(run => run).Where(set.Rows.IsForecast)];
            return plot.AddPoints(
                $"{set.Rows.Draws} runs",
                set.Rows.Of(rows, Columns.Step),
                set.Rows.Of(rows, quantity),
                size: 1
            );
        }
    }

    private static ChapterFigure BySize(BatchSet[] sets)
    {
        double[] sizes = [.. sets.Select(set => (double)set.Rows.Size)];
        var coverage = PlotStyle.Create("In the 90 % band", "batch size", "share of the runs' steps (%)", logX: true);
        foreach (
            var (name, quantity) in new[] { ("S", Columns.Sharpness), ("u", Columns.Displacement), ("L", Columns.Loss) }
        )
            coverage.AddPoints(name, sizes, [.. sets.Select(set => 100 * set.Rows.Covered(quantity).Mean())]);
        coverage.AddHorizontal("80 %", 80);
        var gap = PlotStyle
            .Create("Sharpness against 2/η", "batch size", "S − 2/η (% of 2/η)", logX: true)
            .AddPoints("forecast", sizes, Each(set => set.Rows.Constant(Columns.GapForecast)))
            .AddPoints("runs, second half", sizes, Each(set => set.Rows.Gap))
            .AddPoints("long runs", sizes, Each(set => set.Rows.Settled))
            .AddPoints("−ηβs²/(4α)", sizes, Each(set => set.Rows.Constant(Columns.GapLeading)))
            .AddHorizontal("edge", 0);
        return new ChapterFigure("jet-batch-sizes", [coverage, gap], 88);

        // The formula has numbers far below the figure on some jets.
        double[] Each(Func<BatchSet, double> measure) =>
            [.. sets.Select(set => Math.Max(LowestDrawn, set.OfEdge(measure(set))))];
    }

    // Per cent of 2/eta.
    private const double LowestDrawn = -30;

    private static ChapterFigure Scan(ScannedRun[] scanned)
    {
        var loss = PlotStyle.Create("Peak of the loss", "ηS at the jet", "largest loss", logY: true);
        var sharpness = PlotStyle.Create("Lowest sharpness", "ηS at the jet", "lowest S over S at the jet");
        foreach (var network in scanned.GroupBy(run => run.Network))
        {
            ScannedRun[] of = [.. network];
            double[] pushes = [.. of.Select(run => run.Push)];
            loss.AddPoints($"{network.Key}, forecast", pushes, [.. of.Select(run => run.Forecast(Columns.PeakLoss))])
                .AddPoints($"{network.Key}, run", pushes, [.. of.Select(run => run.At(Columns.PeakLoss))], size: 1.5);
            sharpness
                .AddPoints(
                    $"{network.Key}, forecast",
                    pushes,
                    [.. of.Select(run => run.Forecast(Columns.LowestSharpness) / run.Sharpness)]
                )
                .AddPoints(
                    $"{network.Key}, run",
                    pushes,
                    [.. of.Select(run => run.At(Columns.LowestSharpness) / run.Sharpness)],
                    size: 1.5
                );
        }

        double[] ends = [JetUsesRuns.FirstPush, JetUsesRuns.LastPush];
        sharpness.AddLine("2/η", ends, [.. ends.Select(push => 2 / push)]);
        return new ChapterFigure("jet-step-sizes", [loss, sharpness], 88);
    }

    private static ChapterFigure Long(AnchoredRun run)
    {
        double[] steps = run.Series.Array(Columns.Step),
            sharpness = run.Series.Array(Columns.Sharpness);
        // The first jet's path may leave everything; the run does not.
        var (low, high) = (0.5 * sharpness.Min(), 1.5 * sharpness.Max());
        var plot = PlotStyle
            .Create($"Sharpness, {run.Network}, seed {run.Seed}", "step after the first jet", "sharpness S")
            .AddPoints("network", steps, sharpness, size: 1)
            .AddLine("by several jets", steps, run.Series.Array(ByJets))
            .AddLine(
                "first jet alone",
                steps,
                [.. run.Series[Columns.FirstSharpness].Select(s => s >= low && s <= high ? s : double.NaN)]
            );
        var error = PlotStyle
            .Create("Its error", "step after the first jet", "relative error of S", logY: true)
            // From step 2 on: at the first jet there is nothing to forecast.
            .AddLine("by several jets", steps[2..], [.. run.Errors(ByJets).Skip(2)])
            .AddLine("first jet alone", steps[2..], [.. run.Errors(Columns.FirstSharpness).Skip(2)]);
        foreach (var anchor in run.Anchors.Skip(1))
            error.AddVertical(anchor == run.Anchors[1] ? "new jets" : "", anchor);
        return new ChapterFigure("jet-long-run", [plot, error], 82);
    }

    private static IEnumerable<ChapterTable> Tables(BatchSet[] sets, ScannedRun[] scanned, AnchoredRun[] anchored)
    {
        if (sets.Length > 0)
        {
            yield return ChapterTable.Of(
                "Minibatches, by network and batch size: the error e_S of the jet along its path, the part of the runs' steps that lies in the 90 % band, and the error of the mean of S; in %.",
                "network, batch size",
                BySize(sets),
                Name,
                ("e_S", Each<BatchSet>(set => 100 * set.Trust)),
                ("S in the band", Each<BatchSet>(set => 100 * set.Rows.Covered(Columns.Sharpness).Mean())),
                ("u in the band", Each<BatchSet>(set => 100 * set.Rows.Covered(Columns.Displacement).Mean())),
                ("L in the band", Each<BatchSet>(set => 100 * set.Rows.Covered(Columns.Loss).Mean())),
                ("mean S off by", Each<BatchSet>(set => 100 * set.Rows.MeanError))
            );
            yield return ChapterTable.Of(
                "Minibatches, how far from the edge they hold the sharpness: S − 2/η in % of 2/η, as forecast (4.19), over the second half of the runs and of long runs, by the published gap, and by all of (4.20).",
                "network, batch size",
                BySize(sets),
                Name,
                ("forecast", Each<BatchSet>(set => set.OfEdge(set.Rows.Constant(Columns.GapForecast)))),
                ("runs", Each<BatchSet>(set => set.OfEdge(set.Rows.Gap))),
                ("long runs", Each<BatchSet>(set => set.OfEdge(set.Rows.Settled))),
                ("−ηβs²/(4α)", Each<BatchSet>(set => set.OfEdge(set.Rows.Constant(Columns.GapLeading)))),
                ("all of (4.20)", Each<BatchSet>(set => set.OfEdge(set.Rows.Constant(Columns.GapMap))))
            );
        }

        if (scanned.Length > 0)
            yield return ChapterTable.Of(
                "Step sizes from one jet: errors of the runs that have a forecast, the median and the largest of each jet, and the median error of 2/η for the lowest S; in %. The jet's cost is in gradient-equivalents.",
                "network",
                scanned
                    .GroupBy(run => run.Network)
                    .Select(jets => jets.GroupBy(run => run.Seed).Select(jet => jet.ToArray()).ToArray()),
                jets => jets[0][0].Network,
                ("jet", Each<ScannedRun[]>(jet => jet[0].At(Columns.JetCost))),
                ("runs", jets => $"{jets.Sum(jet => jet.Length)}"),
                ("no forecast", jets => $"{jets.Sum(jet => jet.Count(run => !run.HasForecast))}"),
                ("peak loss", Each(Middle(Columns.PeakLoss))),
                ("largest", Each(Largest(Columns.PeakLoss))),
                ("lowest S", Each(Middle(Columns.LowestSharpness))),
                ("largest", Each(Largest(Columns.LowestSharpness))),
                ("S at the end", Each(Middle(Columns.FinalSharpness))),
                ("largest", Each(Largest(Columns.FinalSharpness))),
                ("2/η", Each<ScannedRun[]>(jet => 100 * jet.Select(run => run.EdgeError).Median()))
            );
        if (anchored.Length > 0)
            yield return ChapterTable.Of(
                "Long runs by several jets: the error of S on average and at most, and on average by the first jet alone, in %; the cost of a step beside that of measuring S, in gradient-equivalents.",
                "network",
                anchored.GroupBy(run => run.Network).Select(runs => runs.ToArray()),
                runs => runs[0].Network,
                ("steps", Each<AnchoredRun>(run => run.Series.Rows - 1)),
                ("jets", Each<AnchoredRun>(run => run.Anchors.Length)),
                ("S off by", Each<AnchoredRun>(run => 100 * run.Error(ByJets))),
                ("at most", Each<AnchoredRun>(run => 100 * run.Errors(ByJets).Max())),
                ("first jet alone", Each<AnchoredRun>(run => 100 * run.Error(Columns.FirstSharpness))),
                ("cost", Each<AnchoredRun>(run => run.Cost)),
                ("measuring", Each<AnchoredRun>(run => run.MeasurementCost))
            );

        static IEnumerable<BatchSet[]> BySize(BatchSet[] all) =>
            all.GroupBy(set => (set.Network, set.Rows.Size)).Select(group => group.ToArray());

        static string Name(BatchSet[] group) => $"{group[0].Network}, {group[0].Rows.Size}";

        static Func<T[], string> Each<T>(Func<T, double> measure) => all => ChapterTable.Spread(all.Select(measure));

        static Func<ScannedRun[], double> Middle(string column) =>
            jet => 100 * Forecast(jet).Select(run => run.Error(column)).DefaultIfEmpty(double.NaN).Median();

        static Func<ScannedRun[], double> Largest(string column) =>
            jet => 100 * Forecast(jet).Select(run => run.Error(column)).DefaultIfEmpty(double.NaN).Max();

        static IEnumerable<ScannedRun> Forecast(ScannedRun[] jet) => jet.Where(run => run.HasForecast);
    }
}
