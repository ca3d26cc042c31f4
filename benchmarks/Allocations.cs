using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.Benchmarks;

/// <summary>
/// Bytes of the managed heap that a step of a network and a measurement of two pairs allocate; neither must grow with it.
/// </summary>
internal static class Allocations
{
    private const int Steps = 30,
        Settled = 10;

    /// <summary>Writes a table.</summary>
    public static void Write(TextWriter output)
    {
        set_num_threads(1);
        var samples = DataCatalogue.Load("fashion-mnist", train: 20, test: 0).Train;
        output.WriteLine("| tanh 784-n-n-10, 20 images, float32 | parameters | bytes a step | a measurement |");
        output.WriteLine("| --- | --- | --- | --- |");
        foreach (var width in (int[])[32, 128, 512])
        {
            var network = new FullyConnectedNetwork([784, width, width, 10], Activation.Tanh);
            var step = Bytes(network, samples, measureEvery: Steps);
            var measured = Bytes(network, samples, measureEvery: 1);
            output.WriteLine(
                Costs.Row(
                    $"n = {width}",
                    Costs.Text(network.Layout.ParameterCount, "N0"),
                    Costs.Text(step, "N0"),
                    Costs.Text(measured - step, "N0")
                )
            );
        }
    }

    /// <summary>The median over the steps after the first few.</summary>
    private static double Bytes(NetworkModel model, LabelledSamples samples, int measureEvery)
    {
        using var scope = NewDisposeScope();
        using var surface = new NetworkSurface(model, NetworkLoss.CrossEntropy, samples, ScalarType.Float32, CPU);
        List<double> bytes = [];
        var allocated = 0L;
        Recording.Run(
            surface,
            OptimiserSpec.GradientDescent,
            0.01,
            DescentLimits.AllOf(Steps),
            surface.Parameters(Initialisation.LeCun.Draw(model.Layout, 1)),
            new CurvatureProbeOptions(Eigenpairs: 2, new LanczosOptions(Trailing: false)),
            measureEvery,
            progress: step =>
            {
                if (step > Settled)
                    bytes.Add(GC.GetAllocatedBytesForCurrentThread() - allocated);
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }
        );
        return Costs.Median(bytes);
    }
}
