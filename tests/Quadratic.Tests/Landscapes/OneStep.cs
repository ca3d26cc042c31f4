using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Gradient descent by hand.</summary>
internal static class OneStep
{
    public static double[] From(Landscape landscape, double[] theta, double stepSize)
    {
        var gradient = new double[theta.Length];
        landscape.Gradient(theta, gradient);
        return [.. theta.Zip(gradient, (x, g) => x - (stepSize * g))];
    }

    public static double[] Many(Landscape landscape, double[] theta, double stepSize, int steps)
    {
        for (var t = 0; t < steps; t++) theta = From(landscape, theta, stepSize);
        return theta;
    }
}
