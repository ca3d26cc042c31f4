using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests.Observables;

/// <summary>Runs on landscapes with observables on request.</summary>
internal static class Requested
{
    /// <summary>The series of a run that measures at every step, with the points of its rows.</summary>
    public static (SeriesTable Series, double[][] Path) Run(
        Landscape landscape,
        double[] start,
        OptimiserSpec rule,
        double stepSize,
        int steps,
        string[] observables,
        BatchPlan? batch = null,
        int exponents = 0
    )
    {
        List<double[]> path = [];
        var series = Recording
            .Run(
                landscape,
                rule,
                stepSize,
                DescentLimits.AllOf(steps),
                [.. start],
                new CurvatureProbeOptions(1, new LanczosOptions(1e-12))
                {
                    Observables = observables,
                    Exponents = exponents,
                },
                1,
                (state, _, _) => path.Add([.. state.Theta]),
                sampler: batch?.Sampler(((IStochasticSurface<double[]>)landscape).Samples)
            )
            .Series;
        return (series, [.. path]);
    }

    /// <summary>The gradient by itself.</summary>
    public static double[] Gradient(Landscape landscape, double[] theta)
    {
        var gradient = new double[theta.Length];
        landscape.Gradient(theta, gradient);
        return gradient;
    }

    /// <summary>x . H y with the dense Hessian.</summary>
    public static double Form(Landscape landscape, double[] theta, double[] x, double[] y)
    {
        var (n, sum) = (theta.Length, 0.0);
        var hessian = new double[n * n];
        landscape.Hessian(theta, hessian);
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            sum += x[i] * hessian[(i * n) + j] * y[j];
        return sum;
    }

    public static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    public static double[] Difference(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a - b)];
}
