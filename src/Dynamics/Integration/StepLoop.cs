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

    /// <summary>Fills the trial state and returns the error over the tolerance; NaN or infinite where the flow is.</summary>
    double Attempt(double time, double step, ReadOnlySpan<double> state);

    /// <summary>Describes the attempted step as a function of time; called before <see cref="Accept"/>.</summary>
    void Interpolate(double time, double step, double end, ReadOnlySpan<double> state, StepInterpolant interpolant);

    /// <summary>Makes the trial state the current one.</summary>
    void Accept(double time);
}

/// <summary>The one loop of all adaptive methods: step control, stopping, listeners.</summary>
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
        ref TStepper stepper, IntegrationOptions options, StepInterpolant interpolant, ref double time, double end, Span<double> state, Func<ReadOnlySpan<double>, bool>? stop, ReadOnlySpan<IStepListener> listeners, out (long Accepted, long Rejected) steps)
        where TStepper : struct, IStepper
    {
        steps = default;
        stepper.Begin(time, state);
        if (!Finite(stepper.Derivative)) return IntegrationEnd.NotFinite;
        foreach (var listener in listeners) listener.Begin(time, end, state);
        if (stop is not null && stop(stepper.Derivative)) return IntegrationEnd.Stopped;
        var control = new StepControl(stepper.ErrorOrder);
        var step = FirstStep(state, stepper.Derivative, end - time);
        var finite = true;
        for (var i = 0; i < options.MaximumSteps; i++)
        {
            if (time == end) return IntegrationEnd.Reached;
            if (Math.Abs(step) > options.MaximumStep) step = Math.CopySign(options.MaximumStep, step);
            var final = Math.Abs(step) >= Math.Abs(end - time);
            if (final) step = end - time;
            if (time + step == time) return finite ? IntegrationEnd.StepTooSmall : IntegrationEnd.NotFinite;
            var error = stepper.Attempt(time, step, state);
            finite = double.IsFinite(error);
            if (!(error <= 1))
            {
                steps.Rejected++;
                step *= control.AfterRejection(error);
                continue;
            }

            steps.Accepted++;
            var next = final ? end : time + step;
            if (listeners.Length > 0 && Tell(ref stepper, interpolant, time, step, next, state, listeners))
            {
                time = interpolant.End;
                interpolant.Evaluate(time, state);
                return IntegrationEnd.Event;
            }

            time = next;
            stepper.Trial.CopyTo(state);
            stepper.Accept(time);
            if (stop is not null && stop(stepper.Derivative)) return IntegrationEnd.Stopped;
            step *= control.AfterAcceptance(error);
        }

        return time == end ? IntegrationEnd.Reached : IntegrationEnd.StepLimit;
    }

    /// <summary>Whether a listener ended the integration within the step.</summary>
    private static bool Tell<TStepper>(ref TStepper stepper, StepInterpolant interpolant, double time, double step, double next, ReadOnlySpan<double> state, ReadOnlySpan<IStepListener> listeners)
        where TStepper : struct, IStepper
    {
        stepper.Interpolate(time, step, next, state, interpolant);
        foreach (var listener in listeners) listener.Accepted(interpolant);
        return interpolant.Ended;
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

/// <summary>
/// Proportional-integral step control (Gustafsson 1991): after an accepted step the next is 0.9 e_n^(-0.7/q) e_(n-1)^(0.4/q) times as long, within [0.2, 5] and not longer right after a rejection; after a rejected step 0.9 e^(-1/q) times,
/// at least 0.2. e is the error over the tolerance, and q the order of that error in the step.
/// </summary>
internal struct StepControl(int order)
{
    private double _last = 1;
    private bool _rejected;

    public double AfterAcceptance(double error)
    {
        error = Math.Max(error, 1e-10);
        var factor = Math.Clamp(0.9 * Math.Pow(error, -0.7 / order) * Math.Pow(_last, 0.4 / order), 0.2, _rejected ? 1 : 5);
        (_last, _rejected) = (error, false);
        return factor;
    }

    public double AfterRejection(double error)
    {
        _rejected = true;
        return double.IsFinite(error) ? Math.Max(0.2, 0.9 * Math.Pow(error, -1.0 / order)) : 0.2;
    }
}
