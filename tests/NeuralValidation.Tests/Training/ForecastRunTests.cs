using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>Forecasts of a small network's instability from one jet.</summary>
public class ForecastRunTests
{
    private static readonly ForecastPlan Plan = new()
    {
        Approach = 300,
        Push = 2.1,
        Horizon = 40,
        Krylov = 24,
        Theories = ["moment-map-2", "moment-map-4", "memory-map-2", "memory-map-4", "memory-map-4-fixed"],
        Training = new TrainingSpec
        {
            Train = 60,
            Test = 1,
            Network = NetworkChoice.FullyConnected([8], Activation.Tanh),
            Loss = NetworkLoss.MeanSquaredError,
            Precision = "float64",
            StepSize = 0.005,
            Steps = 300,
            Eigenpairs = 1,
        },
    };

    [Fact]
    public void Execute_SmallNetwork_ForecastsStartOnTheRunAndMemoryStaysNearest()
    {
        var outcome = ForecastRun.Execute(Plan, Data);
        var series = outcome.Forecast!.Series;
        Assert.Equal(Plan.Horizon + 1, series.Rows);
        Assert.True(outcome.StepSize * series["sharpness"][0] > 2);
        foreach (var theory in Plan.Theories)
        {
            // At step 0 nothing is forecast yet: the jet's own numbers, to the two eigensolvers' tolerances.
            Near.Equal(
                series["sharpness"][0],
                series[$"{theory}_sharpness"][0],
                1e-4 * series["sharpness"][0],
                $"{theory}: S_0"
            );
            Near.Equal(series["loss"][0], series[$"{theory}_loss"][0], 1e-12, $"{theory}: L_0");
            Assert.Equal(0, series[$"{theory}_displacement"][0]);
        }

        // What the theory says of memory: it is the larger part of the error of a forecast without it.
        Assert.True(
            Error("memory-map-4") < Error("moment-map-4") / 2,
            $"with memory {Error("memory-map-4")}, without {Error("moment-map-4")}"
        );

        // On eight hidden units the swing is wide: the jet misses the curvature at its ends, which is known before the run, and S does go wrong.
        Assert.False(outcome.Forecast.Taylor!.Trust!.Holds);
        Assert.True(ForecastScore.WrongFrom(ForecastScore.Of(series, "memory-map-4")!.Sharpness) < series.Rows);

        double Error(string theory) =>
            series["sharpness"].Zip(series[$"{theory}_sharpness"], (x, y) => Math.Abs(x - y) / x).Average();
    }

    /// <summary>
    /// Two interleaved half circles: along v_1 the jet of a ReLU network agrees with the surface to 10 %, and all the same S goes wrong, by step 24 of the first network that showed it. What (4.16) sees off v_1 refuses it,
    /// with limits that were set before on other networks.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Execute_TwoMoonsOnRelu_IsRefusedAlongThePath(int seed)
    {
        var outcome = ForecastRun.Execute(Moons(Activation.Relu, seed), MoonData());
        Assert.True(outcome.Forecast!.Taylor!.Path!.IsRefused, $"e_S = {outcome.Forecast.Taylor.Path.Error}");
    }

    /// <summary>Smooth, and in the setting of the report's chapter but for its size: believed, and right.</summary>
    [Fact]
    public void Execute_SmoothNetwork_IsBelievedAlongThePathAndRight()
    {
        var plan = Plan with
        {
            Approach = 1000,
            Push = 2.15,
            Horizon = 100,
            Krylov = 28,
            Theories = ["memory-map-4"],
            Training = Plan.Training with
            {
                Train = 100,
                Network = NetworkChoice.FullyConnected([24, 24], Activation.Tanh),
                StepSize = 0.01,
            },
        };
        var outcome = ForecastRun.Execute(plan, FashionMnist.Load(null, 100, 1).Train);
        var (trial, path) = (outcome.Forecast!, outcome.Forecast!.Taylor!.Path!);
        Assert.True(trial.Taylor!.Trust!.Holds && path.Holds, $"e_S = {path.Error}");
        // At most six places, a gradient's graph and eight products at each: 2 + 8 4/3.
        Assert.InRange(path.Cost, 1, 6 * 13);
        Assert.True(
            ForecastScore.WrongFrom(ForecastScore.Of(trial.Series, "memory-map-4")!.Sharpness) == trial.Series.Rows
        );
    }

    /// <summary>
    /// The same network by a collocation jet, which asks for no third derivative: right, believed, nearer than the Taylor
    /// jet, and at the cost that (4.11) to (4.15) add up to.
    /// </summary>
    [Fact]
    public void Execute_CollocationJet_IsNearerThanTheTaylorJetAndCheaper()
    {
        var taylor = Plan with
        {
            Approach = 1000,
            Push = 2.15,
            Horizon = 100,
            Krylov = 28,
            Cubic = true,
            Theories = ["memory-map-4-cubic"],
            Training = Plan.Training with
            {
                Train = 100,
                Network = NetworkChoice.FullyConnected([24, 24], Activation.Tanh),
                StepSize = 0.01,
            },
        };
        var collocation = taylor with
        {
            Taylor = false,
            Cubic = false,
            Collocation = new(),
            Theories = ["memory-map-6-cubic"],
            Predictability = true,
        };
        var train = FashionMnist.Load(null, 100, 1).Train;
        TrialOutcome series = ForecastRun.Execute(taylor, train).Forecast!,
            swing = ForecastRun.Execute(collocation, train).Forecast!;
        Assert.True(swing.Collocation!.Path!.Holds, $"e_S = {swing.Collocation.Path.Error}");
        Assert.True(Error(swing, "memory-map-6-cubic") < Error(series, "memory-map-4-cubic"));
        Assert.True(swing.Predictability < Error(swing, "memory-map-6-cubic"));
        // The line: H_0 v, and on two passes two gradients with H v and 8 or 12 columns; the floor and two knots. The
        // eigenpair is that of the Taylor jet, whose own parts are 27, 4/3 28 and 3 + 6 28.
        const double line = (2 * 2) + (4.0 / 3 * (1 + (2 * 9) + (2 * 13))),
            floor = 4.0 / 3 * 28,
            knots = 2 + (4.0 / 3 * 2 * 12);
        var eigenpair = series.JetCost - 27 - floor - (3 + (6 * 28));
        Near.Equal(eigenpair + line + floor + knots, swing.JetCost, 10, "cost");

        static double Error(TrialOutcome trial, string theory) =>
            ForecastScore.Of(trial.Series, theory)!.Sharpness.Average();
    }

    /// <summary>Kinks refuse a collocation jet as they do a Taylor jet, along the path.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Execute_TwoMoonsOnReluByCollocation_IsRefusedAlongThePath(int seed)
    {
        var plan = Moons(Activation.Relu, seed) with
        {
            Taylor = false,
            Cubic = false,
            Collocation = new(),
            Theories = ["memory-map-6-cubic"],
        };
        var outcome = ForecastRun.Execute(plan, MoonData());
        Assert.True(outcome.Forecast!.Collocation!.Path!.IsRefused, $"e_S = {outcome.Forecast.Collocation.Path.Error}");
    }

    /// <summary>
    /// Stochastic descent from the same jet: all of the data in one batch is the full batch's run, forecasts are made
    /// before the runs, and what is spent is counted.
    /// </summary>
    [Fact]
    public void Execute_Minibatches_AreForecastAndRun()
    {
        var plan = Plan with
        {
            Approach = 1000,
            Push = 2.05,
            Horizon = 10,
            Krylov = 12,
            Collocation = new(),
            Theories = ["memory-map-6-cubic"],
            Stochastic = new(new BatchPlan(60), 2),
        };
        var whole = ForecastRun.Execute(plan, Data).Forecast!;
        // S to the eigensolver's tolerance squared over the gap, far below this; u and L to rounding over ten steps.
        for (var t = 0; t <= plan.Horizon; t++)
        {
            foreach (var run in whole.Stochastic!.Runs.Sharpness)
                Near.Equal(whole.Series["sharpness"][t], run[t], 1e-5 * run[t], $"S at {t}");
            foreach (var run in whole.Stochastic.Runs.Displacement)
                Near.Equal(whole.Series["displacement"][t], run[t], 1e-9, $"u at {t}");
            foreach (var draw in whole.Stochastic.Forecast.Displacement)
                Near.Equal(whole.Series["memory-map-6-cubic_displacement"][t], draw[t], 1e-9, $"forecast u at {t}");
            foreach (var draw in whole.Stochastic.Forecast.Sharpness)
                Near.Equal(
                    whole.Series["memory-map-6-cubic_sharpness"][t],
                    draw[t],
                    1e-7 * draw[t],
                    $"forecast S at {t}"
                );
        }

        var some = ForecastRun.Execute(plan with { Stochastic = new(new BatchPlan(20), 4) }, Data).Forecast!;
        // A batch of all samples leaves no noise along v, and no gap but the oscillation's own.
        Assert.True(some.Stochastic!.Gap is null || some.Stochastic.Gap.Value.Noise > 0);
        Assert.Equal((4, 10, 0), (some.Stochastic.Runs.Draws, some.Stochastic.Runs.Steps, some.Stochastic.Runs.Lost));
        Assert.True(whole.Stochastic!.Gap is null || whole.Stochastic.Gap.Value.Noise == 0);
        // At three nodes a gradient and one pass for each of 13 directions.
        Assert.Equal(3 * (1 + 13), some.Stochastic.NoiseCost);
        // A point and a third of the data at each of eleven steps, and products.
        Assert.InRange(some.Stochastic.RunCost, 4 * 11 * (1 + (20 / 60.0)), 4 * 11 * 60);
        Assert.True(some.Stochastic.MeanError is > 0 and < 0.1);
    }

    [Fact]
    public void Execute_SecondInstability_BeginsAfterTheFirstIsOver()
    {
        // The same approach and step size: the first instability lies between the two references.
        ForecastOutcome<TrialOutcome> first = ForecastRun.Execute(Plan, Data),
            second = ForecastRun.Execute(Plan with { Instability = 2, Theories = ["memory-map-4"] }, Data);
        Assert.Equal(first.StepSize, second.StepSize);
        var between = first.Forecast!.Series["sharpness"].Take(second.Reference - first.Reference).ToArray();
        Assert.True(
            second.Reference - first.Reference < Plan.Horizon,
            "the horizon of the first reaches to the second"
        );
        Assert.Contains(between, s => first.StepSize * s < 2);
        Assert.True(second.StepSize * second.Forecast!.Series["sharpness"][0] > 2);
    }

    [Fact]
    public void Execute_InitialWeightsOfTheSeed_AreTheSameRun()
    {
        var layout = Plan.Training.Model(Data).Layout;
        var plan = Plan with { Horizon = 3, Theories = ["memory-map-4"] };
        var drawn = ForecastRun.Execute(plan, Data);
        var given = ForecastRun.Execute(plan, Data, Initialisation.LeCun.Draw(layout, Plan.Training.Seed));
        Assert.Equal(drawn.Forecast!.Series.Array("sharpness"), given.Forecast!.Series.Array("sharpness"));
    }

    [Fact]
    public void Execute_InstabilityThatNeverComes_IsAnOutcome()
    {
        var outcome = ForecastRun.Execute(Plan with { Excursion = 1e9, Horizon = 2 }, Data);
        Assert.Null(outcome.Forecast);
        // Ten horizons past the approach.
        Assert.Equal(Plan.Approach + 20, outcome.Reference);
    }

    [Fact]
    public void Execute_ApproachThatDiverges_IsAnOutcome()
    {
        var outcome = ForecastRun.Execute(Plan with { Training = Plan.Training with { StepSize = 1e3 } }, Data);
        Assert.Null(outcome.Forecast);
        Assert.InRange(outcome.Reference, 1, Plan.Approach);
        Assert.True(double.IsNaN(outcome.StepSize));
    }

    [Fact]
    public void Execute_WrongPlan_NamesWhatIsWrong()
    {
        Says("push is 0", Plan with { Push = 0 });
        Says("excursion is -1", Plan with { Excursion = -1 });
        Says("instability is 0", Plan with { Instability = 0 });
        Says("order is 7; it must be a whole number from 2 to 6", Plan with { Order = 7 });
        Says("krylov is 0; it must be a whole number of at least 1", Plan with { Krylov = 0, Cubic = true });
        Says("horizon is 0", Plan with { Horizon = 0 });
        Says("approach is -1", Plan with { Approach = -1 });
        Says("theory is 'nobody'; it must be", Plan with { Theories = ["nobody"] });
        var swung = Plan with { Collocation = new() };
        Says("batch-size is 61; it must be a whole number from 1 to 60", swung with { Stochastic = new(new(61)) });
        Says("batch-size is 0", swung with { Stochastic = new(new(0)) });
        Says("draws is 1; it must be", swung with { Stochastic = new(new(5), 1) });
        Says("needs a collocation jet", Plan with { Stochastic = new(new(5)) });
        foreach (
            var training in new[]
            {
                Plan.Training with
                {
                    StepSize = new DroppedStepSize(0.1, 0.01, 5),
                },
                Plan.Training with
                {
                    Batch = new BatchPlan(2),
                },
                Plan.Training with
                {
                    Optimiser = OptimiserSpec.Of("momentum").With("momentum", 0),
                },
            }
        )
            Says("full-batch gradient descent", Plan with { Training = training });
    }

    private static ForecastPlan Moons(Activation activation, int seed) =>
        new()
        {
            Approach = 300,
            Theories = ["memory-map-4"],
            Training = new TrainingSpec
            {
                Data = "csv:moons.csv",
                Train = 300,
                Test = 1,
                Network = NetworkChoice.FullyConnected([16, 16], activation),
                Loss = NetworkLoss.MeanSquaredError,
                Precision = "float64",
                StepSize = 0.1,
                Eigenpairs = 1,
                Seed = seed,
            },
        };

    /// <summary>300 points with noise 0.1, through a CSV file as a user would bring them.</summary>
    private static LabelledSamples MoonData()
    {
        var random = new Random(1);
        double Noise() => 0.1 * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        using var folder = new TemporaryFolder();
        var rows = Enumerable
            .Range(0, 300)
            .Select(i =>
            {
                var (angle, upper) = (Math.PI * random.NextDouble(), i % 2 == 0);
                var (x, y) = upper ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
                return FormattableString.Invariant($"{x + Noise():R},{y + Noise():R},{(upper ? "upper" : "lower")}\n");
            });
        return CsvData
            .Load(
                folder.Write("moons.csv", System.Text.Encoding.UTF8.GetBytes("x,y,label\n" + string.Concat(rows))),
                300,
                0
            )
            .Train;
    }

    private static LabelledSamples Data => FashionMnist.Load(null, 60, 1).Train;

    private static void Says(string words, ForecastPlan plan) =>
        Assert.Contains(
            words,
            Assert.ThrowsAny<ArgumentException>(() => ForecastRun.Execute(plan, Data)).Message,
            StringComparison.Ordinal
        );
}
