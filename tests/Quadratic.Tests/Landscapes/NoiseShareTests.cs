using FlatBias.Dynamics.Descent;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>
/// The contraction of imbalances along stochastic descent and its shares, eq. (3.12), against a plain loop.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class NoiseShareTests
{
    private const int Samples = 6,
        Width = 3,
        Steps = 25;

    [Property]
    public void Run_AnyBatches_AddsUpTheLogarithmsOfTheFactorsOfAPlainLoop(
        Seed seed,
        Size size,
        LogUniform step,
        bool replacement
    )
    {
        var (network, start, stepSize) = Instance(seed, step);
        BatchSampler Sampler() => new(Samples, 1 + (size.Value % Samples), seed.Value, replacement);
        double[] theta = [.. start],
            gradient = new double[2 * Width],
            slopes = new double[Width],
            full = new double[Width],
            end = [.. start];
        var (series, result) = NoiseShare.Run(network, end, stepSize, Steps, Sampler());
        Assert.Equal((StopReason.StepLimit, Steps), (result.Reason, result.Steps));
        Assert.Equal(Enumerable.Range(0, Steps + 1).Select(t => (double)t), series["step"]);
        var (contraction, part, sampler) = (0.0, 0.0, Sampler());
        for (var t = 0; t <= Steps; t++)
        {
            Assert.Equal(network.Loss(theta), series["loss"][t]);
            Near.Equal(
                Enumerable.Range(0, Width).Sum(i => Math.Abs(Contraction.Imbalance(theta, i))),
                series["imbalance"][t],
                16 * Near.Roundoff * Width * Math.Pow(Near.Scale(theta), 2),
                $"imbalance at {t}"
            );
            // The same numbers in the same order.
            Assert.Equal((contraction, part), (series["contraction"][t], series["contraction_full"][t]));
            if (t == Steps)
                break;
            var batch = sampler.At(t);
            network.EffectiveSlopes(theta, batch, slopes);
            network.EffectiveSlopes(theta, full);
            network.BatchGradient(theta, batch, gradient);
            for (var i = 0; i < theta.Length; i++)
                theta[i] -= stepSize * gradient[i];
            for (var i = 0; i < Width; i++)
            {
                contraction += Math.Log(Math.Abs(1 - (stepSize * stepSize * slopes[i] * slopes[i])));
                part += Math.Log(Math.Abs(1 - (stepSize * stepSize * full[i] * full[i])));
            }
        }

        Assert.Equal(theta, end);
        // A dozen operations a side, as in the report's claim.
        Assert.InRange(series["identity_error"][^1], 0, 64);
    }

    [Property]
    public void Run_FullBatch_LeavesNothingToNoise(Seed seed, LogUniform step)
    {
        var (network, start, stepSize) = Instance(seed, step);
        var (series, _) = NoiseShare.Run(
            network,
            start,
            stepSize,
            Steps,
            new BatchSampler(Samples, Samples, seed.Value)
        );
        // Both sum the same samples in their own order: slopes differ by n u, their squares by 2 n u times |eta z'|^2,
        // below 1 here, over 1 - |eta z'|^2, which is above 1/2.
        Near.Equal(
            series["contraction"][^1],
            series["contraction_full"][^1],
            16 * Samples * Near.Roundoff * Width * Steps,
            "contraction"
        );
    }

    [Fact]
    public void Run_CancelledOrDiverging_EndsWithTheRowOfThatPoint()
    {
        var (network, start, _) = Instance(new Seed(1), new LogUniform(0.5));
        using var source = new CancellationTokenSource();
        var (rows, cancelled) = NoiseShare.Run(
            network,
            [.. start],
            0.05,
            100,
            new BatchSampler(Samples, 2, 1),
            t =>
            {
                if (t == 4)
                    source.Cancel();
            },
            source.Token
        );
        Assert.Equal((StopReason.Cancelled, 5, 6), (cancelled.Reason, cancelled.Steps, rows.Rows));
        var (series, diverged) = NoiseShare.Run(
            network,
            [.. start.Select(x => 10 * x)],
            10,
            100,
            new BatchSampler(Samples, 2, 1),
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal(StopReason.Diverged, diverged.Reason);
        Assert.Equal(diverged.Steps + 1, series.Rows);
    }

    [Fact]
    public void Run_WrongArguments_NameThem()
    {
        var (network, start, _) = Instance(new Seed(1), new LogUniform(0.5));
        BatchSampler sampler = new(Samples, 2, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseShare.Run(network, start, 0, 10, sampler));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseShare.Run(network, start, 0.1, -1, sampler));
        Assert.Throws<ArgumentException>(() => NoiseShare.Run(network, [1, 2], 0.1, 10, sampler));
    }

    private static (DiagonalRegression Network, double[] Start, double StepSize) Instance(Seed seed, LogUniform step)
    {
        var random = seed.Random();
        return (
            RandomLandscapes.Regression(random, Samples, Width),
            RandomLandscapes.Vector(random, 2 * Width, 1),
            step.In(1e-12, 0.02)
        );
    }
}
