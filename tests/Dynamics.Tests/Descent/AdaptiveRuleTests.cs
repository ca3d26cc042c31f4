using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Descent;

/// <summary>Adaptive rules where squares leave the range of float64, and where nothing but 0 divides, eq.
/// (7.4).</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class AdaptiveRuleTests
{
    private const int Steps = 8;

    public static TheoryData<string> Adaptive => ["rmsprop", "adam", "amsgrad", "clipped-ada", "max-ada"];

    [Property]
    public void Apply_GradientsAtAnyScale_StepsAsAtScaleOne(Seed seed, LogUniform scale, Real momentum, Real decay)
    {
        // Powers of two change no digit of a gradient; 2^950 is 1e286.
        var power = (int)Math.Round(950 * Math.Log10(scale.Value) / 3);
        var (b1, b2) = (momentum.In(0, 0.9), decay.In(0.5, 0.99));
        var gradients = Gradients(seed.Random());
        foreach (var spec in RuleSteps.ScaleFree(b1, b2))
        {
            var expected = RuleSteps.Textbook(spec, gradients);
            var actual = Apply(spec, [.. gradients.Select(g => g.Select(x => Math.ScaleB(x, power)).ToArray())]);
            for (var t = 0; t < Steps; t++)
                Near.Equal(
                    expected[t],
                    actual[t],
                    RuleSteps.Tolerance(b1, b2, Steps, Near.Roundoff),
                    $"{spec.Name} at 2^{power}, step {t}"
                );
        }
    }

    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Apply_NoGradientWithoutEpsilon_StaysWhereItIs(string name)
    {
        var steps = Apply(
            OptimiserSpec.Of(name).With("epsilon", 0),
            [
                [0, 1],
                [0, -2],
                [0, 3],
            ]
        );
        Assert.All(steps, step => Assert.Equal(0, step[0]));
        Assert.All(steps, step => Assert.True(double.IsFinite(step[1]) && step[1] != 0));
    }

    [Theory]
    [InlineData(1e-170, 8)]
    [InlineData(1e-300, 8)]
    [InlineData(1e154, 8)]
    [InlineData(1e200, 8)]
    [InlineData(1e307, 8)]
    // Below 2.2e-308 the spacing is 2^-1074: (1 - b1) g and sqrt(1 - b2) g, here a tenth of g, are off by half of that,
    // 2.5e-324 / 1e-311 = 2^-42 each.
    [InlineData(1e-310, 1 << 13)]
    public void Apply_FirstAdamStep_IsTheStepSizeAtAnyScale(double gradient, double roundoffs)
    {
        // mhat = g and vhat = g^2: b1 and b2 in, b1 and b2 out, eight roundings.
        var step = Apply(
            OptimiserSpec.Of("adam").With("epsilon", 0),
            [
                [gradient, -gradient],
            ]
        )[0];
        Near.Equal([-1, 1], step, roundoffs * Near.Roundoff, "step");
    }

    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Apply_SmallestNumbers_NeverStepWithoutBound(string name)
    {
        // Neither root nor mean holds more than a bit here: the step is 0 or off by a small factor from one of size 1,
        // or for the max rule g / c = 5e-324.
        var gradients = Enumerable.Repeat(new[] { double.Epsilon, 3 * double.Epsilon }, 20).ToArray();
        foreach (var step in Apply(OptimiserSpec.Of(name).With("epsilon", 0), gradients))
            Assert.All(step, x => Assert.InRange(x, -10, 0));
    }

    [Fact]
    public void Apply_NoMemoryOfSquares_DividesByTheGradientItself()
    {
        // b2 = 0: v = g^2 and a step is m / |g|; where g is 0 there is nothing to divide by, and no step.
        var rule = OptimiserSpec
            .Of("adam")
            .With("momentum", 0.5)
            .With("second-decay", 0)
            .With("epsilon", 0)
            .With("bias-correction", Parameter.Off);
        var steps = Apply(
            rule,
            [
                [2, 1e-200],
                [-4, 0],
                [0, 1e200],
            ]
        );
        // m = 1, -1.5 for the first component; 5e-201, then m = 5e199 beside 1e200 for the second. Five roundings.
        Near.Equal([-0.5, -0.5], steps[0], 5 * Near.Roundoff);
        Near.Equal([0.375, 0], steps[1], 5 * Near.Roundoff);
        Near.Equal([0, -0.5], steps[2], 5 * Near.Roundoff);
    }

    [Theory]
    [InlineData("clipped-ada", double.Epsilon, -1.0)]
    [InlineData("clipped-ada", double.MaxValue, -1.0)]
    [InlineData("max-ada", double.Epsilon, -1.0)]
    [InlineData("max-ada", double.MaxValue, 0.0)]
    public void Apply_ExtremeClips_ClampAsFarAsTheyReach(string name, double clip, double step)
    {
        // A gradient of 4.9e-324 in the first component: its root is at the smallest ceiling, which therefore changes
        // nothing. In the second 1: 1 / 4.9e-324 is out of range.
        var steps = Apply(
            OptimiserSpec.Of(name).With("clip", clip).With("momentum", 0).With("second-decay", 0).With("epsilon", 0),
            [
                [double.Epsilon, 1],
            ]
        );
        Assert.Equal(step, steps[0][0]);
        Assert.Equal(
            name == "clipped-ada" && clip < 1 ? double.NegativeInfinity
                : name == "max-ada" && clip > 1 ? -1 / clip
                : -1,
            steps[0][1]
        );
    }

    [Fact]
    public void TryPrecondition_ComponentWithoutGradient_TakesNoPart()
    {
        var space = new DenseSpace(3);
        using var rule = OptimiserSpec.Of("rmsprop").With("second-decay", 0.75).With("epsilon", 0).Create(space);
        rule.Apply(1, [0, 4, 4e-170], new double[3]);
        var result = new double[3];
        Assert.True(rule.TryPrecondition(result));
        // r = g / 2: P^(-1/2) = 2^(-1/2) and (2e-170)^(-1/2) = 5^(1/2) 1e84; a power and three roundings before it, to
        // some roundoffs.
        Near.Equal(
            [0, Math.Sqrt(0.5), 1],
            [result[0], result[1], result[2] / (Math.Sqrt(0.5) * 1e85)],
            8 * Near.Roundoff,
            "P^(-1/2)"
        );
    }

    private static double[][] Apply(OptimiserSpec spec, double[][] gradients) =>
        RuleSteps.Of(new DenseSpace(gradients[0].Length), x => x, spec, gradients);

    /// <summary>Components between 1e-3 and 1 of either sign, one of them always 0.</summary>
    private static double[][] Gradients(Random random) =>
        [
            .. Enumerable
                .Range(0, Steps)
                .Select(_ => (double[])[.. Enumerable.Range(0, 4).Select(_ => Component(random)), 0]),
        ];

    private static double Component(Random random) =>
        Math.Pow(10, -3 * random.NextDouble()) * ((2 * random.Next(2)) - 1);
}
