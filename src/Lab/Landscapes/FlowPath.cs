using FlatBias.Dynamics.Integration;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Lab.Landscapes;

/// <summary>The path of gradient flow, eq. (6.1), for the map.</summary>
internal static class FlowPath
{
    private const int Samples = 200;

    // A path on a screen; where curvatures are too far apart for this many steps it is drawn as far as it came.
    private const int MostSteps = 3000;

    /// <summary>Follows the flow for a time.</summary>
    /// <returns>One array a coordinate, as long as the flow stayed finite.</returns>
    public static double[][] From(Landscape landscape, double[] start, double duration)
    {
        if (duration <= 0)
            return [];
        var path = Enumerable.Range(0, start.Length).Select(_ => new List<double>(Samples + 1)).ToArray();
        // Denser at the beginning, where the flow is fast: equal steps in the square root of time.
        double[] times = [.. Enumerable.Range(0, Samples + 1).Select(i => duration * i / Samples * i / Samples)];
        var sampler = new Sampler(
            times,
            (_, _, state) =>
            {
                for (var i = 0; i < path.Length; i++)
                    path[i].Add(state[i]);
            }
        );
        double[] theta = [.. start];
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(1e-6, 1e-9, MostSteps)).Integrate(
            new GradientFlowField(landscape),
            ref time,
            duration,
            theta,
            sampler
        );
        return [.. path.Select(coordinate => coordinate.ToArray())];
    }
}
