using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests;

/// <summary>Random instances that several test classes need.</summary>
internal static class Draw
{
    public static double Uniform(Random random, double range) => range * ((2 * random.NextDouble()) - 1);

    public static double[] Vector(Random random, int n, double range = 1) =>
        [.. Enumerable.Range(0, n).Select(_ => Uniform(random, range))];

    public static double[] Unit(Random random, int n)
    {
        var x = Vector(random, n);
        x[0] += 2;
        var norm = Math.Sqrt(SymmetricMatrices.Dot(x, x));
        return [.. x.Select(c => c / norm)];
    }

    /// <summary>A surface whose Hessian near 0 has eigenvalues about 0.7 apart, from 3 downwards, with weak cubic and quartic terms.</summary>
    public static QuarticSurface Surface(Random random, int n, double cubic = 0.1, double quartic = 0.1) =>
        QuarticSurface.Random(
            random,
            [.. Enumerable.Range(0, n).Select(i => 3 - (0.7 * i) + Uniform(random, 0.1))],
            cubic,
            quartic
        );

    /// <summary>Reference, by a plain loop: gradient descent from a start, every point, start included.</summary>
    public static List<double[]> Trajectory(QuarticSurface surface, double[] start, double stepSize, int steps)
    {
        List<double[]> points =
        [
            [.. start],
        ];
        for (var t = 0; t < steps; t++)
        {
            var gradient = surface.Gradient(points[^1]);
            points.Add([.. points[^1].Select((x, i) => x - (stepSize * gradient[i]))]);
        }

        return points;
    }
}
