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
    private readonly double _stepSize, _squaredGradient;
    private readonly double[] _drift;
    private readonly double[,] _gram;

    /// <summary>Makes the map of a jet.</summary>
    /// <param name="jet">Supplies G, a and |grad V|^2.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    public CurvatureMomentMap(Jet jet, double stepSize)
    {
        ArgumentNullException.ThrowIfNull(jet);
        (_stepSize, _squaredGradient, _drift, _gram) = (Require.Positive(stepSize), jet.SquaredGradient, jet.Drift, jet.Gram);
    }

    /// <inheritdoc/>
    public int Dimension => _drift.Length + 2;

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
        var order = _drift.Length;
        var u = current[0];
        var m = current[2..];
        var (force, work) = (0.0, 0.0);
        var power = 1.0; // u^(k-1)/(k-1)!
        Span<double> weights = stackalloc double[order]; // u^k / k!
        for (var k = 1; k <= order; k++)
        {
            force += m[k - 1] * power;
            power *= u / k;
            weights[k - 1] = power;
            work += _drift[k - 1] * power;
        }

        next[0] = u - (_stepSize * force);
        next[1] = current[1] - (_stepSize * (_squaredGradient - work));
        for (var j = 0; j < order; j++)
        {
            var pull = _drift[j];
            for (var k = 0; k < order; k++) pull -= _gram[j, k] * weights[k];
            next[2 + j] = m[j] + (_stepSize * pull);
        }
    }

    /// <summary>The loss V + sum_k m_k u^k / k! of a state, section 4.</summary>
    /// <param name="state">(u, V, m_1, ..., m_K).</param>
    /// <returns>The loss.</returns>
    public static double Loss(ReadOnlySpan<double> state)
    {
        var (sum, power) = (state[1], 1.0);
        for (var k = 1; k <= state.Length - 2; k++) sum += state[k + 1] * (power *= state[0] / k);
        return sum;
    }

    /// <summary>The derivative of order k along u, D^k L[v, ..., v]: sum_{j>=k} m_j u^(j-k)/(j-k)!. Order 2 is the curvature along the unstable coordinate.</summary>
    /// <param name="state">(u, V, m_1, ..., m_K).</param>
    /// <param name="order">k, from 1 to K.</param>
    /// <returns>The derivative.</returns>
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
