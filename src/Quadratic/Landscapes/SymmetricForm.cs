using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// F(x) = (1/k!) sum_r w_r (a_r . x)^k with gradient (1/(k-1)!) sum_r w_r (a_r . x)^(k-1) a_r. Terms along a coordinate axis are kept apart, one weight a coordinate,
/// and cost O(1) each instead of O(P).
/// </summary>
internal readonly struct SymmetricForm
{
    private readonly int _order;
    private readonly double[] _axes,
        _weights,
        _directions;

    /// <summary>Makes the form.</summary>
    /// <param name="order">k, from 2 to 6.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="dimension">P.</param>
    /// <param name="name">What the terms are called, for messages.</param>
    public SymmetricForm(int order, IReadOnlyList<RankOneTerm> terms, int dimension, string name)
    {
        _order = order;
        _axes = new double[dimension];
        List<RankOneTerm> others = [];
        for (var r = 0; r < terms.Count; r++)
        {
            var (weight, direction) = (Require.Finite(terms[r].Weight, $"{name}[{r}].Weight"), terms[r].Direction);
            Require.Length(direction.Length, dimension, $"{name}[{r}].Direction");
            Require.AllFinite(direction, $"{name}[{r}].Direction");
            if (direction.Count(a => a != 0) > 1)
                others.Add(terms[r]);
            else if (Array.FindIndex(direction, a => a != 0) is var axis and >= 0)
                _axes[axis] += weight * Math.Pow(direction[axis], order);
        }

        _weights = [.. others.Select(t => t.Weight)];
        _directions = [.. others.SelectMany(t => t.Direction)];
    }

    /// <summary>F(x).</summary>
    public T Value<T>(ReadOnlySpan<T> x)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += (T)_axes[i] * T.Power(x[i], _order);
        for (var r = 0; r < _weights.Length; r++)
            sum += (T)_weights[r] * T.Power(Along(r, x), _order);
        return sum / (T)Factorial(_order);
    }

    /// <summary>The factors f_i of the gradient's part along the axes, f_i x_i^(k-1).</summary>
    public double[] AxisSlopes()
    {
        var scale = 1 / Factorial(_order - 1);
        return [.. _axes.Select(weight => scale * weight)];
    }

    /// <summary>Adds the gradient at x of the terms that are not along an axis.</summary>
    public void AddOtherGradient<T>(ReadOnlySpan<T> x, Span<T> gradient)
        where T : struct, IReal<T>
    {
        var scale = 1 / Factorial(_order - 1);
        for (var r = 0; r < _weights.Length; r++)
        {
            var factor = (T)(scale * _weights[r]) * T.Power(Along(r, x), _order - 1);
            for (var i = 0; i < x.Length; i++)
                gradient[i] += (T)_directions[(r * x.Length) + i] * factor;
        }
    }

    private T Along<T>(int term, ReadOnlySpan<T> x)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += (T)_directions[(term * x.Length) + i] * x[i];
        return sum;
    }

    private static double Factorial(int n)
    {
        var result = 1.0;
        for (var k = 2; k <= n; k++)
            result *= k;
        return result;
    }
}
