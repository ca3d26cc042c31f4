using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Integration of stiff flows by a Rosenbrock method: one Jacobian and one LU decomposition a step in place of the nonlinear equations of an implicit method, so that the step follows the solution and not the fastest decaying mode. Forward in time only:
/// an L-stable method damps whatever is fast, and backwards the fast modes grow. Step control, listeners and outcomes are those of <see cref="RungeKutta"/>; in steady state it allocates nothing. For up to some hundreds of state variables: a step costs O(n^3).
/// </summary>
public sealed class Rosenbrock
{
    private readonly RosenbrockTableau _tableau;
    private readonly double[][] _stageRows, _couplingRows;
    private readonly ErrorNorm _norm;
    private readonly DenseLu _lu = new();
    private readonly StepInterpolant _interpolant = new();
    private double[][] _stages = [];
    private double[] _trial = [], _derivative = [], _timeDerivative = [], _jacobian = [], _increments = [];

    /// <summary>Makes an integrator.</summary>
    /// <param name="tableau">The method.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance is not above 0, or a limit out of its range.</exception>
    public Rosenbrock(RosenbrockTableau tableau, IntegrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(tableau);
        (_tableau, _norm) = (tableau, new ErrorNorm(options));
        (_stageRows, _couplingRows) = ([.. tableau.Stages], [.. tableau.Couplings]);
    }

    /// <summary>What the last integration cost; a Jacobian by differences counts as one Jacobian, not as evaluations.</summary>
    public IntegrationCost Cost { get; private set; }

    /// <summary>Integrates from <paramref name="time"/> to <paramref name="end"/>, forward in time.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The start time, finite; holds the time reached afterwards.</param>
    /// <param name="end">The end time, finite, not before the start.</param>
    /// <param name="state">The start, finite; holds the state reached afterwards.</param>
    /// <param name="stop">Asked at the start and after each accepted step with the derivative there; true ends the integration. May be null.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="ArgumentException">The span is inverted.</exception>
    public IntegrationEnd Integrate<TFlow>(in TFlow flow, ref double time, double end, Span<double> state, Func<ReadOnlySpan<double>, bool>? stop)
        where TFlow : struct, IJacobianFlow => Run(flow, ref time, end, state, stop, []);

    /// <summary>Integrates from <paramref name="time"/> to <paramref name="end"/>, forward in time, with listeners to the steps.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The start time, finite; holds the time reached afterwards.</param>
    /// <param name="end">The end time, finite, not before the start.</param>
    /// <param name="state">The start, finite; holds the state reached afterwards.</param>
    /// <param name="listeners">Told of each accepted step in this order, before the state moves; may be none.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="ArgumentException">The span is inverted.</exception>
    public IntegrationEnd Integrate<TFlow>(in TFlow flow, ref double time, double end, Span<double> state, params ReadOnlySpan<IStepListener> listeners)
        where TFlow : struct, IJacobianFlow => Run(flow, ref time, end, state, null, listeners);

    /// <summary>One step of a given size, without error control.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The time before the step, finite.</param>
    /// <param name="step">The size of the step, above 0.</param>
    /// <param name="state">The state before the step, finite; holds the state after it, NaN if the matrix of the step is singular.</param>
    /// <returns>The step as a function of time, valid until the next one.</returns>
    public StepInterpolant Step<TFlow>(in TFlow flow, double time, double step, Span<double> state)
        where TFlow : struct, IJacobianFlow
    {
        Require.Positive(step);
        StepLoop.Check(flow.Dimension, time, time + step, state);
        var stepper = Prepare(flow);
        stepper.Begin(time, state);
        stepper.Attempt(time, step, time + step, state);
        stepper.Interpolate(time, step, time + step, state, _interpolant);
        _trial.CopyTo(state);
        return _interpolant;
    }

    private IntegrationEnd Run<TFlow>(in TFlow flow, ref double time, double end, Span<double> state, Func<ReadOnlySpan<double>, bool>? stop, ReadOnlySpan<IStepListener> listeners)
        where TFlow : struct, IJacobianFlow
    {
        StepLoop.Check(flow.Dimension, time, end, state);
        if (end < time) throw new ArgumentException($"The span runs from {time:R} back to {end:R}; end must not lie before time, since a Rosenbrock method integrates forward only. Use RungeKutta to go back.", nameof(end));
        var stepper = Prepare(flow);
        var result = StepLoop.Run(ref stepper, _norm, _interpolant, ref time, end, state, stop, listeners, out var steps);
        Cost = new IntegrationCost(stepper.Evaluations, stepper.Jacobians, steps.Accepted, steps.Rejected);
        return result;
    }

    private Stepper<TFlow> Prepare<TFlow>(in TFlow flow)
        where TFlow : struct, IJacobianFlow
    {
        var n = flow.Dimension;
        _norm.Prepare(n);
        _lu.Prepare(n);
        _interpolant.Prepare(n, 1 + _tableau.Dense.Count);
        if (_trial.Length != n)
        {
            (_trial, _derivative, _timeDerivative) = (new double[n], new double[n], new double[n]);
            (_jacobian, _increments) = (new double[n * n], new double[n]);
            _stages = [.. _stageRows.Select(_ => new double[n])];
        }

        return new Stepper<TFlow>(this, flow);
    }

    private struct Stepper<TFlow>(Rosenbrock owner, TFlow flow) : IStepper
        where TFlow : struct, IJacobianFlow
    {
        private bool _linearised;

        /// <summary>The embedded solution has order 3.</summary>
        public readonly int ErrorOrder => 4;

        public readonly ReadOnlySpan<double> Derivative => owner._derivative;

        public readonly ReadOnlySpan<double> Trial => owner._trial;

        public long Evaluations { get; private set; }

        public long Jacobians { get; private set; }

        public void Begin(double time, ReadOnlySpan<double> state)
        {
            flow.Derivative(time, state, owner._derivative);
            Evaluations++;
            _linearised = false;
        }

        public Span<double> Probe(double time, double step, ReadOnlySpan<double> state)
        {
            // The derivative in time is made anew with every Jacobian; until then its place is free.
            var (point, ahead) = (owner._trial, owner._timeDerivative);
            for (var i = 0; i < state.Length; i++) point[i] = state[i] + (step * owner._derivative[i]);
            flow.Derivative(time + step, point, ahead);
            Evaluations++;
            return ahead;
        }

        public double Attempt(double time, double step, double last, ReadOnlySpan<double> state)
        {
            Linearise(time, step, state);
            if (!Decompose(step))
            {
                owner._trial.AsSpan().Fill(double.NaN);
                return double.NaN;
            }

            for (var s = 0; s < owner._stages.Length; s++) Solve(s, time, step, last, state);
            state.CopyTo(owner._trial);
            Accumulate(owner._tableau.Weights, owner._trial);
            return Norm(state);
        }

        public readonly void Interpolate(double time, double step, double end, ReadOnlySpan<double> state, StepInterpolant interpolant)
        {
            interpolant.Begin(time, step, end, state, owner._trial);
            for (var j = 0; j < owner._tableau.Dense.Count; j++)
            {
                var term = interpolant.Term(1 + j);
                term.Clear();
                Accumulate(owner._tableau.Dense[j], term);
            }
        }

        public void Accept(double time) => Begin(time, owner._trial);

        private void Linearise(double time, double step, ReadOnlySpan<double> state)
        {
            if (_linearised) return;
            var passage = state.Length * step * owner._norm.Of(owner._derivative, state);
            for (var j = 0; j < state.Length; j++)
                owner._increments[j] = DifferenceStep.Forward(state[j], step * owner._derivative[j], owner._norm.Scale(j, state[j], state[j]), passage);
            flow.Jacobian(time, state, owner._increments, owner._jacobian);
            flow.TimeDerivative(time, state, DifferenceStep.InTime(time, step), owner._timeDerivative);
            Jacobians++;
            _linearised = true;
        }

        private readonly bool Decompose(double step)
        {
            var n = owner._trial.Length;
            var matrix = owner._lu.Matrix;
            for (var i = 0; i < matrix.Length; i++) matrix[i] = -owner._jacobian[i];
            for (var i = 0; i < n; i++) matrix[(i * n) + i] += 1 / (step * owner._tableau.Gamma);
            return owner._lu.Factor();
        }

        private void Solve(int stage, double time, double step, double last, ReadOnlySpan<double> state)
        {
            var (target, trial) = (owner._stages[stage], owner._trial);
            if (stage == 0)
            {
                owner._derivative.CopyTo(target, 0);
            }
            else
            {
                state.CopyTo(trial);
                Accumulate(owner._stageRows[stage], trial);
                var node = owner._tableau.Nodes[stage];
                flow.Derivative(node == 1 ? last : time + (node * step), trial, target);
                Evaluations++;
            }

            var (couplings, weight) = (owner._couplingRows[stage], step * owner._tableau.TimeWeights[stage]);
            for (var i = 0; i < target.Length; i++)
            {
                var sum = 0.0;
                for (var s = 0; s < couplings.Length; s++) sum += couplings[s] * owner._stages[s][i];
                target[i] += (sum / step) + (weight * owner._timeDerivative[i]);
            }

            owner._lu.Solve(target);
        }

        /// <summary>Adds sum_s w_s u_s.</summary>
        private readonly void Accumulate(IReadOnlyList<double> weights, Span<double> destination)
        {
            for (var s = 0; s < weights.Count; s++)
            {
                var (weight, stage) = (weights[s], owner._stages[s]);
                for (var i = 0; i < destination.Length; i++) destination[i] += weight * stage[i];
            }
        }

        private readonly double Norm(ReadOnlySpan<double> state)
        {
            var (trial, sum) = (owner._trial, 0.0);
            for (var i = 0; i < state.Length; i++)
            {
                var error = 0.0;
                for (var s = 0; s < owner._stages.Length; s++) error += owner._tableau.ErrorWeights[s] * owner._stages[s][i];
                var ratio = error / owner._norm.Scale(i, state[i], trial[i]);
                // An infinite state would allow an infinite error: zero times it is no number.
                sum += (ratio * ratio) + (0 * trial[i]);
            }

            return Math.Sqrt(sum / state.Length);
        }
    }
}
