using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;
using Size = FlatBias.Testing.Size;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>The losses by themselves, (10.31) to (10.33): value, gradient, Hessian and series against formulas in the
/// tails, torch, and differences.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class LossTests
{
    private const int Samples = 6;

    public static TheoryData<double> Logits =>
        [0, 1e-12, -0.3, 2, -8, 20, -36, 37, 40, 60, 300, -300, 700, -700, 745, 1e6, -1e12, 1e300];

    [Theory]
    [MemberData(nameof(Logits))]
    public void Logistic_HardTargets_IsRightToRoundoffsOfItself(double o)
    {
        using var scope = NewDisposeScope();
        foreach (var target in new[] { 0.0, 1 })
        {
            // With m the margin, o towards the target, all is made of e^-m alone.
            var m = target == 1 ? o : -o;
            var e = Math.Exp(-Math.Abs(m));
            var (loss, wrong) = (Quadratic.Arithmetic.Scalar.Softplus(-m).Value, (m > 0 ? e : 1) / (1 + e));
            var slope = target == 1 ? -wrong : wrong;
            var bend = e / ((1 + e) * (1 + e));
            Tensor outputs = tensor([o], [1, 1]),
                targets = tensor([target], [1, 1]);
            // Six operations, an exponential that rounds to an ulp, and denormal numbers, which round absolutely.
            double Few(double value) => (20 * Near.Roundoff * Math.Abs(value)) + (8 * double.Epsilon);
            Near.Equal(loss, NetworkLoss.Logistic.Mean(outputs, targets).item<double>(), Few(loss), $"loss at {o}");
            var (gradient, hessian) = NetworkLoss.Logistic.Derivatives(outputs, targets);
            using (hessian)
            {
                Near.Equal(slope, gradient.item<double>(), Few(slope), $"slope at {o}");
                Near.Equal(
                    3 * bend,
                    hessian.Product(tensor([3.0], [1, 1, 1])).item<double>(),
                    Few(3 * bend),
                    $"bend at {o}"
                );
            }

            // Along o + h t the coefficients are l, l' h, l'' h^2 / 2, l''' h^3 / 6 with l''' = l'' (1 - 2 s(o)).
            var series = NetworkLoss.Logistic.Series(
                [outputs, tensor([0.5], [1, 1]), zeros_like(outputs), zeros_like(outputs)],
                targets
            );
            var third = bend * (o > 0 ? (e - 1) / (1 + e) : (1 - e) / (1 + e));
            double[] expected = [loss, slope / 2, bend / 8, third / 48];
            for (var k = 0; k < 4; k++)
            {
                // 1 - 2 s cancels near o = 0, where the third derivative is a difference of two of size l''.
                var floor = k == 3 ? 20 * Near.Roundoff * bend / 48 : 0;
                Near.Equal(
                    expected[k],
                    series[k].item<double>(),
                    (2 * Few(expected[k])) + floor,
                    $"coefficient {k} at {o}"
                );
            }

            var leaf = outputs.clone().requires_grad_(true);
            var reverse = Autograd.Gradient(NetworkLoss.Logistic.Mean(leaf, targets), leaf).item<double>();
            Near.Equal(slope, reverse, Few(slope), $"slope by reverse mode at {o}");
        }
    }

    [Property]
    public void Mean_AnyLogits_IsThatOfTorch(Seed seed, Size classes, LogUniform scale, Real smoothing)
    {
        using var scope = NewDisposeScope();
        var (outputs, targets, labels) = Draw(seed.Random(), Samples, classes.Value + 1, scale.In(1e-12, 300));
        var s = smoothing.In(0, 0.99);
        var soft = targets.Times(1 - s).Plus(ones_like(targets).Times(s / (classes.Value + 1)));
        // A dozen operations for each of at most 9 classes and 6 samples, on terms of the size of the largest logit.
        var tolerance = 200 * Near.Roundoff * (2 + outputs.abs().max().item<double>()) * (classes.Value + 1);
        Near.Equal(
            (soft * outputs.log_softmax(1)).sum(1).mean().neg().item<double>(),
            NetworkLoss.CrossEntropy.Smoothed(s).Mean(outputs, targets).item<double>(),
            tolerance,
            "cross-entropy"
        );
        Near.Equal(
            nn.functional.binary_cross_entropy_with_logits(outputs, soft, reduction: nn.Reduction.Sum).item<double>()
                / outputs.shape[0],
            NetworkLoss.Logistic.Smoothed(s).Mean(outputs, targets).item<double>(),
            tolerance,
            "logistic"
        );
        // Two classes on one output: the target is 1 - s + s/2 or s/2.
        var (one, second) = (
            outputs.narrow(1, 0, 1),
            tensor([.. labels.data<long>().ToArray().Select(label => (double)(label % 2))]).unsqueeze(1)
        );
        Near.Equal(
            nn.functional.binary_cross_entropy_with_logits(
                    one,
                    second.Times(1 - s).Plus(ones_like(second).Times(s / 2))
                )
                .item<double>(),
            NetworkLoss.Logistic.Smoothed(s).Mean(one, second).item<double>(),
            tolerance,
            "logistic on one output"
        );
    }

    [Property]
    public void Derivatives_EveryLossSmoothedOrNot_AreThoseOfReverseMode(
        Seed seed,
        Size classes,
        LogUniform scale,
        Real smoothing
    )
    {
        using var scope = NewDisposeScope();
        var random = seed.Random();
        var (outputs, targets, _) = Draw(random, Samples, classes.Value, scale.In(1e-6, 20));
        var (z, _, _) = Draw(random, Samples, classes.Value, 1);
        foreach (var loss in Losses(smoothing.In(0, 0.99)))
        {
            var leaf = outputs.clone().requires_grad_(true);
            var total = loss.Mean(leaf, targets).Times(outputs.shape[0]);
            var slope = Autograd.Gradient(total, leaf, createGraph: true);
            var product = Autograd.Gradient(slope.Plus(leaf.Times(0)), leaf, z);
            var (gradient, hessian) = loss.Derivatives(outputs, targets);
            using (hessian)
            {
                // Some twenty roundings on numbers that reverse mode has beside 1 and p.
                var scales = 100 * Near.Roundoff * (1 + outputs.abs().max().item<double>());
                Equal(slope, gradient, scales, $"gradient of {loss}");
                Equal(product, hessian.Product(z.unsqueeze(1)).squeeze(1), scales * 10, $"Hessian of {loss}");
            }
        }
    }

    [Property]
    public void Series_EveryLossSmoothedOrNot_IsThatOfTheMeanAlongTheCurve(Seed seed, Size classes, Real smoothing)
    {
        using var scope = NewDisposeScope();
        var random = seed.Random();
        var parts = Enumerable.Range(0, 5).Select(_ => Draw(random, Samples, classes.Value, 1)).ToArray();
        var targets = parts[0].Targets;
        foreach (var loss in Losses(smoothing.In(0, 0.99)))
        {
            var series = loss.Series([.. parts.Select(part => part.Outputs)], targets);
            var t = tensor(0.0).requires_grad_(true);
            var along = parts[0].Outputs;
            for (var (k, power) = (1, t); k < parts.Length; k++, power *= t)
                along = along + (parts[k].Outputs * power);
            var (derivative, factorial) = (loss.Mean(along, targets), 1.0);
            for (var k = 0; k < parts.Length; k++)
            {
                // Nested reverse mode four times over: some thousand roundings on terms up to the size of the fourth
                // power of logits of size 4.
                Near.Equal(
                    derivative.item<double>() / factorial,
                    series[k].item<double>(),
                    1e-10,
                    $"coefficient {k} of {loss}"
                );
                factorial *= k + 1;
                derivative = Autograd.Gradient(derivative.Plus(t.Times(0)), t, createGraph: true);
            }
        }
    }

    [Fact]
    public void Smoothed_OfZero_IsTheLossItself() =>
        Assert.All(LossCatalogue.All, loss => Assert.Same(loss, loss.Smoothed(0)));

    [Theory]
    [InlineData("cross-entropy", 1.0, "label-smoothing is 1; it must be a number from 0 to below 1")]
    [InlineData("logistic", -0.1, "label-smoothing is -0.1")]
    [InlineData("cross-entropy", double.NaN, "label-smoothing is NaN")]
    [InlineData("mse", 0.1, "label-smoothing is 0.1 and loss mse; only cross-entropy or logistic")]
    public void Smoothed_OutsideItsRange_IsRefused(string loss, double smoothing, string words) =>
        Assert.Contains(
            words,
            Assert.ThrowsAny<ArgumentException>(() => LossCatalogue.All.Find(loss).Smoothed(smoothing)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("cross-entropy", 0.0, 0.5f, "loss is cross-entropy, which needs classes")]
    [InlineData(
        "logistic",
        0.0,
        1.5f,
        "which needs classes, or numbers from 0 to 1; these targets are numbers, such as 1.5"
    )]
    [InlineData("logistic", 0.0, -0.1f, "such as -0.1")]
    [InlineData("logistic", 0.1, 0.5f, "loss is logistic, which with label smoothing needs classes")]
    [InlineData("logistic", 0.0, 1f, null)]
    [InlineData("logistic", 0.0, 0.25f, null)]
    [InlineData("mse", 0.0, -7f, null)]
    public void Check_NumbersByLoss_AreRefusedWhereTheLossCannotLearnThem(
        string name,
        double smoothing,
        float number,
        string? words
    )
    {
        var loss = LossCatalogue.All.Find(name).Smoothed(smoothing);
        if (words is null)
            loss.Check([0, number]);
        else
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => loss.Check([0, number])).Message);
    }

    [Fact]
    public void OutputsFor_ByLossAndTargets_AreOneForTwoClassesOfTheLogisticLossOnly()
    {
        LabelledSamples two = new([1, 2], [0, 1], 1, 2),
            three = new([1, 2], [0, 2], 1, 3),
            numbers = LabelledSamples.Regression([1], [0, 1], [1], 2);
        SampleShape[] shapes = [two.Form, three.Form, numbers.Form];
        Assert.Equal([1, 3, 2], shapes.Select(NetworkLoss.Logistic.OutputsFor));
        Assert.Equal([2, 3, 2], shapes.Select(NetworkLoss.CrossEntropy.OutputsFor));
        Assert.Equal([2, 3, 2], shapes.Select(NetworkLoss.MeanSquaredError.OutputsFor));
        Assert.Equal([1, 3, 2], shapes.Select(NetworkLoss.Logistic.Smoothed(0.1).OutputsFor));
    }

    private static IEnumerable<NetworkLoss> Losses(double smoothing) =>
        [.. LossCatalogue.All, NetworkLoss.CrossEntropy.Smoothed(smoothing), NetworkLoss.Logistic.Smoothed(smoothing)];

    /// <summary>Normal logits times a scale, one-hot targets and the classes.</summary>
    private static (Tensor Outputs, Tensor Targets, Tensor Labels) Draw(
        Random random,
        int samples,
        int classes,
        double scale
    )
    {
        var values = new double[samples * classes];
        MathNet.Numerics.Distributions.Normal.Samples(random, values, 0, scale);
        var labels = tensor([.. Enumerable.Range(0, samples).Select(_ => (long)random.Next(classes))]);
        return (
            tensor(values, [samples, classes]),
            nn.functional.one_hot(labels, classes).to(ScalarType.Float64),
            labels
        );
    }

    private static void Equal(Tensor expected, Tensor actual, double tolerance, string what) =>
        Near.Equal(
            expected.detach().flatten().data<double>().ToArray(),
            actual.detach().flatten().data<double>().ToArray(),
            tolerance,
            what
        );
}
