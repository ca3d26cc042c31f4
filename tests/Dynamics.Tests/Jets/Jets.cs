using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>Collocation jets with the whole floor.</summary>
internal static class Jets
{
    public static (Jet Jet, double[][] Basis) Along(
        ISurface<double[]> surface,
        double[] theta,
        double[] direction,
        double stepSize,
        int steps,
        CollocationOptions options,
        double trailing = double.NaN,
        double gap = double.NaN
    )
    {
        using var basis = Jet.Basis(surface.Space, theta.Length)!;
        using var point = surface.At(theta);
        var jet = CollocationJet.Along(
            surface,
            theta,
            point,
            direction,
            basis,
            stepSize,
            steps,
            options,
            trailing,
            gap
        );
        return (jet, [.. Enumerable.Range(0, jet.Krylov!.Dimension).Select(i => (double[])basis[i].Clone())]);
    }
}
