using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The chapter's figures and findings.</summary>
internal sealed partial class SwingForecast
{
    private static readonly (string Name, string Theory)[] Mechanisms =
    [
        ("all of it", Ours),
        ("rotation removed", Fixed),
        ("stiffness of the floor constant", Stiff),
        ("no response of the floor", Memoryless),
    ];

    private static ChapterFigure[] Figures(InstabilityTrial[] trials) =>
        trials.Length == 0 ? [] : [CostFigure(trials), RunFigure(trials), CheckFigure(trials), AblationFigure(trials)];

    private static ChapterFigure CostFigure(InstabilityTrial[] trials)
    {
        var cost = PlotStyle.Create(
            "Error against cost",
            "gradient-equivalents of the jet",
            "mean relative error of S",
            logY: true
        );
        var limit = PlotStyle.Create(
            "Error against what can be forecast",
            "predictability limit of S",
            "mean relative error of S",
            logX: true,
            logY: true
        );
        foreach (var group in Groups)
        {
            InstabilityTrial[] of = [.. trials.Where(t => t.Group == group)];
            if (of.Length == 0)
                continue;
            double[] errors = [.. of.Select(t => Drawn(t.Sharpness(Ours)))];
            cost.AddPoints(group.Name, [.. of.Select(t => t.SwingCost)], errors);
            limit.AddPoints(group.Name, [.. of.Select(t => Drawn(t.Limit))], errors);
        }

        cost.AddPoints(
            "Taylor jets, all settings",
            [.. trials.Select(t => t.JetCost)],
            [.. trials.Select(t => Drawn(t.Sharpness(Taylor)))]
        );
        double[] ends = [1e-5, 1];
        limit.AddLine("error = limit", ends, ends);
        return new ChapterFigure("swing-cost", [cost, limit], 88);
    }

    private static ChapterFigure RunFigure(InstabilityTrial[] trials)
    {
        var trial = trials.FirstOrDefault(t => t.Group == InstabilityGroup.Pushed) ?? trials[0];
        var (s, steps) = (trial.Series, trial.Series.Array(Columns.Step));
        var run = s.Array(Columns.Sharpness);
        var sharpness = PlotStyle
            .Create($"Sharpness, {trial.Group.Name}, seed {trial.Seed}", "step after the jet", "sharpness S")
            .AddPoints("network", steps, run)
            .AddForecast("from the swing", s, Columns.Forecast(Ours, Columns.Sharpness))
            .AddForecast("from the Taylor jet", s, Columns.Forecast(Taylor, Columns.Sharpness))
            .AddHorizontal("edge 2/η", trial.Edge);
        var error = PlotStyle.Create(
            "Its error, and what can be forecast",
            "step after the jet",
            "relative error of S",
            logY: true
        );
        foreach (var (name, theory) in new[] { ("from the swing", Ours), ("from the Taylor jet", Taylor) })
            if (trial.Scores.TryGetValue(theory, out var score))
                error.AddTheory(theory, name, steps[2..], score.Sharpness[2..]);
        error.AddHorizontal("predictability limit (mean)", trial.Limit);
        return new ChapterFigure("swing-run", [sharpness, error], 82);
    }

    private static ChapterFigure CheckFigure(InstabilityTrial[] trials)
    {
        var check = PlotStyle.Create(
            "Known before the run, and what came of it",
            "e_{S} along the forecast path",
            "mean relative error of S",
            logX: true,
            logY: true
        );
        foreach (var group in Groups)
        {
            InstabilityTrial[] of = [.. trials.Where(t => t.Group == group)];
            if (of.Length > 0)
                check.AddPoints(
                    group.Name,
                    [.. of.Select(t => Drawn(t.SwingError))],
                    [.. of.Select(t => Drawn(t.Sharpness(Ours)))]
                );
        }

        check
            .AddVertical("believed up to", PathTrust.Believed)
            .AddVertical("refused beyond", PathTrust.Refused)
            .AddHorizontal("right up to", Right);
        return new ChapterFigure("swing-check", [check], 88);
    }

    private static ChapterFigure AblationFigure(InstabilityTrial[] trials)
    {
        var plot = PlotStyle.Create(
            "Each mechanism removed alone",
            "horizon (steps)",
            "relative error of S, median over the first setting",
            logY: true
        );
        InstabilityTrial[] first = [.. trials.Where(t => t.Group == InstabilityGroup.First)];
        foreach (var (name, theory) in Mechanisms)
        {
            double[][] errors =
            [
                .. first.Select(t => t.Scores.TryGetValue(theory, out var score) ? score.Sharpness : []),
            ];
            var length = errors.Length == 0 ? 0 : errors.Min(e => e.Length);
            // From step 2 on: at the reference point there is nothing to forecast.
            int[] steps = [.. Enumerable.Range(2, Math.Max(0, length - 2))];
            if (steps.Length > 0)
                plot.AddTheory(
                    theory,
                    name,
                    [.. steps.Select(t => (double)t)],
                    [.. steps.Select(t => Drawn(errors.Select(e => e[t]).Median()))]
                );
        }

        return new ChapterFigure("swing-ablations", [plot], 88);
    }

    // What is lost, and what is no number, is drawn at 10.
    private static double Drawn(double error) => double.IsFinite(error) ? Math.Min(error, 10) : 10;

    private static IEnumerable<string> Findings(InstabilityTrial[] all, InstabilityTrial[] trials)
    {
        InstabilityTrial[] relu = [.. trials.Where(t => t.Group == InstabilityGroup.Relu)];
        if (relu.Length > 0)
            yield return $"On ReLU descent on the exact loss within the span of v₁ and the Krylov vectors, which no model on that span can be expected to beat, misses S by {Claim.Format(100 * relu.Min(t => t.SpanLimit))} to {Claim.Format(100 * relu.Max(t => t.SpanLimit))} % on average.";
        foreach (var trial in all.Where(t => !t.Reached))
            yield return $"{trial.Group.Name}, seed {trial.Seed}: {trial.Notes[InstabilitySpec.RunNote]}.";
        InstabilityTrial[] believed = [.. trials.Where(IsBelieved)];
        if (believed.Length < 2)
            yield break;
        yield return $"In the {believed.Length} runs of all settings whose forecast is believed, the mean error of S is multiplied, in the geometric mean with 95 % interval, "
            + string.Join(", ", Mechanisms[1..].Select(m => $"by {Factor(believed, m.Theory)} with {m.Name}"))
            + ".";
    }

    private static bool IsBelieved(InstabilityTrial trial) => trial.SwingError <= PathTrust.Believed;

    /// <summary>By what an error of S is multiplied without a mechanism, over runs.</summary>
    private static string Factor(InstabilityTrial[] of, string without)
    {
        return Claim.Text(QuantityKind.Size.Of([.. of.Select(t => t.Sharpness(without) / t.Sharpness(Ours))]));
    }

    // An error of as much as all, in per cent, is no number worth reading.
    private const double Lost = 100;

    private static ChapterTable[] Tables(InstabilityTrial[] trials)
    {
        InstabilityTrial[][] settings = By(trials),
            believed = [.. By([.. trials.Where(IsBelieved)]).Where(of => of.Length > 1)];
        return
        [
            .. settings.Length == 0 ? [] : new[] { ErrorTable(settings) },
            .. believed.Length == 0 ? [] : new[] { AblationTable(believed) },
        ];

        static InstabilityTrial[][] By(InstabilityTrial[] all) =>
            [.. Groups.Select(group => all.Where(t => t.Group == group).ToArray()).Where(of => of.Length > 0)];
    }

    private static ChapterTable ErrorTable(InstabilityTrial[][] settings)
    {
        return ChapterTable.Of(
            "By setting: mean errors of S from the jet over the swing and from the Taylor jet, the predictability limit, e_S, all relative and in %, the error of u by its peak, how far v₁ turned, and what a jet with its check costs in gradient-equivalents. Medians, with the smallest and the largest run; ∞ is a forecast that is lost.",
            "setting",
            settings,
            of => $"{of[0].Group.Name}, {of.Length} run{(of.Length == 1 ? "" : "s")}",
            ("S", Each(t => Kept(t.Sharpness(Ours)))),
            ("Taylor", Each(t => Kept(t.Sharpness(Taylor)))),
            ("limit", Each(t => Kept(t.Limit))),
            ("e_S", Each(t => Kept(t.SwingError))),
            ("u", Each(t => Kept(t.Displacement(Ours)))),
            ("v₁ turned, °", Each(t => t.Series[Columns.ReferenceRotation].Max())),
            ("cost", Each(t => t.SwingCost + t.SwingCheckCost))
        );

        static Func<InstabilityTrial[], string> Each(Func<InstabilityTrial, double> measure) =>
            of => ChapterTable.Spread(of.Select(measure));

        static double Kept(double error) => 100 * error is var part && part > Lost ? double.PositiveInfinity : part;
    }

    /// <summary>Each mechanism removed alone: errors of S and u, and the part of the fall of S that is forecast.</summary>
    private static ChapterTable AblationTable(InstabilityTrial[][] settings)
    {
        return ChapterTable.Of(
            "Each mechanism removed alone, in the runs whose forecast is believed: mean errors of S and u, geometric means, and the part of the fall of S that is forecast, mean over seeds; with 95 % intervals.",
            "setting",
            settings.SelectMany(of => Mechanisms.Select(mechanism => (Of: of, Mechanism: mechanism))),
            row => $"{row.Of[0].Group.Name}, {row.Of.Length} runs: {row.Mechanism.Name}",
            ("error of S, %", Mean(QuantityKind.Size, (t, theory) => t.Sharpness(theory))),
            ("error of u, %", Mean(QuantityKind.Size, (t, theory) => t.Displacement(theory))),
            ("fall of S, %", Mean(QuantityKind.Difference, (t, theory) => t.Flattening(theory) / t.Flattening(null)))
        );

        static Func<(InstabilityTrial[] Of, (string Name, string Theory) Mechanism), string> Mean(
            QuantityKind kind,
            Func<InstabilityTrial, string, double> measure
        ) =>
            row =>
            {
                double[] values =
                [
                    .. row.Of.Select(t => 100 * measure(t, row.Mechanism.Theory)).Where(double.IsFinite),
                ];
                return values.Length < 2 ? "–" : Claim.Text(kind.Of(values));
            };
    }
}
