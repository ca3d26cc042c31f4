using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Vectors;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>Nesterov's momentum and AMSGrad against torch's own trajectories; normalised and sign descent and clipped
/// gradients against what they do on a parabola in closed form, (7.7) to (7.10).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class FurtherRulesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Apply_TorchTrajectory_Agrees(int index) =>
        TorchRuns.Agree(
            "further-rules.json",
            index,
            run => OptimiserSpec.Of(run.GetProperty("optimiser").GetString()!)
        );

    [Property]
    public void Apply_SignOrNormalisedOnAParabola_EndsOnTheCycleOfLengthEta(
        LogUniform sharpness,
        LogUniform step,
        Real at
    )
    {
        // (7.9): from eta (k + r) k steps lead to eta r, and there it swings between eta r and eta (r - 1). The product
        // of S and a multiple of eta stays within 1e-24 to 1e25.
        var start = step.Value * (20 + (5 * at.Value));
        foreach (var name in new[] { "sign", "normalised" })
        {
            var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
            using var rule = OptimiserSpec.Of(name).Create(bowl.Space);
            double[] theta = [start],
                root = [0],
                gradient = [0];
            Assert.False(rule.TryPrecondition(root));
            DescentLoop.Run(bowl, rule, step.Value, DescentLimits.AllOf(40), theta, []);
            var there = theta[0];
            var effective = new double[2];
            for (var i = 0; i < 2; i++)
            {
                bowl.Gradient(theta, gradient);
                rule.Apply(step.Value, gradient, theta);
                Assert.True(rule.TryPrecondition(root));
                effective[i] = step.Value * sharpness.Value * root[0] * root[0];
            }

            // 40 sums of numbers up to 25 eta, and two more.
            Near.Equal(there, theta[0], 2 * 25 * Near.Roundoff * step.Value, $"{name}: two steps");
            var rest = start / step.Value % 1;
            Near.Equal(
                rest,
                (there > 0 ? there : theta[0] + step.Value) / step.Value % 1,
                42 * 25 * Near.Roundoff,
                name
            );
            // Six operations on either, each exact to a few roundings of itself.
            Near.Equal(
                1,
                (1 / effective[0]) + (1 / effective[1]),
                45 * 25 * Near.Roundoff,
                $"{name}: two over the mean"
            );
        }
    }

    [Property]
    public void Apply_Normalised_MovesByEtaAlongTheGradientAtAnyScale(Seed seed, Size size, Real scale)
    {
        var random = seed.Random();
        var space = new DenseSpace(size.Value);
        var direction = RandomLandscapes.Vector(random, size.Value, 1);
        // Down to numbers without all of their digits: the norm of what is left decides.
        double[] gradient = [.. direction.Select(x => x * Math.ScaleB(1, (int)(1000 * scale.Value)))],
            theta = new double[size.Value];
        var exact = gradient.Select(x => x / Math.ScaleB(1, (int)(1000 * scale.Value))).ToArray();
        var length = Math.Sqrt(exact.Sum(x => x * x));
        using var rule = OptimiserSpec.Of("normalised").Create(space);
        rule.Apply(0.5, gradient, theta);
        // The norm, a division, two products.
        var tolerance = (size.Value + 8) * Near.Roundoff;
        Near.Equal([.. exact.Select(x => -0.5 * x / length)], theta, tolerance, "step");
    }

    [Property]
    public void Apply_MuonOfAVector_IsNormalisedDescentAndMomentumOfUnitLength(Seed seed, Size size, Real decay)
    {
        // (7.12): a vector is a single column.
        var random = seed.Random();
        var (space, b) = (new DenseSpace(size.Value), decay.In(0, 0.9));
        foreach (var momentum in new[] { 0, b })
        {
            using var muon = OptimiserSpec.Of("muon").With("momentum", momentum).Create(space);
            double[] mean = new double[size.Value],
                theta = new double[size.Value];
            Assert.True(double.IsNaN(muon.DualNorm));
            for (var t = 0; t < 5; t++)
            {
                var gradient = RandomLandscapes.Vector(random, size.Value, 1);
                mean = [.. mean.Zip(gradient, (m, g) => (momentum * m) + g)];
                var norm = Math.Sqrt(mean.Sum(x => x * x));
                Array.Clear(theta);
                muon.Apply(0.5, gradient, theta);
                // Up to five products and sums before, a norm and two products here.
                var tolerance = 40 * (size.Value + 8) * Near.Roundoff;
                Near.Equal([.. mean.Select(m => -0.5 * m / norm)], theta, tolerance * Near.Scale(mean) / norm, "step");
                Near.Equal(norm, muon.DualNorm, tolerance * Near.Scale(mean), "|m|");
            }
        }
    }

    [Property]
    public void Apply_NoGradient_StaysWhereItIs(Size size)
    {
        foreach (var name in new[] { "sign", "normalised", "nesterov", "amsgrad", "muon" })
        {
            using var rule = OptimiserSpec.Of(name).With("gradient-clip", 1).Create(new DenseSpace(size.Value));
            double[] theta = new double[size.Value],
                root = new double[size.Value];
            rule.Apply(0.1, new double[size.Value], theta);
            Assert.All(theta, x => Assert.Equal(0, x));
            Assert.Equal(name != "muon", rule.TryPrecondition(root));
            Assert.All(root, x => Assert.True(double.IsFinite(x)));
        }
    }

    [Property]
    public void Apply_ClippedGradients_ConvergeBelowTheEdgeAndSwingBeyondIt(
        LogUniform sharpness,
        LogUniform bound,
        Real margin
    )
    {
        if (Math.Abs(margin.Value) < 0.1)
            return;
        var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
        using var rule = OptimiserSpec.Of("gd").With("gradient-clip", bound.Value).Create(bowl.Space);
        var stepSize = 2 * (1 + (0.1 * margin.Value)) / sharpness.Value;
        // (7.10): steps of eta c take the start of ten of them to the valley; there 1 - eta S is 0.8 to 0.99 in size, to
        // the power of 4000 e^-40, or the run swings between two points eta c apart.
        var length = stepSize * bound.Value;
        double[] theta = [10.3 * length],
            before = [0.0];
        DescentLoop.Run(bowl, rule, stepSize, DescentLimits.AllOf(4000), theta, []);
        theta.CopyTo(before, 0);
        DescentLoop.Run(bowl, rule, stepSize, DescentLimits.AllOf(1), theta, []);
        if (margin.Value < 0)
            Assert.True(Math.Abs(theta[0]) < 1e-12 * length, $"{theta[0]}");
        else
            Near.Equal(length, Math.Abs(theta[0] - before[0]), 1e-9 * length, "length of the swing");
    }

    [Property]
    public void TryPrecondition_ClippedGradients_IsTheDivisorOfTheStep(Seed seed, Size size, LogUniform bound)
    {
        foreach (
            var plain in DescentDraws
                .Rules(seed.Random())
                .Select(rule => rule.With("gradient-clip", 0).With("sam-radius", 0))
        )
        {
            var space = new DenseSpace(size.Value);
            var random = seed.Random();
            using var rule = plain.With("gradient-clip", bound.Value).Create(space);
            using var twin = plain.Create(space);
            Assert.Equal((twin.Name, twin.Edge, twin.Decay), (rule.Name, rule.Edge, rule.Decay));
            Assert.True(rule.IsPreconditioned);
            double[] root = new double[size.Value],
                other = new double[size.Value];
            for (var t = 0; t < 4; t++)
            {
                var gradient = RandomLandscapes.Vector(random, size.Value, 1);
                var factor = Math.Min(1, bound.Value / Math.Sqrt(gradient.Sum(x => x * x)));
                double[] theta = new double[size.Value],
                    expected = new double[size.Value];
                twin.Apply(0.1, [.. gradient.Select(x => factor * x)], expected);
                rule.Apply(0.1, gradient, theta);
                // The factor differs by the rounding of the norm; divisors of 1e-12 and the memory of the mean amplify
                // nothing, since all that enters is multiplied alike.
                Near.Equal(expected, theta, 1e-9 * Near.Scale(expected), $"{plain}, step {t}");
                // What divides muon is a norm of its momentum, which is as much shorter as the gradients that it sees.
                if (plain.Name == "muon")
                {
                    Near.Equal(twin.DualNorm / factor, rule.DualNorm, 1e-9 * twin.DualNorm / factor, "|m|_*");
                    continue;
                }

                Assert.True(rule.TryPrecondition(root));
                if (!twin.TryPrecondition(other))
                    Array.Fill(other, 1);
                Near.Equal(
                    [.. other.Select(x => x * Math.Sqrt(factor))],
                    root,
                    1e-9 * Near.Scale(other),
                    $"{plain}: P"
                );
            }
        }
    }
}
