using System.Runtime.Intrinsics;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system as a map, eqs. (4.1), (4.2), with the terms k = 1 of (4.7):
/// u+   = u - eta sum_k m_k u^(k-1)/(k-1)!
/// m_j+ = m_j + eta ( a_j - sum_k G_jk u^k / k! )
/// V+   = V - eta ( |grad V|^2 - sum_k a_k u^k / k! )
/// State: (u, V, m_1, ..., m_K). On a polynomial valley with V and every m_k affine in phi it is gradient descent itself, whatever the dimension.
/// </summary>
public readonly struct CurvatureMomentMap : IDiscreteMap
{
    private readonly int _order;

    // eta/(k-1)! for k = 1 .. K: the weights of the force.
    private readonly double[] _force;

    // V and each m_j move by a polynomial in u of degree K. Column by column, K + 1 numbers each, the highest power first, eta and the factorials multiplied in.
    private readonly double[] _increments;

    /// <summary>Makes the map of a jet.</summary>
    /// <param name="jet">Supplies G, a and |grad V|^2.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    public CurvatureMomentMap(Jet jet, double stepSize)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.Positive(stepSize);
        _order = jet.Order;
        (_force, _increments) = (new double[_order], new double[(_order + 1) * (_order + 1)]);
        var weight = stepSize;
        for (var k = 1; k <= _order; k++)
        {
            _force[k - 1] = weight;
            weight /= k;
            var column = _increments.AsSpan((_order - k) * (_order + 1));
            column[0] = weight * jet.Drift[k - 1];
            for (var j = 1; j <= _order; j++)
                column[j] = -weight * jet.Gram[j - 1, k - 1];
        }

        var constant = _increments.AsSpan(_order * (_order + 1));
        constant[0] = -stepSize * jet.SquaredGradient;
        for (var j = 1; j <= _order; j++)
            constant[j] = stepSize * jet.Drift[j - 1];
    }

    /// <inheritdoc/>
    public int Dimension => _order + 2;

    /// <summary>The state at the reference point, u = 0.</summary>
    /// <param name="jet">The jet.</param>
    /// <returns>(0, V, m_1, ..., m_K).</returns>
    public static double[] Start(Jet jet)
    {
        ArgumentNullException.ThrowIfNull(jet);
        return [0, jet.Loss, .. jet.Moments];
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var u = current[0];
        var (move, power) = (0.0, 1.0);
        var moments = current.Slice(2, _order);
        for (var k = 0; k < moments.Length; k++)
        {
            move += moments[k] * _force[k] * power;
            power *= u;
        }

        next[0] = u - move;
        if (_order < 3)
            MoveSingly(u, current[1..], next[1..]);
        else
            MoveByFours(u, current[1..], next[1..]);
    }

    /// <summary>Horner's rule for four of (V, m_1, ..., m_K) at a time; the last four may overlap those before, which then get the same numbers once more.</summary>
    private void MoveByFours(double u, ReadOnlySpan<double> current, Span<double> next)
    {
        var count = _order + 1;
        for (var i = 0; ; i = Math.Min(i + 4, count - 4))
        {
            var sum = Vector256.Create<double>(_increments.AsSpan(i, 4));
            for (var at = i + count; at < _increments.Length; at += count)
                sum = (sum * u) + Vector256.Create<double>(_increments.AsSpan(at, 4));
            (Vector256.Create(current.Slice(i, 4)) + sum).CopyTo(next.Slice(i, 4));
            if (i == count - 4)
                return;
        }
    }

    private void MoveSingly(double u, ReadOnlySpan<double> current, Span<double> next)
    {
        var count = _order + 1;
        for (var i = 0; i < count; i++)
        {
            var sum = 0.0;
            for (var at = i; at < _increments.Length; at += count)
                sum = (sum * u) + _increments[at];
            next[i] = current[i] + sum;
        }
    }

    /// <summary>The loss V + sum_k m_k u^k / k! of a state, section 4.</summary>
    /// <param name="state">(u, V, m_1, ..., m_K).</param>
    public static double Loss(ReadOnlySpan<double> state)
    {
        var (sum, power) = (state[1], 1.0);
        for (var k = 1; k <= state.Length - 2; k++)
            sum += state[k + 1] * (power *= state[0] / k);
        return sum;
    }

    /// <summary>The derivative of order k along u, D^k L[v, ..., v]: sum_{j>=k} m_j u^(j-k)/(j-k)!. Order 2 is the curvature along the unstable coordinate.</summary>
    /// <param name="state">(u, V, m_1, ..., m_K).</param>
    /// <param name="order">k, from 1 to K.</param>
    public static double Moment(ReadOnlySpan<double> state, int order)
    {
        var (sum, power) = (0.0, 1.0);
        for (var j = order; j <= state.Length - 2; j++)
        {
            sum += state[j + 1] * power;
            power *= state[0] / (j - order + 1);
        }

        return sum;
    }
}

/// <summary>
/// The curvature-moment system (4.1), (4.2) closed at order K, as a forecast (4.7). K = 2 is the reduced self-stabilization map (4.4).
/// The sharpness forecast is the curvature along v, sum_{k>=2} m_k u^(k-2)/(k-2)!; the turn of v is left out of it (that needs eq. 4.9).
/// Validity: the share of the last retained moment in that curvature, |m_K u^(K-2)/(K-2)!| / |m_2| for K > 2, and the change of m_2 relative to itself for K = 2.
/// </summary>
public sealed class CurvatureMomentTheory : ITheory
{
    /// <summary>The order K that stands for the system where theories are compared; beside it only K = 2, the map (4.4).</summary>
    internal const int StandardOrder = 4;

    private readonly int _order;

    /// <summary>Makes the theory of order K.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    public CurvatureMomentTheory(int order) => _order = Require.InRange(order, 2, 6);

    /// <inheritdoc/>
    public string Name => $"moment-map-{_order}";

    /// <inheritdoc/>
    public string Summary =>
        $"curvature-moment map with K = {_order}, eqs. (4.1)-(4.2){(_order == 2 ? ", the reduced self-stabilization map (4.4)" : "")}";

    /// <inheritdoc/>
    public JetNeeds Needs => new(_order, Cut: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing =>
        new(
            TheoryFamily.CurvatureMoments,
            TheoryOrigin.Ours,
            "derived here",
            _order is 2 or StandardOrder ? TheoryRole.Main : TheoryRole.Variant
        );

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var cut = jet.Truncated(_order);
        var map = new CurvatureMomentMap(cut, stepSize);
        var forecast = new MomentForecast(cut, steps);
        double[] state = CurvatureMomentMap.Start(cut),
            next = new double[state.Length];
        for (var t = 0; t <= steps; t++)
        {
            forecast.Read(t, state);
            map.Step(state, next);
            (state, next) = (next, state);
        }

        return forecast.Build(Name);
    }
}
