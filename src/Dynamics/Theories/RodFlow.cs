using System.Numerics.Tensors;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Theories;

/// <summary>A rule of descent as a map of its own state, z+ = z + c F(z). Implement it as a struct.</summary>
internal interface IRodRule
{
    /// <summary>The number of coordinates of z.</summary>
    int Dimension { get; }

    /// <summary>c.</summary>
    double Rate { get; }

    /// <summary>result := F(z).</summary>
    /// <param name="state">z.</param>
    /// <param name="result">Overwritten; must not overlap the state.</param>
    void Move(ReadOnlySpan<double> state, Span<double> result);

    /// <summary>result := DF(z) x.</summary>
    /// <param name="state">z.</param>
    /// <param name="direction">x.</param>
    /// <param name="result">Overwritten; must overlap neither.</param>
    void Differentiate(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> result);
}

/// <summary>
/// Rod flow of a rule of descent, eq. (6.10), of which (6.7) is that of gradient descent. Its state is z, the mean of
/// two successive states of the rule, then the lower triangle of Sigma row by row, in units of its first trace, and of
/// a later one when it has outgrown that: so the integrator's absolute tolerance means the same for rods of any
/// length. Sigma does not keep rank one: Delta is its leading eigenvector times the root of its leading eigenvalue.
/// </summary>
internal readonly struct RodFlow<TRule> : IFlow
    where TRule : struct, IRodRule
{
    // Roundings of the largest entry stand in all others, and where they exceed the absolute tolerance, 1e-12, steps
    // get shorter in proportion: here, by a hundred at 2^-53 2^20.
    private const double Outgrown = 1 << 20;

    private readonly TRule _rule;
    private readonly double[] _unit,
        _start,
        _first,
        _delta,
        _above,
        _below,
        _point,
        _product;

    /// <summary>Makes the flow that begins with the step of the rule from a state.</summary>
    public RodFlow(TRule rule, ReadOnlySpan<double> start)
    {
        var n = rule.Dimension;
        (_rule, _start, _first) = (rule, [.. start], new double[n]);
        HalfStep(_rule, _start, _first);
        _unit = [TensorPrimitives.Dot<double>(_first, _first) is > 0 and var trace ? trace : 1];
        (_delta, _above, _below, _point, _product) = (
            new double[n],
            new double[n],
            new double[n],
            new double[n],
            new double[n]
        );
    }

    /// <inheritdoc/>
    public int Dimension => _rule.Dimension * (_rule.Dimension + 3) / 2;

    /// <summary>Follows the rod, and restores the sign of Delta: that of half the coming step of the rule.</summary>
    /// <param name="steps">The horizon T.</param>
    /// <param name="visit">
    /// Called with t = 0 .. T, the state of the rule z - Delta, Delta, and the ratio of the second to the leading
    /// eigenvalue of Sigma, 0 for a rod.
    /// </param>
    public void Follow(int steps, Action<int, double[], double[], double> visit)
    {
        var (rule, n) = (_rule, _rule.Dimension);
        double[] half = [.. _first],
            rod = new double[n],
            point = new double[n];
        var flow = this;
        ModelFlow.Follow(
            flow,
            Start(),
            steps,
            (t, state) =>
            {
                var ratio = flow.Leading(state, rod);
                if (TensorPrimitives.Dot<double>(rod, half) < 0)
                    TensorPrimitives.Negate(rod, rod);
                TensorPrimitives.Subtract(state.AsSpan(0, n), rod, point);
                visit(t, point, rod, ratio);
                TensorPrimitives.Add(state.AsSpan(0, n), rod, point);
                HalfStep(rule, point, half);
                flow.Rescale(state);
            }
        );
    }

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        var (n, rate) = (_rule.Dimension, _rule.Rate);
        var mean = derivative[..n];
        Leading(state, _delta);
        TensorPrimitives.Add(state[..n], _delta, _point);
        _rule.Move(_point, _above);
        TensorPrimitives.Subtract(state[..n], _delta, _point);
        _rule.Move(_point, _below);
        TensorPrimitives.Add(_above, _below, _product);
        _rule.Differentiate(_point, _product, mean); // DF_- (F_+ + F_-)
        TensorPrimitives.Add(state[..n], _delta, _point);
        for (var i = 0; i < n; i++)
            _delta[i] = mean[i]; // _delta is free from here on
        _rule.Differentiate(_point, _product, mean);
        for (var i = 0; i < n; i++)
            mean[i] = (rate / 2 * _product[i]) - (rate * rate / 8 * (mean[i] + _delta[i]));
        var (at, scale) = (n, rate * rate / (4 * _unit[0]));
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++, at++)
            derivative[at] = (scale * ((_above[i] * _above[j]) + (_below[i] * _below[j]))) - (2 * state[at]);
    }

    private static void HalfStep(in TRule rule, double[] from, double[] result)
    {
        rule.Move(from, result);
        TensorPrimitives.Multiply(result, rule.Rate / 2, result);
    }

    /// <summary>The mean half a step on, and Sigma = Delta Delta^T.</summary>
    private double[] Start()
    {
        double[] state = [.. _first, .. new double[Dimension - _first.Length]];
        TensorPrimitives.Add(_start, _first, state.AsSpan(0, _first.Length));
        var at = _first.Length;
        for (var i = 0; i < _first.Length; i++)
        for (var j = 0; j <= i; j++)
            state[at++] = _first[i] * _first[j] / _unit[0];
        return state;
    }

    /// <summary>Takes a larger unit, by a power of two, once the trace of Sigma is far above the one at hand.</summary>
    private void Rescale(double[] state)
    {
        var trace = 0.0;
        for (var (i, at) = (0, _rule.Dimension); i < _rule.Dimension; i++, at += i + 1)
            trace += state[at];
        if (!(trace > Outgrown) || !double.IsFinite(trace))
            return;
        var exponent = Math.ILogB(trace);
        _unit[0] = Math.ScaleB(_unit[0], exponent);
        for (var at = _rule.Dimension; at < state.Length; at++)
            state[at] = Math.ScaleB(state[at], -exponent);
    }

    /// <summary>Delta up to its sign, and the ratio of the second to the leading eigenvalue of Sigma.</summary>
    private double Leading(ReadOnlySpan<double> state, Span<double> delta)
    {
        var n = _rule.Dimension;
        if (state.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
        {
            delta.Fill(double.NaN);
            return double.NaN;
        }

        var sigma = Matrix<double>.Build.Dense(n, n);
        var at = n;
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
            sigma[i, j] = sigma[j, i] = state[at++];
        var (values, vectors) = DenseEigen.Symmetric(sigma);
        var leading = Math.Max(0, values[n - 1]);
        var length = Math.Sqrt(leading * _unit[0]);
        for (var i = 0; i < n; i++)
            delta[i] = length * vectors[i, n - 1];
        return n == 1 || leading == 0 ? 0 : Math.Abs(values[n - 2]) / leading;
    }
}
