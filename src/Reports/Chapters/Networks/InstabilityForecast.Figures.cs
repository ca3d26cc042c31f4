using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using MathNet.Numerics.Statistics;
using OxyPlot;
using OxyPlot.Axes;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The chapter's figures and findings.</summary>
internal sealed partial class InstabilityForecast
{
    // From step 2 on: at the reference point itself there is nothing to forecast, and rounding would stretch the axis.
    private const int FirstForecast = 2;

    // What errs by more is lost, and is drawn here.
    private const double LargestDrawn = 10;

    private static readonly (string Name, string Theory)[] Switches =
    [
        ("K = 2", "moment-map-2"),
        ("K = 4", Memoryless),
        ("K = 2, memory", "memory-map-2"),
        ("K = 4, memory", Memory),
        ("K = 4, memory, no rotation", Fixed),
        ("K = 4, memory, cubic", Ours),
        ("K = 4, cubic, no rotation", OursFixed),
    ];

    private static ChapterFigure[] Figures(InstabilityTrial[] trials)
    {
        if (trials.FirstOrDefault(t => t.Group == InstabilityGroup.First) is not { } example)
            return [];
        var relu = trials.FirstOrDefault(t => t.Group == InstabilityGroup.Relu);
        return
        [
            RunFigure(example),
            MoreFigure(example),
            MomentFigure(example, trials.FirstOrDefault(t => t.Group == InstabilityGroup.Pushed)),
            SwitchFigure(
                trials,
                "forecast-errors",
                ("sharpness", "relative error of S", s => s.Sharpness, LargestDrawn),
                ("displacement", "|error| of u / peak |u|", s => s.Displacement, LargestDrawn)
            ),
            SwitchFigure(
                trials,
                "forecast-errors-more",
                ("rotation", "|error| of the angle (degrees)", s => s.Rotation, double.PositiveInfinity),
                ("loss", "|error| of L / range of L", s => s.Loss, LargestDrawn)
            ),
            TheoryFigure(trials),
            ReachFigure(trials),
            TrustFigure(trials, relu),
        ];
    }

    private static ChapterFigure RunFigure(InstabilityTrial trial)
    {
        var (s, steps) = (trial.Series, trial.Series.Array(Columns.Step));
        var sharpness = PlotStyle
            .Create("Sharpness, first seed", "step after the jet", "sharpness S")
            .AddPoints("network", steps, s.Array(Columns.Sharpness))
            .AddForecast("memory, cubic, K = 4", s, $"{Ours}_sharpness")
            .AddForecast("without memory, K = 4", s, $"{Memoryless}_sharpness")
            .AddForecast("self-stabilization", s, "self-stabilization_sharpness")
            .AddHorizontal("edge 2/η", trial.Edge);
        var rotation = PlotStyle
            .Create("Rotation of v₁, first seed", "step after the jet", "angle to the reference v₁ (degrees)")
            .AddPoints("network", steps, s.Array(Columns.ReferenceRotation))
            .AddForecast("memory, cubic, K = 4", s, Columns.Forecast(Ours, Columns.ReferenceRotation))
            .AddForecast("memory, K = 4", s, Columns.Forecast(Memory, Columns.ReferenceRotation))
            .AddForecast("rotation removed", s, Columns.Forecast(OursFixed, Columns.ReferenceRotation));
        return new ChapterFigure("forecast-run", [sharpness, rotation], 82);
    }

    private static ChapterFigure MoreFigure(InstabilityTrial trial)
    {
        var (s, steps) = (trial.Series, trial.Series.Array(Columns.Step));
        var displacement = PlotStyle
            .Create("Displacement, first seed", "step after the jet", "u along the reference v₁")
            .AddPoints("network", steps, s.Array(Columns.Displacement))
            .AddForecast("memory, cubic, K = 4", s, $"{Ours}_displacement");
        var loss = PlotStyle
            .Create("Loss, first seed", "step after the jet", "loss L")
            .AddPoints("network", steps, s.Array(Columns.Loss))
            .AddForecast("memory, cubic, K = 4", s, $"{Ours}_loss")
            .AddForecast("self-stabilization", s, "self-stabilization_loss")
            .AddForecast("gradient flow", s, "gradient-flow_loss");
        return new ChapterFigure("forecast-run-more", [displacement, loss], 82);
    }

    /// <summary>The moments of a run, and of one that was pushed further, through their instabilities.</summary>
    private static ChapterFigure MomentFigure(InstabilityTrial trial, InstabilityTrial? pushed)
    {
        return new ChapterFigure(
            "forecast-moments",
            [.. new[] { trial, pushed }.OfType<InstabilityTrial>().Select(Plot)],
            82
        );

        static PlotModel Plot(InstabilityTrial trial)
        {
            var plot = PlotStyle.Create(
                $"{trial.Group.Name}, seed {trial.Seed}",
                "step after the jet",
                "over the largest value"
            );
            foreach (
                var (name, column) in new[]
                {
                    ("S", Columns.Sharpness),
                    ("|m₃|", Columns.ThirdMoment),
                    ("|m₄|", Columns.FourthMoment),
                }
            )
            {
                var values = trial.TwoStep(column, Math.Abs);
                var largest = values.Max();
                plot.AddLine(
                    name,
                    [.. values.Select((_, step) => step + 0.5)],
                    [.. values.Select(value => value / largest)]
                );
            }

            return trial.Resolved is { } resolved ? plot.AddVertical("S back below 2/η", resolved + 0.5) : plot;
        }
    }

    private static ChapterFigure SwitchFigure(
        InstabilityTrial[] trials,
        string name,
        (string Title, string Label, Func<ForecastScore, double[]> Errors, double Most) left,
        (string Title, string Label, Func<ForecastScore, double[]> Errors, double Most) right
    )
    {
        PlotModel Plot((string Title, string Label, Func<ForecastScore, double[]> Errors, double Most) what)
        {
            var plot = PlotStyle.Create($"Error of the {what.Title}", "horizon (steps)", what.Label, logY: true);
            foreach (var (switches, theory) in Switches)
            {
                var (steps, errors) = ByHorizon(trials, InstabilityGroup.First, theory, what.Errors, what.Most);
                // Rotation acts on S and the angle alone; where the switch does nothing, its line is left out.
                if (errors.Any(e => e > 0) && (!theory.EndsWith("-fixed", StringComparison.Ordinal) || what == left))
                    plot.AddTheory(theory, switches, steps, errors);
            }

            return plot;
        }

        return new ChapterFigure(name, [Plot(left), Plot(right)], 88);
    }

    /// <summary>The mean over a group's runs at each step that all of them made, an error above the most counted as that; nothing where one says nothing.</summary>
    private static (double[] Steps, double[] Errors) ByHorizon(
        InstabilityTrial[] trials,
        InstabilityGroup group,
        string theory,
        Func<ForecastScore, double[]> errors,
        double most
    )
    {
        double[][] all =
        [
            .. trials
                .Where(t => t.Group == group)
                .Select(t => t.Scores.TryGetValue(theory, out var score) ? errors(score) : []),
        ];
        var length = all.Length == 0 ? 0 : all.Min(e => e.Length);
        int[] steps = [.. Enumerable.Range(FirstForecast, Math.Max(0, length - FirstForecast))];
        return ([.. steps.Select(t => (double)t)], [.. steps.Select(t => all.Average(e => Math.Min(e[t], most)))]);
    }

    private static ChapterFigure TheoryFigure(InstabilityTrial[] trials)
    {
        string[] shown =
        [
            .. TheoryCatalogue
                .All.Select(theory => theory.Name)
                .Where(name => ComparedTheories.Main.Contains(name) && trials.Any(t => t.Scores.ContainsKey(name))),
        ];
        PlotModel Plot(string title, Func<InstabilityTrial, string, double> error)
        {
            var plot = PlotStyle.Create(title, "mean error over the horizon", "", logX: true);
            plot.Axes.Remove(plot.Axes.Single(axis => axis.IsVertical()));
            var theories = new CategoryAxis
            {
                Position = AxisPosition.Left,
                FontSize = 7,
                StartPosition = 1,
                EndPosition = 0,
            };
            theories.Labels.AddRange(shown);
            plot.Axes.Add(theories);
            InstabilityGroup[] present = [.. InstabilityGroup.FullyConnected.Where(g => trials.Any(t => t.Group == g))];
            foreach (var (place, group) in present.Index())
            {
                var marks = shown
                    .Select(
                        (theory, row) =>
                            (
                                Row: (double)row,
                                Error: trials.Where(t => t.Group == group).Average(t => error(t, theory))
                            )
                    )
                    .Where(mark => mark.Error > 0)
                    .ToArray();
                plot.AddPoints(
                    group.Name,
                    [.. marks.Select(mark => Math.Min(mark.Error, LargestDrawn))],
                    [.. marks.Select(mark => mark.Row + ((place - ((present.Length - 1) / 2.0)) * 0.12))]
                );
            }

            return plot.AddVertical("wrong beyond", ForecastScore.Wrong);
        }

        return new ChapterFigure(
            "forecast-theories",
            [
                Plot("Sharpness", (t, theory) => t.Sharpness(theory)),
                Plot("Displacement", (t, theory) => t.Displacement(theory)),
            ],
            125
        );
    }

    private static ChapterFigure ReachFigure(InstabilityTrial[] trials)
    {
        PlotModel Plot(string title, string label, Func<ForecastScore, double[]> errors, double most)
        {
            var plot = PlotStyle.Create(title, "horizon (steps)", label, logY: true);
            foreach (var group in InstabilityGroup.FullyConnected)
            {
                var (steps, values) = ByHorizon(trials, group, Ours, errors, most);
                if (values.Length > 0)
                    plot.AddLine(group.Name, steps, values);
            }

            return plot;
        }

        return new ChapterFigure(
            "forecast-reach",
            [
                Plot("Sharpness", "relative error of S", s => s.Sharpness, LargestDrawn),
                Plot("Rotation of v₁", "|error| of the angle (degrees)", s => s.Rotation, double.PositiveInfinity),
            ],
            88
        );
    }

    private static ChapterFigure TrustFigure(InstabilityTrial[] trials, InstabilityTrial? relu)
    {
        var trust = PlotStyle.Create(
            "The jet against the surface",
            "largest error of the jet at its own excursion",
            "mean relative error of S",
            logX: true,
            logY: true
        );
        foreach (var group in InstabilityGroup.FullyConnected)
        {
            InstabilityTrial[] of = [.. trials.Where(t => t.Group == group)];
            if (of.Length > 0)
                trust.AddPoints(
                    group.Name,
                    [.. of.Select(t => Math.Min(t.TrustError, LargestDrawn))],
                    [.. of.Select(t => t.Sharpness(Ours))]
                );
        }

        trust.AddVertical("refused beyond", ForecastScore.Wrong);
        if (relu is null)
            return new ChapterFigure("forecast-trust", [trust], 82) { Caption = "forecast-trust-alone" };
        var steps = relu.Series.Array(Columns.Step);
        var bound = 2 * relu.Series[Columns.Sharpness].Max();
        var run = PlotStyle
            .Create("Sharpness on ReLU, first seed", "step after the jet", "sharpness S")
            .AddPoints("network", steps, relu.Series.Array(Columns.Sharpness))
            .AddTheory(
                Ours,
                "memory, cubic, K = 4",
                steps,
                [
                    .. relu.Series.Names.Contains($"{Ours}_sharpness")
                        ? relu.Series[$"{Ours}_sharpness"].Select(s => s < bound ? s : double.NaN)
                        : steps.Select(_ => double.NaN),
                ]
            )
            .AddHorizontal("edge 2/η", relu.Edge);
        return new ChapterFigure("forecast-trust", [trust, run], 88);
    }

    private static IEnumerable<string> Findings(InstabilityTrial[] all, InstabilityTrial[] trials)
    {
        foreach (var trial in all.Where(t => !t.Reached))
            yield return $"{trial.Group.Name}, seed {trial.Seed}: {trial.Notes["run"]}.";
        if (trials.Length == 0)
            yield break;
        var declined = TheoryCatalogue
            .All.Select(theory =>
                (
                    theory.Name,
                    Runs: trials.Count(t => t.Notes.ContainsKey(theory.Name)),
                    Reason: trials
                        .Select(t => t.Notes.GetValueOrDefault(theory.Name))
                        .FirstOrDefault(note => note is not null)
                )
            )
            .Where(theory => theory.Runs > 0)
            .GroupBy(
                theory =>
                    $"{theory.Reason}{(theory.Runs < trials.Length ? $"; in {theory.Runs} of {trials.Length} runs" : "")}",
                theory => theory.Name
            );
        yield return "Declined, and why: "
            + string.Join("; ", declined.Select(reason => $"{string.Join(", ", reason)} ({reason.Key})"))
            + ".";
        yield return $"The jets cost {Claim.Format(trials.Min(t => t.JetCost))} to {Claim.Format(trials.Max(t => t.JetCost))} gradient-equivalents; the {InstabilityGroup.Horizon} steps that they forecast cost {InstabilityGroup.Horizon}. "
            + $"Rotation removed from the rival's own forecast (self-stabilization) multiplies its mean error of S by {Factor("self-stabilization-fixed", "self-stabilization")}, in the median over the smooth runs in which it forecasts; from ours, by {Factor(OursFixed, Ours)}.";

        string Factor(string without, string with) =>
            Claim.Format(
                trials
                    .Where(t => t.Group != InstabilityGroup.Relu)
                    .Select(t => t.Sharpness(without) / t.Sharpness(with))
                    .Where(double.IsFinite)
                    .Median()
            );
    }

    private static ChapterTable[] Tables(InstabilityTrial[] trials)
    {
        InstabilityTrial[][] settings =
        [
            .. InstabilityGroup
                .FullyConnected.Select(group => trials.Where(t => t.Group == group).ToArray())
                .Where(of => of.Length > 0),
        ];
        return settings.Length == 0
            ? []
            :
            [
                ChapterTable.Of(
                    "By setting: how far v₁ turned, and mean errors of the forecast with memory and cubic coupling, of S relative, of u by its peak, of L by its range; the jet's error against the surface, known before the run, and the jets refused for it. Medians, with the smallest and the largest run.",
                    "setting",
                    settings,
                    Name,
                    ("v₁ turned, °", Each(t => t.Series[Columns.ReferenceRotation].Max())),
                    ("S, %", Each(t => 100 * t.Sharpness(Ours))),
                    ("u, %", Each(t => 100 * t.Displacement(Ours))),
                    ("L, %", Each(t => 100 * t.Loss(Ours))),
                    ("angle, °", Each(t => t.Rotation(Ours))),
                    ("jet, %", Each(t => 100 * t.TrustError)),
                    ("refused", of => $"{of.Count(t => !t.JetHolds)}")
                ),
                ChapterTable.Of(
                    "By setting: mean relative error of S in %, of ours, without parts of it, and of the rival that is best in the median. Medians, with the smallest and the largest run.",
                    "setting",
                    settings,
                    Name,
                    ("ours", Each(t => 100 * t.Sharpness(Ours))),
                    ("no cubic coupling", Each(t => 100 * t.Sharpness(Memory))),
                    ("no memory", Each(t => 100 * t.Sharpness(Memoryless))),
                    ("best rival", of => Best(of) is { } best ? Each(t => 100 * t.Sharpness(best))(of) : "–"),
                    ("which", of => Best(of) ?? "–")
                ),
            ];

        static string Name(InstabilityTrial[] of) =>
            $"{of[0].Group.Name}, {of.Length} run{(of.Length == 1 ? "" : "s")}";

        static Func<InstabilityTrial[], string> Each(Func<InstabilityTrial, double> measure) =>
            of => ChapterTable.Spread(of.Select(measure));

        static string? Best(InstabilityTrial[] of) =>
            ComparedTheories
                .Rivals.Where(rival => of.All(t => !double.IsNaN(t.Sharpness(rival))))
                .MinBy(rival => of.Select(t => t.Sharpness(rival)).Median());
    }
}
