using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Adaptive rules over tensors where squares leave the range of the type, and where nothing but 0 divides, eq.
/// (7.4).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class TensorRuleTests
{
    private const int Steps = 8;

    [Property]
    public void Apply_GradientsAtAnyScaleInEitherPrecision_StepsAsAtScaleOne(
        Seed seed,
        LogUniform scale,
        Real momentum,
        Real decay
    )
    {
        var (b1, b2, random) = (momentum.In(0, 0.9), decay.In(0.5, 0.99), seed.Random());
        foreach (var (type, range) in new[] { (ScalarType.Float64, 950), (ScalarType.Float32, 100) })
        {
            // Single-precision numbers times a power of two are exact in both types; 2^100 is 1e30.
            var power = (int)Math.Round(range * Math.Log10(scale.Value) / 3);
            var gradients = Enumerable
                .Range(0, Steps)
                .Select(_ =>
                    Enumerable.Range(0, 19).Select(i => i == 0 ? 0 : (double)(float)random.NextDouble() - 0.5).ToArray()
                )
                .ToArray();
            var space = new TensorSpace(19, type, CPU);
            foreach (var spec in RuleSteps.ScaleFree(b1, b2))
            {
                var expected = RuleSteps.Textbook(spec, gradients);
                double[][] scaled = [.. gradients.Select(g => g.Select(x => Math.ScaleB(x, power)).ToArray())];
                var actual = RuleSteps.Of(space, space.Create, spec, scaled);
                for (var t = 0; t < Steps; t++)
                    Near.Equal(
                        expected[t],
                        actual[t],
                        RuleSteps.Tolerance(b1, b2, Steps, space.UnitRoundoff),
                        $"{spec.Name} in {type} at 2^{power}, step {t}"
                    );
            }
        }
    }

    [Property]
    public void Apply_AnyRuleOverTensors_StepsAsOverArrays(Seed seed, LogUniform bound)
    {
        var random = seed.Random();
        double[][] gradients =
        [
            .. Enumerable
                .Range(0, Steps)
                .Select(_ => Enumerable.Range(0, 19).Select(_ => random.NextDouble()).ToArray()),
        ];
        foreach (var name in OptimiserCatalogue.All.Names)
        foreach (var clip in new[] { 0, bound.Value })
        {
            var spec = OptimiserSpec.Of(name).With("gradient-clip", clip);
            var dense = RuleSteps.Of(new DenseSpace(19), x => x, spec, gradients);
            var space = new TensorSpace(19, ScalarType.Float64, CPU);
            var tensors = RuleSteps.Of(space, space.Create, spec, gradients);
            // The same operations on either side, a score of them a step, but for the order of the sum in the norm and
            // sums of products rounded once or twice.
            for (var t = 0; t < Steps; t++)
                Near.Equal(
                    dense[t],
                    tensors[t],
                    (20 * Steps * 19 * Near.Roundoff * Near.Scale(dense[t])) + double.Epsilon,
                    $"{spec}, step {t}"
                );
        }
    }

    [Theory]
    [InlineData(0)]
    // Below the smallest number of float32.
    [InlineData(1e-50)]
    public void Apply_NoGradientAndNoEpsilonToSpeakOf_StaysWhereItIs(double epsilon)
    {
        var space = new TensorSpace(2, ScalarType.Float32, CPU);
        foreach (var name in new[] { "rmsprop", "adam", "amsgrad", "clipped-ada", "max-ada" })
        {
            var steps = RuleSteps.Of(
                space,
                space.Create,
                OptimiserSpec.Of(name).With("epsilon", epsilon),
                [
                    [0, 1],
                    [0, -2],
                    [0, 3],
                ]
            );
            Assert.All(steps, step => Assert.Equal(0, step[0]));
            Assert.All(steps, step => Assert.True(double.IsFinite(step[1]) && step[1] != 0));
        }
    }

    [Theory]
    [InlineData(1e-25, 8)]
    [InlineData(1e25, 8)]
    // A tenth of it is off by half a spacing of 2^-149, 7e-46 / 1e-41 = 2^-14 each.
    [InlineData(1e-40, 1 << 11)]
    public void Apply_FirstAdamStepInSinglePrecision_IsTheStepSizeAtAnyScale(double gradient, double roundoffs)
    {
        var space = new TensorSpace(2, ScalarType.Float32, CPU);
        var step = RuleSteps.Of(
            space,
            space.Create,
            OptimiserSpec.Of("adam").With("epsilon", 0),
            [
                [gradient, -gradient],
            ]
        )[0];
        // mhat = g and vhat = g^2: b1 and b2 in, b1 and b2 out, eight roundings.
        Near.Equal([-1, 1], step, roundoffs * space.UnitRoundoff, "step");
    }

    [Fact]
    public void Apply_ClipBelowTheTypesNumbers_StillDivides()
    {
        // 1 / 1e-50 is out of range, so the step is infinite; a ceiling rounded to 0 would look like a component
        // without a gradient.
        var space = new TensorSpace(1, ScalarType.Float32, CPU);
        var spec = OptimiserSpec.Of("clipped-ada").With("clip", 1e-50).With("epsilon", 0);
        Assert.Equal(
            double.NegativeInfinity,
            RuleSteps.Of(
                space,
                space.Create,
                spec,
                [
                    [1],
                ]
            )[0][0]
        );
    }

    [Fact]
    public void TryPrecondition_ComponentWithoutGradient_TakesNoPart()
    {
        var space = new TensorSpace(2, ScalarType.Float32, CPU);
        using var rule = OptimiserSpec.Of("rmsprop").With("second-decay", 0.75).With("epsilon", 0).Create(space);
        using Tensor gradient = space.Create([0, 4e-25]),
            theta = space.Create(),
            result = space.Create();
        rule.Apply(1, gradient, theta);
        Assert.True(rule.TryPrecondition(result));
        // r = g / 2: P^(-1/2) = (2e-25)^(-1/2); a power and three roundings before it, to some roundoffs.
        Near.Equal(
            [0, 1],
            [space.ToArray(result)[0], space.ToArray(result)[1] / Math.Pow(2e-25, -0.5)],
            8 * space.UnitRoundoff,
            "P^(-1/2)"
        );
    }
}
