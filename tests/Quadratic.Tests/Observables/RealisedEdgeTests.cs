using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Observables;

/// <summary>The realised edge (9.1), (9.2) against closed forms on quadratics and against the path that the run then
/// takes.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class RealisedEdgeTests
{
    private static readonly string[] Edge = ["realised-edge"];

    [Property]
    public void Measure_AlongAnEigenvectorOfAQuadratic_IsHalfEtaLambda(
        Seed seed,
        Size n,
        LogUniform sharpness,
        LogUniform push,
        LogUniform distance
    )
    {
        var random = seed.Random();
        var scale = sharpness.In(1e-12, 1e12);
        double[] spectrum = [.. Enumerable.Range(0, n.Value).Select(_ => scale * (1 - random.NextDouble()))];
        var which = random.Next(n.Value);
        // eta lambda from far below the edge to far beyond it.
        var stepSize = push.In(1e-3, 1e3) / spectrum[which];
        var start = new double[n.Value];
        start[which] = distance.In(1e-12, 1e12);
        var (series, _) = Requested.Run(
            QuadraticBowl.WithSpectrum(spectrum),
            start,
            OptimiserSpec.GradientDescent,
            stepSize,
            1,
            Edge
        );
        var (expected, stated) = (stepSize * spectrum[which] / 2, series[Columns.RealisedEdgeError][0]);
        // Losses, slope and step are each a few operations on one component that is not 0: the first-order error as it
        // is stated, a few times over.
        Near.Equal(expected, series[Columns.RealisedEdge][0], 8 * (stated + (Near.Roundoff * (1 + expected))), "zeta");
        // |L| + |L+| + |g| |theta| over |g . d|, by hand: (1 + (1 - x)^2 + 2) / (2 x) with x = eta lambda.
        var x = stepSize * spectrum[which];
        Near.Equal(Near.Roundoff * (3 + ((1 - x) * (1 - x))) / (2 * x), stated, 1e-6 * stated, "stated error");
        var along = stepSize * spectrum.Max() / 2;
        // Lanczos spans the whole space: some roundoffs of the largest eigenvalue. The step is the difference of two
        // points 1 / x times its length away.
        Near.Equal(along, series[Columns.RealisedEdgeAlongLeading][0], (100 + (4 / x)) * Near.Roundoff * along, "v_1");
    }

    [Property]
    public void Measure_AnyRuleOnAQuadratic_IsTheQuotientOfTheStepThatTheRunThenTakes(
        Seed seed,
        Size n,
        LogUniform step
    )
    {
        var random = seed.Random();
        var bowl = QuadraticBowl.WithSpectrum(
            RandomLandscapes.Vector(random, n.Value, 1),
            seed.Value,
            RandomLandscapes.Vector(random, n.Value, 1)
        );
        var start = RandomLandscapes.Vector(random, n.Value, 1);
        foreach (var entry in OptimiserCatalogue.All)
        {
            var rule = OptimiserSpec
                .Of(entry.Name)
                .With("weight-decay", random.Next(2) * 0.1)
                .With("gradient-clip", random.Next(2) * 0.1)
                .With("sam-radius", random.Next(2) * 0.1);
            var (series, path) = Requested.Run(bowl, start, rule, step.In(1e-3, 1), 4, Edge);
            for (var t = 0; t + 1 < path.Length; t++)
            {
                var d = Requested.Difference(path[t], path[t + 1]);
                var gradient = Requested.Gradient(bowl, path[t]);
                var slope = Requested.Dot(gradient, d);
                var expected = Requested.Form(bowl, path[t], d, d) / (2 * slope);
                var (zeta, stated) = (series[Columns.RealisedEdge][t], series[Columns.RealisedEdgeError][t]);
                // Sums of n squares have about n roundings where the stated error counts one, and the slope, whose
                // terms may cancel, is as wrong relative to itself as |g| |d| is larger.
                var size = Math.Sqrt(Requested.Dot(gradient, gradient) * Requested.Dot(d, d));
                var tolerance =
                    8 * (n.Value + 1) * (1 + Math.Abs(expected)) * (stated + (Near.Roundoff * size / Math.Abs(slope)));
                Near.Equal(expected, zeta, tolerance, $"{rule}, step {t}");
                // (9.2) bounds it where the step goes downhill.
                if (slope > 0)
                    Assert.True(zeta <= series[Columns.RealisedEdgeAlongLeading][t] + tolerance, $"{rule}, step {t}");
                Assert.Equal(
                    bowl.Loss(path[t + 1]) < bowl.Loss(path[t]),
                    Math.Abs(1 - zeta) <= tolerance
                        ? bowl.Loss(path[t + 1]) < bowl.Loss(path[t])
                        : zeta < 1 == slope > 0
                );
            }
        }
    }

    [Theory]
    [InlineData("gd", 0)]
    [InlineData("gd", 0.2)]
    [InlineData("momentum", 0)]
    [InlineData("adam", 0)]
    [InlineData("adam", 0.2)]
    public void Measure_Minibatches_IsThatOfTheBatchThatComes(string name, double radius)
    {
        var data = DiagonalRegression.Random(12, 3, 0.3, 5);
        var (series, path) = Requested.Run(
            data,
            [1, -0.5, 0.8, 0.7, 1.2, -0.9],
            OptimiserSpec.Of(name).With("sam-radius", radius),
            0.02,
            12,
            Edge,
            new BatchPlan(4, 7)
        );
        for (var t = 0; t + 1 < path.Length; t++)
        {
            var d = Requested.Difference(path[t], path[t + 1]);
            var slope = Requested.Dot(Requested.Gradient(data, path[t]), d);
            var expected = 1 + ((data.Loss(path[t + 1]) - data.Loss(path[t])) / slope);
            // The same numbers but for the order of sums of 6 and 12 terms.
            Near.Equal(
                expected,
                series[Columns.RealisedEdge][t],
                50 * series[Columns.RealisedEdgeError][t],
                $"step {t}"
            );
        }
    }

    [Fact]
    public void Measure_AtTheMinimum_IsNotDefined()
    {
        var (series, _) = Requested.Run(
            QuadraticBowl.WithSpectrum([2, 1]),
            [0, 0],
            OptimiserSpec.GradientDescent,
            0.1,
            1,
            ["realised-edge", "critical-sharpness", "gradient-alignment"]
        );
        foreach (
            var column in new[]
            {
                Columns.RealisedEdge,
                Columns.RealisedEdgeAlongLeading,
                Columns.RealisedEdgeError,
                Columns.CriticalSharpness,
                Columns.CriticalRatio,
                Columns.GradientAlignment,
            }
        )
            Assert.All(series[column], value => Assert.True(double.IsNaN(value), column));
        Assert.Equal([0, 0], series[Columns.CriticalPasses]);
    }

    [Property]
    public void Measure_MomentumAtItsEdge_WeighsWhatDoesNotSwing(Real decay, LogUniform slow, LogUniform sharpness)
    {
        // (9.12): g_s from a direction that is nearly flat, g_o from one at the edge.
        var (b, scale) = (decay.In(0, 0.9), sharpness.In(1e-12, 1e12));
        const double flat = 1e-8;
        (OptimiserSpec Rule, double StepSize)[] rules =
        [
            (OptimiserSpec.Of("momentum").With("momentum", b), 2 * (1 + b) / scale),
            (OptimiserSpec.Of("ema-momentum").With("momentum", b), 2 * (1 + b) / (1 - b) / scale),
        ];
        foreach (var (rule, stepSize) in rules)
        {
            // b^300 is below 1e-13: the other root of the edge is gone.
            var (series, path) = Requested.Run(
                QuadraticBowl.WithSpectrum([scale, flat * scale]),
                [1 / scale, slow.Value / (flat * scale)],
                rule,
                stepSize,
                300,
                Edge
            );
            var (swing, rest) = (path[^1][0], flat * path[^1][1]);
            // What stays shrinks by 2 (1 + b) / (1 - b) of the flatness a step, below 4e-7, and momentum looks back
            // b / (1 - b) steps, up to 9; the flat curvature adds as little. Zeta changes by a quarter of it at most.
            Near.Equal(
                1 / (1 + ((1 + b) / (1 - b) * (rest * rest) / (swing * swing))),
                series[Columns.RealisedEdge][^1],
                1e-5 + (8 * series[Columns.RealisedEdgeError][^1]),
                rule.Name
            );
        }
    }
}
