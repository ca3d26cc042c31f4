using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;

namespace FlatBias.Quadratic.Tests;

/// <summary>A run of descent with a bound on what rounding can have done to it and to any other way of computing it.</summary>
internal static class BoundedPath
{
    /// <summary>
    /// A few hundred roundings a step on numbers below 3, amplified by the local expansion 1 + eta |H| of each step; a Krylov basis adds rounding of the same kind. The run is cut where it leaves |theta| below 3.
    /// </summary>
    public static (List<double[]> Path, List<double> Bound) Follow(
        Landscape landscape,
        double[] start,
        double stepSize,
        int steps
    )
    {
        double[] theta = [.. start],
            gradient = new double[start.Length];
        List<double[]> path =
        [
            [.. theta],
        ];
        List<double> bound = [1e-13];
        for (var t = 0; t < steps; t++)
        {
            var values = landscape.Eigenvalues(theta);
            landscape.Gradient(theta, gradient);
            for (var i = 0; i < theta.Length; i++)
                theta[i] -= stepSize * gradient[i];
            if (Near.Scale(theta) > 3)
                break;
            path.Add([.. theta]);
            bound.Add((bound[^1] * (1 + (stepSize * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]))))) + 1e-13);
        }

        return (path, bound);
    }
}
