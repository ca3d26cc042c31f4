using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.Testing;
using FsCheck.Xunit;
using static TorchSharp.torch;
using Size = FlatBias.Testing.Size;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Minibatches, and the noise of their gradients, against surfaces of one sample each.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class SampleGradientTests
{
    // At most 10 samples of some hundred roundings each, and a factor 1e3 for samples that cancel.
    private const double Agreement = 1e-11;

    [Property]
    public void BatchLossAndGradient_AnyBatch_IsTheMeanOverItsSamples(Seed seed, Size size)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, RandomNet.Every);
        int[] batch = [.. Enumerable.Range(0, size.Value + 4).Select(_ => random.Next(net.Samples))]; // often with repeats, often larger than the data
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var gradient = surface.Space.Create();
        var loss = surface.BatchLossAndGradient(theta, batch, gradient);
        var (losses, gradients) = PerSample(net);
        Near.Equal(batch.Average(i => losses[i]), loss, Agreement * Near.Scale(losses), $"{net} loss");
        for (var p = 0; p < net.Theta.Length; p++)
        {
            double[] column = [.. batch.Select(i => gradients[i][p])];
            Near.Equal(
                column.Average(),
                surface.Space.ToArray(gradient)[p],
                Agreement * Near.Scale(column),
                $"{net} gradient[{p}]"
            );
        }

        Near.Equal(
            (double)batch.Length / net.Samples,
            surface.Cost.GradientEquivalents,
            1e-15 * batch.Length,
            "gradient-equivalents"
        );
    }

    [Property]
    public void BatchLossAndGradient_AllSamplesInOrder_HasTheBitsOfTheFullGradient(Seed seed)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var full = surface.Space.Create();
        using var batch = surface.Space.Create();
        IStochasticSurface<Tensor> stochastic = surface;
        Assert.Equal(net.Samples, stochastic.Samples);
        Assert.Equal(
            surface.LossAndGradient(theta, full),
            surface.BatchLossAndGradient(theta, [.. Enumerable.Range(0, stochastic.Samples)], batch)
        );
        Assert.Equal(surface.Space.ToArray(full), surface.Space.ToArray(batch));
    }

    [Theory]
    [InlineData(new int[] { })]
    [InlineData(new[] { 0, -1 })]
    [InlineData(new[] { 0, 9 })]
    public void BatchLossAndGradient_NoSuchSample_ThrowsAndWritesNothing(int[] batch)
    {
        var net = SmallNet.All[0]; // 9 samples
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        using var gradient = surface.Space.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => surface.BatchLossAndGradient(theta, batch, gradient));
        Assert.All(surface.Space.ToArray(gradient), component => Assert.Equal(0, component));
        Near.Equal(0, surface.Cost.GradientEquivalents, 0, "gradient-equivalents");
    }

    [Property]
    public void GradientNoise_AnyNet_IsTheCovarianceOfPerSampleGradients(Seed seed, Size count)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var directions = surface.Space.CreateBlock(count.Value);
        for (var j = 0; j < count.Value; j++)
            surface.Space.FillGaussian(directions[j], new Random(seed.Value ^ j));
        var covariance = surface.GradientNoise(theta, directions);
        var (_, gradients) = PerSample(net);
        double[][] components =
        [
            .. Enumerable.Range(0, count.Value).Select(j => Along(gradients, surface.Space.ToArray(directions[j]))),
        ];
        for (var j = 0; j < count.Value; j++)
        {
            for (var k = 0; k < count.Value; k++)
            {
                var (a, b) = (components[j], components[k]);
                var expected = a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Average();
                Near.Equal(expected, covariance[j, k], Agreement * Near.Scale(a) * Near.Scale(b), $"{net} C[{j},{k}]");
            }
        }
    }

    [Property]
    public void SampleDerivatives_AnyNet_AreThoseOfOneSampleEach(Seed seed, Size count, Size chunk, LogUniform factor)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        var l = factor.Value < 1 ? 0 : factor.Value;
        using var whole = net.Surface();
        using var theta = whole.Parameters(net.Theta);
        using var directions = whole.Space.CreateBlock(count.Value);
        for (var j = 0; j < count.Value; j++)
            whole.Space.FillGaussian(directions[j], new Random(seed.Value ^ j));
        using var chunked = new NetworkSurface(
            net.Architecture,
            net.Inputs,
            net.Labels,
            ScalarType.Float64,
            CPU,
            chunk.Value
        )
        {
            L2 = l,
        };
        IStochasticSurface<Tensor> plain = new OneByOne(chunked);
        var fast = chunked.SampleDerivatives(theta, directions, count.Value);
        var slow = plain.SampleDerivatives(theta, directions, count.Value);
        Assert.Equal((net.Samples, count.Value), (fast.GetLength(0), fast.GetLength(1)));
        var (_, gradients) = PerSample(net);
        for (var j = 0; j < count.Value; j++)
        {
            var v = whole.Space.ToArray(directions[j]);
            var (components, common) = (Along(gradients, v), l * Along([net.Theta], v)[0]);
            for (var i = 0; i < net.Samples; i++)
            {
                var tolerance = Agreement * (Near.Scale(components) + Math.Abs(common) + l);
                Near.Equal(components[i] + common, fast[i, j], tolerance, $"{net} g_{i} . d_{j}");
                Near.Equal(components[i] + common, slow[i, j], tolerance, $"{net} g_{i} . d_{j}, one by one");
            }
        }
    }

    [Fact]
    public void SampleDerivatives_MoreDirectionsThanThereAre_NamesThem()
    {
        var net = SmallNet.All[0];
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        using var directions = surface.Space.CreateBlock(2);
        foreach (var count in new[] { 0, 3 })
            Assert.Throws<ArgumentOutOfRangeException>(() => surface.SampleDerivatives(theta, directions, count));
    }

    private static double[] Along(double[][] gradients, double[] v) =>
        [.. gradients.Select(g => g.Zip(v, (x, y) => x * y).Sum())];

    private static (double[] Losses, double[][] Gradients) PerSample(RandomNet net)
    {
        var (losses, gradients) = (new double[net.Samples], new double[net.Samples][]);
        for (var i = 0; i < net.Samples; i++)
        {
            using var one = net.Surface([i]);
            using var theta = one.Parameters(net.Theta);
            using var gradient = one.Space.Create();
            losses[i] = one.LossAndGradient(theta, gradient);
            gradients[i] = one.Space.ToArray(gradient);
        }

        return (losses, gradients);
    }

    /// <summary>A surface with nothing but batches: one gradient a sample.</summary>
    private sealed class OneByOne(NetworkSurface surface) : IStochasticSurface<Tensor>
    {
        public int Samples => ((IStochasticSurface<Tensor>)surface).Samples;

        public IVectorSpace<Tensor> Space => surface.Space;

        public CostLedger Cost => surface.Cost;

        public int MaximumOrder => surface.MaximumOrder;

        public double LossAndGradient(Tensor theta, Tensor gradient) => surface.LossAndGradient(theta, gradient);

        public ISurfacePoint<Tensor> At(Tensor theta) => surface.At(theta);

        public ISurface<Tensor> Batch(ReadOnlySpan<int> batch) => surface.Batch(batch);

        public double BatchLossAndGradient(Tensor theta, ReadOnlySpan<int> batch, Tensor gradient) =>
            surface.BatchLossAndGradient(theta, batch, gradient);
    }
}
