using System.Text.Json;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>The update rules of section 7 against torch.optim's own trajectories, the published values of (7.3), and their stability edges (7.1).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class OptimiserTests
{
    private static readonly TwoParameterNetwork<PowerLink> Network = new(new PowerLink(2));

    public static TheoryData<int> Runs => [.. Enumerable.Range(0, Oracle().GetProperty("runs").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Apply_TorchTrajectory_Agrees(int index)
    {
        // Fixtures/optimisers.json: made with torch.optim of PyTorch 1.13 in float64; RMSProp and Adam with their defaults there (0.99; 0.9, 0.999; eps 1e-8).
        var oracle = Oracle();
        var run = oracle.GetProperty("runs")[index];
        var name = run.GetProperty("optimiser").GetString()!;
        var trajectory = run.GetProperty("trajectory").Deserialize<double[][]>()!;
        Landscape landscape = run.GetProperty("problem").GetString() == "quadratic" ? Bowl(oracle) : Network;
        var spec = name switch
        {
            "adam" => OptimiserSpec.Of("adam").With("second-decay", 0.999),
            "adam-b2-0.99" => OptimiserSpec.Of("adam"),
            _ => OptimiserSpec.Of(name),
        };
        double[] theta = [.. trajectory[0]];
        var seen = new List<double[]>();
        using var rule = spec.Create(landscape.Space);
        DescentLoop.Run(
            landscape,
            rule,
            run.GetProperty("step_size").GetDouble(),
            new DescentLimits(trajectory.Length - 1),
            theta,
            [new(1, state => seen.Add([.. state.Theta]))]
        );
        // 40 steps of a dozen operations each on numbers up to 10; rounding differs between the two orders of operations and grows with the run's own sensitivity, below 1e3 here.
        for (var t = 0; t < trajectory.Length; t++)
            Near.Equal(
                trajectory[t],
                seen[t],
                1e3 * 40 * 12 * Near.Roundoff * Near.Scale(trajectory[t]),
                $"{name} after {t} steps"
            );
    }

    public static TheoryData<int> HundredSteps =>
        [.. Enumerable.Range(0, Oracle("update-rules.json").GetProperty("runs").GetArrayLength())];

    [Theory]
    [MemberData(nameof(HundredSteps))]
    public void Apply_HundredStepsOfAnyRule_FollowTheEquationsAtFiftyDigits(int index)
    {
        // Fixtures/update-rules.json: every rule written anew from (7.1) and (7.2) in mpmath at 50 digits, float64
        // constants; b1 = 0.9, b2 = 0.99, eps 1e-8, c = 1.
        var oracle = Oracle("update-rules.json");
        var run = oracle.GetProperty("runs")[index];
        var trajectory = run.GetProperty("trajectory").Deserialize<double[][]>()!;
        Landscape landscape = run.GetProperty("problem").GetString() == "quadratic" ? Bowl(oracle) : Network;
        var spec = RuleSteps.Rule(
            run.GetProperty("optimiser").GetString()!,
            ("bias-correction", run.GetProperty("bias_correction").GetBoolean() ? Parameter.On : Parameter.Off)
        );
        double[] theta = [.. trajectory[0]];
        var seen = new List<double[]>();
        using var rule = spec.Create(landscape.Space);
        DescentLoop.Run(
            landscape,
            rule,
            run.GetProperty("step_size").GetDouble(),
            new DescentLimits(100),
            theta,
            [new(1, state => seen.Add([.. state.Theta]))]
        );
        // 100 steps of a dozen operations on numbers up to 10. The same 50-digit code moved by 1e-20 at the start moves
        // by at most 6.3 times that anywhere later: 10 for kicks at later steps.
        for (var t = 0; t < trajectory.Length; t++)
            Near.Equal(
                trajectory[t],
                seen[5 * t],
                10 * 100 * 12 * Near.Roundoff * Near.Scale(trajectory[0]),
                $"{spec.Name} after {5 * t} steps"
            );
    }

    [Theory]
    [InlineData("gd", 0.54, 9.83)]
    [InlineData("rmsprop", 0.00, 9.94)]
    [InlineData("max-ada", 0.00, 10.00)]
    [InlineData("clipped-ada", 0.39, 9.74)]
    public void Apply_PublishedCheck_EndsThere(string name, double first, double second)
    {
        // (7.3), to the published decimals.
        double[] theta = [0.1, 10];
        var spec = RuleSteps.Rule(
            name,
            ("momentum", "0"),
            ("second-decay", "0.9"),
            ("clip", "1"),
            ("bias-correction", Parameter.Off)
        );
        using var rule = spec.Create(Network.Space);
        DescentLoop.Run(Network, rule, 0.011, new DescentLimits(10), theta, []);
        Near.Equal(first, Math.Abs(theta[0]), 5.1e-3, "theta_1");
        Near.Equal(second, theta[1], 5.1e-3, "theta_2");
    }

    [Property]
    public void Momentum_AroundItsEdge_ConvergesBelowAndDivergesBeyond(Real decay, Real margin, LogUniform sharpness)
    {
        if (Math.Abs(margin.Value) < 0.1)
            return;
        var b = decay.In(0, 0.95);
        foreach (var name in new[] { "momentum", "ema-momentum", "nesterov" })
        {
            var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
            using var rule = OptimiserSpec.Of(name).With("momentum", b).Create(bowl.Space);
            var stepSize = rule.Edge * (1 + (0.1 * margin.Value)) / sharpness.Value;
            // On a quadratic the 2 x 2 multiplier has determinant b (nesterov: b (1 - eta S), in size below b) and crosses -1 at the edge: eta S = edge (1 + e) gives |multiplier| - 1 of about e (1 + b)/(1 - b) >= 1e-2,
            // and below the edge at most max(sqrt b, 1 - e...) < 1 - 1e-3: 2e4 steps are e^20 or more.
            var result = DescentLoop.Run(
                bowl,
                rule,
                stepSize,
                new DescentLimits(40_000, 1e-6 * sharpness.Value),
                [1.0],
                []
            );
            Assert.Equal(margin.Value > 0 ? StopReason.Diverged : StopReason.Converged, result.Reason);
        }
    }

    [Property]
    public void AdaptiveRule_AroundItsEdge_ShrinksBelowAndGrowsBeyond(
        Real decay,
        LogUniform floor,
        LogUniform sharpness
    )
    {
        // A floor above every root makes the divisor a constant: S_eff = S / (c + eps), and the rule is the averaging
        // form of momentum, eq. (7.1).
        // Off the edge by 5 % the multiplier is 1 +- 0.05 (1 + b)/(1 - b) to first order, or of modulus sqrt b where
        // complex: 1,000 steps are 20 powers of ten or more, from 1e-30 to below the floor.
        var spec = OptimiserSpec
            .Of("max-ada")
            .With("momentum", decay.In(0, 0.9))
            .With("clip", floor.Value)
            .With("bias-correction", Parameter.Off);
        var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
        foreach (var margin in new[] { -0.05, 0.05 })
        {
            using var rule = spec.Create(bowl.Space);
            double[] theta = [1e-30];
            var stepSize = rule.Edge * (1 + margin) * (floor.Value + spec.Values.Number("epsilon")) / sharpness.Value;
            DescentLoop.Run(bowl, rule, stepSize, new DescentLimits(1000, GradientTolerance: 0), theta, []);
            Assert.True(
                margin < 0 ? Math.Abs(theta[0]) < 1e-38 : Math.Abs(theta[0]) > 1e-22,
                $"{spec}, margin {margin}: {theta[0]}"
            );
        }
    }

    [Property]
    public void EffectiveSharpness_AnyQuadratic_IsTheTopOfThePreconditionedHessian(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        var bowl = QuadraticBowl.WithSpectrum(RandomLandscapes.Vector(random, n, 3), random.Next());
        var theta = RandomLandscapes.Vector(random, n, 1);
        const int steps = 4;
        var optimiser = OptimiserSpec.Of("rmsprop").With("second-decay", 0.9).With("epsilon", 0.1);
        var series = Recording
            .Run(
                bowl,
                optimiser,
                0.01,
                new DescentLimits(steps),
                (double[])theta.Clone(),
                new CurvatureProbeOptions(1, new LanczosOptions(1e-12)),
                1
            )
            .Series;
        Assert.True(double.IsNaN(series["effective_sharpness"][0]));
        // The slow twin: v by hand, then a dense generalised eigenvalue through P^(-1/2) H P^(-1/2).
        double[] v = new double[n],
            g = new double[n],
            hessian = new double[n * n];
        for (var t = 0; t < steps; t++)
        {
            bowl.Gradient(theta, g);
            for (var i = 0; i < n; i++)
            {
                v[i] = (0.9 * v[i]) + (0.1 * g[i] * g[i]);
                theta[i] -= 0.01 * g[i] / (Math.Sqrt(v[i]) + 0.1);
            }
        }

        bowl.Hessian(theta, hessian);
        var scaled = Matrix<double>.Build.Dense(
            n,
            n,
            (i, j) => hessian[(i * n) + j] / Math.Sqrt((Math.Sqrt(v[i]) + 0.1) * (Math.Sqrt(v[j]) + 0.1))
        );
        var top = scaled.Evd(Symmetricity.Symmetric).EigenValues.Real().Max();
        // Both eigensolvers err by a small multiple of n u |P^-1/2 H P^-1/2| <= 8 * 10 * 3; the four steps add rounding of the same kind.
        Near.Equal(top, series["effective_sharpness"][^1], 1e-11, "S_eff");
        Near.Equal(0.01 * top / 2, series["stability_number"][^1], 1e-13, "stability number");
    }

    [Property]
    public void ClippedAda_EffectiveStep_IsNeverBelowStepOverClip(Seed seed, LogUniform clip, LogUniform scale)
    {
        // (7.2): the denominator is at most c + eps, so each component moves by at least eta |mhat| / (c + eps); with b1 = 0 mhat = g.
        var random = seed.Random();
        var space = new DenseSpace(5);
        using var rule = OptimiserSpec.Of("clipped-ada").With("momentum", 0).With("clip", clip.Value).Create(space);
        double[] theta = new double[5],
            before = new double[5];
        for (var t = 0; t < 10; t++)
        {
            double[] g = [.. RandomLandscapes.Vector(random, 5, scale.Value * Math.Pow(2, t))],
                kept = [.. g];
            theta.CopyTo(before, 0);
            rule.Apply(0.1, g, theta);
            for (var i = 0; i < 5; i++)
                Assert.True(
                    Math.Abs(theta[i] - before[i])
                        >= 0.1 * Math.Abs(kept[i]) / (clip.Value + 1e-8) * (1 - 1e-9)
                            - (4 * Near.Roundoff * Near.Scale(theta))
                );
        }
    }

    [Fact]
    public void With_ConstantsOutsideTheirRanges_NameThem()
    {
        foreach (
            var (make, words) in new (Func<OptimiserSpec>, string)[]
            {
                (
                    () => OptimiserSpec.Of("momentum").With("momentum", 1),
                    "momentum is 1; it must be a number from 0 to below 1"
                ),
                (() => OptimiserSpec.Of("adam").With("momentum", -0.1), "momentum is -0.1"),
                (() => OptimiserSpec.Of("rmsprop").With("second-decay", 1.5), "second-decay is 1.5"),
                (
                    () => OptimiserSpec.Of("clipped-ada").With("clip", 0),
                    "clip is 0; it must be a finite number above 0"
                ),
                (() => OptimiserSpec.Of("max-ada").With("clip", double.NaN), "clip is NaN"),
                (() => OptimiserSpec.Of("adam").With("epsilon", -1), "epsilon is -1"),
                (
                    () => OptimiserSpec.Of("adam").With("epsilon", double.PositiveInfinity),
                    "epsilon is Infinity; it must be a finite number"
                ),
                (
                    () => OptimiserSpec.Of("adam").With("bias-correction", 1),
                    "bias-correction is '1'; it must be on or off"
                ),
                (
                    () => OptimiserSpec.Of("gd").With("momentum", 0.5),
                    "gd has no parameter 'momentum'; it has: weight-decay, gradient-clip, sam-radius"
                ),
                (() => OptimiserSpec.Of("gd").With("weight-decay", -1), "weight-decay is -1; it must be"),
                (() => OptimiserSpec.Of("adam").With("weight-decay", double.NaN), "weight-decay is NaN"),
                (() => OptimiserSpec.Of("gd").With("weight-decay", double.PositiveInfinity), "weight-decay is Inf"),
                (
                    () => OptimiserSpec.Of("momentum").With("clip", 0.5),
                    "momentum has no parameter 'clip'; it has: momentum, weight-decay, gradient-clip, sam-radius"
                ),
                (() => OptimiserSpec.Of("sign").With("gradient-clip", -1), "gradient-clip is -1; it must be a finite"),
                (
                    () => OptimiserSpec.Of("gd").With("sam-radius", -1),
                    "sam-radius is -1; it must be a finite number above"
                ),
                (() => OptimiserSpec.Of("muon").With("momentum", 1), "momentum is 1; it must be a number from 0"),
                (() => OptimiserSpec.Of("nesterov").With("momentum", 1), "momentum is 1; it must be a number from 0"),
                (() => OptimiserSpec.Of("lion"), "optimiser is 'lion'; it must be gd, momentum,"),
            }
        )
            Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    private static JsonElement Oracle(string name = "optimisers.json")
    {
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream(name)!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    private static QuadraticBowl Bowl(JsonElement oracle)
    {
        var rows = oracle.GetProperty("quadratic_matrix").Deserialize<double[][]>()!;
        var matrix = new double[rows.Length, rows.Length];
        for (var i = 0; i < rows.Length; i++)
        for (var j = 0; j < rows.Length; j++)
            matrix[i, j] = rows[i][j];
        return new QuadraticBowl(matrix, new double[rows.Length]);
    }
}
