using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>Decoupled weight decay (7.5): torch's own trajectories, the equation itself for every rule, its edge on
/// quadratics, and its equality with the quadratic term (7.6) under gradient descent.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class WeightDecayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Apply_TorchTrajectory_Agrees(int index) =>
        // SGD there adds w theta to the gradient, which is the same step.
        TorchRuns.Agree(
            "weight-decay.json",
            index,
            run =>
                (
                    run.GetProperty("optimiser").GetString() == "adamw"
                        ? OptimiserSpec.Of("adam").With("second-decay", 0.999)
                        : OptimiserSpec.GradientDescent
                ).With("weight-decay", run.GetProperty("weight_decay").GetDouble())
        );

    [Property]
    public void Apply_AnyRule_ShrinksThetaAndTakesTheRulesOwnStep(Seed seed, LogUniform decay, LogUniform step, Size n)
    {
        foreach (var plain in DescentDraws.Rules(seed.Random()).Select(rule => rule.With("weight-decay", 0)))
        {
            var random = seed.Random();
            var space = new DenseSpace(n.Value);
            var w = decay.In(1e-12, 1e12);
            using var rule = plain.With("weight-decay", w).Create(space);
            using var twin = plain.Create(space);
            Assert.Equal((0, w), (twin.Decay, rule.Decay));
            Assert.Equal((twin.Name, twin.Edge, twin.IsPreconditioned), (rule.Name, rule.Edge, rule.IsPreconditioned));
            double[] root = new double[n.Value],
                other = new double[n.Value];
            for (var t = 0; t < 5; t++)
            {
                double[] theta = RandomLandscapes.Vector(random, n.Value, 1),
                    gradient = RandomLandscapes.Vector(random, n.Value, 1),
                    expected = new double[n.Value];
                var eta = step.In(1e-12, 1) * (t + 1);
                double[] start = [.. theta];
                twin.Apply(eta, [.. gradient], expected);
                rule.Apply(eta, gradient, theta);
                // The rule's step from 0 has its own rounding; then a product of two roundings and a sum.
                for (var i = 0; i < n.Value; i++)
                {
                    var kept = (1 - (eta * w)) * start[i];
                    Near.Equal(
                        kept + expected[i],
                        theta[i],
                        8 * Near.Roundoff * (Math.Abs(start[i] * eta * w) + Math.Abs(start[i]) + Math.Abs(expected[i])),
                        $"{plain} with w = {w}, step {t}"
                    );
                }

                Assert.Equal(twin.TryPrecondition(root), rule.TryPrecondition(other));
                Assert.Equal(root, other);
            }
        }
    }

    [Property]
    public void Apply_GradientDescent_IsDescentWithTheQuadraticTerm(Seed seed, LogUniform decay, Size n)
    {
        // (7.6): on a quadratic, A + w 1 is the Hessian of the loss with the term, and c has to follow the gradient.
        var random = seed.Random();
        var spectrum = RandomLandscapes.Vector(random, n.Value, 1);
        var w = decay.In(1e-6, 1e2);
        QuadraticBowl plain = QuadraticBowl.WithSpectrum(spectrum),
            regularised = QuadraticBowl.WithSpectrum([.. spectrum.Select(value => value + w)]);
        var start = RandomLandscapes.Vector(random, n.Value, 1);
        double[] theta = [.. start],
            twin = [.. start];
        var step = 0.5 / (1 + w);
        using var rule = OptimiserSpec.GradientDescent.With("weight-decay", w).Create(plain.Space);
        using var descent = new GradientDescent<double[]>(plain.Space);
        DescentLoop.Run(plain, rule, step, DescentLimits.AllOf(10), theta, []);
        DescentLoop.Run(regularised, descent, step, DescentLimits.AllOf(10), twin, []);
        // Ten steps of five roundings of numbers that grow by |1 - step (lambda + w)| <= 1 + 3/2 a step at most.
        Near.Equal(twin, theta, 10 * 5 * Near.Roundoff * Math.Pow(2.5, 10) * Near.Scale(start), $"w = {w}");
    }

    [Property]
    public void WeightDecay_AroundTheEdge_ConvergesBelowAndDivergesBeyond(
        Real decay,
        Real margin,
        LogUniform sharpness,
        LogUniform share
    )
    {
        if (Math.Abs(margin.Value) < 0.1)
            return;
        var (b, w) = (decay.In(0, 0.95), sharpness.Value * share.In(1e-6, 1e6));
        foreach (
            var spec in new[] { "gd", "momentum", "ema-momentum", "nesterov" }.Select(name =>
                RuleSteps.Rule(name, Of(b))
            )
        )
        {
            var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
            using var rule = spec.With("weight-decay", w).Create(bowl.Space);
            // (7.5): with a = 1 - eta w the multipliers solve x^2 - (a + b - eta S) x + a b = 0, which at x = -1 is
            // 2 (1 + b)(1 - number) and has the slope -(1 - a b) there at the edge: off it by e the multiplier is
            // 1 + 2 e (1 + b)/(1 - a b) >= 1 + 2 e in size, e = 0.01 or more; below it at most that or sqrt(b).
            // 4e4 steps are then e^+-800.
            var stepSize = (1 + (0.1 * margin.Value)) / ((sharpness.Value / rule.Edge) + (w / 2));
            var result = DescentLoop.Run(
                bowl,
                rule,
                stepSize,
                new DescentLimits(40_000, 1e-6 * sharpness.Value),
                [1.0],
                []
            );
            Assert.True(
                result.Reason == (margin.Value > 0 ? StopReason.Diverged : StopReason.Converged),
                $"{spec}, w = {w}: {result}"
            );
        }
    }

    [Property]
    public void WeightDecay_OnAnAdaptiveRule_HasTheEdgeOfItsFrozenDivisor(
        Real decay,
        LogUniform floor,
        LogUniform sharpness,
        LogUniform share
    )
    {
        // As without decay: a floor above every root makes the divisor a constant, and 1000 steps 5 % off the edge are
        // 1.1^+-1000 or, below, sqrt(0.9)^1000 = 1e-23 from 1e-30.
        var w = sharpness.Value / floor.Value * share.In(1e-3, 1e3);
        var spec = RuleSteps.Rule(
            "max-ada",
            ("momentum", Text(decay.In(0, 0.9))),
            ("clip", Text(floor.Value)),
            ("bias-correction", Parameter.Off),
            ("weight-decay", Text(w))
        );
        var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
        foreach (var margin in new[] { -0.05, 0.05 })
        {
            using var rule = spec.Create(bowl.Space);
            double[] theta = [1e-30];
            var effective = sharpness.Value / (floor.Value + spec.Values.Number("epsilon"));
            var stepSize = (1 + margin) / ((effective / rule.Edge) + (w / 2));
            DescentLoop.Run(bowl, rule, stepSize, new DescentLimits(1000, GradientTolerance: 0), theta, []);
            Assert.True(
                margin < 0 ? Math.Abs(theta[0]) < 1e-38 : Math.Abs(theta[0]) > 1e-22,
                $"{spec}, margin {margin}: {theta[0]}"
            );
        }
    }

    [Property]
    public void StabilityNumber_AnyRule_IsOneAtTheEdge(Seed seed, LogUniform sharpness, LogUniform share, Real decay)
    {
        var (b, w) = (decay.In(0, 0.95), sharpness.Value * share.In(1e-3, 1e3));
        var bowl = QuadraticBowl.WithSpectrum([sharpness.Value, sharpness.Value / 3], seed.Value);
        foreach (
            var spec in new[] { "gd", "momentum", "ema-momentum", "nesterov" }.Select(name =>
                RuleSteps.Rule(name, Of(b))
            )
        )
        {
            // b as the specification of momentum states it; gradient descent has none.
            var edge = spec.Name switch
            {
                "gd" => 2,
                "momentum" => 2 * (1 + b),
                "nesterov" => 2 * (1 + b) / (1 + (2 * b)),
                _ => 2 * (1 + b) / (1 - b),
            };
            foreach (var number in new[] { 0.5, 1, 1.25 })
            {
                var stepSize = number / ((sharpness.Value / edge) + (w / 2));
                var series = Recording
                    .Run(
                        bowl,
                        spec.With("weight-decay", w),
                        stepSize,
                        new DescentLimits(2, 0),
                        [1, 1],
                        new CurvatureProbeOptions(1, new LanczosOptions(1e-12)),
                        1
                    )
                    .Series;
                // Lanczos on two dimensions is exact to some 20 roundoffs of S; a handful of operations beside it.
                foreach (var measured in series[Columns.StabilityNumber])
                    Near.Equal(number, measured, 100 * Near.Roundoff * number, $"{spec}, w = {w}");
            }
        }
    }

    [Fact]
    public void Run_LyapunovExponentsWithDecay_AreRefused() =>
        Assert.Contains(
            "leave out the other rule, the weight decay or the minibatches",
            Assert
                .Throws<ArgumentException>(() =>
                    Recording.Run(
                        QuadraticBowl.WithSpectrum([1]),
                        OptimiserSpec.GradientDescent.With("weight-decay", 0.1),
                        0.1,
                        new DescentLimits(3),
                        [1.0],
                        new CurvatureProbeOptions(1, new LanczosOptions(1e-12)) { Exponents = 1 },
                        1
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    private static (string Name, string Value) Of(double momentum) => ("momentum", Text(momentum));

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
