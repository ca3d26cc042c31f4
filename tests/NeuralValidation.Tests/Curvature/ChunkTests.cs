using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Full-batch quantities as sums over chunks of samples.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class ChunkTests
{
    [Property]
    public void Everything_InChunks_IsTheSameUpToRounding(Seed seed, Size chunk)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        var whole = Everything(net, null);
        var chunked = Everything(net, chunk.Value);
        // Only the order of sums over at most 10 samples differs: 10 roundoffs of the sum of their sizes, 1e-15, and a factor 1e4 for samples that cancel in the whole or in the layers before.
        foreach (var (name, values) in whole)
            Near.Equal(values, chunked[name], 1e-11 * Near.Scale(values), $"{net} in chunks of {chunk.Value}: {name}");
    }

    [Property(MaxTest = 20)]
    public void Everything_InChunksTwice_HasTheSameBits(Seed seed, Size chunk)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        var first = Everything(net, chunk.Value);
        foreach (var (name, values) in Everything(net, chunk.Value))
            Assert.Equal(first[name], values);
    }

    [Property(MaxTest = 20)]
    public void Everything_ChunkThatHoldsAll_HasTheBitsOfNone(Seed seed)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        var whole = Everything(net, null);
        foreach (var (name, values) in Everything(net, net.Samples + 5))
            Assert.Equal(whole[name], values);
    }

    [Property]
    public void Part_AnyChunk_CoversTheSamplesInOrderAndNeverMoreAtOnce(Seed seed, Size chunk)
    {
        var net = RandomNet.Draw(seed.Random(), RandomNet.Every);
        using var surface = net.Surface(chunk.Value);
        using var scope = torch.NewDisposeScope();
        var parts = Enumerable.Range(0, surface.Samples.Parts).Select(surface.Samples.Part).ToArray();
        Assert.All(parts, part => Assert.InRange(part.Inputs.shape[0], 1, chunk.Value));
        Assert.Equal(net.Inputs, parts.SelectMany(part => part.Inputs.contiguous().data<double>().ToArray()));
        Assert.Equal(net.Labels, parts.SelectMany(part => RandomNet.ClassesIn(part.Targets)));
        int[] batch = [.. Enumerable.Range(0, net.Samples).Reverse()];
        var gathered = Enumerable
            .Range(0, surface.Samples.BatchParts(batch.Length))
            .Select(i => surface.Samples.BatchPart(batch, i))
            .ToArray();
        Assert.All(gathered, part => Assert.InRange(part.Inputs.shape[0], 1, chunk.Value));
        Assert.Equal(net.Labels.Reverse(), gathered.SelectMany(part => RandomNet.ClassesIn(part.Targets)));
    }

    [Fact]
    public void HessianVector_InChunks_BooksTheGradientItRebuilds()
    {
        var net = SmallNet.All[0];
        using var surface = SmallNetworks.Surface(net, chunk: 2);
        using var theta = surface.Parameters(net.Parameters);
        using var result = surface.Space.Create();
        using var point = surface.At(theta);
        Near.Equal(1, surface.Cost.GradientEquivalents, 0, "the point itself");
        point.HessianVector(theta, result);
        Near.Equal(1 + 1 + (4 / 3.0), surface.Cost.GradientEquivalents, 1e-15, "and one product");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Constructor_ChunkBelowOne_Throws(int chunk)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            RandomNet.Draw(new Random(1), RandomNet.Smooth).Surface(chunk)
        );
        Assert.Contains("chunk", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, double[]> Everything(RandomNet net, int? chunk)
    {
        using var surface = net.Surface(chunk);
        var space = surface.Space;
        using var theta = surface.Parameters(net.Theta);
        using var v = surface.Parameters(net.Direction);
        using var x = space.Create();
        using var directions = space.CreateBlock(2);
        using var results = space.CreateBlock(2);
        space.Copy(v, directions[0]);
        space.Copy(theta, directions[1]);
        using var point = surface.At(theta);
        var all = new Dictionary<string, double[]>
        {
            ["loss"] = [surface.LossAndGradient(theta, x), point.Loss],
            ["accuracy"] = [surface.Accuracy(theta)],
        };
        all["gradient"] = [.. space.ToArray(x), .. space.ToArray(point.Gradient)];
        int[] batch = [.. Enumerable.Range(0, net.Samples).Reverse(), 0];
        all["batch"] = [surface.BatchLossAndGradient(theta, batch, x), .. space.ToArray(x)];
        point.HessianVector(v, x);
        all["H v"] = space.ToArray(x);
        point.GaussNewtonVector(v, x);
        all["G v"] = space.ToArray(x);
        point.HessianBlock(directions, results, 2);
        all["H V"] = [.. space.ToArray(results[0]), .. space.ToArray(results[1])];
        var derivatives = new double[4];
        point.DirectionalDerivatives(v, derivatives);
        all["D^k"] = derivatives;
        point.DirectionalGradient(v, 3, x);
        all["D^4[v^3, .]"] = space.ToArray(x);
        all["noise"] = surface.GradientNoise(theta, directions).ToColumnMajorArray();
        return all;
    }
}
