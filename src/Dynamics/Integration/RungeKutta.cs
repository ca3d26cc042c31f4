namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Explicit Runge-Kutta integration under error control, in either direction of time, with dense output and events through <see cref="IStepListener"/>. One instance serves one flow after another, one thread at a time; in steady state it allocates nothing.
/// </summary>
public sealed class RungeKutta
{
    /// <summary>From this dimension on, stages whose weight is zero are passed over.</summary>
    private const int Many = 16;

    private readonly ButcherTableau _tableau;
    private readonly double[] _nodes;
    private readonly int _main;
    private readonly ErrorNorm _norm;
    private readonly StepInterpolant _interpolant = new();
    private StageSum[] _rows = [],
        _dense = [];
    private StageSum _error,
        _second;

    // One stage after the other, each filled up with zeros to whole registers, as are the states.
    private double[] _stages = [],
        _state = [],
        _trial = [],
        _work = [];
    private int _dimension,
        _stride;

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
        stepper.Trial.CopyTo(state);
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
        if (_dimension != dimension)
            Resize(dimension);
        return new Stepper<TFlow>(this, flow);
    }

    private void Resize(int dimension)
    {
        (_dimension, _stride) = (dimension, Registers.RoundUp(dimension));
        (_state, _trial, _work) = (new double[_stride], new double[_stride], new double[_stride]);
        _stages = new double[_nodes.Length * _stride];
        var all = dimension < Many;
        _rows = [.. _tableau.Stages.Concat(_tableau.Dense.Stages).Select(row => StageSum.Of(row, _stride, all))];
        _dense = [.. _tableau.Dense.Rows.Select(row => StageSum.Of(row, _stride, all))];
        _error = StageSum.Of(_tableau.ErrorWeights, _stride, all);
        _second = StageSum.Of(_tableau.SecondErrorWeights ?? [], _stride, all);
    }

    private Span<double> Stage(int index) => _stages.AsSpan(index * _stride, _dimension);

    private struct Stepper<TFlow>(RungeKutta owner, TFlow flow) : IStepper
        where TFlow : struct, IFlow
    {
        public readonly int ErrorOrder => owner._tableau.Order;

        public readonly ReadOnlySpan<double> Derivative => owner.Stage(0);

        public readonly ReadOnlySpan<double> Trial => owner._trial.AsSpan(0, owner._dimension);

        public long Evaluations { get; private set; }

        public void Begin(double time, ReadOnlySpan<double> state)
        {
            flow.Derivative(time, state, owner.Stage(0));
            Evaluations++;
        }

        public Span<double> Probe(double time, double step, ReadOnlySpan<double> state)
        {
            Span<double> point = Point(owner._trial),
                first = owner.Stage(0),
                ahead = owner.Stage(owner._main - 1);
            for (var i = 0; i < state.Length; i++)
                point[i] = state[i] + (step * first[i]);
            flow.Derivative(time + step, point, ahead);
            Evaluations++;
            return ahead;
        }

        public double Attempt(double time, double step, double last, ReadOnlySpan<double> state)
        {
            state.CopyTo(owner._state);
            for (var s = 1; s < owner._main; s++)
                Evaluate(s, At(s, time, step, last), step, owner._trial);
            var error = Norm(owner._error, step);
            if (owner._tableau.SecondErrorWeights is null || error == 0)
                return error;
            // As a ratio, because the squares of small errors underflow.
            var ratio = Norm(owner._second, step) / error;
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
            interpolant.Begin(time, step, end, state, Trial);
            Span<double> change = interpolant.Term(0),
                bend = interpolant.Term(1),
                twist = interpolant.Term(2),
                first = owner.Stage(0),
                last = owner.Stage(owner._main - 1);
            for (var i = 0; i < first.Length; i++)
            {
                bend[i] = (step * first[i]) - change[i];
                twist[i] = change[i] - (step * last[i]) - bend[i];
            }

            for (var s = owner._main; s < owner._nodes.Length; s++)
                Evaluate(s, At(s, time, step, end), step, owner._work);
            for (var j = 0; j < owner._dense.Length; j++)
            {
                owner._dense[j].Write(owner._stages, owner._work);
                var term = interpolant.Term(3 + j);
                for (var i = 0; i < term.Length; i++)
                    term[i] = step * owner._work[i];
            }
        }

        /// <summary>The last stage is the derivative at the end of the step: it becomes the first.</summary>
        public readonly void Accept(double time) => owner.Stage(owner._main - 1).CopyTo(owner.Stage(0));

        private readonly double At(int stage, double time, double step, double last)
        {
            var node = owner._nodes[stage];
            return node == 1 ? last : time + (node * step);
        }

        private void Evaluate(int stage, double time, double step, double[] point)
        {
            // The dimension of most flows is a constant of their type, and so this choice is none at run time.
            if (flow.Dimension <= 3)
                owner._rows[stage].WriteFew(owner._stages, owner._state, step, point, flow.Dimension);
            else
                owner._rows[stage].Write(owner._stages, owner._state, step, point);
            flow.Derivative(time, Point(point), owner.Stage(stage));
            Evaluations++;
        }

        private readonly Span<double> Point(double[] padded) => padded.AsSpan(0, owner._dimension);

        private readonly double Norm(StageSum weights, double step)
        {
            weights.Write(owner._stages, owner._work);
            return owner._norm.Of(Point(owner._work), step, Point(owner._state), Trial);
        }
    }
}
