using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>Forecasts of stochastic descent (4.19) where they must be exact, and the noise that they run on.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class StochasticForecastTests
{
    private const int Steps = 8,
        Samples = 12;
    private static readonly CollocationOptions Line = new(Columns: int.MaxValue, Knots: false);

    // The model is the valley to this (CollocationJetTests); a step at eta S of 2.05 multiplies what a step before
    // differed by by at most 1 + 2.05 and the couplings' share, below 4.
    private const double OfTheModel = 64 * 2 * 120 * 4 * 12 * Near.Roundoff;

    [Property]
    public void Draw_ValleyWithinTheDegree_IsStochasticDescentItself(Seed seed, Size size, bool replacement)
    {
        var (surface, stepSize) = Instance(seed, size, 1e-3);
        var theta = new double[surface.Space.Dimension];
        using var reference = new ReferencePoint<double[]>(surface.Space, theta);
        reference.Direction[0] = 1;
        var (jet, noise) = Measure(surface, stepSize);
        var options = new StochasticOptions(new BatchPlan(5, seed.Value, replacement), 3);
        // The forecast of the very batches that the runs draw.
        var same = options with
        {
            Batch = options.OfRun(-options.Draws),
        };
        var cadence = new RunCadence(Steps, 1e-10, 1);
        var runs = StochasticRuns.Make(surface, reference, options, stepSize, cadence, null, default);
        var forecast = StochasticForecast.Draw(jet, noise, same, stepSize, Steps);
        for (var draw = 0; draw < options.Draws; draw++)
        for (var t = 0; t <= Steps; t++)
        {
            if (!(Math.Abs(runs.Displacement[draw][t]) < 1))
                break;
            var tolerance = 10 * OfTheModel * Math.Pow(4, t);
            Near.Equal(runs.Displacement[draw][t], forecast.Displacement[draw][t], tolerance, $"u at {t}");
            Near.Equal(runs.Sharpness[draw][t], forecast.Sharpness[draw][t], tolerance + 1e-9, $"S at {t}");
            Near.Equal(runs.Loss[draw][t], forecast.Loss[draw][t], tolerance, $"L at {t}");
        }
    }

    [Property]
    public void Draw_AllSamplesInEachBatch_IsTheDeterministicForecast(Seed seed, Size size)
    {
        var (surface, stepSize) = Instance(seed, size, 0.3);
        var (jet, noise) = Measure(surface, stepSize);
        var options = new StochasticOptions(new BatchPlan(Samples, seed.Value), 2);
        var forecast = StochasticForecast.Draw(jet, noise, options, stepSize, Steps);
        var expected = new MemoryTheory(6, cubic: true).Predict(jet with { Gap = 1 }, stepSize, Steps);
        // The noise of all samples is the rounding of their mean, a dozen terms of up to 1 twice over.
        for (var t = 0; t <= Steps; t++)
        {
            if (!(Math.Abs(expected.Displacement[t]) < 1))
                break;
            var tolerance = 1e3 * Samples * Near.Roundoff * Math.Pow(4, t);
            Near.Equal(expected.Displacement[t], forecast.Displacement[1][t], tolerance, $"u at {t}");
            Near.Equal(expected.Sharpness[t], forecast.Sharpness[1][t], 10 * tolerance, $"S at {t}");
            Near.Equal(expected.Loss[t], forecast.Loss[1][t], tolerance, $"L at {t}");
        }
    }

    [Property]
    public void Measure_AnyScale_IsWhatTheSamplesAddAtAndBetweenTheNodes(Seed seed, Size size, LogUniform range)
    {
        var scale = range.In(1e-12, 1e12);
        var random = seed.Random();
        var valley = new ModelSurface(Valley(random, 1 + size.Value));
        var surface = new SampledValley(valley, random, Samples, scale);
        var n = surface.Space.Dimension;
        var swing = new Swing(-0.3 * (1 + random.NextDouble()), 0.3 * (1 + random.NextDouble()), 0);
        using var basis = surface.Space.CreateBlock(n);
        for (var i = 1; i < n; i++)
            basis[i - 1][i] = 1;
        var noise = SampleNoise.Measure(surface, new double[n], Axis(n), basis, n - 1, swing);
        Assert.Equal((Samples, n), (noise.Samples, noise.Dimension));
        var found = new double[n];
        int[] batch = [random.Next(Samples), random.Next(Samples), random.Next(Samples)];
        foreach (
            var u in new[] { swing.Low, 0, swing.High, swing.Low / 3, swing.High / 2, 2 * swing.High, 3 * swing.Low }
        )
        {
            noise.Mean(batch, u, found);
            // Beyond the swing it is that of the nearer end.
            var inside = Math.Clamp(u, swing.Low, swing.High);
            for (var j = 0; j < n; j++)
            {
                var expected = batch.Average(i => surface.Noise(i, inside)[j]);
                // The valley's own gradient, below 10, is part of each derivative; weights are at most 1 + 1/2 + 1/2.
                Near.Equal(
                    expected,
                    found[j],
                    100 * Samples * Near.Roundoff * (10 + (4 * scale)),
                    $"noise[{j}] at {u}"
                );
            }
        }

        var variance = Enumerable.Range(0, Samples).Average(i => Math.Pow(surface.Noise(i, 0)[0], 2));
        Near.Equal(variance, noise.Variance, 100 * Samples * Near.Roundoff * (10 + (4 * scale)) * scale, "C_vv");
    }

    [Property]
    public void Mean_BatchesOfAnEpoch_AddUpToNothing(Seed seed, Size size)
    {
        var (surface, stepSize) = Instance(seed, size, 1);
        var (_, noise) = Measure(surface, stepSize);
        var sampler = new BatchPlan(3, seed.Value).Sampler(Samples);
        double[] sum = new double[noise.Dimension],
            push = new double[noise.Dimension];
        for (var t = 0; t < Samples / 3; t++)
        {
            noise.Mean(sampler.At(t), 1e-3, push);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += push[i];
        }

        Near.Equal(new double[sum.Length], sum, 100 * Samples * Near.Roundoff * 14, "sum");
    }

    [Property]
    public void Draw_SameSeed_HasTheSameBitsAndAnotherNot(Seed seed, Size size)
    {
        var (surface, stepSize) = Instance(seed, size, 0.1);
        var (jet, noise) = Measure(surface, stepSize);
        foreach (var kind in Enum.GetValues<BatchNoise>())
        {
            var options = new StochasticOptions(new BatchPlan(2, seed.Value), 4, kind);
            StochasticPaths Draw(StochasticOptions of) => StochasticForecast.Draw(jet, noise, of, stepSize, Steps);
            var first = Draw(options);
            Assert.Equal(first.Sharpness, Draw(options).Sharpness);
            Assert.Equal(first.Loss, Draw(options).Loss);
            // Forecasts are of other batches than runs, and than each other.
            Assert.Equal(
                8,
                Enumerable
                    .Range(0, 4)
                    .SelectMany(i => new[] { options.OfRun(i).Seed, options.OfForecast(i).Seed })
                    .Distinct()
                    .Count()
            );
            Assert.NotEqual(
                first.Displacement[0],
                Draw(options with { Batch = options.Batch with { Seed = unchecked(seed.Value + 100) } }).Displacement[0]
            );
        }
    }

    [Property]
    public void Draw_SmallNoise_SpreadsByTheRootOfTheBatch(Seed seed, Size size)
    {
        // Of small noise a path is a linear function; the same normal numbers with a quarter of the variance.
        const double range = 1e-6;
        var (surface, stepSize) = Instance(seed, size, range);
        var (jet, noise) = Measure(surface, stepSize);
        StochasticBand Band(int batch) =>
            StochasticBand.Of(
                StochasticForecast
                    .Draw(
                        jet,
                        noise,
                        new StochasticOptions(
                            new BatchPlan(batch, seed.Value, Replacement: true),
                            9,
                            BatchNoise.Gaussian
                        ),
                        stepSize,
                        Steps
                    )
                    .Displacement
            );
        StochasticBand one = Band(1),
            four = Band(4);
        for (var t = 1; t <= Steps; t++)
        {
            if (!(Math.Abs(one.Mean[t]) < 0.3))
                break;
            var width = one.Upper[t] - one.Lower[t];
            Assert.True(width > 0);
            // What is left out is of second order in the noise, amplified as above with second derivatives below 10.
            Near.Equal(
                width / 2,
                four.Upper[t] - four.Lower[t],
                Math.Pow(4, 2 * t) * 100 * range * range,
                $"width at {t}"
            );
        }
    }

    [Fact]
    public void Gaussian_ManyDraws_HaveTheCovarianceOfTheSamples()
    {
        var (surface, stepSize) = Instance(new Seed(4), new Size(3), 1);
        var (_, noise) = Measure(surface, stepSize);
        const int draws = 20_000;
        const double variance = 0.25;
        var (n, random) = (noise.Dimension, new Random(1));
        var (sum, push) = (new double[n, n], new double[n]);
        for (var k = 0; k < draws; k++)
        {
            noise.Gaussian(random, variance, push);
            for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                sum[i, j] += push[i] * push[j] / draws;
        }

        var one = new double[n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
        {
            var expected = Enumerable.Range(0, Samples).Average(s => Noise(s)[i] * Noise(s)[j]) * variance;
            // A product of normal numbers has a variance of at most twice C_ii C_jj; six standard errors.
            var size = Math.Sqrt(Covariance(i) * Covariance(j)) * variance;
            Near.Equal(expected, sum[i, j], 6 * Math.Sqrt(2.0 / draws) * size, $"C[{i},{j}]");
        }

        double Covariance(int i) => Enumerable.Range(0, Samples).Average(s => Noise(s)[i] * Noise(s)[i]);
        double[] Noise(int sample)
        {
            noise.Mean([sample], 0, one);
            return [.. one];
        }
    }

    [Fact]
    public void Draw_StepFarTooLarge_IsLostAndSaidSo()
    {
        var (surface, stepSize) = Instance(new Seed(4), new Size(3), 0.1);
        var (jet, noise) = Measure(surface, stepSize);
        var paths = StochasticForecast.Draw(jet, noise, new StochasticOptions(new BatchPlan(2), 5), 1e6, Steps);
        Assert.Equal(5, paths.Lost);
        Assert.Empty(paths.Gaps(1e6));
        Assert.All(paths.Sharpness, series => Assert.True(double.IsFinite(series[0]) && double.IsNaN(series[^1])));
        Assert.True(double.IsNaN(StochasticBand.Of(paths.Loss).Mean[^1]));
    }

    [Fact]
    public void Draw_BadInput_NamesIt()
    {
        var (surface, stepSize) = Instance(new Seed(4), new Size(3), 0.1);
        var (jet, noise) = Measure(surface, stepSize);
        void Says(string words, StochasticOptions options, int steps = 3, double eta = 0.5) =>
            Assert.Contains(
                words,
                Assert
                    .ThrowsAny<ArgumentException>(() => StochasticForecast.Draw(jet, noise, options, eta, steps))
                    .Message,
                StringComparison.Ordinal
            );
        Says("batch-size is 13; it must be a whole number from 1 to 12", new(new BatchPlan(13)));
        Says("batch-size is 0", new(new BatchPlan(0)));
        Says("draws is 1; it must be a whole number from 2 to 1000", new(new BatchPlan(2), 1));
        Says("draws is 1001", new(new BatchPlan(2), 1001));
        Says("noise is 7", new(new BatchPlan(2), 2, (BatchNoise)7));
        Says("steps is 0", new(new BatchPlan(2)), steps: 0);
        Says("stepSize is 0", new(new BatchPlan(2)), eta: 0);
        using var basis = surface.Space.CreateBlock(1);
        var narrow = SampleNoise.Measure(
            surface,
            new double[surface.Space.Dimension],
            Axis(surface.Space.Dimension),
            basis,
            1,
            null
        );
        Assert.Throws<ArgumentException>(() =>
            StochasticForecast.Draw(jet, narrow, new(new BatchPlan(2)), stepSize, 3)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => noise.Mean([], 0, new double[noise.Dimension]));
    }

    private static (SampledValley Surface, double StepSize) Instance(Seed seed, Size size, double range)
    {
        var random = seed.Random();
        var valley = Valley(random, 1 + size.Value);
        return (
            new SampledValley(new ModelSurface(valley), random, Samples, range),
            2.05 / valley.MomentAt(2, new double[valley.Dimension])
        );
    }

    private static (Jet Jet, SampleNoise Noise) Measure(SampledValley surface, double stepSize)
    {
        var theta = new double[surface.Space.Dimension];
        using var basis = Jet.Basis(surface.Space, theta.Length)!;
        using var point = surface.At(theta);
        var jet = CollocationJet.Along(surface, theta, point, Axis(theta.Length), basis, stepSize, Steps, Line, gap: 1);
        return (jet, SampleNoise.Measure(surface, theta, Axis(theta.Length), basis, jet.Krylov!.Dimension, jet.Swing));
    }

    private static LocalModel Valley(Random random, int dimension)
    {
        var jet = RandomJets.Draw(random, 6, dimension - 1, 0.3);
        jet.Moments[0] = 0.02 * (1 + random.NextDouble());
        return LocalModel.Whole(RandomJets.Collocated(random, jet, 0.3, knots: false));
    }

    private static double[] Axis(int n) => [1, .. new double[n - 1]];
}
