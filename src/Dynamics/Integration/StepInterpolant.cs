namespace FlatBias.Dynamics.Integration;

/// <summary>One accepted step as a function of time: the continuous extension of the method, exact at both ends. It belongs to the integrator and is overwritten by the next step.</summary>
public sealed class StepInterpolant
{
    private double[] _first = [],
        _last = [];
    private double[][] _terms = [];
    private double _step,
        _stepEnd;

    /// <summary>The number of state variables.</summary>
    public int Dimension => _first.Length;

    /// <summary>The time before the step.</summary>
    public double Start { get; private set; }

    /// <summary>The time after the step; earlier in the direction of integration once a listener has called <see cref="EndAt"/>.</summary>
    public double End { get; private set; }

    /// <summary>Whether a listener has asked to end the integration within this step.</summary>
    public bool Ended { get; private set; }

    /// <summary>The state at a time within the step.</summary>
    /// <param name="time">The time, from <see cref="Start"/> to <see cref="End"/>; outside it the extension extrapolates.</param>
    /// <param name="destination">Overwritten with the state, one entry a state variable.</param>
    public void Evaluate(double time, Span<double> destination)
    {
        Require.Length(destination.Length, Dimension, nameof(destination));
        if (time == _stepEnd)
        {
            _last.CopyTo(destination);
            return;
        }

        var theta = (time - Start) / _step;
        destination.Clear();
        for (var j = _terms.Length - 1; j >= 0; j--)
        {
            var (term, factor) = (_terms[j], j % 2 == 0 ? theta : 1 - theta);
            for (var i = 0; i < destination.Length; i++)
                destination[i] = (destination[i] + term[i]) * factor;
        }

        for (var i = 0; i < destination.Length; i++)
            destination[i] += _first[i];
    }

    /// <summary>Ends the integration at a time within this step; listeners after the caller see the shortened step.</summary>
    /// <param name="time">The time, between <see cref="Start"/> and <see cref="End"/>, both included.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time lies outside the step.</exception>
    public void EndAt(double time)
    {
        if (!(time >= Math.Min(Start, End) && time <= Math.Max(Start, End)))
            throw new ArgumentOutOfRangeException(
                nameof(time),
                time,
                $"time is {time:R}; it must lie within the step, between {Start:R} and {End:R}."
            );
        (End, Ended) = (time, true);
    }

    internal void Prepare(int dimension, int terms)
    {
        if (_first.Length == dimension && _terms.Length == terms)
            return;
        (_first, _last) = (new double[dimension], new double[dimension]);
        // A loop, because a lambda would capture the dimension in an object made at every call.
        _terms = new double[terms][];
        for (var i = 0; i < terms; i++)
            _terms[i] = new double[dimension];
    }

    /// <summary>Takes the ends of a step; the caller fills the terms after the first, which is their difference.</summary>
    internal void Begin(double time, double step, double end, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        (Start, End, Ended, _step, _stepEnd) = (time, end, false, step, end);
        before.CopyTo(_first);
        after.CopyTo(_last);
        for (var i = 0; i < _first.Length; i++)
            _terms[0][i] = _last[i] - _first[i];
    }

    /// <summary>A term of the nested form, to be filled.</summary>
    internal Span<double> Term(int index) => _terms[index];
}

/// <summary>Something that follows an integration step by step, such as <see cref="EventLocator"/> and <see cref="Sampler"/>. Listeners are told of each step in the order in which they are given.</summary>
public interface IStepListener
{
    /// <summary>An integration starts.</summary>
    /// <param name="time">The start time.</param>
    /// <param name="end">The end time.</param>
    /// <param name="state">The start.</param>
    void Begin(double time, double end, ReadOnlySpan<double> state);

    /// <summary>A step was accepted.</summary>
    /// <param name="step">The step; valid during this call only.</param>
    void Accepted(StepInterpolant step);
}
