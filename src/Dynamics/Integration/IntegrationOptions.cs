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

    /// <summary>The longest step, above 0; infinite by default. A bound on it is also a bound on what an event can hide between two samples.</summary>
    public double MaximumStep { get; init; } = double.PositiveInfinity;
}

/// <summary>Options that were checked, and the norm that they define.</summary>
internal sealed class ErrorNorm
{
    private readonly IntegrationOptions _options;
    private double[] _relative = [], _absolute = [];

    public ErrorNorm(IntegrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(options.Relative, "relative tolerance");
        Require.Positive(options.Absolute, "absolute tolerance");
        Require.InRange(options.MaximumSteps, 1, name: "the step limit");
        if (!double.IsPositiveInfinity(options.MaximumStep)) Require.Positive(options.MaximumStep, "the longest step");
        RequireEach(options.RelativeByComponent, "relative tolerance");
        RequireEach(options.AbsoluteByComponent, "absolute tolerance");
        _options = options;
    }

    /// <summary>Spreads the tolerances over the components of a state of this dimension.</summary>
    public void Prepare(int dimension)
    {
        if (_options.RelativeByComponent is { } relative) Require.Length(relative.Count, dimension, nameof(IntegrationOptions.RelativeByComponent));
        if (_options.AbsoluteByComponent is { } absolute) Require.Length(absolute.Count, dimension, nameof(IntegrationOptions.AbsoluteByComponent));
        if (_relative.Length == dimension) return;
        _relative = _options.RelativeByComponent is null ? [.. Enumerable.Repeat(_options.Relative, dimension)] : [.. _options.RelativeByComponent];
        _absolute = _options.AbsoluteByComponent is null ? [.. Enumerable.Repeat(_options.Absolute, dimension)] : [.. _options.AbsoluteByComponent];
    }

    /// <summary>The largest error of a component that passes for a step between two states.</summary>
    public double Scale(int component, double before, double after) => _absolute[component] + (_relative[component] * Math.Max(Math.Abs(before), Math.Abs(after)));

    /// <summary>The size at which the two tolerances of a component weigh the same: below it the component counts as small.</summary>
    public double Size(int component) => _absolute[component] / _relative[component];

    /// <summary>The root mean square of a vector, each component over the error that the tolerances allow at this state.</summary>
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

    private static void RequireEach(IReadOnlyList<double>? tolerances, string name)
    {
        for (var i = 0; i < tolerances?.Count; i++) Require.Positive(tolerances[i], $"{name} {i}");
    }
}
