using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class TaskTests
{
    [Fact]
    public void Chebyshev_DegreeFour_IsTheOraclesDataSurfaceIncluded()
    {
        var oracle = NetworkCase.All.Single(c => c.Name == "chebyshev-4-tanh");
        var train = Chebyshev.Compute(20, 0, 4, 20).Train;

        // Single precision rounds a number of size at most 1 by at most 2^-25; float64's roundings are nothing beside it.
        Assert.All(train.Inputs.Zip(oracle.Inputs), p => Assert.Equal(p.Second, p.First, Math.ScaleB(1, -25)));
        Assert.All(train.Numbers.Zip(oracle.Targets), p => Assert.Equal(p.Second, p.First, Math.ScaleB(1, -25)));

        var regression = new FullyConnectedNetwork([1, 12, 12, 1], Activation.Tanh);
        using var surface = new NetworkSurface(
            regression,
            NetworkLoss.MeanSquaredError,
            train,
            ScalarType.Float64,
            CPU
        );
        using var theta = surface.Parameters(oracle.Theta);
        using var gradient = surface.Space.Create();
        var loss = surface.LossAndGradient(theta, gradient);

        // dL = mean (o - y)(do - dy): where residuals are below 2 and outputs move by less than 0.1 from point to point, a slope below 1, that is at most 2 (1 + 1) 2^-25.
        Assert.All(oracle.Outputs.Zip(oracle.Targets), p => Assert.InRange(p.First - p.Second, -2, 2));
        Assert.All(oracle.Outputs.Zip(oracle.Outputs[1..]), p => Assert.InRange(p.First - p.Second, -0.1, 0.1));
        Assert.Equal(oracle.Loss, loss, 4 * Math.ScaleB(1, -25));
        Assert.False(surface.HasClasses);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(40)]
    public void Chebyshev_AnyDegree_ObeysTheRecurrence(int degree)
    {
        var (train, test) = Chebyshev.Compute(20, 19, degree, 20);

        Assert.Equal((-1f, 1f), (train.Inputs[0], train.Inputs[^1]));
        foreach (var part in new[] { train, test })
            for (var i = 0; i < part.Count; i++)
            {
                var x = (double)part.Inputs[i];
                var (before, value) = (1.0, x);
                for (var n = 1; n < degree; n++)
                    (before, value) = (value, (2 * x * value) - before);
                // |T_n'| is at most n^2, and x was rounded by at most 2^-25, the value as well.
                var expected = degree == 0 ? 1 : value;
                Assert.Equal(expected, part.Numbers[i], ((degree * degree) + 1) * Math.ScaleB(1, -25) + 1e-12);
            }

        // The test points are half way between; three roundings to single precision.
        for (var i = 0; i < test.Count; i++)
            Assert.Equal((train.Inputs[i] + (double)train.Inputs[i + 1]) / 2, test.Inputs[i], Math.ScaleB(1, -23));
    }

    [Fact]
    public void TwoMoons_WithoutNoise_LieOnTheirCurves()
    {
        var train = TwoMoons.Draw(500, 0, 0, 3).Train;

        for (var i = 0; i < train.Count; i++)
        {
            double x = train.Inputs[2 * i],
                y = train.Inputs[(2 * i) + 1];
            var (cosine, sine) = train.Labels[i] == 0 ? (x, y) : (1 - x, 0.5 - y);
            // Coordinates up to 2 are rounded by up to 2^-24: 2 (|c| + |s|) 2^-24, |c| + |s| at most sqrt(2).
            Assert.Equal(1, (cosine * cosine) + (sine * sine), 4 * Math.ScaleB(1, -24));
            Assert.True(sine >= -Math.ScaleB(1, -24));
        }

        Assert.Equal([0, 1], train.Labels.Distinct().Order());
    }

    [Fact]
    public void Circles_WithoutNoise_HaveTheirRadii()
    {
        var train = Circles.Draw(500, 0, 0.25, 0, 3).Train;

        for (var i = 0; i < train.Count; i++)
            // Coordinates up to 1 are rounded by up to 2^-25, which moves the radius by at most sqrt(2) of that.
            Assert.Equal(
                train.Labels[i] == 0 ? 1 : 0.25,
                Math.Sqrt(Math.Pow(train.Inputs[2 * i], 2) + Math.Pow(train.Inputs[(2 * i) + 1], 2)),
                2 * Math.ScaleB(1, -25)
            );
    }

    [Fact]
    public void Circles_Noise_HasItsDeviation()
    {
        const int count = 20_000;
        var (train, clean) = (Circles.Draw(count, 0, 0, 0.3, 3).Train, Circles.Draw(count, 0, 0, 0, 3).Train);

        // Of the same seed, so that they differ by the noise alone: the variance over 2 n squares is good to sqrt(1/n) = 0.7 %; six of that.
        var variance = train.Inputs.Zip(clean.Inputs).Average(p => Math.Pow(p.First - p.Second, 2));
        Assert.InRange(variance / 0.09, 1 - 0.043, 1 + 0.043);
    }

    [Fact]
    public void Sorting_Targets_AreTheSequencesInOrder()
    {
        var (train, test) = Sorting.Draw(50, 10, 7, 5, 2);

        Assert.Equal((50, 10, 7, 5), (train.Count, test.Count, train.Features, train.Outputs));
        Assert.All(train.Tokens.Chunk(7).Zip(train.Labels.Chunk(7)), p => Assert.Equal(p.First.Order(), p.Second));
        Assert.Equal(Enumerable.Range(0, 5), train.Tokens.Distinct().Order());
    }

    [Fact]
    public void Copying_Targets_AreTheWordAfterAsManyBlanks()
    {
        var train = Copying.Draw(50, 0, 4, 5, 2).Train;

        Assert.Equal((50, 8, 6), (train.Count, train.Features, train.Outputs));
        foreach (var (given, wanted) in train.Tokens.Chunk(8).Zip(train.Labels.Chunk(8)))
        {
            Assert.Equal([5, 5, 5, 5], given[4..]);
            Assert.Equal([5, 5, 5, 5], wanted[..4]);
            Assert.Equal(given[..4], wanted[4..]);
            Assert.DoesNotContain(5, given[..4]);
        }
    }

    [Fact]
    public void Text_Pieces_FollowEachOtherAndTargetsAreTheNextCharacters()
    {
        var (train, test) = CharacterText.Load(3, 2, 10);
        int[] all = [.. train.Tokens, .. test.Tokens];

        Assert.Equal(all[1..], ((int[])[.. train.Labels, .. test.Labels])[..^1]);
        // "Shall I compare": S, h, a, l, l by the order of their codes, letters alike having tokens alike.
        Assert.Equal(train.Tokens[3], train.Tokens[4]);
        Assert.Equal(train.Tokens[5], train.Tokens[7]);
        // Line feed, space, and those of ! ' , - . : ; ? and of 26 + 26 letters that occur.
        Assert.InRange(train.Outputs, 40, 62);
    }

    [Fact]
    public void Text_WholeText_FitsInOneSetting()
    {
        var one = CharacterText.Load(3695, 0, 1).Train;

        Assert.Equal(one.Outputs, one.Tokens.Append(one.Labels[^1]).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterText.Load(3695, 1, 1));
    }

    [Fact]
    public void NetworkSurface_CrossEntropyOfNumbers_IsRefused() =>
        Assert.Contains(
            "loss is cross-entropy, which needs classes",
            Refused(NetworkLoss.CrossEntropy, Chebyshev.Compute(5, 0, 3, 5).Train)
        );

    [Fact]
    public void NetworkSurface_LogisticOfNumbersOutsideItsRange_IsRefused() =>
        // cos of the largest angle of the grid is -1.
        Assert.Contains(
            "loss is logistic, which needs classes, or numbers from 0 to 1; these targets are numbers, such as -",
            Refused(NetworkLoss.Logistic, Chebyshev.Compute(5, 0, 3, 5).Train)
        );

    [Fact]
    public void NetworkSurface_FullyConnectedOnTokens_IsRefused() =>
        Assert.Contains(
            "takes numbers [samples, 1]; these are Int64 [5, 1]",
            Refused(NetworkLoss.MeanSquaredError, Sorting.Draw(5, 0, 1, 2, 1).Train)
        );

    private static string Refused(NetworkLoss loss, LabelledSamples samples) =>
        Assert
            .Throws<ArgumentException>(() =>
                new NetworkSurface(
                    new FullyConnectedNetwork([1, 2, 1], Activation.Tanh),
                    loss,
                    samples,
                    ScalarType.Float64,
                    CPU
                )
            )
            .Message;
}
