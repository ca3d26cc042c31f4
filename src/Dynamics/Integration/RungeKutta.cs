namespace FlatBias.Dynamics.Integration;

/// <summary>A flow x' = f(t, x). Implement it as a struct, so that integration is compiled for it.</summary>
public interface IFlow
{
    /// <summary>The number of state variables.</summary>
    int Dimension { get; }

    /// <summary>The right-hand side.</summary>
    /// <param name="time">t.</param>
    /// <param name="state">x.</param>
    /// <param name="derivative">Overwritten with f(t, x).</param>
    void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative);
}

/// <summary>Why an integration ended.</summary>
public enum IntegrationEnd
{
    /// <summary>The end time was reached.</summary>
    Reached,

    /// <summary>The stopping condition held.</summary>
    Stopped,

    /// <summary>The step limit ran out: allow more steps, or use looser tolerances.</summary>
    StepLimit,

    /// <summary>The step size fell below what the time can resolve: the solution is singular there, or the problem is stiff.</summary>
    StepTooSmall,

    /// <summary>A derivative at the start is not finite.</summary>
    NotFinite,
}

/// <summary>Tolerances and limits of an integration.</summary>
/// <param name="Relative">Relative tolerance a component and step, above 0.</param>
/// <param name="Absolute">Absolute tolerance a component and step, above 0.</param>
/// <param name="MaximumSteps">Upper bound of steps, accepted or not.</param>
public sealed record IntegrationOptions(double Relative = 1e-9, double Absolute = 1e-12, int MaximumSteps = 1_000_000);

/// <summary>
/// Explicit Runge-Kutta integration with proportional-integral step control (Gustafsson 1991): the step is scaled by 0.9 e_n^(-0.7/q) e_(n-1)^(0.4/q), e the error over the tolerance in the root-mean-square norm and q the order of the solution.
/// One instance serves one flow after another; in steady state it allocates nothing.
/// </summary>
public sealed class RungeKutta
{
    private readonly int _order;
    private readonly double[] _nodes, _weights, _errorWeights;
    private readonly double[][] _rows;
    private readonly IntegrationOptions _options;
    private double[][] _stages = [];
    private double[] _trial = [];

    /// <summary>Makes an integrator.</summary>
    /// <param name="tableau">The method.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance is not above 0.</exception>
    public RungeKutta(ButcherTableau tableau, IntegrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(tableau);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(options.Relative, "relative tolerance");
        Require.Positive(options.Absolute, "absolute tolerance");
        Require.InRange(options.MaximumSteps, 1);
        (_options, _order) = (options, tableau.Order);
        (_nodes, _weights, _errorWeights, _rows) = ([.. tableau.Nodes], [.. tableau.Weights], [.. tableau.ErrorWeights], [.. tableau.Stages]);
    }

    /// <summary>Integrates from <paramref name="time"/> to <paramref name="end"/>, in either direction.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The start time; holds the time reached afterwards.</param>
    /// <param name="end">The end time, finite.</param>
    /// <param name="state">The start; holds the state reached afterwards.</param>
    /// <param name="stop">Asked after each accepted step with the derivative there; true ends the integration. May be null.</param>
    /// <returns>Why it ended.</returns>
    public IntegrationEnd Integrate<TFlow>(in TFlow flow, ref double time, double end, Span<double> state, Func<ReadOnlySpan<double>, bool>? stop = null)
        where TFlow : struct, IFlow
    {
        Require.Length(state.Length, flow.Dimension, nameof(state));
        Require.Finite(end);
        Prepare(state.Length);
        var first = _stages[0];
        flow.Derivative(time, state, first);
        if (!Finite(first)) return IntegrationEnd.NotFinite;
        if (stop is not null && stop(first)) return IntegrationEnd.Stopped;
        var step = FirstStep(state, first, end - time);
        var lastError = 1.0;
        for (var i = 0; i < _options.MaximumSteps; i++)
        {
            if (time == end) return IntegrationEnd.Reached;
            var final = Math.Abs(step) >= Math.Abs(end - time);
            if (final) step = end - time;
            if (time + step == time) return IntegrationEnd.StepTooSmall;
            var error = Attempt(flow, time, step, state);
            if (!(error <= 1))
            {
                step *= double.IsFinite(error) ? Math.Max(0.2, 0.9 * Math.Pow(error, -1.0 / _order)) : 0.2;
                continue;
            }

            time = final ? end : time + step;
            _trial.CopyTo(state);
            flow.Derivative(time, state, first);
            if (stop is not null && stop(first)) return IntegrationEnd.Stopped;
            error = Math.Max(error, 1e-10);
            step *= Math.Clamp(0.9 * Math.Pow(error, -0.7 / _order) * Math.Pow(lastError, 0.4 / _order), 0.2, 5);
            lastError = error;
        }

        return time == end ? IntegrationEnd.Reached : IntegrationEnd.StepLimit;
    }

    /// <summary>One step of a given size, without error control.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The time before the step.</param>
    /// <param name="step">The size of the step, finite; negative goes back in time.</param>
    /// <param name="state">The state before the step; holds the state after it.</param>
    public void Step<TFlow>(in TFlow flow, double time, double step, Span<double> state)
        where TFlow : struct, IFlow
    {
        Require.Length(state.Length, flow.Dimension, nameof(state));
        Require.Finite(step);
        Prepare(state.Length);
        flow.Derivative(time, state, _stages[0]);
        Attempt(flow, time, step, state);
        _trial.CopyTo(state);
    }

    private void Prepare(int dimension)
    {
        if (_trial.Length == dimension) return;
        _trial = new double[dimension];
        // A loop, because a lambda would capture the dimension in an object made at every call.
        _stages = new double[_nodes.Length][];
        for (var i = 0; i < _stages.Length; i++) _stages[i] = new double[dimension];
    }

    /// <summary>Fills the trial state and returns the error over the tolerance; NaN or infinite where the flow is.</summary>
    private double Attempt<TFlow>(in TFlow flow, double time, double step, ReadOnlySpan<double> state)
        where TFlow : struct, IFlow
    {
        for (var s = 1; s < _stages.Length; s++)
        {
            Combine(state, step, _rows[s]);
            flow.Derivative(time + (_nodes[s] * step), _trial, _stages[s]);
        }

        Combine(state, step, _weights);
        var sum = 0.0;
        for (var i = 0; i < state.Length; i++)
        {
            var error = 0.0;
            for (var s = 0; s < _stages.Length; s++) error += _errorWeights[s] * _stages[s][i];
            var scale = _options.Absolute + (_options.Relative * Math.Max(Math.Abs(state[i]), Math.Abs(_trial[i])));
            sum += step * error / scale * (step * error / scale);
        }

        return Math.Sqrt(sum / state.Length);
    }

    private void Combine(ReadOnlySpan<double> state, double step, ReadOnlySpan<double> weights)
    {
        for (var i = 0; i < state.Length; i++)
        {
            var sum = 0.0;
            for (var s = 0; s < weights.Length; s++) sum += weights[s] * _stages[s][i];
            _trial[i] = state[i] + (step * sum);
        }
    }

    /// <summary>A hundredth of the time in which the state would change by itself; the control corrects it within a few steps.</summary>
    private static double FirstStep(ReadOnlySpan<double> state, ReadOnlySpan<double> derivative, double span)
    {
        var (size, speed) = (0.0, 0.0);
        for (var i = 0; i < state.Length; i++)
        {
            size = Math.Max(size, Math.Abs(state[i]));
            speed = Math.Max(speed, Math.Abs(derivative[i]));
        }

        var length = speed > 0 ? 0.01 * Math.Max(size, 1e-3) / speed : Math.Abs(span);
        return Math.CopySign(Math.Min(length, Math.Abs(span)), span);
    }

    private static bool Finite(ReadOnlySpan<double> values) => !values.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
}
