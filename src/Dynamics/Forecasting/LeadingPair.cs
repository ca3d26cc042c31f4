using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// The leading eigenpair along a run, for those who want it at every step and nothing else; by the tracker of the probe
/// that measures all runs.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class LeadingPair<TVector> : IDisposable
{
    private readonly EigenTracker<TVector> _tracker;
    private readonly EigenFrame<TVector> _frame;
    private readonly Random _random;

    /// <summary>Makes room for it.</summary>
    /// <param name="space">The space.</param>
    /// <param name="tolerance">The residual relative to |H|.</param>
    /// <param name="seed">Seeds the eigensolver's start.</param>
    public LeadingPair(IVectorSpace<TVector> space, double tolerance, int seed)
    {
        _tracker = new EigenTracker<TVector>(
            space,
            1,
            new LanczosOptions(tolerance, Trailing: false),
            new TrackingOptions()
        );
        (_frame, _random) = (new EigenFrame<TVector>(space, 1), new Random(seed));
    }

    /// <summary>S, lambda_1 at the point measured last.</summary>
    public double Sharpness => _frame.Values[0];

    /// <summary>v_1 there.</summary>
    public TVector Vector => _frame.Vectors[0];

    /// <summary>Measures the pair at the next point of the run.</summary>
    public void Measure(ISurfacePoint<TVector> point, TVector theta) =>
        _tracker.Track(point.HessianVector, theta, trailing: false, _random, _frame);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracker.Dispose();
        _frame.Dispose();
    }
}
