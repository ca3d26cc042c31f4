using System.Text.Json;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>Loss spikes of RMSProp and Adam on a parabola, (7.14): stages against 60 digits, the forecast against runs and the dilogarithm.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class AdaptiveSpikeTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Reference().GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void StagesAndForecast_SixtyDigits_Agree(int index)
    {
        // Fixtures/adaptive-spikes.json: (7.1) written anew in decimal arithmetic, no square underflows there.
        var spike = Reference()[index];
        double b1 = spike.GetProperty("momentum").GetDouble(),
            b2 = spike.GetProperty("second_decay").GetDouble();
        var corrected = spike.GetProperty("bias_correction").GetBoolean();
        var stages = Stages(
            Rule(b1, b2, corrected),
            1,
            spike.GetProperty("step_size").GetDouble(),
            1,
            spike.GetProperty("steps").GetInt32()
        );
        Assert.Equal(
            spike.GetProperty("stages").Deserialize<int[]>()!,
            new[] { stages.Decoupled, stages.Unstable, stages.Growing, stages.Spike, stages.Over }
        );
        // The correction of the moments is still to go.
        var bias = corrected ? Math.Sqrt(1 - Math.Pow(b2, stages.Decoupled)) : 1;
        var forecast = AdaptiveSpike.Forecast(
            spike.GetProperty("effective").GetDouble() / bias,
            spike.GetProperty("ratio").GetDouble() / bias,
            b1,
            b2
        );
        Check(forecast, stages, b2);
    }

    [Property]
    public void Forecast_AnyScale_IsTheStepOfTheSpike(LogUniform sharpness, LogUniform start, Real decay, Real step)
    {
        // RMSProp does not know the scale of the loss, and that of the parameters by eta alone.
        var b2 = decay.In(0.9, 0.97);
        var stepSize = start.Value * step.In(0.005, 0.02);
        var (gradient, divisor, stability) = Run(Rule(0, b2, false), sharpness.Value, stepSize, start.Value, 1200);
        var stages = SpikeStages.Find(gradient, divisor, stability);
        Assert.True(stages.Over < gradient.Length, "no spike");
        var forecast = AdaptiveSpike.Forecast(
            2 * stability[stages.Decoupled],
            gradient[stages.Decoupled] / divisor[stages.Decoupled],
            0,
            b2
        );
        // The multiplier 1 - s passes 0, and the step that comes nearest to it counts ln |1 - s| where the integral has
        // ln(h / 2) - 1, the mean over a step of h about 0; growth makes up for the difference later on.
        var h = -Math.Log(b2) / 2;
        var nearest = Enumerable
            .Range(stages.Decoupled, stages.Spike - stages.Decoupled)
            .Min(i => Math.Abs(1 - (2 * stability[i])));
        var growth = Math.Log((2 * stability[stages.Unstable + ((stages.Spike - stages.Unstable) / 2)]) - 1);
        Check(forecast, stages, b2, Math.Abs(Math.Log(2 * nearest / h) + 1) / growth);
    }

    [Property]
    public void Forecast_WithoutMomentum_FollowsTheDilogarithm(Real decay, Real from, Real below)
    {
        double b2 = decay.In(0.5, 0.9999),
            fall = -Math.Log(b2) / 2,
            s0 = from.In(0.01, 0.9),
            ratio = Math.Exp(-below.In(1, 9));
        // ln|1 - s| / s is the derivative of - Re Li2; |g| / r is least where |1 - s| = sqrt b2, past 1.
        var least = 1 + Math.Exp(-fall);
        var integral = Dilogarithm(s0) - Dilogarithm(least);
        var expected = Math.Log(ratio) + (integral / fall) + Math.Log(least / s0);
        var forecast = AdaptiveSpike.Forecast(s0, ratio, 0, b2);
        // Where it begins past the least, or never falls, that is the start. Midpoints
        // of a mesh of 1e-4 in ln s that has a node at s = 1 take the logarithm to ln 2 of that, over the fall of a step.
        Near.Equal(Math.Min(expected, Math.Log(ratio)), forecast.Depth, (2e-4 / fall) + 1e-3, "depth");
        Near.Equal(Math.Log(2 / s0) / fall, forecast.Edge, 1e-9 * forecast.Edge, "edge");
        // At the spike what was lost is regained.
        var there = s0 * Math.Exp(fall * forecast.Spike);
        var regained = Math.Log(ratio) + ((Dilogarithm(s0) - Dilogarithm(there)) / fall) + Math.Log(there / s0);
        Near.Equal(0, regained, ((2e-4 / fall) + 1e-3) * (1 + Math.Log(there)), "|g| / r at the spike");
    }

    [Fact]
    public void Forecast_OutsideItsRange_NamesIt()
    {
        foreach (
            var (make, words) in new (Action Make, string Words)[]
            {
                (() => AdaptiveSpike.Forecast(0, 0.1, 0, 0.9), "effective is 0"),
                (() => AdaptiveSpike.Forecast(double.NaN, 0.1, 0, 0.9), "effective is NaN"),
                (() => AdaptiveSpike.Forecast(0.1, 1, 0, 0.9), "ratio is 1; it must be below 1"),
                (() => AdaptiveSpike.Forecast(0.1, 0, 0, 0.9), "ratio is 0"),
                (() => AdaptiveSpike.Forecast(0.1, 0.1, 1, 0.9), "momentum is 1"),
                (() => AdaptiveSpike.Forecast(0.1, 0.1, 0, 0), "second-decay is 0"),
            }
        )
            Assert.Contains(words, Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The squared gradients that still enter are at most a hundredth of v, so that r is off by half of that at most and
    /// falls to the same value 0.005 over its fall a step later. A step is a step, and the sum over steps of a
    /// logarithm that passes 0 differs from its integral by a unit or two, which growth by a factor of e or so a step
    /// makes up.
    /// </summary>
    private static void Check(AdaptiveSpike forecast, SpikeStages stages, double b2, double passage = 0)
    {
        var tolerance = 3 + (0.005 / (-Math.Log(b2) / 2));
        Near.Equal(stages.Unstable - stages.Decoupled, forecast.Edge, tolerance, "steps to the edge");
        Near.Equal(stages.Spike - stages.Decoupled, forecast.Spike, tolerance + passage, "steps to the spike");
    }

    private static OptimiserSpec Rule(double b1, double b2, bool corrected) =>
        (
            b1 == 0
                ? OptimiserSpec.Of("rmsprop")
                : OptimiserSpec
                    .Of("adam")
                    .With("momentum", b1)
                    .With("bias-correction", corrected ? Parameter.On : Parameter.Off)
        )
            .With("second-decay", b2)
            .With("epsilon", 0);

    private static SpikeStages Stages(OptimiserSpec spec, double sharpness, double stepSize, double start, int steps)
    {
        var (gradient, divisor, stability) = Run(spec, sharpness, stepSize, start, steps);
        return SpikeStages.Find(gradient, divisor, stability);
    }

    private static (double[] Gradient, double[] Divisor, double[] Stability) Run(
        OptimiserSpec spec,
        double sharpness,
        double stepSize,
        double start,
        int steps
    )
    {
        var bowl = QuadraticBowl.WithSpectrum([sharpness]);
        using var rule = spec.Create(bowl.Space);
        double[] gradient = new double[steps + 1],
            divisor = new double[steps + 1],
            stability = new double[steps + 1],
            root = new double[1];
        DescentLoop.Run(
            bowl,
            rule,
            stepSize,
            new DescentLimits(steps, GradientTolerance: double.NegativeInfinity),
            [start],
            [
                new(
                    1,
                    state =>
                    {
                        gradient[state.Step] = Math.Abs(sharpness * state.Theta[0]);
                        divisor[state.Step] = rule.TryPrecondition(root) ? 1 / root[0] / root[0] : double.NaN;
                        stability[state.Step] = stepSize * sharpness / divisor[state.Step] / rule.Edge;
                    }
                ),
            ]
        );
        return (gradient, divisor, stability);
    }

    /// <summary>Re Li2 by its series and its reflections: sum x^k / k^2 for |x| at most 1/2.</summary>
    private static double Dilogarithm(double x) =>
        x > 1 ? (Math.PI * Math.PI / 3) - (Math.Log(x) * Math.Log(x) / 2) - Dilogarithm(1 / x)
        : x == 1 ? Math.PI * Math.PI / 6
        : x > 0.5 ? (Math.PI * Math.PI / 6) - (Math.Log(x) * Math.Log(1 - x)) - Dilogarithm(1 - x)
        : Enumerable.Range(1, 60).Sum(k => Math.Pow(x, k) / k / k);

    private static JsonElement Reference()
    {
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream("adaptive-spikes.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.GetProperty("cases").Clone();
    }
}
