using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// Lyapunov spectra by the method of Benettin, Galgani, Giorgilli and Strelcyn (1980): a frame of tangent vectors is carried along and orthonormalised after every step (a QR decomposition);
/// the means of the logarithms of the diagonal of R are the exponents.
/// </summary>
public static class Lyapunov
{
    /// <summary>The spectrum of a map, or of a flow through its <see cref="FlowMap{TFlow}"/>.</summary>
    /// <typeparam name="TMap">The map with its tangents, a struct.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="start">The start, finite.</param>
    /// <param name="options">What to measure.</param>
    public static LyapunovSpectrum Spectrum<TMap>(in TMap map, ReadOnlySpan<double> start, LyapunovOptions options)
        where TMap : struct, ITangentMap
    {
        ArgumentNullException.ThrowIfNull(options);
        var n = map.Dimension;
        Require.Length(start.Length, n, nameof(start));
        Require.AllFinite(start);
        options.Validate(n);
        var k = options.Exponents;
        var system = new TangentSystem<TMap>(map, k);
        double[] current = new double[n * (1 + k)],
            next = new double[current.Length],
            stretches = new double[k];
        start.CopyTo(current);
        var space = new DenseSpace(n);
        var draw = space.Create();
        var random = new Random(options.Seed);
        for (var i = 1; i <= k; i++)
        {
            space.FillGaussian(draw, random);
            draw.CopyTo(current, i * n);
        }

        GramSchmidt.Orthonormalize(current.AsSpan(n), n, stretches);
        var averages = new StretchAverages(options, map.Duration);
        var steps = (long)options.Blocks * options.StepsPerBlock;
        for (var t = -(long)options.Transient; t < steps; t++)
        {
            system.Step(current, next);
            (current, next) = (next, current);
            if (!IsFinite(current))
                return averages.Finish(LyapunovEnd.Diverged);
            var collapsed = GramSchmidt.Orthonormalize(current.AsSpan(n), n, stretches);
            if (collapsed < k)
                return averages.Finish(LyapunovEnd.Collapsed, collapsed);
            if (t >= 0)
                averages.Add(stretches);
        }

        return averages.Finish(LyapunovEnd.Completed);
    }

    /// <summary>
    /// The spectrum of gradient descent itself, eq. (1.1), whose tangent map is v+ = v - eta H(theta) v: on landscapes, and matrix-free on networks. One step costs one gradient and k Hessian products.
    /// </summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="stepSize">eta, finite and above 0.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="options">What to measure.</param>
    /// <returns>The spectrum, per step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of range, or the steps are more than a descent counts (2^31 - 1).
    /// </exception>
    /// <exception cref="ArgumentException">The loss at the start is not finite.</exception>
    public static LyapunovSpectrum OfDescent<TVector>(
        ISurface<TVector> surface,
        double stepSize,
        TVector theta,
        LyapunovOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(stepSize);
        var space = surface.Space;
        options.Validate(space.Dimension);
        var steps = options.Transient + ((long)options.Blocks * options.StepsPerBlock);
        if (steps > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"transient and blocks are {steps} steps; a descent takes at most {int.MaxValue}."
            );
        }

        using var rule = new GradientDescent<TVector>(space);
        using var frame = new TangentFrame<TVector>(space, options.Exponents, options.Seed);
        var (averages, finite) = (new StretchAverages(options, 1), true);
        Observer<TVector> tangents = new(
            1,
            state =>
            {
                if (state.End is null && state.Step >= options.Transient)
                    averages.Add(frame.Stretches);
            }
        )
        {
            NeedsPoint = true,
            StopWhen = state =>
            {
                frame.Advance(state.Point!, state.StepSize);
                finite = IsFinite(frame.Stretches);
                return !finite || frame.Alive < options.Exponents;
            },
        };
        var result = DescentLoop.Run(surface, rule, stepSize, DescentLimits.AllOf((int)steps), theta, [tangents]);
        // A loss may be finite where the parameters no longer are.
        return result.Reason switch
        {
            StopReason.StepLimit when double.IsFinite(space.Norm(theta)) => averages.Finish(LyapunovEnd.Completed),
            StopReason.Stopped when finite => averages.Finish(LyapunovEnd.Collapsed, frame.Alive),
            _ => averages.Finish(LyapunovEnd.Diverged),
        };
    }

    private static bool IsFinite(ReadOnlySpan<double> values) =>
        !values.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
}
