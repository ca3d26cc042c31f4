namespace FlatBias.Dynamics.Integration;

/// <summary>Why an integration ended. <see cref="IntegrationEnds.Advice"/> says what to do about it.</summary>
public enum IntegrationEnd
{
    /// <summary>The end time was reached.</summary>
    Reached,

    /// <summary>The stopping condition held.</summary>
    Stopped,

    /// <summary>A terminal event happened; time and state are those of the event.</summary>
    Event,

    /// <summary>The step limit ran out.</summary>
    StepLimit,

    /// <summary>The step size fell below what the time can resolve.</summary>
    StepTooSmall,

    /// <summary>The derivative is not finite at the start, or however short the step.</summary>
    NotFinite,
}

/// <summary>What each end of an integration means.</summary>
public static class IntegrationEnds
{
    /// <summary>Whether the integration did what it was asked to: reached its end time, its stopping condition or a terminal event.</summary>
    /// <param name="end">The end.</param>
    /// <returns>False for the failures.</returns>
    public static bool Succeeded(this IntegrationEnd end) =>
        end is IntegrationEnd.Reached or IntegrationEnd.Stopped or IntegrationEnd.Event;

    /// <summary>One sentence on what happened and, for a failure, what to do.</summary>
    /// <param name="end">The end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public static string Advice(this IntegrationEnd end) =>
        end switch
        {
            IntegrationEnd.Reached => "The end time was reached.",
            IntegrationEnd.Stopped => "The stopping condition held.",
            IntegrationEnd.Event => "A terminal event happened.",
            IntegrationEnd.StepLimit =>
                "The step limit ran out: allow more steps, loosen the tolerances, or, if the steps are far shorter than the solution's own time scale, use the stiff method (Rosenbrock).",
            IntegrationEnd.StepTooSmall =>
                "The step fell below the resolution of the time: the solution is singular there (end before it, or stop by an event), the right-hand side jumps (declare the time in JumpTimes), or the tolerances are below round-off (loosen them).",
            IntegrationEnd.NotFinite =>
                "The right-hand side is not finite at the state reached: check its domain there, and end before it by a terminal event.",
            _ => throw new ArgumentOutOfRangeException(
                nameof(end),
                end,
                $"end is {(int)end}; it must be a value of IntegrationEnd."
            ),
        };
}
