namespace FlatBias.Dynamics.Integration;

/// <summary>Which sign changes of an event function count, seen along the integration (which may run backwards in time).</summary>
public enum EventDirection
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>From negative to positive.</summary>
    Rising,

    /// <summary>From positive to negative.</summary>
    Falling,
}

/// <summary>A function of time and state whose sign changes are events.</summary>
/// <param name="time">t.</param>
/// <param name="state">x.</param>
/// <returns>Its value, not NaN.</returns>
public delegate double EventFunction(double time, ReadOnlySpan<double> state);

/// <summary>Is told of an event.</summary>
/// <param name="index">Which event, as counted in the locator's list.</param>
/// <param name="time">When.</param>
/// <param name="state">The state then; valid during the call only.</param>
public delegate void EventSink(int index, double time, ReadOnlySpan<double> state);

/// <summary>An event: the sign change of a function along a solution.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Function">The function, continuous along solutions.</param>
/// <param name="Direction">Which sign changes count.</param>
/// <param name="Terminal">Whether the integration ends at the first of them.</param>
public sealed record FlowEvent(
    string Name,
    EventFunction Function,
    EventDirection Direction = EventDirection.Both,
    bool Terminal = false
);
