using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>The operations of a network timed on one device, in float32.</summary>
internal sealed class DeviceTimings : IDisposable
{
    /// <summary>What is timed, in this order.</summary>
    public static readonly string[] Operations =
    [
        "gradient",
        "product H v",
        $"block of {Block} products",
        $"tracked step, {Tracking} products",
        "plain step",
    ];

    /// <summary>The cost of all of them, each once, in gradients: points and products cost 4/3 each, and some is
    /// lost.</summary>
    public const double Gradients = 40;

    // Products of a tracked step: what following the leading pairs from step to step takes, and the same number on
    // every device.
    private const int Block = 8,
        Tracking = 12;
    private const double StepSize = 1e-3;

    // Long enough for a clock that ticks in microseconds and a device that is waited for in tens of them.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(0.2);

    private readonly NetworkSurface _surface;
    private readonly Device _device;
    private readonly Tensor _theta,
        _vector,
        _result;

    public DeviceTimings(TimedNetwork network, int samples, string device)
    {
        _device = torch.device(device);
        var random = new Random(1);
        var inputs = new float[samples * network.Widths[0]];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = (2 * random.NextSingle()) - 1;
        int[] labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(network.Widths[^1]))];
        var side = (int)Math.Sqrt(network.Widths[0]);
        int[] shape = network.Images is null ? [network.Widths[0]] : [1, side, side];
        var data = new LabelledSamples(inputs, labels, shape, network.Widths[^1]);
        var model = network.Build(data.Form);
        _surface = new NetworkSurface(model, NetworkLoss.CrossEntropy, data, ScalarType.Float32, _device);
        _theta = _surface.Parameters(Initialisation.LeCun.Draw(model.Layout, 1));
        (_vector, _result) = (_surface.Space.Create(), _surface.Space.Create());
        _surface.Space.FillGaussian(_vector, random);
        _surface.Space.Normalize(_vector);
    }

    /// <summary>Seconds for one gradient: the first, with what is done only once, where it is a long one.</summary>
    public double Gradient() => Time(() => _surface.LossAndGradient(_theta, _result));

    /// <summary>Seconds for each of the operations, as they are found.</summary>
    public IEnumerable<double> All()
    {
        yield return Gradient();
        using (var point = _surface.At(_theta))
        {
            yield return Time(() => point.HessianVector(_vector, _result));
            using IVectorBlock<Tensor> directions = _surface.Space.CreateBlock(Block),
                results = _surface.Space.CreateBlock(Block);
            for (var i = 0; i < Block; i++)
                _surface.Space.Copy(_vector, directions[i]);
            yield return Time(() => point.HessianBlock(directions, results, Block));
        }

        // A tolerance that is never reached, so that the number of products is fixed.
        var random = new Random(2);
        using (
            var solver = new LanczosEigensolver<Tensor>(
                _surface.Space,
                new LanczosOptions(1e-15, Tracking, Trailing: false)
            )
        )
        using (var frame = new EigenFrame<Tensor>(_surface.Space, 1))
        {
            yield return Time(() =>
            {
                using var point = _surface.At(_theta);
                solver.Solve(point.HessianVector, _vector, random, frame);
                _surface.Space.Axpy(-StepSize, point.Gradient, _theta);
            });
        }

        // What descent itself does: gradient, the norm that decides about the end, and the step.
        yield return Time(() =>
        {
            _surface.LossAndGradient(_theta, _result);
            _surface.Space.Norm(_result);
            _surface.Space.Axpy(-StepSize, _result, _theta);
        });
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _theta, _vector, _result })
            tensor.Dispose();
        _surface.Dispose();
    }

    private double Time(Action operation) => RepeatedTiming.Seconds(operation, Enough, _device);
}
