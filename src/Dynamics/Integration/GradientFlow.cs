using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Integration;

/// <summary>The minimum that gradient flow reaches from a point, and how sharp it is.</summary>
/// <param name="Minimum">Where it ended.</param>
/// <param name="Sharpness">The sharpness there: phi of (3.8), the gradient-flow-solution sharpness of (6.8).</param>
/// <param name="GradientNorm">|g| there.</param>
/// <param name="Distance">
/// The distance to the minimum that remains, estimated by eq. (10.17); infinite where the surface is a slope without
/// curvature.
/// </param>
/// <param name="Converged">Whether that distance fell to the tolerance.</param>
public sealed record FlowMinimum(
    double[] Minimum,
    double Sharpness,
    double GradientNorm,
    double Distance,
    bool Converged
);

/// <summary>Gradient flow, eq. (6.1): theta' = -g(theta), as a flow with Jacobian -H; for the stiff method where the curvatures are far apart.</summary>
public readonly struct GradientFlowField : IJacobianFlow
{
    private readonly ISurface<double[]> _surface;
    private readonly double[] _point,
        _direction,
        _product;

    /// <summary>Makes the flow of a surface.</summary>
    /// <param name="surface">The surface.</param>
    public GradientFlowField(ISurface<double[]> surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        (_surface, _point, _direction, _product) = (
            surface,
            surface.Space.Create(),
            surface.Space.Create(),
            surface.Space.Create()
        );
    }

    /// <inheritdoc/>
    public int Dimension => _point.Length;

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        state.CopyTo(_point);
        _surface.LossAndGradient(_point, _product);
        for (var i = 0; i < derivative.Length; i++)
            derivative[i] = -_product[i];
    }

    /// <inheritdoc/>
    public void Jacobian(
        double time,
        ReadOnlySpan<double> state,
        ReadOnlySpan<double> increments,
        Span<double> jacobian
    )
    {
        state.CopyTo(_point);
        using var view = _surface.At(_point);
        for (var j = 0; j < state.Length; j++)
        {
            _direction[j] = 1;
            view.HessianVector(_direction, _product);
            _direction[j] = 0;
            for (var i = 0; i < state.Length; i++)
                jacobian[(i * state.Length) + j] = -_product[i];
        }
    }

    /// <inheritdoc/>
    public void TimeDerivative(double time, ReadOnlySpan<double> state, double increment, Span<double> derivative) =>
        derivative.Clear();
}

/// <summary>Where gradient flow, eq. (6.1), leads.</summary>
public static class GradientFlow
{
    // More than any flow whose curvatures lie within a factor of a few thousand needs; beyond it the explicit method crawls at the sharpest curvature's pace.
    private const int ExplicitSteps = 20_000;

    /// <summary>
    /// Follows the flow from a point to its minimum: by Dormand-Prince, and from where that has spent 20,000 steps by
    /// the stiff method Rodas. Lengths and times are those of the surface: of the start, and of its curvature there.
    /// </summary>
    /// <param name="surface">The surface.</param>
    /// <param name="start">The point, finite.</param>
    /// <param name="tolerance">
    /// Ends when the distance that remains, eq. (10.17), is at most this fraction of the larger of |start| and |theta|;
    /// above 0 and below 1.
    /// </param>
    /// <param name="horizon">
    /// The longest time followed, in units of one over the largest curvature at the start, above 0.
    /// </param>
    public static FlowMinimum ToMinimum(
        ISurface<double[]> surface,
        double[] start,
        double tolerance = 1e-9,
        double horizon = 1e12
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(start);
        Require.Length(start.Length, surface.Space.Dimension, nameof(start));
        Require.AllFinite(start);
        Require.Fraction(tolerance);
        Require.Positive(horizon);
        double[] theta = [.. start];
        var flow = new GradientFlowField(surface);
        var left = new RemainingDistance(flow, theta);
        var options = new IntegrationOptions(1e-10, 1e-13 * left.Length);
        var (time, last, stretch) = (0.0, horizon / left.Rate, 0.0);
        var end = new RungeKutta(ButcherTableau.DormandPrince, options with { MaximumSteps = ExplicitSteps }).Integrate(
            flow,
            ref time,
            last,
            theta,
            AtRest
        );
        if (end == IntegrationEnd.StepLimit)
            end = new Rosenbrock(RosenbrockTableau.Rodas4, options).Integrate(flow, ref time, last, theta, AtRest);
        if (end != IntegrationEnd.Stopped)
            left.Measure(theta);
        return new FlowMinimum(
            theta,
            Sharpness(surface, theta),
            left.GradientNorm,
            left.Distance,
            end == IntegrationEnd.Stopped
        );

        // A measurement costs a Hessian; every tenth more of time is often enough, since rest is approached
        // exponentially.
        bool AtRest(ReadOnlySpan<double> derivative)
        {
            if (time < stretch)
                return false;
            stretch = 1.1 * time;
            left.Measure(theta);
            return left.Distance <= tolerance * Math.Max(left.Start, surface.Space.Norm(theta));
        }
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
}
