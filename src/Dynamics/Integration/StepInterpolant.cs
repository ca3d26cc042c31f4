using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatBias.Dynamics.Integration;

/// <summary>One accepted step as a function of time: the continuous extension of the method, exact at both ends. It belongs to the integrator and is overwritten by the next step.</summary>
public sealed class StepInterpolant
{
    // Filled up with zeros to whole registers; the terms of the nested form one after the other.
    private double[] _first = [],
        _last = [],
        _terms = [];
    private double _step,
        _stepEnd;
    private int _count;

    /// <summary>The number of state variables.</summary>
    public int Dimension { get; private set; }

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
            _last.AsSpan(0, Dimension).CopyTo(destination);
            return;
        }

        var theta = (time - Start) / _step;
        ref var to = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i + Registers.Width <= destination.Length; i += Registers.Width)
            At(theta, i).StoreUnsafe(ref to, (nuint)i);
        if (i == destination.Length)
            return;
        var rest = At(theta, i);
        for (var j = i; j < destination.Length; j++)
            destination[j] = rest[j - i];
    }

    /// <summary>The same into an array filled up to whole registers, for less.</summary>
    internal void EvaluateWhole(double time, double[] destination)
    {
        ref var to = ref MemoryMarshal.GetArrayDataReference(destination);
        var theta = (time - Start) / _step;
        for (var i = 0; i < destination.Length; i += Registers.Width)
        {
            var state = time == _stepEnd ? Vector256.Create(_last, i) : At(theta, i);
            state.StoreUnsafe(ref to, (nuint)i);
        }
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
        if (Dimension == dimension && _count == terms)
            return;
        (Dimension, _count) = (dimension, terms);
        var stride = Registers.RoundUp(dimension);
        (_first, _last, _terms) = (new double[stride], new double[stride], new double[terms * stride]);
    }

    /// <summary>Takes the ends of a step; the caller fills the terms after the first, which is their difference.</summary>
    internal void Begin(double time, double step, double end, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        (Start, End, Ended, _step, _stepEnd) = (time, end, false, step, end);
        before.CopyTo(_first);
        after.CopyTo(_last);
        for (var i = 0; i < _first.Length; i++)
            _terms[i] = _last[i] - _first[i];
    }

    /// <summary>A term of the nested form, to be filled.</summary>
    internal Span<double> Term(int index) => _terms.AsSpan(index * _first.Length, Dimension);

    /// <summary>One register of the state at a place within the step, from its start 0 to its end 1.</summary>
    private Vector256<double> At(double theta, int component)
    {
        ref var terms = ref MemoryMarshal.GetArrayDataReference(_terms);
        var rest = 1 - theta;
        var sum = Vector256<double>.Zero;
        var (by, next) = _count % 2 == 0 ? (rest, theta) : (theta, rest);
        for (var j = ((_count - 1) * _first.Length) + component; j >= 0; j -= _first.Length)
        {
            sum = (sum + Vector256.LoadUnsafe(ref terms, (nuint)j)) * by;
            (by, next) = (next, by);
        }

        return sum + Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_first), (nuint)component);
    }
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
