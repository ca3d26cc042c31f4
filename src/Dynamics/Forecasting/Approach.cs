using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>How a run is brought to the beginning of an instability.</summary>
/// <param name="StepSize">The step size below the edge, finite and above 0.</param>
/// <param name="Steps">Steps made with it, at least 0.</param>
/// <param name="Push">Then the step size is set to this number over the sharpness found there: just above 2.</param>
/// <param name="Patience">The most steps waited for each instability, at least 1.</param>
public sealed record ApproachOptions(double StepSize, int Steps, double Push = 2.1, int Patience = 1500)
{
    /// <summary>The excursion along v_1, |g . v_1| / S, from which on an instability has begun; above 0.</summary>
    public double Excursion { get; init; } = 1e-3;

    /// <summary>
    /// Which instability after the push is approached, 1 for the first. The run goes through those before it: one is
    /// over once the sharpness, averaged over two steps, is back below the edge and the excursion below ten times
    /// <see cref="Excursion"/>; the next begins where the sharpness is above the edge again with the excursion at least
    /// <see cref="Excursion"/>.
    /// </summary>
    public int Instability { get; init; } = 1;

    /// <summary>
    /// b in [0, 1) of heavy-ball descent (7.1) after the push, whose step size is then (1 + b) times as large: so is its
    /// edge. 0 for gradient descent. The steps below the edge are gradient descent.
    /// </summary>
    public double Momentum { get; init; }

    /// <summary>The residual of the leading pair relative to |H|.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Seeds the eigensolver's starts.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Where an approach ended.</summary>
/// <param name="Reached">Whether the instability began; not where it was waited for in vain or the run diverged.</param>
/// <param name="StepSize">The step size past the edge; NaN where the sharpness that it is set by is not known.</param>
/// <param name="Steps">Steps made.</param>
public sealed record ApproachOutcome(bool Reached, double StepSize, int Steps);

/// <summary>
/// The way of a run of gradient descent to the reference point of a forecast (<see cref="ForecastTrial"/>): below the
/// edge, past it, and on until the excursion that begins the instability. Theories speak of the instability, and not of
/// the drift until u has grown from rounding to where it is seen.
/// </summary>
public static class Approach
{
    /// <summary>Makes the steps.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The start; holds the reference point afterwards.</param>
    /// <param name="options">The way.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ApproachOutcome Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ApproachOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    ) => Run(surface, theta, default, null, options, progress, cancellation);

    /// <summary>
    /// The same, with the momentum at the reference point, null where nobody asks; and with a rule of one's own, without
    /// momentum, that makes all steps and has a preconditioner from the first on, null for none. Of the rule S is the
    /// effective sharpness, and the excursion has the length that it has in theta.
    /// </summary>
    internal static ApproachOutcome Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector? momentum,
        IUpdateRule<TVector>? own,
        ApproachOptions options,
        Action<int>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(options.StepSize, nameof(options.StepSize));
        Require.InRange(options.Steps, 0, name: nameof(options.Steps));
        Require.Positive(options.Push, nameof(options.Push));
        Require.InRange(options.Patience, 1, name: nameof(options.Patience));
        Require.Positive(options.Excursion, nameof(options.Excursion));
        Require.InRange(options.Instability, 1, name: nameof(options.Instability));
        Require.Decay(options.Momentum, "momentum");
        using var way = new Way<TVector>(surface, theta, momentum, own, options);
        var reached = way.Reach(progress, cancellation);
        return new ApproachOutcome(reached, way.StepSize, way.Steps);
    }

    private sealed class Way<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector? momentum,
        IUpdateRule<TVector>? own,
        ApproachOptions options
    ) : IDisposable
    {
        // In units of the excursion that begins an instability: an instability whose u has not come down to this has
        // not ended.
        private const double Settled = 10;

        private readonly LeadingPair<TVector> _leading = new(surface.Space, options.Tolerance, options.Seed, own);
        private double _excursion;
        private int _begun;
        private bool _lasting;

        public int Steps { get; private set; }

        public double StepSize { get; private set; } = double.NaN;

        private double Sharpness => _leading.Sharpness;

        /// <summary>Whether the reference point was reached; theta is there then.</summary>
        public bool Reach(Action<int>? progress, CancellationToken cancellation)
        {
            Observer<TVector> counts = new(1, state => progress?.Invoke(Steps + state.Step));
            using (var below = new GradientDescent<TVector>(surface.Space))
                if (
                    Descend(own ?? below, options.StepSize, options.Steps, counts, cancellation) != StopReason.StepLimit
                )
                    return false;
            using (var point = surface.At(theta))
                if (!IsMeasured(point))
                    return false;
            StepSize = (1 + options.Momentum) * options.Push / Sharpness;
            var reached = false;
            var watches = counts with
            {
                NeedsPoint = true,
                StopWhen = state =>
                {
                    var previous = Sharpness;
                    // The first point has been measured, to set the step size.
                    if (state.Step > 0 && !IsMeasured(state.Point!))
                        return true;
                    return reached = IsReference(previous);
                },
            };
            var patience = Math.Min(int.MaxValue, (long)options.Patience * options.Instability);
            if (options.Momentum == 0)
            {
                using var rule = new GradientDescent<TVector>(surface.Space);
                Descend(own ?? rule, StepSize, (int)patience, watches, cancellation);
                return reached;
            }

            using var heavy = new Momentum<TVector>(surface.Space, options.Momentum);
            Descend(heavy, StepSize, (int)patience, watches, cancellation);
            if (momentum is not null)
                surface.Space.Copy(heavy.State, momentum);
            return reached;
        }

        public void Dispose() => _leading.Dispose();

        private StopReason Descend(
            IUpdateRule<TVector> rule,
            double stepSize,
            int steps,
            Observer<TVector> observer,
            CancellationToken cancellation
        )
        {
            var limits = DescentLimits.AllOf(steps);
            var result = DescentLoop.Run(
                surface,
                rule,
                stepSize,
                limits,
                theta,
                [observer],
                cancellation: cancellation
            );
            Steps += result.Steps;
            cancellation.ThrowIfCancellationRequested();
            return result.Reason;
        }

        /// <summary>Whether there is a sharpness to speak of; it and the excursion are those of the point then.</summary>
        private bool IsMeasured(ISurfacePoint<TVector> point)
        {
            _leading.Measure(point, theta);
            _excursion = _leading.Excursion(point.Gradient);
            return Sharpness > 0;
        }

        /// <summary>
        /// Takes note of what begins and what is over; whether the instability that is approached begins here.
        /// </summary>
        private bool IsReference(double previous)
        {
            var edge = 2 * (1 + options.Momentum);
            var over = StepSize * (Sharpness + previous) / 2 < edge && _excursion < Settled * options.Excursion;
            if (_lasting && over)
                _lasting = false;
            if (_lasting || !(StepSize * Sharpness > edge && _excursion >= options.Excursion))
                return false;
            _lasting = true;
            return ++_begun == options.Instability;
        }
    }
}
