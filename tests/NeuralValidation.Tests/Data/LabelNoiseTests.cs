using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class LabelNoiseTests
{
    [Property]
    public void WithLabelNoise_SmallerChanceAndFewerSamples_AreKeptByTheLarger(
        int seed,
        PositiveInt count,
        PositiveInt classes,
        ushort less,
        ushort more
    )
    {
        var (n, outputs) = (count.Get, classes.Get);
        var samples = Samples(n, outputs);
        var (low, high) = (Math.Min(less, more) / 65535.0, Math.Max(less, more) / 65535.0);
        var (few, many) = (samples.WithLabelNoise(low, seed), samples.WithLabelNoise(high, seed));

        for (var i = 0; i < n; i++)
            Assert.True(few.Labels[i] == samples.Labels[i] || few.Labels[i] == many.Labels[i]);
        Assert.Equal(many.Labels[..(n / 2)], Samples(n / 2, outputs).WithLabelNoise(high, seed).Labels);
        Assert.All(many.Labels, label => Assert.InRange(label, 0, outputs - 1));
        Assert.Same(samples, samples.WithLabelNoise(0, seed));
        Assert.Same(samples.Inputs, many.Inputs);
    }

    /// <summary>A redrawn label is another one in C - 1 of C cases, so that the number of changed ones is binomial: five standard deviations either side hold it but once in two million.</summary>
    [Theory]
    [InlineData(0.2, 10)]
    [InlineData(1, 10)]
    [InlineData(0.5, 2)]
    [InlineData(1e-3, 100)]
    public void WithLabelNoise_ManySamples_ChangesTheShareThatChanceSays(double chance, int classes)
    {
        const int n = 40_000;
        var samples = Samples(n, classes);
        int[] labels = samples.WithLabelNoise(chance, 7).Labels;
        var changed = labels.Where((label, i) => label != samples.Labels[i]).Count();
        var p = chance * (classes - 1) / classes;

        Assert.InRange(changed, (n * p) - (5 * Math.Sqrt(n * p)), (n * p) + (5 * Math.Sqrt(n * p)));
        // Any class alike: the last is as likely as the others.
        var last = labels.Count(label => label == classes - 1);
        Assert.InRange(
            last,
            (n / classes) - (5 * Math.Sqrt(n / classes)),
            (n / classes) + (5 * Math.Sqrt(n / classes))
        );
    }

    [Theory]
    [InlineData(-0.1, "label-noise is -0.1; it must be a number from 0 to 1")]
    [InlineData(1.5, "label-noise is 1.5; it must be a number from 0 to 1")]
    [InlineData(double.NaN, "label-noise is NaN; it must be")]
    public void WithLabelNoise_ChanceOutOfRange_Throws(double chance, string words) =>
        Assert.Contains(
            words,
            Assert.ThrowsAny<ArgumentException>(() => Samples(3, 2).WithLabelNoise(chance, 1)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void WithLabelNoise_WithoutClasses_Throws()
    {
        var numbers = LabelledSamples.Regression([1, 2], [0, 1], [1], 1);
        var tokens = LabelledSamples.Sequences([0, 1], [1, 0], 2, 3);

        Assert.Same(numbers, numbers.WithLabelNoise(0, 1));
        Assert.Contains("targets are numbers", Message(numbers), StringComparison.Ordinal);
        Assert.Contains("targets are tokens", Message(tokens), StringComparison.Ordinal);
        static string Message(LabelledSamples samples) =>
            Assert.Throws<ArgumentException>(() => samples.WithLabelNoise(0.2, 1)).Message;
    }

    /// <summary>A run with redrawn labels is a run on the redrawn samples, bit for bit, tested on the labels as they are; so is a point of its surface.</summary>
    [Fact]
    public void Execute_LabelNoise_IsARunOnTheRedrawnSamples()
    {
        var (train, test) = FashionMnist.Load(null, 60, 20);
        var spec = new TrainingSpec
        {
            Train = 60,
            Test = 20,
            Network = NetworkChoice.FullyConnected([4], Activation.Tanh),
            StepSize = 0.1,
            Steps = 6,
            MeasureEvery = 2,
            Eigenpairs = 1,
            Observables = ["test-loss"],
            Seed = 3,
        };
        var noisy = spec with { LabelNoise = 0.5 };
        var redrawn = train.WithLabelNoise(0.5, 3);
        var run = TrainingRun.Execute(noisy, train, test);

        Assert.Equal(TrainingRun.Execute(spec, redrawn, test).End, run.End);
        Assert.NotEqual(TrainingRun.Execute(spec, train, test).End, run.End);
        using var at = NetworkAt.Of(noisy, train, run.End);
        using var on = NetworkAt.Of(spec, redrawn, run.End);
        Assert.Equal(on.Surface.Loss(on.Theta), at.Surface.Loss(at.Theta));
    }

    private static LabelledSamples Samples(int count, int classes)
    {
        var random = new Random(11);
        return new LabelledSamples(
            new float[count],
            [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))],
            1,
            classes
        );
    }
}
