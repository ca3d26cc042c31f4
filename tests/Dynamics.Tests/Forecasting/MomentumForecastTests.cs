using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>Heavy-ball descent on the model (4.26) against the rule itself on a valley that the model is.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class MomentumForecastTests
{
    private const int Steps = 8;
    private static readonly CollocationOptions Line = new(Columns: int.MaxValue, Knots: false);

    // As in StochasticForecastTests.
    private const double OfTheModel = 64 * 2 * 120 * 4 * 12 * Near.Roundoff;

    [Property]
    public void Predict_ValleyWithinTheDegree_IsTheRuleItself(Seed seed, Size size, Real decay)
    {
        var b = decay.In(0, 0.95);
        var (surface, stepSize) = Instance(seed, size, b);
        var n = surface.Space.Dimension;
        double[] momentum = Draw.Vector(seed.Random(), n, 0.01),
            theta = new double[n],
            gradient = new double[n];
        var forecast = MomentumForecast.Predict(surface, theta, Axis(n), momentum, b, n, stepSize, Steps, Line);
        using var rule = new Momentum<double[]>(surface.Space, b);
        rule.Apply(0, [.. momentum], theta);
        for (var t = 0; t <= Steps; t++)
        {
            if (!(Math.Abs(theta[0]) < 1) || !(Math.Abs(forecast.Displacement[t]) < 1))
                break;
            // A step multiplies what theta and the momentum differ by by at most 1 + b + eta |H|, below 8 with eta |H|
            // of 2.05 (1 + b) and the couplings' share.
            var tolerance = 10 * OfTheModel * Math.Pow(8, t);
            Near.Equal(theta[0], forecast.Displacement[t], tolerance, $"u at {t}");
            Near.Equal(surface.Loss(theta), forecast.Loss[t], tolerance, $"L at {t}");
            Near.Equal(
                SymmetricMatrices.Eigen(surface.Hessian(theta)).Values[0],
                forecast.Sharpness[t],
                10 * tolerance,
                $"S at {t}"
            );
            surface.LossAndGradient(theta, gradient);
            rule.Apply(stepSize, gradient, theta);
        }
    }

    [Property]
    public void Predict_WithoutMomentum_IsGradientDescentOnTheJet(Seed seed, Size size)
    {
        var (surface, stepSize) = Instance(seed, size, 0);
        var n = surface.Space.Dimension;
        var forecast = MomentumForecast.Predict(
            surface,
            new double[n],
            Axis(n),
            new double[n],
            0,
            n,
            stepSize,
            Steps,
            Line
        );
        var (jet, _) = Jets.Jets.Along(surface, new double[n], Axis(n), stepSize, Steps, Line, gap: 1);
        var expected = new MemoryTheory(6, cubic: true).Predict(jet, stepSize, Steps);
        for (var t = 0; t <= Steps; t++)
        {
            if (!(Math.Abs(expected.Displacement[t]) < 1))
                break;
            // The same arithmetic in another order: some dozen roundings a step, amplified as above.
            var tolerance = 1e3 * n * Near.Roundoff * Math.Pow(8, t);
            Near.Equal(expected.Displacement[t], forecast.Displacement[t], tolerance, $"u at {t}");
            Near.Equal(expected.Sharpness[t], forecast.Sharpness[t], 10 * tolerance, $"S at {t}");
        }
    }

    [Fact]
    public void Predict_CubicThatEndsThePath_GoesWithoutIt()
    {
        // A floor of one dimension that falls as -f^3, towards which the momentum runs: lost with the knots' cubic.
        var jet = RandomJets.Draw(new Random(1), 6, 1, 0.01);
        jet.Moments[0] = 0.02;
        var krylov = new KrylovJet(
            new double[,]
            {
                { 0.1 },
            },
            jet.Krylov!.Gradients,
            [0]
        )
        {
            Coupling = new double[1, 1],
            Bending = new double[1, 1],
            Cubic = [-2],
        };
        var surface = new ModelSurface(LocalModel.Whole(jet with { Krylov = krylov }));
        Forecast Predict(bool knots) =>
            MomentumForecast.Predict(
                surface,
                new double[2],
                Axis(2),
                [0, -1],
                0.9,
                2,
                0.5,
                60,
                Line with
                {
                    Knots = knots,
                }
            );
        var (with, without) = (Predict(true), Predict(false));
        Assert.True(double.IsFinite(without.Displacement[^1]));
        Assert.Equal(without.Displacement, with.Displacement);
        Assert.Equal(without.Sharpness, with.Sharpness);
    }

    [Fact]
    public void Predict_StepFarTooLarge_IsNoNumber()
    {
        var (surface, stepSize) = Instance(new Seed(3), new Size(3), 0.5);
        var n = surface.Space.Dimension;
        var forecast = MomentumForecast.Predict(
            surface,
            new double[n],
            Axis(n),
            new double[n],
            0.5,
            n,
            1e4 * stepSize,
            40,
            Line
        );
        Assert.False(double.IsFinite(forecast.Sharpness[^1]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(-0.1, 1)]
    [InlineData(0.5, 0)]
    public void Predict_BadInput_Throws(double decay, int krylov)
    {
        var (surface, stepSize) = Instance(new Seed(3), new Size(3), 0);
        var n = surface.Space.Dimension;
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            MomentumForecast.Predict(surface, new double[n], Axis(n), new double[n], decay, krylov, stepSize, 3, Line)
        );
    }

    private static (ModelSurface Surface, double StepSize) Instance(Seed seed, Size size, double decay)
    {
        var random = seed.Random();
        var jet = RandomJets.Draw(random, 6, size.Value, 0.3);
        jet.Moments[0] = 0.02 * (1 + random.NextDouble());
        var valley = LocalModel.Whole(RandomJets.Collocated(random, jet, 0.3, knots: false));
        return (new ModelSurface(valley), 2.05 * (1 + decay) / jet.Sharpness);
    }

    private static double[] Axis(int n) => [1, .. new double[n - 1]];
}
