using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Finds the events of a solution on the dense output of its steps and delivers them in order of time. Each step is cut into equal parts. A part whose ends have different signs holds an event, found by bisection and secants to the tolerance; a part with
/// equal signs whose slopes both point towards zero from its ends is searched for an excursion through zero and back. So one event function's two crossings within a step are both found if no part of the step holds more than one
/// turning point of the function; a third crossing within a part, and excursions shallower than round-off, shorter than the tolerance or within a millionth of a part's ends, stay unseen. Shorten <see cref="IntegrationOptions.MaximumStep"/> or raise the number of parts to resolve more.
/// <para>A time delivered lies at or after the sign change, by less than the tolerance. An exact zero reached from either side counts as a change and is delivered once, also at the end of a step or of the integration; a zero at the start is not delivered.</para>
/// <para>An integration that starts where a terminal event of this locator ended the one before starts on that event's
/// surface, whatever rounding left of the function there: the event is not found again, and the next crossing is found
/// whichever way the state was sent.</para>
/// </summary>
public sealed partial class EventLocator : IStepListener
{
    /// <summary>2^-50: what the place of a time within its step is rounded to, a few times.</summary>
    private const double TimeRoundoff = 8 * Roundoff.Unit;

    private readonly FlowEvent[] _events;
    private readonly EventSink _sink;
    private readonly double _tolerance;
    private readonly int _parts;
    private readonly double[] _left;
    private readonly int[] _sign;
    private readonly List<(double Time, int Event)> _found = [];
    private double[] _state = [];
    private int _dimension;
    private double _resolution,
        _margin;

    // The terminal event that ended the last integration: which, when, and what was left of its function there.
    private (int Event, double Time, double Left) _ended = (-1, 0, 0);

    /// <summary>Makes a locator.</summary>
    /// <param name="events">The events, at least one.</param>
    /// <param name="sink">Told of each event.</param>
    /// <param name="tolerance">
    /// The error allowed in an event's time beyond that of the solution, in the units of time, at least 0; never below
    /// what rounding leaves, eq. (10.16), which the default 0 asks for.
    /// </param>
    /// <param name="parts">The number of parts that each step is cut into, 1 to 1000.</param>
    /// <exception cref="ArgumentException">There is no event, or a function is missing.</exception>
    public EventLocator(IReadOnlyList<FlowEvent> events, EventSink sink, double tolerance = 0, int parts = 4)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(sink);
        Require.InRange(events.Count, 1, name: "the number of events");
        if (events.Any(e => e?.Function is null))
            throw new ArgumentException("An event has no function.", nameof(events));
        (_events, _sink, _tolerance, _parts) = (
            [.. events],
            sink,
            Require.Finite(Require.NotNegative(tolerance)),
            Require.InRange(parts, 1, 1000)
        );
        (_left, _sign) = (new double[_events.Length], new int[_events.Length]);
    }

    /// <inheritdoc/>
    public void Begin(double time, double end, ReadOnlySpan<double> state)
    {
        (_dimension, var whole) = (state.Length, Registers.RoundUp(state.Length));
        if (_state.Length != whole)
            _state = new double[whole];
        for (var e = 0; e < _events.Length; e++)
        {
            _left[e] = Value(e, time, state);
            _sign[e] = Math.Sign(_left[e]);
        }

        var (ended, at, rest) = _ended;
        if (ended >= 0 && at == time && Math.Abs(_left[ended]) <= rest)
            _sign[ended] = 0;
        _ended.Event = -1;
    }

    /// <inheritdoc/>
    public void Accepted(StepInterpolant step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _found.Clear();
        // (10.16): the shortest time that can be told within the step.
        _resolution = Math.Max(
            4 * Magnitude.Ulp(Math.Max(Math.Abs(step.Start), Math.Abs(step.End))),
            TimeRoundoff * Math.Abs(step.End - step.Start)
        );
        var (start, width) = (step.Start, (step.End - step.Start) / _parts);
        _margin = Margin(width);
        var left = start;
        for (var p = 1; p <= _parts; p++)
        {
            var right = p == _parts ? step.End : start + (p * width);
            if (right == left)
                continue;
            Part(step, left, right);
            left = right;
        }

        Deliver(step);
    }

    /// <summary>
    /// In order of time, equal times in the order of the list, up to the first terminal event and what happens with it.
    /// </summary>
    private void Deliver(StepInterpolant step)
    {
        var forward = step.End >= step.Start ? 1 : -1;
        for (var i = 1; i < _found.Count; i++)
        for (var j = i; j > 0 && forward * _found[j].Time.CompareTo(_found[j - 1].Time) < 0; j--)
            (_found[j], _found[j - 1]) = (_found[j - 1], _found[j]);
        foreach (var (time, e) in _found)
        {
            if (_ended.Event >= 0 && time != _ended.Time)
                return;
            step.EvaluateWhole(time, _state);
            _sink(e, time, _state.AsSpan(0, _dimension));
            if (!_events[e].Terminal || _ended.Event >= 0)
                continue;
            step.EndAt(time);
            _ended = (e, time, Math.Abs(At(step, e, time)));
        }
    }

    private double At(StepInterpolant step, int e, double time)
    {
        step.EvaluateWhole(time, _state);
        return Value(e, time, _state.AsSpan(0, _dimension));
    }

    private double Value(int e, double time, ReadOnlySpan<double> state)
    {
        var value = _events[e].Function(time, state);
        return double.IsNaN(value)
            ? throw new InvalidOperationException(
                $"The function of event {e} ({_events[e].Name}) is NaN at time {time:R}; it must be a number along the whole solution."
            )
            : value;
    }
}
