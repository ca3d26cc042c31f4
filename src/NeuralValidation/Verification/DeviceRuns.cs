using FlatBias.Dynamics;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>Whole runs on a device: a forecast of an instability, and a training that is killed and taken up.</summary>
internal static class DeviceRuns
{
    private const string Double = "float64";

    // The relative size of the kick that a run's response is measured with: hundreds of times what rounding adds in
    // some hundred steps.
    private const double Kick = 1e-9;

    // The leading pair is followed to 1e-4 of |H|: the sharpness is good to its square over the relative gap, here
    // above 0.001.
    private const double Solver = 1e-5;

    private static readonly string[] Compared =
    [
        Columns.Displacement,
        Columns.Sharpness,
        Columns.Loss,
        Columns.Forecast("memory-map-4", Columns.Displacement),
        Columns.Forecast("memory-map-4", Columns.Sharpness),
    ];

    /// <summary>
    /// A forecast of an instability, with the run that tests it, in float64. Its slack is the run's own response to a
    /// start that is off by a billionth, which rounding is well below, and the eigensolver's tolerance.
    /// </summary>
    public static List<Quantity> Forecast(LabelledSamples data, string device)
    {
        var plan = Plan(data, device);
        var start = Initialisation.LeCun.Draw(plan.Training.Model(data).Layout, plan.Training.Seed);
        var random = new Random(5);
        double[] kicked = [.. start.Select(x => x * (1 + (Kick * ((2 * random.NextDouble()) - 1))))];
        var (outcome, other) = (ForecastRun.Execute(plan, data, start), ForecastRun.Execute(plan, data, kicked));
        if (outcome.Forecast is not { } trial || other.Forecast is not { } response)
            throw new InvalidOperationException("The instability of the check's own network never came.");
        return
        [
            .. Compared.Select(name =>
            {
                Quantity quantity = new($"forecast: {name}", trial.Series.Array(name)),
                    moved = new(name, response.Series.Array(name));
                return quantity with { Slack = quantity.DistanceTo(moved) + (Solver * quantity.Size) };
            }),
        ];
    }

    /// <summary>Whether a training that was killed between two checkpoints and taken up ends with the bits of one that
    /// was not.</summary>
    public static bool ResumesExactly(LabelledSamples data, string device)
    {
        const int steps = 12,
            killed = 8;
        var spec = Training(data, device) with
        {
            Steps = steps,
            MeasureEvery = 3,
            Eigenpairs = 2,
            Precision = "float32",
        };
        var whole = TrainingRun.Execute(spec, data, data);
        var folder = Directory.CreateTempSubdirectory("flatbias-check-");
        try
        {
            Dictionary<string, string> identity = new() { ["run"] = "check" };
            using (var journal = new TrainingJournal(folder.FullName, identity, 5))
            {
                try
                {
                    TrainingRun.Execute(
                        spec,
                        data,
                        data,
                        journal: journal,
                        progress: step =>
                        {
                            if (step == killed)
                                throw new TimeoutException();
                        }
                    );
                }
                catch (TimeoutException)
                {
                    // As a power failure would: nothing is written after it.
                }
            }

            using var again = new TrainingJournal(folder.FullName, identity, 5);
            return TrainingRun.Execute(spec, data, data, journal: again).End.AsSpan().SequenceEqual(whole.End)
                && again.FoundStep == 5;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ForecastPlan Plan(LabelledSamples data, string device) =>
        new()
        {
            Approach = 300,
            Push = 2.1,
            Horizon = 20,
            Krylov = 12,
            Theories = ["memory-map-4"],
            Training = Training(data, device),
        };

    private static TrainingSpec Training(LabelledSamples data, string device) =>
        new()
        {
            Train = data.Count,
            Test = data.Count,
            Network = NetworkChoice.FullyConnected([8], Activation.Tanh),
            Loss = NetworkLoss.MeanSquaredError,
            Precision = Double,
            StepSize = 0.005,
            Steps = 300,
            Eigenpairs = 1,
            Device = device,
        };
}
