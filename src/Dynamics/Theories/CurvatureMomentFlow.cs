using FlatBias.Dynamics.Integration;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The flow form of the curvature-moment system near the edge, eq. (4.5) for any K. With s = (-1)^t and all else slow, u_t = w + s x and m_j = n_j + s p_j, and the powers split into even and odd parts in x,
/// (w + s x)^k / k! = e_k + s o_k. What the alternation leaves behind follows at once, p_j = (eta/2) sum_k G_jk o_k and 0 = sum_k (n_k e_(k-1) + p_k o_(k-1)), which gives w; the rest flows, per step of descent:
/// x' = -2 x + eta sum_k (n_k o_(k-1) + p_k e_(k-1)),   n_j' = eta ( a_j - sum_k G_jk e_k ),   V' = -eta ( |grad V|^2 - sum_k a_k e_k ).
/// For K = 2 on the floor, w = p = 0 and x' = eta (n_2 - 2/eta) x: (4.5). Frozen moments give x' = (eps x - c x^3) with the c of (4.6).
/// State: (x, V, n_1, ..., n_K).
/// </summary>
internal readonly struct CurvatureMomentFlow(Jet jet, double stepSize) : IFlow
{
    private readonly int _order = jet.Order;

    public int Dimension => _order + 2;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        Span<double> even = stackalloc double[_order + 1], odd = stackalloc double[_order + 1], pull = stackalloc double[_order];
        var moments = state[2..];
        Mean(state[0], moments, even, odd, pull);
        var (force, work) = (0.0, 0.0);
        for (var k = 1; k <= _order; k++)
        {
            force += (moments[k - 1] * odd[k - 1]) + (pull[k - 1] * even[k - 1]);
            work += jet.Drift[k - 1] * even[k];
            derivative[k + 1] = stepSize * (jet.Drift[k - 1] - Contract(k - 1, even));
        }

        derivative[0] = (-2 * state[0]) + (stepSize * force);
        derivative[1] = -stepSize * (jet.SquaredGradient - work);
    }

    /// <summary>The slow state whose even phase is the reference point, u = 0 with the moments of the jet.</summary>
    /// <param name="state">Overwritten with (x, V, n_1, ..., n_K).</param>
    /// <returns>False when there is none near: the reference point lies too far from the floor for the moments at hand.</returns>
    public bool Start(Span<double> state)
    {
        Span<double> even = stackalloc double[_order + 1], odd = stackalloc double[_order + 1], pull = stackalloc double[_order];
        state[0] = jet.Moments[0] / jet.Moments[1];
        jet.Moments.CopyTo(state[2..]);
        for (var i = 0; i < 200; i++)
        {
            var mean = Mean(state[0], state[2..], even, odd, pull);
            var done = Math.Abs(mean + state[0]) <= 1e-13 * Math.Abs(state[0]);
            for (var k = 0; k < _order; k++) state[k + 2] = jet.Moments[k] - pull[k];
            state[1] = jet.Loss + (stepSize / 2 * Dot(jet.Drift, odd));
            if (done) return true;
            state[0] = -mean;
        }

        return false;
    }

    /// <summary>The state (u, V, m_1, ..., m_K) of one phase.</summary>
    /// <param name="slow">(x, V, n_1, ..., n_K).</param>
    /// <param name="sign">s, 1 at even steps and -1 at odd ones.</param>
    /// <param name="state">Overwritten.</param>
    /// <returns>The share by which x changes in a step, |x'/x|.</returns>
    public double Phase(ReadOnlySpan<double> slow, int sign, Span<double> state)
    {
        Span<double> even = stackalloc double[_order + 1], odd = stackalloc double[_order + 1], pull = stackalloc double[_order], rate = stackalloc double[_order + 2];
        state[0] = Mean(slow[0], slow[2..], even, odd, pull) + (sign * slow[0]);
        state[1] = slow[1] - (sign * stepSize / 2 * Dot(jet.Drift, odd));
        for (var k = 0; k < _order; k++) state[k + 2] = slow[k + 2] + (sign * pull[k]);
        Derivative(0, slow, rate);
        return slow[0] == 0 ? Math.Abs((stepSize * CurvatureMomentMap.Moment(state, 2)) - 2) : Math.Abs(rate[0] / slow[0]);
    }

    /// <summary>Solves for w by Newton's method and fills e_0 .. e_K, o_0 .. o_K and p_1 .. p_K; NaN where it does not converge.</summary>
    private double Mean(double x, ReadOnlySpan<double> moments, Span<double> even, Span<double> odd, Span<double> pull)
    {
        var w = -moments[0] / moments[1];
        for (var i = 0; i < 50; i++)
        {
            Split(w, x, even, odd, pull);
            var (force, slope, size) = (0.0, 0.0, 0.0);
            for (var k = 1; k <= _order; k++)
            {
                var term = (moments[k - 1] * even[k - 1]) + (pull[k - 1] * odd[k - 1]);
                (force, size) = (force + term, size + Math.Abs(term));
                slope += stepSize / 2 * Contract(k - 1, odd, 1) * odd[k - 1];
                if (k > 1) slope += (moments[k - 1] * even[k - 2]) + (pull[k - 1] * odd[k - 2]);
            }

            // Up to six terms of a dozen roundings each: the sum is not known better than this.
            if (Math.Abs(force) <= 1e-14 * size) return w;
            w -= force / slope;
        }

        return double.NaN;
    }

    private void Split(double w, double x, Span<double> even, Span<double> odd, Span<double> pull)
    {
        (even[0], odd[0]) = (1, 0);
        for (var k = 1; k <= _order; k++) (even[k], odd[k]) = (((w * even[k - 1]) + (x * odd[k - 1])) / k, ((w * odd[k - 1]) + (x * even[k - 1])) / k);
        for (var j = 0; j < _order; j++) pull[j] = stepSize / 2 * Contract(j, odd);
    }

    /// <summary>sum_k G_jk weights[k - shift].</summary>
    private double Contract(int j, ReadOnlySpan<double> weights, int shift = 0)
    {
        var sum = 0.0;
        for (var k = 1; k <= _order; k++) sum += jet.Gram[j, k - 1] * weights[k - shift];
        return sum;
    }

    /// <summary>sum_k a_k weights[k].</summary>
    private static double Dot(double[] drift, ReadOnlySpan<double> weights) => System.Numerics.Tensors.TensorPrimitives.Dot(drift, weights[1..]);
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
    public JetNeeds Needs => new(_order);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SlowEdge;

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason) return Forecast.Decline(Name, reason);
        // u is multiplied by 1 - eta S in a step: not by a number near -1, no alternation with a slow envelope.
        if (!(Math.Abs((stepSize * jet.Sharpness) - 2) < 1)) return Forecast.Decline(Name, $"eta S is {stepSize * jet.Sharpness:G4}; the flow near the edge needs it between 1 and 3");
        var cut = jet.Truncated(_order);
        var flow = new CurvatureMomentFlow(cut, stepSize);
        double[] slow = new double[flow.Dimension], state = new double[flow.Dimension];
        if (!flow.Start(slow)) return Forecast.Decline(Name, "the reference point lies too far from the floor: no slow alternation passes through it");
        var forecast = new MomentForecast(cut, steps);
        ModelFlow.Follow(flow, slow, steps, (t, at) => forecast.Read(t, state, flow.Phase(at, t % 2 == 0 ? 1 : -1, state)));
        return forecast.Build(Name);
    }
}
