using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// The leading eigenpair along a run, for those who want it at every step and nothing else; by the tracker of the probe
/// that measures all runs. Of a rule with a preconditioner P it is that of P^(-1/2) H P^(-1/2), with the P that the rule
/// has then, (7.1).
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class LeadingPair<TVector> : IDisposable
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IUpdateRule<TVector>? _rule;
    private readonly EigenTracker<TVector> _tracker;
    private readonly EigenFrame<TVector> _frame;
    private readonly Random _random;
    private readonly TVector _root,
        _scaled;

    /// <summary>Makes room for it.</summary>
    /// <param name="space">The space.</param>
    /// <param name="tolerance">The residual relative to |H|.</param>
    /// <param name="seed">Seeds the eigensolver's start.</param>
    /// <param name="rule">The rule of the run where its preconditioner is to count; it has made a step before the first measurement.</param>
    public LeadingPair(IVectorSpace<TVector> space, double tolerance, int seed, IUpdateRule<TVector>? rule = null)
    {
        (_space, _rule) = (space, rule);
        _tracker = new EigenTracker<TVector>(
            space,
            1,
            new LanczosOptions(tolerance, Trailing: false),
            new TrackingOptions()
        );
        (_frame, _random) = (new EigenFrame<TVector>(space, 1), new Random(seed));
        (_root, _scaled) = (space.Create(), space.Create());
    }

    /// <summary>S, lambda_1 at the point measured last.</summary>
    public double Sharpness => _frame.Values[0];

    /// <summary>v_1 there.</summary>
    public TVector Vector => _frame.Vectors[0];

    /// <summary>Measures the pair at the next point of the run.</summary>
    public void Measure(ISurfacePoint<TVector> point, TVector theta)
    {
        Action<TVector, TVector> product = point.HessianVector;
        if (_rule is not null && _rule.TryPrecondition(_root))
            product = (x, y) =>
            {
                _space.Multiply(_root, x, _scaled);
                point.HessianVector(_scaled, y);
                _space.Multiply(_root, y, y);
            };
        _tracker.Track(product, theta, trailing: false, _random, _frame);
    }

    /// <summary>
    /// The excursion from the valley floor along v_1, |g . v_1| / S; with a preconditioner, its length in theta.
    /// </summary>
    public double Excursion(TVector gradient)
    {
        if (_rule is null)
            return Math.Abs(_space.Dot(gradient, Vector)) / Sharpness;
        _space.Multiply(_root, Vector, _scaled);
        return Math.Abs(_space.Dot(gradient, _scaled)) / Sharpness * _space.Norm(_scaled);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracker.Dispose();
        _frame.Dispose();
        _space.Release(_root);
        _space.Release(_scaled);
    }
}
