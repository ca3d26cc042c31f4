using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.Benchmarks;

/// <summary>
/// What it costs to follow the six leading pairs along a run, beside finding them anew by Lanczos iteration, on one
/// network of each kind: 60 steps of gradient descent from the start, towards the edge or past it, float32, one thread, residuals
/// of 1e-3. Products are counted and the same on every run; times are medians, and vary.
/// </summary>
internal static class TrackingCosts
{
    private const int Pairs = 6,
        Steps = 60,
        ColdEvery = 10;

    public static void Write(TextWriter output)
    {
        set_num_threads(1);
        var images = DataCatalogue.Load("fashion-mnist", train: 20, test: 0).Train;
        var words = DataCatalogue.Load("sorting:length=6,vocabulary=6", train: 64, test: 0).Train;
        (string, NetworkModel, LabelledSamples, double)[] all =
        [
            ("mlp 784-32-32-10", new FullyConnectedNetwork([784, 32, 32, 10], Activation.Tanh), images, 0.05),
            (
                "cnn 8, 8 channels",
                new ConvolutionalNetwork((1, 28, 28), 10, [8, 8], 5, [2, 1], [1, 2], Activation.Tanh),
                images,
                0.1
            ),
            (
                "resnet 4 channels, 2 blocks",
                new ResidualNetwork((1, 28, 28), 10, 4, 1, 2, Normalisation.Group, 2, Activation.Silu),
                images,
                0.1
            ),
            (
                "transformer width 16, 2 layers",
                new Transformer(6, 6, 6, 16, 2, 2, 32, causal: false, Activation.Gelu),
                words,
                0.05
            ),
        ];
        output.WriteLine(
            "| network | parameters | largest $\\eta S/2$ | tracked: products a step | in gradients | time | anew: products | in gradients | time |"
        );
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (name, model, samples, stepSize) in all)
            output.WriteLine(Row(name, model, samples, stepSize));
    }

    private static string Row(string name, NetworkModel model, LabelledSamples samples, double stepSize)
    {
        using var scope = NewDisposeScope();
        using var surface = new NetworkSurface(model, NetworkLoss.CrossEntropy, samples, ScalarType.Float32, CPU);
        var theta = surface.Parameters(Initialisation.LeCun.Draw(model.Layout, 1));
        var options = new LanczosOptions(Trailing: false);
        using var tracker = new EigenTracker<Tensor>(surface.Space, Pairs, options, new TrackingOptions());
        using var cold = new LanczosEigensolver<Tensor>(surface.Space, options);
        using var frame = new EigenFrame<Tensor>(surface.Space, Pairs);
        using var other = new EigenFrame<Tensor>(surface.Space, Pairs);
        var random = new Random(1);
        var (gradient, start) = (surface.Space.Create(), surface.Space.Create());
        List<double> tracked = [],
            anew = [],
            gradients = [],
            trackedTime = [],
            coldTime = [];
        var largest = 0.0;
        using var rule = new GradientDescent<Tensor>(surface.Space);
        Observer<Tensor> watch = new(
            1,
            state =>
            {
                gradients.Add(Costs.Time(() => surface.LossAndGradient(state.Theta, gradient)));
                using var point = surface.At(state.Theta);
                trackedTime.Add(
                    Costs.Time(() => tracker.Track(point.HessianVector, state.Theta, false, random, frame))
                );
                tracked.Add(frame.Products);
                largest = Math.Max(largest, stepSize * frame.Values[0] / 2);
                if (state.Step % ColdEvery != 0)
                    return;
                surface.Space.FillGaussian(start, random);
                coldTime.Add(Costs.Time(() => cold.Solve(point.HessianVector, start, random, other)));
                anew.Add(other.Products);
            }
        );
        DescentLoop.Run(surface, rule, stepSize, DescentLimits.AllOf(Steps), theta, [watch]);
        var unit = Costs.Median(gradients);
        // A product is booked as 4/3 of a gradient.
        return Costs.Row(
            name,
            Costs.Text(surface.Space.Dimension, "N0"),
            Costs.Text(largest, "F1"),
            Costs.Text(tracked.Average(), "F0"),
            Costs.Text(tracked.Average() * 4 / 3, "F0"),
            Costs.Text(Costs.Median(trackedTime) / unit, "F0"),
            Costs.Text(anew.Average(), "F0"),
            Costs.Text(anew.Average() * 4 / 3, "F0"),
            Costs.Text(Costs.Median(coldTime) / unit, "F0")
        );
    }
}
