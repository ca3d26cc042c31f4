namespace FlatBias.Dynamics.Integration;

/// <summary>Tolerances and limits of an integration. A step is accepted when its estimated error, each component over absolute + relative |x_i|, is at most 1 in the root-mean-square norm.</summary>
/// <param name="Relative">Relative tolerance a component and step, above 0.</param>
/// <param name="Absolute">Absolute tolerance a component and step, above 0, in the units of the state.</param>
/// <param name="MaximumSteps">Upper bound of steps, accepted or not, at least 1.</param>
public sealed record IntegrationOptions(double Relative = 1e-9, double Absolute = 1e-12, int MaximumSteps = 1_000_000)
{
    /// <summary>A relative tolerance for each component in place of <see cref="Relative"/>; null for the same everywhere.</summary>
    public IReadOnlyList<double>? RelativeByComponent { get; init; }

    /// <summary>An absolute tolerance for each component in place of <see cref="Absolute"/>; null for the same everywhere.</summary>
    public IReadOnlyList<double>? AbsoluteByComponent { get; init; }

    /// <summary>
    /// The longest step, above 0, in the units of time; infinite by default. A bound on it is also a bound on what an
    /// event, or a pulse of the right-hand side, can hide between two samples.
    /// </summary>
    public double MaximumStep { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Times at which the right-hand side jumps or kinks, or at which something short begins or ends, finite, in any
    /// order; none by default. A step ends exactly at each, and from there the integration starts anew with a small
    /// step. The right-hand side is
    /// asked for the last number before such a time and the first after it, never for the time itself, so it does not
    /// matter to which side it belongs.
    /// </summary>
    public IReadOnlyList<double> JumpTimes { get; init; } = [];

    internal bool IsJump(double time)
    {
        for (var i = 0; i < JumpTimes.Count; i++)
            if (JumpTimes[i] == time)
                return true;
        return false;
    }

    /// <summary>The first jump after a time on the way to the end, or the end.</summary>
    internal double NextStop(double time, double end)
    {
        var stop = end;
        for (var i = 0; i < JumpTimes.Count; i++)
        {
            var jump = JumpTimes[i];
            if (end > time ? jump > time && jump < stop : jump < time && jump > stop)
                stop = jump;
        }

        return stop;
    }
}

/// <summary>Options that were checked, and the norm that they define.</summary>
internal sealed class ErrorNorm
{
    private double[] _relative = [],
        _absolute = [];

    public ErrorNorm(IntegrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(options.Relative, "relative tolerance");
        Require.Positive(options.Absolute, "absolute tolerance");
        Require.InRange(options.MaximumSteps, 1, name: "the step limit");
        if (!double.IsPositiveInfinity(options.MaximumStep))
            Require.Positive(options.MaximumStep, "the longest step");
        RequireEach(options.RelativeByComponent, "relative tolerance");
        RequireEach(options.AbsoluteByComponent, "absolute tolerance");
        ArgumentNullException.ThrowIfNull(options.JumpTimes);
        for (var i = 0; i < options.JumpTimes.Count; i++)
            Require.Finite(options.JumpTimes[i], $"jump time {i}");
        Options = options;
    }

    public IntegrationOptions Options { get; }

    /// <summary>Spreads the tolerances over the components of a state of this dimension.</summary>
    public void Prepare(int dimension)
    {
        if (Options.RelativeByComponent is { } relative)
            Require.Length(relative.Count, dimension, nameof(IntegrationOptions.RelativeByComponent));
        if (Options.AbsoluteByComponent is { } absolute)
            Require.Length(absolute.Count, dimension, nameof(IntegrationOptions.AbsoluteByComponent));
        if (_relative.Length == dimension)
            return;
        _relative = Options.RelativeByComponent is null
            ? [.. Enumerable.Repeat(Options.Relative, dimension)]
            : [.. Options.RelativeByComponent];
        _absolute = Options.AbsoluteByComponent is null
            ? [.. Enumerable.Repeat(Options.Absolute, dimension)]
            : [.. Options.AbsoluteByComponent];
    }

    /// <summary>The largest error of a component that passes for a step between two states.</summary>
    public double Scale(int component, double before, double after) =>
        _absolute[component] + (_relative[component] * Math.Max(Math.Abs(before), Math.Abs(after)));

    /// <summary>
    /// The size at which the two tolerances of a component weigh the same: below it the component counts as small.
    /// </summary>
    public double Size(int component) => _absolute[component] / _relative[component];

    /// <summary>
    /// The root mean square of a vector, each component over the error that the tolerances allow at this state.
    /// </summary>
    public double Of(ReadOnlySpan<double> vector, ReadOnlySpan<double> state)
    {
        var sum = 0.0;
        for (var i = 0; i < vector.Length; i++)
        {
            var ratio = vector[i] / Scale(i, state[i], state[i]);
            sum += ratio * ratio;
        }

        return Math.Sqrt(sum / vector.Length);
    }

    /// <summary>
    /// The root mean square of the step times a vector, each component over the error that passes for a step between
    /// two states. An infinite state would allow an infinite error: it counts as no number.
    /// </summary>
    public double Of(ReadOnlySpan<double> vector, double step, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        var sum = 0.0;
        for (var i = 0; i < vector.Length && i < before.Length && i < after.Length; i++)
        {
            var ratio = step * vector[i] / Scale(i, before[i], after[i]);
            sum += (ratio * ratio) + (0 * after[i]);
        }

        return Math.Sqrt(sum / vector.Length);
    }

    /// <summary>The rate at which a component changes by its own size, |x_i| + a_i / r_i: the largest of all.</summary>
    public double Rate(ReadOnlySpan<double> derivative, ReadOnlySpan<double> state)
    {
        var rate = 0.0;
        for (var i = 0; i < derivative.Length; i++)
            rate = Math.Max(rate, Math.Abs(derivative[i]) / (Math.Abs(state[i]) + Size(i)));
        return rate;
    }

    private static void RequireEach(IReadOnlyList<double>? tolerances, string name)
    {
        for (var i = 0; i < tolerances?.Count; i++)
            Require.Positive(tolerances[i], $"{name} {i}");
    }
}
