using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Stability;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>Network runs from their specification.</summary>
public partial class TrainingRunTests
{
    private static readonly TrainingSpec Small = new()
    {
        Train = 80,
        Test = 40,
        Network = NetworkChoice.FullyConnected([6], Activation.Tanh),
        Loss = NetworkLoss.MeanSquaredError,
        StepSize = 0.002,
        Steps = 12,
        MeasureEvery = 3,
        Eigenpairs = 3,
    };

    private static readonly (LabelledSamples Train, LabelledSamples Test) Data = FashionMnist.Load(null, 80, 40);

    [Theory]
    [InlineData("float32")]
    [InlineData("float64")]
    public void Execute_SameSpecificationTwice_SameBits(string precision)
    {
        var spec = Small with { Precision = precision };
        var (first, second) = (
            TrainingRun.Execute(spec, Data.Train, Data.Test),
            TrainingRun.Execute(spec, Data.Train, Data.Test)
        );
        Assert.Equal(first.End, second.End);
        foreach (var name in first.Series.Names)
            Assert.Equal(first.Series.Array(name), second.Series.Array(name));
    }

    [Fact]
    public void Execute_BothPrecisions_AgreeToSinglePrecision()
    {
        var single = TrainingRun.Execute(Small, Data.Train, Data.Test);
        var full = TrainingRun.Execute(Small with { Precision = "float64" }, Data.Train, Data.Test);
        // 12 stable steps (eta S below 2): float32's rounding, 6e-8 a step on sums of 784 terms (about sqrt(784) = 28 roundings), does not grow. 12 * 28 * 6e-8 = 2e-5.
        Near.Equal(full.Series.Array("loss"), single.Series.Array("loss"), 2e-5 * full.Series["loss"][0], "loss");
        // Sharpness: eigenvalue to tolerance squared over gap; 1e-3 relative is the solver's own tolerance.
        Near.Equal(
            full.Series.Array("sharpness"),
            single.Series.Array("sharpness"),
            1e-3 * full.Series["sharpness"].Max(),
            "sharpness"
        );
    }

    [Fact]
    public void Execute_WithExponents_CarriesWhatTheFreeRunMeasures()
    {
        var spec = Small with { Precision = "float64", Exponents = 2 };
        var run = TrainingRun.Execute(spec, Data.Train, Data.Test);
        Assert.Equal(TrainingRun.Execute(spec with { Exponents = 0 }, Data.Train, Data.Test).End, run.End);
        var model = spec.Model(Data.Train);
        using var surface = new FlatBias.NeuralValidation.Curvature.NetworkSurface(
            model,
            spec.Loss,
            Data.Train,
            TorchSharp.torch.ScalarType.Float64,
            TorchSharp.torch.CPU
        );
        using var theta = surface.Parameters(Initialisation.LeCun.Draw(model.Layout, spec.Seed));
        var free = Lyapunov.OfDescent(
            surface,
            spec.StepSize.Constant,
            theta,
            new LyapunovOptions(2, 6, 2, 0, spec.Seed)
        );
        // The same operations; the sums of twelve logarithms are grouped otherwise.
        for (var i = 0; i < 2; i++)
            Near.Equal(free.Exponents[i], run.Series[$"lyapunov_{i + 1}"][^1], 1e-14, $"exponent {i + 1}");
        Assert.True(double.IsNaN(run.Series["lyapunov_1"][0]));
    }

    [Fact]
    public void Execute_PredictedRotation_IsTheMeasuredOneToFirstOrder()
    {
        // (1.7) is first order in the displacement: over a single step, relative error of order eta. A quarter of the step size leaves a quarter of the error, to the next order, which the factor of 2 is for.
        double Error(double stepSize)
        {
            var series = TrainingRun
                .Execute(
                    Small with
                    {
                        Precision = "float64",
                        StepSize = stepSize,
                        Steps = 1,
                        MeasureEvery = 1,
                        EigenTolerance = 1e-10,
                        PredictRotation = true,
                    },
                    Data.Train,
                    Data.Test
                )
                .Series;
            return Math.Abs((series["predicted_rotation_1"][1] / series["rotation_1"][1]) - 1);
        }

        var (coarse, fine) = (Error(1e-4), Error(2.5e-5));
        Assert.InRange(fine / coarse, 0.125, 0.5);
        Assert.InRange(coarse, 1e-6, 0.1);
    }

    [Fact]
    public void Execute_LogisticLossWithItsTerms_MeasuresTheSurfaceThatTheyMake()
    {
        var data = DataCatalogue.Load("two-moons", 30, 20);
        var spec = new TrainingSpec
        {
            Train = 30,
            Test = 20,
            Network = NetworkChoice.FullyConnected([3], Activation.Tanh),
            Loss = NetworkLoss.Logistic,
            LabelSmoothing = 0.2,
            L2 = 0.05,
            StepSize = 0.3,
            Optimiser = OptimiserSpec.GradientDescent.With("weight-decay", 0.1),
            Steps = 40,
            Eigenpairs = 2,
            Precision = "float64",
            EigenTolerance = 1e-10,
        };
        var outcome = TrainingRun.Execute(spec, data.Train, data.Test);
        // Two classes, one output: 2 x 3 + 3 and 3 + 1 parameters.
        Assert.Equal(13, outcome.End.Length);
        double Output(float[] inputs, int i)
        {
            var (w, sum) = (outcome.End, outcome.End[12]);
            for (var j = 0; j < 3; j++)
                sum +=
                    w[9 + j]
                    * Math.Tanh((w[2 * j] * inputs[2 * i]) + (w[(2 * j) + 1] * inputs[(2 * i) + 1]) + w[6 + j]);
            return sum;
        }

        double Right(LabelledSamples samples) =>
            Enumerable
                .Range(0, samples.Count)
                .Average(i => Output(samples.Inputs, i) > 0 == (samples.Labels[i] == 1) ? 1.0 : 0);
        var loss = Enumerable
            .Range(0, 30)
            .Average(i =>
            {
                var (o, t) = (Output(data.Train.Inputs, i), (0.8 * data.Train.Labels[i]) + 0.1);
                return Math.Log(1 + Math.Exp(o)) - (t * o);
            });
        // Thirty samples and a dozen operations each, on outputs of order 1.
        Near.Equal(
            loss + (0.025 * outcome.End.Sum(x => x * x)),
            outcome.Series["loss"][^1],
            100 * 12 * Near.Roundoff,
            "loss"
        );
        Assert.Equal(Right(data.Train), outcome.Series["train_accuracy"][^1]);
        Assert.Equal(Right(data.Test), outcome.Series["test_accuracy"][^1]);
        Near.Equal(
            0.3 * (outcome.Series["sharpness"][^1] + 0.1) / 2,
            outcome.Series["stability_number"][^1],
            1e-15,
            "stability number"
        );
    }

    [Fact]
    public void Execute_Gradient_IsPlainFullBatchDescent()
    {
        // The run against the update written out with the surface's own gradient: the loop adds nothing.
        var spec = Small with
        {
            Precision = "float64",
        };
        var model = spec.Model(Data.Train);
        using var surface = new FlatBias.NeuralValidation.Curvature.NetworkSurface(
            model,
            spec.Loss,
            Data.Train,
            TorchSharp.torch.ScalarType.Float64,
            TorchSharp.torch.CPU
        );
        var weights = Initialisation.LeCun.Draw(model.Layout, spec.Seed);
        using var gradient = surface.Space.Create();
        for (var t = 0; t < spec.Steps; t++)
        {
            using var theta = surface.Parameters(weights);
            surface.LossAndGradient(theta, gradient);
            var g = surface.Space.ToArray(gradient);
            for (var i = 0; i < weights.Length; i++)
                weights[i] -= spec.StepSize.At(t) * g[i];
        }

        // Twelve stable steps with one rounding each in the update (fused there, separate here).
        Near.Equal(weights, TrainingRun.Execute(spec, Data.Train, Data.Test).End, 1e-12, "weights");
    }

    [Fact]
    public void Execute_MeasurementCadence_DoesNotChangeTheRun()
    {
        var often = TrainingRun.Execute(Small with { MeasureEvery = 1 }, Data.Train, Data.Test);
        var rarely = TrainingRun.Execute(Small with { MeasureEvery = 100 }, Data.Train, Data.Test);
        Assert.Equal(often.End, rarely.End);
        Assert.Equal([0, 12], rarely.Series.Array("step"));
    }

    [Fact]
    public void Execute_ReferenceStep_IsTheFrameThatTheSimilaritiesCompareWith()
    {
        var plain = TrainingRun.Execute(Small, Data.Train, Data.Test);
        var later = TrainingRun.Execute(Small with { ReferenceStep = 6 }, Data.Train, Data.Test);
        Assert.Equal(plain.End, later.End);
        for (var k = 1; k <= Small.Eigenpairs; k++)
        {
            var (first, early) = (plain.Series.Array($"similarity_{k}"), later.Series.Array($"similarity_{k}"));
            // A frame is similar to itself up to rounding in float32: rho = cos of the root-mean-square angle, whose arccos of 1 - 1e-7 k is below 1e-3.
            Near.Equal(1, first[0], 1e-6, "the first frame to itself");
            Assert.Equal([double.NaN, double.NaN], early[..2]);
            Near.Equal(1, early[2], 1e-6, "the early frame to itself");
            Assert.NotEqual(first[^1], early[^1]);
        }
    }

    [Fact]
    public void Execute_LossTarget_EndsThereAndMeasuresThere()
    {
        var whole = TrainingRun.Execute(Small with { MeasureEvery = 1 }, Data.Train, Data.Test);
        var losses = whole.Series.Array("loss");
        var target = (losses[6] + losses[7]) / 2;
        var first = Array.FindIndex(losses, loss => loss <= target);
        var ended = TrainingRun.Execute(Small with { LossTarget = target }, Data.Train, Data.Test);
        Assert.Equal((FlatBias.Dynamics.Descent.StopReason.LossReached, first), (ended.Reason, ended.Steps));
        Assert.Equal((first, losses[first]), (ended.Series["step"][^1], ended.Series["loss"][^1]));
    }

    [Fact]
    public void Execute_NumbersToLearn_HasNoAccuracyAndStartsFromTheirLoss()
    {
        var data = DataCatalogue.Load("chebyshev:degree=3", 20, 5);
        var spec = Small with { Train = 20, Test = 5, Precision = "float64", CheckRoutes = true };
        var outcome = TrainingRun.Execute(spec, data.Train, data.Test);

        Assert.DoesNotContain("train_accuracy", outcome.Series.Names);
        Assert.DoesNotContain("test_accuracy", outcome.Series.Names);
        Assert.True(outcome.Series["loss"][^1] < outcome.Series["loss"][0]);
        // Some hundred roundoffs of 1.1e-16 are to be expected of two routes.
        Assert.All(outcome.Series.Array("disagreement_m3"), gap => Assert.InRange(gap, 0, 1e-11));
    }

    [Fact]
    public void Execute_NoTestSamples_HasTheSameRunWithoutTestAccuracy()
    {
        var (with, without) = (
            TrainingRun.Execute(Small, Data.Train, Data.Test),
            TrainingRun.Execute(Small with { Test = 0 }, Data.Train, FashionMnist.Load(null, 80, 0).Test)
        );

        Assert.DoesNotContain("test_accuracy", without.Series.Names);
        Assert.Equal(with.Series.Array("train_accuracy"), without.Series.Array("train_accuracy"));
        Assert.Equal(with.End, without.End);
    }

    [Fact]
    public void Execute_TraceProbes_EstimatesTheTraceOfTheExplicitHessian()
    {
        var data = DataCatalogue.Load("gaussian-mixture:features=5,classes=3", 40, 10);
        var spec = Small with
        {
            Train = 40,
            Test = 10,
            Network = NetworkChoice.FullyConnected([3], Activation.Tanh),
            Steps = 3,
            Eigenpairs = 2,
            Precision = "float64",
            TraceProbes = 500,
        };
        var outcome = TrainingRun.Execute(spec, data.Train, data.Test);
        using var surface = new FlatBias.NeuralValidation.Curvature.NetworkSurface(
            spec.Model(data.Train),
            spec.Loss,
            data.Train,
            TorchSharp.torch.ScalarType.Float64,
            TorchSharp.torch.CPU
        );
        using var theta = surface.Parameters(outcome.End);
        using var product = surface.Space.Create();
        using var point = surface.At(theta);
        var exact = 0.0;
        for (var i = 0; i < outcome.End.Length; i++)
        {
            var unit = new double[outcome.End.Length];
            unit[i] = 1;
            using var direction = surface.Parameters(unit);
            point.HessianVector(direction, product);
            exact += surface.Space.ToArray(product)[i];
        }

        // Five standard errors of one fixed draw, and they are small: the two leading pairs hold most of the trace.
        Near.Equal(exact, outcome.Series["trace"][^1], 5 * outcome.Series["trace_error"][^1], "trace");
        Assert.InRange(outcome.Series["trace_error"][^1], 0, 0.05 * exact);
    }

    [Fact]
    public void Execute_Cancelled_KeepsWhatWasMeasured()
    {
        using var cancellation = new CancellationTokenSource();
        var outcome = TrainingRun.Execute(
            Small,
            Data.Train,
            Data.Test,
            null,
            step =>
            {
                if (step == 5)
                    cancellation.Cancel();
            },
            cancellation: cancellation.Token
        );
        Assert.Equal(FlatBias.Dynamics.Descent.StopReason.Cancelled, outcome.Reason);
        Assert.Equal([0, 3, 6], outcome.Series.Array("step"));
    }

    [Fact]
    public void LeCunNormal_WideLayer_HasTheStatedMomentsAndZeroBiases()
    {
        var architecture = new Architecture([400, 300, 2], Activation.Tanh, NetworkLoss.CrossEntropy);
        var theta = Initialisation.LeCun.Draw(architecture.Layout, 7);
        var weights = theta[..120_000];
        // Standard errors over 120,000 draws of variance 1/400: of the mean 0.05/sqrt(120000) = 1.4e-4, of the variance sqrt(2/120000)/400 = 1e-5; five of each.
        Near.Equal(0, weights.Average(), 7e-4, "mean");
        Near.Equal(1.0 / 400, weights.Select(w => w * w).Average(), 5e-5, "variance");
        Assert.All(theta[120_000..120_300], b => Assert.Equal(0, b));
        Assert.NotEqual(theta, Initialisation.LeCun.Draw(architecture.Layout, 8));
    }
}
