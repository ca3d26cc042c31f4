namespace FlatBias.Dynamics.Integration;

/// <summary>Is told of the solution at a time asked for.</summary>
/// <param name="index">Which of the times.</param>
/// <param name="time">The time.</param>
/// <param name="state">The state then; valid during the call only.</param>
public delegate void SampleSink(int index, double time, ReadOnlySpan<double> state);

/// <summary>Delivers the solution at given times from the dense output, so that they do not shorten the steps. Times outside the span integrated, or after a terminal event, are not delivered.</summary>
public sealed class Sampler : IStepListener
{
    private readonly double[] _times;
    private readonly SampleSink _sink;
    private int _next;
    private double[] _state = [];

    /// <summary>Makes a sampler.</summary>
    /// <param name="times">The times, finite, each further along the integration than the one before: rising, or falling for integration backwards in time.</param>
    /// <param name="sink">Told of the solution at each.</param>
    /// <exception cref="ArgumentException">The times are not in order.</exception>
    public Sampler(IReadOnlyList<double> times, SampleSink sink)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(sink);
        (_times, _sink) = ([.. times], sink);
        Require.AllFinite(_times, nameof(times));
        for (var i = 2; i < _times.Length; i++)
            if (Math.Sign(_times[i] - _times[i - 1]) != Math.Sign(_times[1] - _times[0]))
                throw Disorder(i);
        if (_times.Length > 1 && _times[0] == _times[1])
            throw Disorder(1);
    }

    /// <inheritdoc/>
    public void Begin(double time, double end, ReadOnlySpan<double> state)
    {
        if (_state.Length != state.Length)
            _state = new double[state.Length];
        var forward = end >= time;
        if (_times.Length > 1 && end != time && forward != _times[1] > _times[0])
            throw new ArgumentException(
                $"The sample times run from {_times[0]:R} to {_times[^1]:R}, the integration from {time:R} to {end:R}: they must run the same way.",
                nameof(end)
            );
        for (_next = 0; _next < _times.Length && (forward ? _times[_next] < time : _times[_next] > time); )
            _next++;
        if (_next < _times.Length && _times[_next] == time)
            _sink(_next++, time, state);
    }

    /// <inheritdoc/>
    public void Accepted(StepInterpolant step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var forward = step.End >= step.Start;
        while (_next < _times.Length && (forward ? _times[_next] <= step.End : _times[_next] >= step.End))
        {
            step.Evaluate(_times[_next], _state);
            _sink(_next, _times[_next], _state);
            _next++;
        }
    }

    private static ArgumentException Disorder(int index) =>
        new($"The sample times must rise, or fall, from each to the next; time {index} does not.", "times");
}
