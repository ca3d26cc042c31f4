using System.Numerics.Tensors;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The flow form of the curvature-moment system near the edge, eq. (4.5) for any K. With u_t = w + (-1)^t x and all else slow, the powers split into even and odd parts in x, (w +- x)^k / k! = e_k +- o_k. The mean w follows at once,
/// 0 = sum_k m_k e_(k-1); the rest flows, per step of descent:
/// x' = -2 x + eta sum_k m_k o_(k-1),   m_j' = eta ( a_j - sum_k G_jk e_k ),   V' = -eta ( |grad V|^2 - sum_k a_k e_k ).
/// For K = 2 on the floor w = 0 and x' = eta (m_2 - 2/eta) x: (4.5). Frozen moments give x' = eps x - c x^3 to leading order, with the c of (4.6).
/// State: (x, V, m_1, ..., m_K).
/// </summary>
public readonly struct CurvatureMomentFlow : IFlow
{
    private readonly Jet _jet;
    private readonly double _stepSize;
    private readonly int _order;

    /// <summary>Makes the flow of a jet.</summary>
    /// <param name="jet">Supplies G, a and |grad V|^2, and the start.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    public CurvatureMomentFlow(Jet jet, double stepSize)
    {
        ArgumentNullException.ThrowIfNull(jet);
        (_jet, _stepSize, _order) = (jet, Require.Positive(stepSize), jet.Order);
    }

    /// <inheritdoc/>
    public int Dimension => _order + 2;

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        Span<double> even = stackalloc double[_order + 1],
            odd = stackalloc double[_order + 1];
        Mean(state[0], state[2..], even, odd);
        derivative[0] = (-2 * state[0]) + (_stepSize * TensorPrimitives.Dot(state[2..], odd[..^1]));
        derivative[1] = -_stepSize * (_jet.SquaredGradient - TensorPrimitives.Dot(_jet.Drift, even[1..]));
        for (var j = 0; j < _order; j++)
        {
            var pull = _jet.Drift[j];
            for (var k = 0; k < _order; k++)
                pull -= _jet.Gram[j, k] * even[k + 1];
            derivative[j + 2] = _stepSize * pull;
        }
    }

    /// <summary>The slow state whose even phase is the reference point, u = 0.</summary>
    /// <param name="state">Overwritten with (x, V, m_1, ..., m_K).</param>
    /// <returns>False when there is none near: the reference point lies too far from the floor for the moments at hand.</returns>
    public bool Start(Span<double> state)
    {
        Span<double> even = stackalloc double[_order + 1],
            odd = stackalloc double[_order + 1];
        (state[0], state[1]) = (_jet.Moments[0] / _jet.Moments[1], _jet.Loss);
        _jet.Moments.CopyTo(state[2..]);
        for (var i = 0; i < 200; i++)
        {
            var x = -Mean(state[0], state[2..], even, odd);
            if (Math.Abs(x - state[0]) <= 1e-13 * Math.Abs(x))
                return true;
            state[0] = x;
        }

        return false;
    }

    /// <summary>The state (u, V, m_1, ..., m_K) of one phase.</summary>
    /// <param name="slow">(x, V, m_1, ..., m_K).</param>
    /// <param name="sign">1 at even steps and -1 at odd ones.</param>
    /// <param name="state">Overwritten.</param>
    /// <returns>The share by which x changes in a step, |x'/x|; its limit for x = 0.</returns>
    public double Phase(ReadOnlySpan<double> slow, int sign, Span<double> state)
    {
        Span<double> even = stackalloc double[_order + 1],
            odd = stackalloc double[_order + 1];
        slow.CopyTo(state);
        state[0] = Mean(slow[0], slow[2..], even, odd) + (sign * slow[0]);
        var multiplier =
            slow[0] == 0 ? CurvatureMomentMap.Moment(state, 2) : TensorPrimitives.Dot(slow[2..], odd[..^1]) / slow[0];
        return Math.Abs((_stepSize * multiplier) - 2);
    }

    /// <summary>Solves sum_k m_k e_(k-1) = 0 for w by Newton's method and fills e_0 .. e_K and o_0 .. o_K; NaN where it does not converge.</summary>
    private double Mean(double x, ReadOnlySpan<double> moments, Span<double> even, Span<double> odd)
    {
        var w = -moments[0] / moments[1];
        for (var i = 0; i < 50; i++)
        {
            (even[0], odd[0]) = (1, 0);
            for (var k = 1; k <= _order; k++)
                (even[k], odd[k]) = (
                    ((w * even[k - 1]) + (x * odd[k - 1])) / k,
                    ((w * odd[k - 1]) + (x * even[k - 1])) / k
                );
            var (force, size) = (0.0, 0.0);
            for (var k = 0; k < _order; k++)
                (force, size) = (force + (moments[k] * even[k]), size + Math.Abs(moments[k] * even[k]));
            // Up to six terms of a dozen roundings each: the sum is not known better than this.
            if (Math.Abs(force) <= 1e-14 * size)
                return w;
            w -= force / TensorPrimitives.Dot(moments[1..], even[..(_order - 1)]);
        }

        return double.NaN;
    }
}

/// <summary>
/// The curvature-moment system near the edge in its flow form, eq. (4.5) for any K, as a forecast. Validity: |x'/x|, the share by which the alternation grows or shrinks in a step; or the share of the last retained
/// moment as in <see cref="CurvatureMomentTheory"/>, where that is larger.
/// </summary>
public sealed class CurvatureMomentFlowTheory : ITheory
{
    private readonly int _order;

    /// <summary>Makes the theory of order K.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    public CurvatureMomentFlowTheory(int order) => _order = Require.InRange(order, 2, 6);

    /// <inheritdoc/>
    public string Name => $"moment-flow-{_order}";

    /// <inheritdoc/>
    public string Summary => $"curvature-moment flow near the edge with K = {_order}, eq. (4.5)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(_order, Cut: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SlowEdge;

    /// <inheritdoc/>
    public TheoryStanding Standing =>
        new(TheoryFamily.CurvatureMoments, TheoryOrigin.Ours, "derived here", TheoryRole.Variant);

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        if (TheoryContract.OffTheEdge(jet, stepSize) is { } far)
            return Forecast.Decline(Name, far);
        var cut = jet.Truncated(_order);
        var flow = new CurvatureMomentFlow(cut, stepSize);
        double[] slow = new double[flow.Dimension],
            state = new double[flow.Dimension];
        if (!flow.Start(slow))
            return Forecast.Decline(
                Name,
                "the reference point lies too far from the floor: no slow alternation passes through it"
            );
        var forecast = new MomentForecast(cut, steps);
        ModelFlow.Follow(
            flow,
            slow,
            steps,
            (t, at) => forecast.Read(t, state, flow.Phase(at, t % 2 == 0 ? 1 : -1, state))
        );
        return forecast.Build(Name);
    }
}
