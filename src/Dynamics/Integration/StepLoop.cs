using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <summary>What an integration cost.</summary>
/// <param name="Evaluations">Evaluations of the right-hand side, those for differences and dense output included.</param>
/// <param name="Jacobians">Evaluations of the Jacobian; 0 for explicit methods.</param>
/// <param name="Accepted">Accepted steps.</param>
/// <param name="Rejected">Rejected steps.</param>
public readonly record struct IntegrationCost(long Evaluations, long Jacobians, long Accepted, long Rejected);

/// <summary>One method applied to one flow: what the step loop needs of it.</summary>
internal interface IStepper
{
    /// <summary>The error of a step is of order h^ErrorOrder.</summary>
    int ErrorOrder { get; }

    /// <summary>The derivative at the current point.</summary>
    ReadOnlySpan<double> Derivative { get; }

    /// <summary>The state that the last attempt led to.</summary>
    ReadOnlySpan<double> Trial { get; }

    /// <summary>Evaluates the derivative at the start.</summary>
    void Begin(double time, ReadOnlySpan<double> state);

    /// <summary>The derivative a small Euler step ahead, in work space of the method.</summary>
    Span<double> Probe(double time, double step, ReadOnlySpan<double> state);

    /// <summary>Fills the trial state and returns the error over the tolerance; NaN or infinite where the flow is.</summary>
    /// <param name="time">The time before the step.</param>
    /// <param name="step">Its size.</param>
    /// <param name="last">The time at which stages at its end are evaluated.</param>
    /// <param name="state">The state before the step.</param>
    double Attempt(double time, double step, double last, ReadOnlySpan<double> state);

    /// <summary>Describes the attempted step as a function of time; called before <see cref="Accept"/>.</summary>
    void Interpolate(double time, double step, double end, ReadOnlySpan<double> state, StepInterpolant interpolant);

    /// <summary>Makes the trial state the current one.</summary>
    void Accept(double time);
}

/// <summary>The one loop of all adaptive methods: step control, jump times, stopping, listeners.</summary>
internal static class StepLoop
{
    /// <summary>Checks what every integration is asked for.</summary>
    public static void Check(int dimension, double time, double end, ReadOnlySpan<double> state)
    {
        Require.InRange(dimension, 1);
        Require.Length(state.Length, dimension, nameof(state));
        Require.Finite(time);
        Require.Finite(end);
        Require.AllFinite(state);
    }

    public static IntegrationEnd Run<TStepper>(
        ref TStepper stepper,
        ErrorNorm norm,
        StepInterpolant interpolant,
        ref double time,
        double end,
        Span<double> state,
        Func<ReadOnlySpan<double>, bool>? stop,
        ReadOnlySpan<IStepListener> listeners,
        out (long Accepted, long Rejected) steps
    )
        where TStepper : struct, IStepper
    {
        steps = default;
        var options = norm.Options;
        var start = options.IsJump(time) ? Neighbour(time, end) : time;
        stepper.Begin(start, state);
        if (!Finite(stepper.Derivative))
            return IntegrationEnd.NotFinite;
        foreach (var listener in listeners)
            listener.Begin(time, end, state);
        if (stop is not null && stop(stepper.Derivative))
            return IntegrationEnd.Stopped;
        time = start;
        if (time == end)
            return IntegrationEnd.Reached;
        var control = new StepControl(stepper.ErrorOrder);
        var target = options.NextStop(time, end);
        var reach = Math.Abs(target - time);
        var step = FirstStep(ref stepper, norm, time, target, state);
        var finite = true;
        for (var i = 0; i < options.MaximumSteps; i++)
        {
            if (Math.Abs(step) > options.MaximumStep)
                step = Math.CopySign(options.MaximumStep, step);
            var final = Math.Abs(step) >= Math.Abs(target - time);
            var next = final ? target : time + step;
            // The step is what the clock shows of it, rounded down so that a shorter one always is shorter: far from
            // zero the two differ, and the state would run ahead of the time.
            if (Math.Abs(next - time) > Math.Abs(step))
                next = Neighbour(next, time);
            if (next == time)
                return finite ? IntegrationEnd.StepTooSmall : IntegrationEnd.NotFinite;
            step = next - time;
            var last = final && options.IsJump(target) ? Neighbour(target, time) : next;
            var error = stepper.Attempt(time, step, last, state);
            finite = double.IsFinite(error);
            if (!(error <= 1))
            {
                steps.Rejected++;
                step *= control.AfterRejection(error);
                continue;
            }

            steps.Accepted++;
            if (listeners.Length > 0 && Tell(ref stepper, interpolant, time, step, next, state, listeners))
            {
                time = interpolant.End;
                interpolant.Evaluate(time, state);
                return IntegrationEnd.Event;
            }

            time = next;
            stepper.Trial.CopyTo(state);
            stepper.Accept(last);
            if (stop is not null && stop(stepper.Derivative))
                return IntegrationEnd.Stopped;
            if (time == end)
                return IntegrationEnd.Reached;
            if (time != target)
            {
                step = control.AfterAcceptance(error, step, reach);
                continue;
            }

            // On the far side of the jump everything starts anew.
            time = Neighbour(time, end);
            if (time == end)
                return IntegrationEnd.Reached;
            stepper.Begin(time, state);
            if (!Finite(stepper.Derivative))
                return IntegrationEnd.NotFinite;
            control = new StepControl(stepper.ErrorOrder);
            target = options.NextStop(time, end);
            reach = Math.Abs(target - time);
            step = FirstStep(ref stepper, norm, time, target, state);
        }

        return IntegrationEnd.StepLimit;
    }

    /// <summary>Whether a listener ended the integration within the step.</summary>
    private static bool Tell<TStepper>(
        ref TStepper stepper,
        StepInterpolant interpolant,
        double time,
        double step,
        double next,
        ReadOnlySpan<double> state,
        ReadOnlySpan<IStepListener> listeners
    )
        where TStepper : struct, IStepper
    {
        stepper.Interpolate(time, step, next, state, interpolant);
        foreach (var listener in listeners)
            listener.Accepted(interpolant);
        return interpolant.Ended;
    }

    /// <summary>(10.14): the size of the first step.</summary>
    private static double FirstStep<TStepper>(
        ref TStepper stepper,
        ErrorNorm norm,
        double time,
        double target,
        ReadOnlySpan<double> state
    )
        where TStepper : struct, IStepper
    {
        var reach = Math.Abs(target - time);
        // At least a few ticks of the clock, or a short span far from zero would have no first step.
        var ticks = 4 * Magnitude.Ulp(Math.Max(Math.Abs(time), Math.Abs(target)));
        var longest = Math.Min(Math.Max(0.1 * reach, ticks), norm.Options.MaximumStep);
        var speed = norm.Of(stepper.Derivative, state);
        if (!(speed * reach > StepControl.Unseen))
            return Math.CopySign(Math.Min(Math.Max(1e-6 * reach, ticks), longest), target - time);
        var trial = Math.Min(0.01 / norm.Rate(stepper.Derivative, state), longest);
        var change = stepper.Probe(time, Math.CopySign(trial, target - time), state);
        for (var i = 0; i < change.Length; i++)
            change[i] -= stepper.Derivative[i];
        var bend = norm.Of(change, state) / trial / speed;
        var length = bend > 0 ? Math.Pow(0.1 * bend / speed, 1.0 / stepper.ErrorOrder) / bend : double.PositiveInfinity;
        // Where the probe is not finite its bend is no number, and the trial stands.
        length = double.IsFinite(bend) ? Math.Min(length, 100 * trial) : trial;
        return Math.CopySign(Math.Min(length, longest), target - time);
    }

    /// <summary>The number next to a time, on the side of another time.</summary>
    private static double Neighbour(double time, double side) =>
        side == time ? time
        : side > time ? Math.BitIncrement(time)
        : Math.BitDecrement(time);

    private static bool Finite(ReadOnlySpan<double> values) =>
        !values.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
}
