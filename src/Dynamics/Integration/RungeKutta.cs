using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Explicit Runge-Kutta integration under error control, in either direction of time, with dense output and events through <see cref="IStepListener"/>. One instance serves one flow after another, one thread at a time; in steady state it allocates nothing.
/// </summary>
public sealed class RungeKutta
{
    private readonly ButcherTableau _tableau;
    private readonly double[] _nodes,
        _error;
    private readonly double[]? _second;
    private readonly double[][] _rows;
    private readonly int _main;
    private readonly ErrorNorm _norm;
    private readonly StepInterpolant _interpolant = new();
    private double[][] _stages = [];
    private double[] _trial = [],
        _work = [];

    /// <summary>Makes an integrator.</summary>
    /// <param name="tableau">The method.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance is not above 0, or a limit out of its range.</exception>
    public RungeKutta(ButcherTableau tableau, IntegrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(tableau);
        (_tableau, _norm) = (tableau, new ErrorNorm(options));
        _main = tableau.Nodes.Count;
        _nodes = [.. tableau.Nodes, .. tableau.Dense.Nodes];
        _rows = [.. tableau.Stages, .. tableau.Dense.Stages];
        _error = [.. tableau.ErrorWeights];
        _second = tableau.SecondErrorWeights is null ? null : [.. tableau.SecondErrorWeights];
    }

    /// <summary>What the last integration cost.</summary>
    public IntegrationCost Cost { get; private set; }

    /// <summary>Integrates from <paramref name="time"/> to <paramref name="end"/>, in either direction.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The start time, finite; holds the time reached afterwards.</param>
    /// <param name="end">The end time, finite.</param>
    /// <param name="state">The start, finite; holds the state reached afterwards.</param>
    /// <param name="stop">Asked at the start and after each accepted step with the derivative there; true ends the integration. May be null.</param>
    /// <returns>Why it ended.</returns>
    public IntegrationEnd Integrate<TFlow>(
        in TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        Func<ReadOnlySpan<double>, bool>? stop
    )
        where TFlow : struct, IFlow => Run(flow, ref time, end, state, stop, []);

    /// <summary>Integrates from <paramref name="time"/> to <paramref name="end"/>, in either direction, with listeners to the steps.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The start time, finite; holds the time reached afterwards.</param>
    /// <param name="end">The end time, finite.</param>
    /// <param name="state">The start, finite; holds the state reached afterwards.</param>
    /// <param name="listeners">Told of each accepted step in this order, before the state moves; may be none. One that ends a step should stand before those that only read.</param>
    /// <returns>Why it ended.</returns>
    public IntegrationEnd Integrate<TFlow>(
        in TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        params ReadOnlySpan<IStepListener> listeners
    )
        where TFlow : struct, IFlow => Run(flow, ref time, end, state, null, listeners);

    /// <summary>One step of a given size, without error control.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The time before the step, finite.</param>
    /// <param name="step">The size of the step, finite; negative goes back in time.</param>
    /// <param name="state">The state before the step, finite; holds the state after it.</param>
    /// <returns>The step as a function of time, valid until the next one.</returns>
    public StepInterpolant Step<TFlow>(in TFlow flow, double time, double step, Span<double> state)
        where TFlow : struct, IFlow
    {
        Require.Finite(step);
        StepLoop.Check(flow.Dimension, time, time + step, state);
        var stepper = Prepare(flow);
        stepper.Begin(time, state);
        stepper.Attempt(time, step, time + step, state);
        stepper.Interpolate(time, step, time + step, state, _interpolant);
        _trial.CopyTo(state);
        return _interpolant;
    }

    private IntegrationEnd Run<TFlow>(
        in TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        Func<ReadOnlySpan<double>, bool>? stop,
        ReadOnlySpan<IStepListener> listeners
    )
        where TFlow : struct, IFlow
    {
        StepLoop.Check(flow.Dimension, time, end, state);
        var stepper = Prepare(flow);
        var result = StepLoop.Run(
            ref stepper,
            _norm,
            _interpolant,
            ref time,
            end,
            state,
            stop,
            listeners,
            out var steps
        );
        Cost = new IntegrationCost(stepper.Evaluations, 0, steps.Accepted, steps.Rejected);
        return result;
    }

    private Stepper<TFlow> Prepare<TFlow>(in TFlow flow)
        where TFlow : struct, IFlow
    {
        var dimension = flow.Dimension;
        _norm.Prepare(dimension);
        _interpolant.Prepare(dimension, 3 + _tableau.Dense.Rows.Count);
        if (_trial.Length != dimension)
        {
            (_trial, _work) = (new double[dimension], new double[dimension]);
            // A loop, because a lambda would capture the dimension in an object made at every call.
            _stages = new double[_nodes.Length][];
            for (var i = 0; i < _stages.Length; i++)
                _stages[i] = new double[dimension];
        }

        return new Stepper<TFlow>(this, flow);
    }

    /// <summary>Overwrites the destination with sum_s w_s k_s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine(double[] weights, double[][] stages, Span<double> destination)
    {
        if (destination.Length < 16)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                var sum = 0.0;
                for (var s = 0; s < weights.Length; s++)
                    sum += weights[s] * stages[s][i];
                destination[i] = sum;
            }

            return;
        }

        destination.Clear();
        for (var s = 0; s < weights.Length; s++)
            if (weights[s] != 0)
                TensorPrimitives.MultiplyAdd(stages[s], weights[s], destination, destination);
    }

    private struct Stepper<TFlow>(RungeKutta owner, TFlow flow) : IStepper
        where TFlow : struct, IFlow
    {
        public readonly int ErrorOrder => owner._tableau.Order;

        public readonly ReadOnlySpan<double> Derivative => owner._stages[0];

        public readonly ReadOnlySpan<double> Trial => owner._trial;

        public long Evaluations { get; private set; }

        public void Begin(double time, ReadOnlySpan<double> state)
        {
            flow.Derivative(time, state, owner._stages[0]);
            Evaluations++;
        }

        public Span<double> Probe(double time, double step, ReadOnlySpan<double> state)
        {
            var (point, first, ahead) = (owner._trial, owner._stages[0], owner._stages[owner._main - 1]);
            for (var i = 0; i < state.Length; i++)
                point[i] = state[i] + (step * first[i]);
            flow.Derivative(time + step, point, ahead);
            Evaluations++;
            return ahead;
        }

        public double Attempt(double time, double step, double last, ReadOnlySpan<double> state)
        {
            var trial = owner._trial;
            for (var s = 1; s < owner._main; s++)
                Evaluate(s, At(s, time, step, last), step, state, trial);
            var error = Norm(owner._error, state, step);
            if (owner._second is null || error == 0)
                return error;
            // As a ratio, because the squares of small errors underflow.
            var ratio = Norm(owner._second, state, step) / error;
            return error / Math.Sqrt(1 + (0.01 * ratio * ratio));
        }

        public void Interpolate(
            double time,
            double step,
            double end,
            ReadOnlySpan<double> state,
            StepInterpolant interpolant
        )
        {
            interpolant.Begin(time, step, end, state, owner._trial);
            Span<double> change = interpolant.Term(0),
                bend = interpolant.Term(1),
                twist = interpolant.Term(2);
            var (first, last) = (owner._stages[0], owner._stages[owner._main - 1]);
            for (var i = 0; i < change.Length; i++)
            {
                bend[i] = (step * first[i]) - change[i];
                twist[i] = change[i] - (step * last[i]) - bend[i];
            }

            for (var s = owner._main; s < owner._stages.Length; s++)
                Evaluate(s, At(s, time, step, end), step, state, owner._work);
            var rows = owner._tableau.Dense.Rows;
            for (var j = 0; j < rows.Count; j++)
            {
                var term = interpolant.Term(3 + j);
                Combine(rows[j], owner._stages, term);
                for (var i = 0; i < term.Length; i++)
                    term[i] *= step;
            }
        }

        /// <summary>The last stage is the derivative at the end of the step: it becomes the first.</summary>
        public readonly void Accept(double time) =>
            (owner._stages[0], owner._stages[owner._main - 1]) = (owner._stages[owner._main - 1], owner._stages[0]);

        private readonly double At(int stage, double time, double step, double last)
        {
            var node = owner._nodes[stage];
            return node == 1 ? last : time + (node * step);
        }

        private void Evaluate(int stage, double time, double step, ReadOnlySpan<double> state, double[] point)
        {
            Combine(owner._rows[stage], owner._stages, point);
            for (var i = 0; i < state.Length && i < point.Length; i++)
                point[i] = state[i] + (step * point[i]);
            flow.Derivative(time, point, owner._stages[stage]);
            Evaluations++;
        }

        private readonly double Norm(double[] weights, ReadOnlySpan<double> state, double step)
        {
            var (trial, work, sum) = (owner._trial, owner._work, 0.0);
            Combine(weights, owner._stages, work);
            for (var i = 0; i < state.Length; i++)
            {
                var ratio = step * work[i] / owner._norm.Scale(i, state[i], trial[i]);
                // An infinite state would allow an infinite error: zero times it is no number.
                sum += (ratio * ratio) + (0 * trial[i]);
            }

            return Math.Sqrt(sum / state.Length);
        }
    }
}
