using FlatBias.Dynamics.Surfaces;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.Benchmarks;

/// <summary>
/// The default route, nested reverse mode, beside the fast one on the same fully connected network: tanh
/// 784-200-200-10 on 500 images, float32, one thread. What the ledger books is the same on every run; times are medians
/// of calls taken in turn, and vary.
/// </summary>
internal static class RouteCosts
{
    private const int Repetitions = 15,
        Block = 8;

    public static void Write(TextWriter output)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var images = DataCatalogue.Load("fashion-mnist", train: 500, test: 0).Train;
        var network = new FullyConnectedNetwork([784, 200, 200, 10], Activation.Tanh);
        using var fast = new NetworkSurface(network, NetworkLoss.CrossEntropy, images, ScalarType.Float32, CPU);
        var (inputs, targets) = images.Tensors(ScalarType.Float32, CPU);
        using var plain = new NetworkSurface(
            network.Layout.ParameterCount,
            network.Outputs,
            SampleLosses.CrossEntropy,
            inputs.flatten(1),
            targets
        );
        var theta = fast.Parameters(Initialisation.LeCun.Draw(network.Layout, 1));
        using var directions = fast.Space.CreateBlock(Block);
        using var results = fast.Space.CreateBlock(Block);
        for (var i = 0; i < Block; i++)
            fast.Space.FillGaussian(directions[i], new Random(i));
        using var here = fast.At(theta);
        using var there = plain.At(theta);
        var (v, result, moments) = (directions[0], results[0], new double[4]);
        var gradient = Costs.Median(Repetitions, [() => fast.LossAndGradient(theta, result)])[0];
        (string Name, int Times, Action<NetworkPoint> Measure)[] rows =
        [
            ("$Hv$", 1, point => point.HessianVector(v, result)),
            ("$HV$, 8 directions, for each", Block, point => point.HessianBlock(directions, results, Block)),
            ("$D^3 L[v^2, \\cdot]$", 1, point => point.DirectionalGradient(v, 2, result)),
            ("$D^4 L[v^3, \\cdot]$", 1, point => point.DirectionalGradient(v, 3, result)),
            ("$D^k L[v^k]$ to $k = 4$", 1, point => point.DirectionalDerivatives(v, moments)),
        ];
        output.WriteLine("| quantity | fast: booked | time | default: booked | time |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (name, times, measure) in rows)
        {
            var (first, second) = (Booked(fast.Cost, here), Booked(plain.Cost, there));
            var seconds = Costs.Median(Repetitions, [() => measure(here), () => measure(there)]);
            output.WriteLine(
                Costs.Row(
                    name,
                    Costs.Text(first, "F1"),
                    Costs.Text(seconds[0] / times / gradient, "F1"),
                    Costs.Text(second, "F1"),
                    Costs.Text(seconds[1] / times / gradient, "F1")
                )
            );

            double Booked(CostLedger ledger, NetworkPoint point)
            {
                var before = ledger.GradientEquivalents;
                measure(point);
                return (ledger.GradientEquivalents - before) / times;
            }
        }
    }
}
