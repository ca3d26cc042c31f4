using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Training;

/// <summary>
/// The way of a forecast run to its reference point: below the edge, past it, and on until the excursion that begins
/// the instability.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="surface">The network's loss.</param>
/// <param name="theta">The initial parameters; hold the reference point afterwards.</param>
/// <param name="tolerance">The residual of the leading pair relative to |H|.</param>
internal sealed class Approach(ForecastPlan plan, NetworkSurface surface, Tensor theta, double tolerance) : IDisposable
{
    // In units of the excursion that begins an instability: an instability whose u has not come down to this has not
    // ended.
    private const double Settled = 10;

    // Steps waited for each instability, in horizons.
    private const int Patience = 10;

    private readonly EigenTracker<Tensor> _tracker = new(
        surface.Space,
        1,
        new LanczosOptions(tolerance, Trailing: false),
        new TrackingOptions()
    );

    private readonly EigenFrame<Tensor> _leading = new(surface.Space, 1);
    private readonly Random _random = new(plan.Training.Seed);
    private double _excursion;
    private int _begun;
    private bool _lasting;

    /// <summary>Steps made.</summary>
    public int Steps { get; private set; }

    /// <summary>The step size past the edge; NaN as long as the sharpness that it is set by is not known.</summary>
    public double StepSize { get; private set; } = double.NaN;

    private double Sharpness => _leading.Values[0];

    /// <summary>Makes the steps.</summary>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Whether the reference point was reached; theta is there then.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public bool Reach(Action<int>? progress, CancellationToken cancellation)
    {
        Observer<Tensor> counts = new(1, state => progress?.Invoke(Steps + state.Step));
        if (Descend(plan.Training.StepSize, plan.Approach, counts, cancellation) != StopReason.StepLimit)
            return false;
        using (var point = surface.At(theta))
            if (!IsMeasured(point))
                return false;
        StepSize = plan.Push / Sharpness;
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
        Descend(StepSize, Patience * plan.Horizon * plan.Instability, watches, cancellation);
        return reached;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracker.Dispose();
        _leading.Dispose();
    }

    private StopReason Descend(
        StepSizeSchedule stepSize,
        int steps,
        Observer<Tensor> observer,
        CancellationToken cancellation
    )
    {
        using var rule = new GradientDescent<Tensor>(surface.Space);
        var limits = DescentLimits.AllOf(steps);
        var result = DescentLoop.Run(surface, rule, stepSize, limits, theta, [observer], cancellation: cancellation);
        Steps += result.Steps;
        cancellation.ThrowIfCancellationRequested();
        return result.Reason;
    }

    /// <summary>Whether there is a sharpness to speak of; it and the excursion are those of the point then.</summary>
    private bool IsMeasured(ISurfacePoint<Tensor> point)
    {
        _tracker.Track(point.HessianVector, theta, trailing: false, _random, _leading);
        _excursion = Math.Abs(surface.Space.Dot(point.Gradient, _leading.Vectors[0])) / Sharpness;
        return Sharpness > 0;
    }

    /// <summary>
    /// Takes note of what begins and what is over; whether the instability that is forecast begins here.
    /// </summary>
    private bool IsReference(double previous)
    {
        if (_lasting && StepSize * (Sharpness + previous) / 2 < 2 && _excursion < Settled * plan.Excursion)
            _lasting = false;
        if (_lasting || !(StepSize * Sharpness > 2 && _excursion >= plan.Excursion))
            return false;
        _lasting = true;
        return ++_begun == plan.Instability;
    }
}
