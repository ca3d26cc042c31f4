using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Theories that claim to be descent itself on one landscape, <see cref="TheoryLimit.OwnLandscape"/>, on that landscape. A new one needs a line in <see cref="Homes"/>.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class OwnLandscapeTests
{
    private const int Steps = 20;

    /// <summary>By theory: a random instance of its landscape, a point on it, and a step size.</summary>
    private static Dictionary<
        string,
        Func<Random, (Landscape Landscape, double[] Theta, double StepSize)>
    > Homes { get; } =
        new()
        {
            ["coupled-map"] = random =>
                (
                    new TwoParameterNetwork<PowerLink>(new PowerLink(2)),
                    [0.2 + (0.2 * random.NextDouble()), 9 + random.NextDouble()],
                    0.004 + (0.012 * random.NextDouble())
                ),
            ["catapult"] = random =>
                (
                    new CatapultModel(3, RandomLandscapes.Uniform(random, 1)),
                    [.. RandomLandscapes.Vector(random, 6, 1).Select(x => 2 + x)],
                    0.02 + (0.08 * random.NextDouble())
                ),
            ["quadratic-regression"] = random =>
                (
                    QuadraticRegression.Random(2, 3, 1, 1, random),
                    RandomLandscapes.Vector(random, 3, 1),
                    0.02 + (0.1 * random.NextDouble())
                ),
        };

    /// <summary>A start where every eigenvalue is negative.</summary>
    [Fact]
    public void Predict_SharpnessBelowZero_IsDescent() => Predict_OnItsOwnLandscape_IsDescent(new Seed(1753150934));

    [Property]
    public void Predict_OnItsOwnLandscape_IsDescent(Seed seed)
    {
        foreach (var theory in TheoryCatalogue.All.Where(theory => theory.Limit == TheoryLimit.OwnLandscape))
        {
            Assert.True(
                Homes.TryGetValue(theory.Name, out var home),
                $"{theory.Name} claims a landscape of its own: name it here"
            );
            var (landscape, theta, stepSize) = home(seed.Random());
            var jet = Jet.Measure(
                landscape,
                theta,
                landscape.MaximumOrder,
                new LanczosOptions(1e-12),
                krylov: landscape.Dimension,
                cubic: true
            );
            var forecast = theory.Predict(jet, stepSize, Steps);
            Assert.Null(forecast.Declined);
            double[] path = Sharpness(landscape, theta, stepSize),
                beside = Sharpness(landscape, [.. theta.Select(x => x * (1 + 1e-7))], stepSize);
            var sensitivity = 1.0;
            for (var t = 0; t <= Steps; t++)
            {
                // What is read off the jet is right to 128 u S over the smallest number read, which is above 1e-3 S on every landscape here; the run carries it on by its own sensitivity, which a run beside it measures; 4 for what is beyond
                // first order.
                sensitivity = Math.Max(sensitivity, Math.Abs((beside[t] / path[t]) - 1) / 1e-7);
                Near.Equal(
                    path[t],
                    forecast.Sharpness[t],
                    4 * sensitivity * 128e3 * Near.Roundoff * Math.Abs(path[t]),
                    $"{theory.Name}: S_{t}"
                );
            }
        }
    }

    private static double[] Sharpness(Landscape landscape, double[] theta, double stepSize)
    {
        double[] at = [.. theta],
            gradient = new double[theta.Length],
            sharpness = new double[Steps + 1];
        for (var t = 0; t <= Steps; t++)
        {
            sharpness[t] = landscape.Eigenvalues(at)[0];
            landscape.Gradient(at, gradient);
            for (var i = 0; i < at.Length; i++)
                at[i] -= stepSize * gradient[i];
        }

        return sharpness;
    }
}
