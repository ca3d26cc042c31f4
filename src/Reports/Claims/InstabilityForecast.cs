using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Claims;

/// <summary>(4.7)-(4.9), (5.3): a whole instability of a real network, rotation included, from one local measurement.</summary>
internal sealed class InstabilityForecast : Chapter
{
    private const string Memory = "memory-map-4", Memoryless = "moment-map-4", Fixed = "memory-map-4-fixed";

    private static readonly Statement Sharpness = new("forecast-sharpness", "With memory and four moments the sharpness of the next 150 steps is forecast to 1 % on average.", "(4.9) D");
    private static readonly Statement Displacement = new("forecast-displacement", "… and the displacement along v₁ to 5 % of its peak on average.", "(4.9) D");
    private static readonly Statement Rotation = new("forecast-rotation", "… and the rotation of v₁ away from the reference to 2° on average.", "(4.9) D");
    private static readonly Statement NeedsMemory = new("forecast-needs-memory", "Memory is needed: without it the error of the sharpness is at least five times as large.", "(4.8) D");
    private static readonly Statement RotationMatters = new("forecast-rotation-matters", "Rotation is not negligible: removing it from the forecast makes the largest error of the sharpness at least half as large again.", "(5.3), against rfangit");

    public override string Title => "Forecasting an instability of a real network";

    public override IReadOnlyList<string> Introduction { get; } =
    [
        "From one local measurement (a jet: the leading eigenpair, moments and their gradients along v₁, and a small Krylov basis of the Hessian off v₁) the theories of section 4 forecast what the network will do through an instability, before the steps are made: displacement, sharpness, loss, and the turn of v₁. Then the steps are made and measured.",
        "Tested on a tanh network 784-24-24-10 (19,610 parameters) under squared error on 300 images, float64: 2,000 steps at η = 0.01, below its edge; then the step size is raised to 2.15 over the sharpness found, and the jet is taken when the excursion along v₁ reaches 0.001. Each theory forecasts 150 steps. Seeds are the replicates.",
    ];

    public override IReadOnlyList<Statement> Statements { get; } = [Sharpness, Displacement, Rotation, NeedsMemory, RotationMatters];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
    [
        .. Enumerable.Range(settings.Seed, settings.Paper ? 10 : 5).Select(seed => new InstabilitySpec(new ForecastPlan
        {
            Approach = 2000,
            Push = 2.15,
            Training = new TrainingSpec
            {
                DataHash = settings.DataHash, Train = 300, Test = 1, HiddenWidths = [24, 24], Activation = Activation.Tanh, Loss = NetworkLoss.MeanSquaredError, Precision = "float64",
                StepSize = 0.01, Steps = 2000, Eigenpairs = 1, Seed = seed, Device = settings.Device,
            },
        })),
    ];

    public override ChapterResult Evaluate(ReportSettings settings, IReadOnlyList<RunRecord> records)
    {
        double[] Over(Func<SeriesTable, double> measure) => [.. records.Select(r => measure(r.Series))];
        var sharpness = Over(s => SharpnessErrors(s, Memory).Average());
        var bare = Over(s => SharpnessErrors(s, Memoryless).Average());
        Claim Mean(Statement statement, double limit, double[] values, string quantity, string unit)
        {
            var (mean, width) = Axes.MeanWithInterval(values);
            return statement.Judge(Relation.AtMost, limit, mean, 0, "as stated", $"{quantity}, mean of {values.Length} seeds with 95 % interval", width, unit);
        }

        Claim Ratio(Statement statement, double limit, double[] values, string quantity)
        {
            var (mean, width) = Axes.MeanWithInterval(values);
            return statement.Judge(Relation.AtLeast, limit, mean, 0, "as stated", $"{quantity}, mean of {values.Length} seeds with 95 % interval", width);
        }

        return new ChapterResult(
        [
            Mean(Sharpness, 1, [.. sharpness.Select(e => 100 * e)], "mean relative error of S", "%"),
            Mean(Displacement, 5, [.. Over(s => DisplacementErrors(s, Memory).Average()).Select(e => 100 * e)], "mean error of u over its peak", "%"),
            Mean(Rotation, 2, Over(s => RotationErrors(s, Memory).Average()), "mean error of the rotation", "°"),
            Ratio(NeedsMemory, 5, [.. bare.Zip(sharpness, (b, m) => b / m)], "error of S without memory over that with it"),
            Ratio(RotationMatters, 1.5, Over(s => SharpnessErrors(s, Fixed).Max() / SharpnessErrors(s, Memory).Max()), "largest error of S without rotation over that with it"),
        ],
        [RunFigure(records[0].Series), ErrorFigure(records)],
        [
            string.Join(" ", records.Select(r => Finding(r))),
            $"The jets cost {Claim.Format(records.Min(r => r.Series["jet_cost"][0]))} to {Claim.Format(records.Max(r => r.Series["jet_cost"][0]))} gradient-equivalents each; the 150 steps that they forecast cost 150.",
            "A first form of this chapter: one architecture, smooth, pushed past the edge by a raised step size. Later instabilities, other widths, the cubic coupling (4.10) and what happens on ReLU, where the surface has no jets, are not tested here.",
        ]);
    }

    private static double[] SharpnessErrors(SeriesTable s, string theory) => [.. s["sharpness"].Zip(s[$"{theory}_sharpness"], (x, y) => Math.Abs(y - x) / x)];

    private static double[] RotationErrors(SeriesTable s, string theory) => [.. s["rotation"].Zip(s[$"{theory}_rotation"], (x, y) => Math.Abs(y - x))];

    /// <summary>Errors of u over its peak; v has no sign, so the forecast is taken with the sign that fits the run.</summary>
    private static double[] DisplacementErrors(SeriesTable s, string theory)
    {
        var peak = s["displacement"].Max(Math.Abs);
        var sign = Sign(s, theory);
        return [.. s["displacement"].Zip(s[$"{theory}_displacement"], (x, y) => Math.Abs((sign * y) - x) / peak)];
    }

    private static int Sign(SeriesTable s, string theory) => Math.Sign(s["displacement"].Zip(s[$"{theory}_displacement"], (x, y) => x * y).Sum());

    private static string Finding(RunRecord record)
    {
        var (s, seed) = (record.Series, ((InstabilitySpec)record.Manifest.Specification).Plan.Training.Seed);
        return $"Seed {seed}: S went from {Claim.Format(s["sharpness"][0])} to {Claim.Format(s["sharpness"][^1])} (edge {Claim.Format(2 / s["step_size"][0])}) while v₁ turned by up to {Claim.Format(s["rotation"].Max())}°; "
            + $"error of S {Claim.Format(100 * SharpnessErrors(s, Memory).Average())} % with memory, {Claim.Format(100 * SharpnessErrors(s, Memoryless).Average())} % without, rotation {Claim.Format(RotationErrors(s, Memory).Average())}°.";
    }

    private static ChapterFigure RunFigure(SeriesTable s)
    {
        var steps = s.Array("step");
        var sharpness = PlotStyle.Create("Sharpness, first seed", "step after the jet", "sharpness S")
            .AddPoints("network", steps, s.Array("sharpness"))
            .AddLine("forecast with memory, K = 4", steps, s.Array($"{Memory}_sharpness"))
            .AddLine("without memory, K = 4", steps, s.Array($"{Memoryless}_sharpness"))
            .AddHorizontal("edge 2/η", 2 / s["step_size"][0]);
        var rotation = PlotStyle.Create("Rotation of v₁, first seed", "step after the jet", "angle to the reference v₁ (degrees)")
            .AddPoints("network", steps, s.Array("rotation"))
            .AddLine("forecast with memory, K = 4", steps, s.Array($"{Memory}_rotation"))
            .AddLine("rotation removed", steps, s.Array($"{Fixed}_rotation"));
        return new ChapterFigure(
            "forecast-run", [sharpness, rotation], 80,
            "One instability of a real network with what was forecast of it from the single point at step 0. Left: sharpness; the forecast with memory lies on the run through peak and resolution, the one without drifts off as soon as the floor relaxes. Right: the turn of the leading eigenvector, forecast from the same measurement.");
    }

    private static ChapterFigure ErrorFigure(IReadOnlyList<RunRecord> records)
    {
        // From step 2 on: at the reference point itself there is nothing to forecast, and rounding would stretch the axis.
        const int first = 2;
        var steps = records[0].Series.Array("step")[first..];
        double[] Mean(Func<SeriesTable, double[]> errors)
        {
            double[][] all = [.. records.Select(r => errors(r.Series))];
            return [.. Enumerable.Range(first, steps.Length).Select(t => all.Average(e => e[t]))];
        }

        var sharpness = PlotStyle.Create("Error of the sharpness", "horizon (steps)", "relative error of S", logY: true);
        foreach (var (name, theory) in new[] { ("K = 2", "moment-map-2"), ("K = 4", Memoryless), ("K = 2, memory", "memory-map-2"), ("K = 4, memory", Memory), ("K = 4, memory, no rotation", Fixed) })
            sharpness.AddLine(name, steps, Mean(s => SharpnessErrors(s, theory)));
        var displacement = PlotStyle.Create("Error of the displacement", "horizon (steps)", "|error| of u / peak |u|", logY: true);
        foreach (var (name, theory) in new[] { ("K = 2", "moment-map-2"), ("K = 4", Memoryless), ("K = 2, memory", "memory-map-2"), ("K = 4, memory", Memory) })
            displacement.AddLine(name, steps, Mean(s => DisplacementErrors(s, theory)));
        return new ChapterFigure(
            "forecast-errors", [sharpness, displacement], 78,
            "Error against horizon, mean over the seeds. K = 2 without memory is the reduced self-stabilization map of Damian, Nichani and Lee. Memory buys more than moments; both together more than either.");
    }
}
