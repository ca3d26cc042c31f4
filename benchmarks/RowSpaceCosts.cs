using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.Benchmarks;

/// <summary>
/// What it would save to run the fully connected networks of the report in an orthonormal basis of their samples'
/// row space: the same network with as many inputs as there are samples, in place of the 784 pixels, over the whole.
/// One thread; times are the least of calls taken in turn, since other work on the machine only adds to them.
/// </summary>
internal static class RowSpaceCosts
{
    private const int Repetitions = 40,
        Krylov = 30;

    public static void Write(TextWriter output)
    {
        set_num_threads(1);
        (string Name, int[] Hidden, Activation Activation, int Samples, ScalarType Precision)[] all =
        [
            ("tanh 24-24, 150 images, float64", [24, 24], Activation.Tanh, 150, ScalarType.Float64),
            ("tanh 32-32, 300 images, float32", [32, 32], Activation.Tanh, 300, ScalarType.Float32),
            ("ReLU 32-32-32, 400 images, float32", [32, 32, 32], Activation.Relu, 400, ScalarType.Float32),
            ("tanh 32-32, 500 images, float32", [32, 32], Activation.Tanh, 500, ScalarType.Float32),
        ];
        output.WriteLine("| network | gradient | product | $D^k L[v^k]$ to $k = 4$ | 30 Lanczos steps |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (name, hidden, activation, samples, precision) in all)
        {
            double[] full = Times(784),
                reduced = Times(samples);
            output.WriteLine(Costs.Row([name, .. full.Zip(reduced, (f, r) => Costs.Text(r / f, "F2"))]));

            double[] Times(int inputs)
            {
                using var scope = NewDisposeScope();
                var network = new FullyConnectedNetwork([inputs, .. hidden, 10], activation);
                return Measured(network, Images(samples, inputs), precision);
            }
        }
    }

    private static double[] Measured(FullyConnectedNetwork network, LabelledSamples images, ScalarType precision)
    {
        using var surface = new NetworkSurface(network, NetworkLoss.MeanSquaredError, images, precision, CPU);
        var theta = surface.Parameters(Initialisation.LeCun.Draw(network.Layout, 1));
        using var solver = new LanczosEigensolver<Tensor>(
            surface.Space,
            new LanczosOptions(Tolerance: 1e-12, MaximumIterations: Krylov, Trailing: false)
        );
        using var frame = new EigenFrame<Tensor>(surface.Space, 1);
        using var point = surface.At(theta);
        var (v, result, start) = (surface.Space.Create(), surface.Space.Create(), surface.Space.Create());
        surface.Space.FillGaussian(v, new Random(1));
        surface.Space.FillGaussian(start, new Random(2));
        var moments = new double[4];
        return Least(
            () => surface.LossAndGradient(theta, result),
            () => point.HessianVector(v, result),
            () => point.DirectionalDerivatives(v, moments),
            () => solver.Solve(point.HessianVector, start, new Random(3), frame)
        );
    }

    private static double[] Least(params Action[] actions)
    {
        var least = actions.Select(_ => double.PositiveInfinity).ToArray();
        for (var turn = 0; turn < Repetitions; turn++)
        for (var i = 0; i < actions.Length; i++)
            least[i] = Math.Min(least[i], Costs.Time(actions[i]));
        return least;
    }

    private static LabelledSamples Images(int count, int features)
    {
        var random = new Random(1);
        return new LabelledSamples(
            [.. Enumerable.Range(0, count * features).Select(_ => (float)random.NextDouble())],
            [.. Enumerable.Range(0, count).Select(i => i % 10)],
            features,
            10
        );
    }
}
