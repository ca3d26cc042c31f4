using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>
/// How long a training takes on this machine, by its parts: timed at the initial weights in about a tenth of a second, on a
/// processor in time of the processor, so that others who use it do not count. No result depends on it.
/// </summary>
/// <param name="Step">Seconds of the gradient of a step, of a minibatch where there are any.</param>
/// <param name="Product">Seconds of a Hessian product on all samples.</param>
public readonly record struct TrainingTimes(double Step, double Product)
{
    // The shortest of several short stretches: what else the process does lengthens some of them, and nothing shortens one.
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(5);
    private const int Stretches = 6;

    /// <summary>The part of a specification that its times depend on: two with the same part take the same time.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>A specification that differs from it in what no time depends on.</returns>
    public static TrainingSpec Key(TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new TrainingSpec
        {
            Data = spec.Data,
            DataHash = spec.DataHash,
            Normalisation = spec.Normalisation,
            Train = spec.Train,
            Test = spec.Test,
            Network = spec.Network,
            Loss = spec.Loss,
            Precision = spec.Precision,
            Device = spec.Device,
            Chunk = spec.Chunk,
            Batch = spec.Batch is { } batch ? new(batch.Size, Replacement: batch.Replacement) : null,
        };
    }

    /// <summary>Times a gradient and a Hessian product.</summary>
    /// <param name="spec">The specification; its steps and measurements are not looked at.</param>
    /// <param name="train">Training data.</param>
    /// <exception cref="ArgumentException">The network does not take such samples.</exception>
    public static TrainingTimes Measure(TrainingSpec spec, LabelledSamples train)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(train);
        using var at = NetworkAt.Of(spec, train, null);
        var (surface, theta, device) = (at.Surface, at.Theta, torch.device(spec.Device));
        using torch.Tensor vector = surface.Space.Create(),
            result = surface.Space.Create();
        surface.Space.FillGaussian(vector, new Random(spec.Seed));
        surface.Space.Normalize(vector);
        var sampler = spec.Batch?.Sampler(train.Count);
        var step = Seconds(() =>
            _ = sampler is null
                ? surface.LossAndGradient(theta, result)
                : surface.BatchLossAndGradient(theta, sampler.At(0), result)
        );
        using var point = surface.At(theta);
        return new TrainingTimes(step, Seconds(() => point.HessianVector(vector, result)));

        double Seconds(Action operation) =>
            Enumerable
                .Range(0, Stretches)
                .Min(_ =>
                    RepeatedTiming.Seconds(
                        operation,
                        Enough,
                        device,
                        device.type == DeviceType.CPU ? () => Environment.CpuUsage.TotalTime : null
                    )
                );
    }
}
