using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Integration;

/// <summary>The minimum that gradient flow reaches from a point, and how sharp it is.</summary>
/// <param name="Minimum">Where it ended.</param>
/// <param name="Sharpness">The sharpness there: phi of (3.8), the gradient-flow-solution sharpness of (6.8).</param>
/// <param name="GradientNorm">|g| there.</param>
/// <param name="Converged">Whether |g| fell to the tolerance.</param>
public sealed record FlowMinimum(double[] Minimum, double Sharpness, double GradientNorm, bool Converged);

/// <summary>Gradient flow, eq. (6.1): theta' = -g(theta).</summary>
public static class GradientFlow
{
    /// <summary>Follows the flow from a point to its minimum.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="start">The point.</param>
    /// <param name="gradientTolerance">Ends when |g| is at most this, above 0.</param>
    /// <param name="horizon">The longest time followed, above 0.</param>
    /// <returns>The minimum.</returns>
    public static FlowMinimum ToMinimum(ISurface<double[]> surface, double[] start, double gradientTolerance = 1e-9, double horizon = 1e6)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(start);
        Require.Length(start.Length, surface.Space.Dimension, nameof(start));
        Require.Positive(gradientTolerance);
        Require.Positive(horizon);
        double[] theta = [.. start];
        var time = 0.0;
        var norm = double.NaN;
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(1e-10, 1e-13));
        var end = integrator.Integrate(new Descending(surface), ref time, horizon, theta, derivative =>
        {
            norm = Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.Dot(derivative, derivative));
            return norm <= gradientTolerance;
        });
        return new FlowMinimum(theta, Sharpness(surface, theta), norm, end == IntegrationEnd.Stopped);
    }

    private static double Sharpness(ISurface<double[]> surface, double[] theta)
    {
        using var solver = new LanczosEigensolver<double[]>(surface.Space, new LanczosOptions(1e-12));
        using var frame = new EigenFrame<double[]>(surface.Space, 1);
        using var point = surface.At(theta);
        var random = new Random(0);
        var start = surface.Space.Create();
        surface.Space.FillGaussian(start, random);
        solver.Solve(point.HessianVector, start, random, frame);
        return frame.Values[0];
    }

    private readonly struct Descending : IFlow
    {
        private readonly ISurface<double[]> _surface;
        private readonly double[] _point, _gradient;

        public Descending(ISurface<double[]> surface) => (_surface, _point, _gradient) = (surface, surface.Space.Create(), surface.Space.Create());

        public int Dimension => _point.Length;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            state.CopyTo(_point);
            _surface.LossAndGradient(_point, _gradient);
            for (var i = 0; i < derivative.Length; i++) derivative[i] = -_gradient[i];
        }
    }
}
