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
        foreach (var group in Groups)
        {
            InstabilityTrial[] of = [.. trials.Where(t => t.Group == group)];
            if (of.Length > 0)
                yield return Finding(group, of);
        }

        InstabilityTrial[] relu = [.. trials.Where(t => t.Group == InstabilityGroup.Relu)];
        if (relu.Length > 0)
            yield return $"On ReLU descent on the exact loss within the span of v₁ and the Krylov vectors, which no model on that span can be expected to beat, misses S by {string.Join(", ", relu.Select(t => Claim.Format(100 * t.SpanLimit)))} % on average.";
        foreach (var trial in all.Where(t => !t.Reached))
            yield return $"{trial.Group.Name}, seed {trial.Seed}: {trial.Notes[InstabilitySpec.RunNote]}.";
        foreach (var group in Groups)
        {
            InstabilityTrial[] of = [.. trials.Where(t => t.Group == group && IsBelieved(t))];
            if (of.Length > 1)
                yield return Ablations(group.Name, of);
        }

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

    private static string Finding(InstabilityGroup group, InstabilityTrial[] of)
    {
        string Each(Func<InstabilityTrial, double> measure) =>
            string.Join(
                ", ",
                of.Select(t => measure(t) is var number && number <= Lost ? Claim.Format(number) : "lost")
            );
        return $"{group.Name}, by seed ({string.Join(", ", of.Select(t => t.Seed))}): mean error of S {Each(t => 100 * t.Sharpness(Ours))} %, from the Taylor jet {Each(t => 100 * t.Sharpness(Taylor))} %, limit {Each(t => 100 * t.Limit)} %; e_S {Each(t => 100 * t.SwingError)} %. "
            + $"Error of u {Each(t => 100 * t.Displacement(Ours))} % of its peak; v₁ turned by up to {Each(t => t.Series[Columns.ReferenceRotation].Max())}°. "
            + $"The jets cost {Claim.Format(of.Min(t => t.SwingCost))} to {Claim.Format(of.Max(t => t.SwingCost))} gradient-equivalents, their checks {Claim.Format(of.Min(t => t.SwingCheckCost))} to {Claim.Format(of.Max(t => t.SwingCheckCost))}.";
    }

    // An error of as much as all, in per cent, is no number worth reading.
    private const double Lost = 100;

    /// <summary>Each mechanism removed alone: errors of S and u, and the part of the fall of S that is forecast, as means over seeds with 95 % intervals.</summary>
    private static string Ablations(string name, InstabilityTrial[] of)
    {
        string Mean(QuantityKind kind, Func<InstabilityTrial, double> measure)
        {
            double[] values = [.. of.Select(measure).Where(double.IsFinite)];
            return values.Length < 2 ? "–" : $"{Claim.Text(kind.Of(values))} %";
        }

        return $"{name}, each mechanism removed alone (the {of.Length} runs whose forecast is believed, means with 95 % interval, of errors geometric; error of S, error of u, part of the fall of S that is forecast): "
            + string.Join(
                "; ",
                Mechanisms.Select(m =>
                    $"{m.Name} {Mean(QuantityKind.Size, t => 100 * t.Sharpness(m.Theory))}, {Mean(QuantityKind.Size, t => 100 * t.Displacement(m.Theory))}, {Mean(QuantityKind.Difference, t => 100 * t.Flattening(m.Theory) / t.Flattening(null))}"
                )
            )
            + ".";
    }
}
