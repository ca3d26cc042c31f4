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
        Training = new TrainingSpec
        {
            Train = 60, Test = 1, HiddenWidths = [8], Activation = Activation.Tanh, Loss = NetworkLoss.MeanSquaredError, Precision = "float64", StepSize = 0.005, Steps = 300, Eigenpairs = 1,
        },
    };

    [Fact]
    public void Execute_SmallNetwork_ForecastsStartOnTheRunAndMemoryStaysNearest()
    {
        var outcome = ForecastRun.Execute(Plan, FashionMnist.Load(null, 60, 1).Train);
        var series = outcome.Trial.Series;
        Assert.Equal(Plan.Horizon + 1, series.Rows);
        Assert.True(outcome.StepSize * series["sharpness"][0] > 2);
        foreach (var theory in Plan.Theories)
        {
            // At step 0 nothing is forecast yet: the jet's own numbers, to the two eigensolvers' tolerances.
            Near.Equal(series["sharpness"][0], series[$"{theory}_sharpness"][0], 1e-4 * series["sharpness"][0], $"{theory}: S_0");
            Near.Equal(series["loss"][0], series[$"{theory}_loss"][0], 1e-12, $"{theory}: L_0");
            Assert.Equal(0, series[$"{theory}_displacement"][0]);
        }

        // What the theory says of memory: it is the larger part of the error of a forecast without it.
        Assert.True(Error("memory-map-4") < Error("moment-map-4") / 2, $"with memory {Error("memory-map-4")}, without {Error("moment-map-4")}");

        double Error(string theory) => series["sharpness"].Zip(series[$"{theory}_sharpness"], (x, y) => Math.Abs(x - y) / x).Average();
    }

    [Fact]
    public void Execute_ExcursionNeverReached_SaysSo()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ForecastRun.Execute(Plan with { Excursion = 1e9, Horizon = 2 }, FashionMnist.Load(null, 60, 1).Train));
        Assert.Contains("No excursion", error.Message, StringComparison.Ordinal);
    }
}
