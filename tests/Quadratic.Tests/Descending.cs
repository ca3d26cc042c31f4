using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;

namespace FlatBias.Quadratic.Tests;

/// <summary>Gradient descent as the tests need it.</summary>
internal static class Descending
{
    /// <summary>theta - eta g, in a new array.</summary>
    public static double[] Step(Landscape landscape, double[] theta, double stepSize)
    {
        var gradient = new double[theta.Length];
        landscape.Gradient(theta, gradient);
        return Differences.Along(theta, gradient, -stepSize);
    }

    /// <summary>Several steps, each in a new array.</summary>
    public static double[] Steps(Landscape landscape, double[] theta, double stepSize, int steps)
    {
        for (var t = 0; t < steps; t++)
            theta = Step(landscape, theta, stepSize);
        return theta;
    }

    /// <summary>A whole run, in place, by the library's own loop.</summary>
    public static DescentResult Run(
        Landscape landscape,
        double[] theta,
        double stepSize,
        int steps,
        double tolerance = 0
    ) =>
        DescentLoop.Run(
            landscape,
            new GradientDescent<double[]>(landscape.Space),
            stepSize,
            new DescentLimits(steps, tolerance),
            theta,
            []
        );

    /// <summary>Checks f(state(theta_t)) against state(theta_(t+1)) for every step of a run, each step from the descent's own point; ends early where |theta| leaves the range.</summary>
    public static void CheckMap<TMap>(
        Landscape landscape,
        TMap map,
        Func<double[], double[]> state,
        double[] theta,
        double stepSize,
        int steps,
        Action<double[], double[], double[]> compare
    )
        where TMap : struct, IDiscreteMap
    {
        var predicted = new double[map.Dimension];
        for (var t = 0; t < steps && Near.Scale(theta) < 100; t++)
        {
            map.Step(state(theta), predicted);
            var next = Step(landscape, theta, stepSize);
            compare(theta, state(next), predicted);
            theta = next;
        }
    }

    /// <summary>Checks that a point is critical and has the stated sharpness.</summary>
    public static void CheckMinimum(
        Landscape landscape,
        double[] theta,
        double sharpness,
        double gradientTolerance,
        double sharpnessTolerance
    )
    {
        var gradient = new double[theta.Length];
        landscape.Gradient(theta, gradient);
        Near.Equal(new double[theta.Length], gradient, gradientTolerance, $"{landscape.Name} gradient at the minimum");
        var spectrum = landscape.Eigenvalues(theta);
        Near.Equal(sharpness, spectrum[0], sharpnessTolerance, $"{landscape.Name} sharpness");
        Assert.True(
            spectrum[^1] >= -sharpnessTolerance,
            $"{landscape.Name} has a negative eigenvalue {spectrum[^1]:R} at the minimum"
        );
    }
}
