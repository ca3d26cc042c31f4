using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Observables.OnRequest;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>Observables on request on networks: against other columns of the run, against surfaces by hand, and that a
/// run without them is what it was.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class ObservablesTests
{
    private static readonly (LabelledSamples Train, LabelledSamples Test) Data = FashionMnist.Load(null, 40, 10);

    private static readonly TrainingSpec Spec = new()
    {
        Train = 40,
        Test = 10,
        Network = NetworkChoice.FullyConnected([4], Activation.Tanh),
        Loss = NetworkLoss.MeanSquaredError,
        StepSize = 0.05,
        Steps = 12,
        MeasureEvery = 1,
        Eigenpairs = 1,
        EigenTolerance = 1e-8,
        Precision = "float64",
    };

    [Property]
    public void Loss_AnyNet_IsThatBesideTheGradient(Seed seed, Size chunk, LogUniform l2)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        foreach (var parts in new int?[] { null, chunk.Value })
        {
            using var surface = new NetworkSurface(
                net.Architecture,
                net.Inputs,
                net.Labels,
                torch.ScalarType.Float64,
                torch.CPU,
                parts
            )
            {
                L2 = seed.Value % 2 * l2.In(1e-3, 1),
            };
            using var theta = surface.Parameters(net.Theta);
            using var gradient = surface.Space.Create();
            var expected = surface.LossAndGradient(theta, gradient);
            Assert.Equal((0L, 1L), (surface.Cost.ForwardPasses, surface.Cost.Gradients));
            // The same operations, with and without a graph.
            Near.Equal(expected, surface.Loss(theta), 4 * Near.Roundoff * Math.Abs(expected), $"{net}");
            Assert.Equal((1L, 1L), (surface.Cost.ForwardPasses, surface.Cost.Gradients));
        }
    }

    [Property]
    public void Batch_AnyNet_IsASurfaceOfThoseSamples(Seed seed, Size size)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, RandomNet.Smooth);
        int[] batch = [.. Enumerable.Range(0, size.Value).Select(_ => random.Next(net.Samples))];
        using var surface = net.Surface(seed.Value % 3 == 0 ? 2 : null);
        using var part = (NetworkSurface)surface.Batch(batch);
        using var theta = surface.Parameters(net.Theta);
        using torch.Tensor expected = surface.Space.Create(),
            gradient = surface.Space.Create(),
            product = surface.Space.Create(),
            ahead = surface.Space.Create(),
            behind = surface.Space.Create();
        var loss = surface.BatchLossAndGradient(theta, batch, expected);
        // Sums of up to 8 samples in parts or not, of some hundred roundings each, as in SampleGradientTests.
        Near.Equal(loss, part.LossAndGradient(theta, gradient), 1e-11 * Near.Scale(loss), $"{net} loss");
        var g = surface.Space.ToArray(expected);
        Near.Equal(g, surface.Space.ToArray(gradient), 1e-11 * Near.Scale(g), $"{net} gradient");
        // H_B v by central differences of the batch's gradient.
        const double step = 1e-5;
        using var direction = surface.Parameters(net.Direction);
        using (var point = part.At(theta))
            point.HessianVector(direction, product);
        surface.Space.Axpy(step, direction, theta);
        surface.BatchLossAndGradient(theta, batch, ahead);
        surface.Space.Axpy(-2 * step, direction, theta);
        surface.BatchLossAndGradient(theta, batch, behind);
        var (above, below) = (surface.Space.ToArray(ahead), surface.Space.ToArray(behind));
        double[] slope = [.. above.Zip(below, (a, b) => (a - b) / (2 * step))];
        // Rounding of the difference over the step, and the third derivative along it, which nets of this size keep below 1e4.
        Near.Equal(
            slope,
            surface.Space.ToArray(product),
            (1e-9 + (1e4 * step * step)) * Near.Scale(slope),
            $"{net} H v"
        );
    }

    [Fact]
    public void Execute_AdaptiveRules_DivisorAndLargestComponentFollowFromTheirFormulas()
    {
        // (9.11) without bias correction, and with an eps that is no more than rounding.
        const double decay = 0.9;
        var rule = OptimiserSpec.Of("rmsprop").With("second-decay", decay).With("epsilon", 1e-30);
        var series = Run(Spec with { Optimiser = rule, StepSize = 0.001, Observables = ["divisor-norm"] });
        var square = 0.0;
        for (var t = 1; t < series.Rows; t++)
        {
            square = (decay * square) + ((1 - decay) * Math.Pow(series[Columns.GradientNorm][t - 1], 2));
            // Sums of some thousand squares, and a few roundings a step of each root.
            Near.Equal(Math.Sqrt(square), series[Columns.DivisorNorm][t], 1e-12 * Math.Sqrt(square), $"step {t}");
        }

        var spec = Spec with { Optimiser = OptimiserSpec.Of("sign"), StepSize = 1e-300, Steps = 1 };
        var sign = Run(spec with { Observables = ["max-norm-sharpness"] });
        // No step moves anything, so that (7.9) has the gradient of the row; (9.10) is below it.
        Assert.True(sign[Columns.MaxNormSharpness][1] > 0);
        Assert.True(
            sign[Columns.MaxNormSharpness][1] / sign[Columns.GradientSum][1] <= sign[Columns.EffectiveSharpness][1]
        );
        Assert.InRange(
            sign[Columns.GradientSum][1] / sign[Columns.GradientNorm][1],
            1,
            Math.Sqrt((784 * 4) + 4 + (4 * 10) + 10)
        );
    }

    [Fact]
    public void Execute_GradientDescent_RealisedEdgeFollowsFromLossesAndGradients()
    {
        var series = Run(Spec with { Observables = ["realised-edge", "critical-sharpness"] });
        for (var t = 0; t + 1 < series.Rows; t++)
        {
            // g . d = eta |g|^2.
            var slope = 0.05 * Math.Pow(series[Columns.GradientNorm][t], 2);
            var expected = 1 + ((series[Columns.Loss][t + 1] - series[Columns.Loss][t]) / slope);
            var stated = series[Columns.RealisedEdgeError][t];
            // Losses are sums over 40 samples of 10 outputs.
            Near.Equal(expected, series[Columns.RealisedEdge][t], 100 * stated, $"step {t}");
            Near.Equal(
                0.05 * series[Columns.Sharpness][t] / 2,
                series[Columns.RealisedEdgeAlongLeading][t],
                // The step as a difference of points, as in the stated error.
                100 * (stated + Near.Roundoff) * Math.Max(1, series[Columns.RealisedEdgeAlongLeading][t]),
                $"along v_1, step {t}"
            );
            // Below the edge the search agrees with the step on which side of it the step lies.
            if (Math.Abs(series[Columns.RealisedEdge][t] - 1) > 0.2)
                Assert.Equal(series[Columns.RealisedEdge][t] > 1, series[Columns.CriticalSharpness][t] > 2 / 0.05);
        }
    }

    [Fact]
    public void Execute_TestLoss_IsThatOfTheTestSamples()
    {
        var outcome = TrainingRun.Execute(Spec with { Observables = ["test-loss"], L2 = 0.1 }, Data.Train, Data.Test);
        using var held = new NetworkSurface(
            Spec.Model(Data.Test),
            Spec.Loss,
            Data.Test,
            torch.ScalarType.Float64,
            torch.CPU
        );
        using var end = held.Parameters(outcome.End);
        using var gradient = held.Space.Create();
        Near.Equal(
            held.LossAndGradient(end, gradient),
            outcome.Series[Columns.TestLoss][^1],
            4 * Near.Roundoff,
            "test loss"
        );
    }

    [Fact]
    public void Execute_LinearNet_GaussNewtonMatrixIsTheHessian()
    {
        // Without hidden layers the outputs have no curvature.
        var series = Run(
            Spec with
            {
                Network = NetworkChoice.FullyConnected([], Activation.Tanh),
                Observables = ["gauss-newton-share"],
            }
        );
        // The pair has a residual of 1e-8, which enters its quotient squared over the gap.
        Assert.All(series[Columns.GaussNewtonShare], share => Near.Equal(1, share, 1e-12, "share"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Execute_WithAll_HasTheBitsOfARunWithout(bool batches)
    {
        var spec = Spec with
        {
            Precision = "float32",
            EigenTolerance = 1e-3,
            Optimiser = OptimiserSpec.Of(batches ? "adam" : "gd"),
            StepSize = 0.01,
            Steps = 4,
            Batch = batches ? new BatchPlan(8, 3) : null,
            Exponents = batches ? 0 : 2,
        };
        string[] all =
        [
            .. ObservableCatalogue
                .All.Where(entry =>
                    !entry.Needs.HasFlag(batches ? ObservableNeeds.Exponents : ObservableNeeds.Minibatches)
                    && (batches || !entry.Needs.HasFlag(ObservableNeeds.Divisor))
                )
                .Select(entry => entry.Name),
        ];
        RunOutcome bare = TrainingRun.Execute(spec, Data.Train, Data.Test),
            full = TrainingRun.Execute(spec with { Observables = all }, Data.Train, Data.Test);
        Assert.Equal(bare.End, full.End);
        foreach (var column in bare.Series.Names.Where(n => !n.StartsWith("measurement_", StringComparison.Ordinal)))
            Assert.Equal(
                bare.Series[column].Select(BitConverter.DoubleToInt64Bits),
                full.Series[column].Select(BitConverter.DoubleToInt64Bits)
            );
        Assert.DoesNotContain(bare.Series.Names, Columns.TestLoss.Covers);
        Assert.Contains(full.Series.Names, Columns.TestLoss.Covers);
    }

    private static SeriesTable Run(TrainingSpec spec) => TrainingRun.Execute(spec, Data.Train, Data.Test).Series;
}
