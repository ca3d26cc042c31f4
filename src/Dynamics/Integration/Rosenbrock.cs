using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Integration of stiff flows by a Rosenbrock method: one Jacobian and one LU decomposition a step in place of the nonlinear equations of an implicit method, so that the step follows the solution and not the fastest decaying mode. Forward in time only:
/// an L-stable method damps whatever is fast, and backwards the fast modes grow. Step control, listeners and outcomes are those of <see cref="RungeKutta"/>; in steady state it allocates nothing. For up to some hundreds of state variables: a step costs O(n^3).
/// </summary>
public sealed partial class Rosenbrock
{
    private readonly RosenbrockTableau _tableau;
    private readonly double[][] _stageRows,
        _couplingRows;
    private readonly ErrorNorm _norm;
    private readonly DenseLu _lu = new();
    private readonly StepInterpolant _interpolant = new();
    private double[][] _stages = [];
    private double[] _trial = [],
        _derivative = [],
        _timeDerivative = [],
        _jacobian = [],
        _increments = [];

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
    public IntegrationEnd Integrate<TFlow>(
        in TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        Func<ReadOnlySpan<double>, bool>? stop
    )
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
    public IntegrationEnd Integrate<TFlow>(
        in TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        params ReadOnlySpan<IStepListener> listeners
    )
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

    private IntegrationEnd Run<TFlow>(
        in TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        Func<ReadOnlySpan<double>, bool>? stop,
        ReadOnlySpan<IStepListener> listeners
    )
        where TFlow : struct, IJacobianFlow
    {
        StepLoop.Check(flow.Dimension, time, end, state);
        if (end < time)
            throw new ArgumentException(
                $"The span runs from {time:R} back to {end:R}; end must not lie before time, since a Rosenbrock method integrates forward only. Use RungeKutta to go back.",
                nameof(end)
            );
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
}
