using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Catalogue;

namespace FlatBias.Quadratic.Sweeps;

/// <content>The parameters by name.</content>
public sealed partial record DescentStudy
{
    private const string StartPrefix = "start-",
        LandscapePrefix = "landscape.";

    private static readonly Dictionary<string, Func<DescentStudy, string, DescentStudy>> Setters = new(
        StringComparer.Ordinal
    )
    {
        ["step-size"] = (study, text) =>
            study with
            {
                StepSize = Require.Positive(Number("step-size", text), "step-size"),
            },
        ["steps"] = (study, text) => study with { Steps = Require.InRange(Whole("steps", text), 0, name: "steps") },
        ["gradient-tolerance"] = (study, text) =>
            study with
            {
                GradientTolerance = Require.NotNegative(Number("gradient-tolerance", text), "gradient-tolerance"),
            },
        ["optimiser"] = (study, text) => study with { Optimiser = OptimiserCatalogue.All.Find(text).Name },
        ["batch-size"] = (study, text) =>
            study with
            {
                BatchSize = Require.InRange(Whole("batch-size", text), 0, name: "batch-size"),
            },
        ["start-noise"] = (study, text) =>
            study with
            {
                StartNoise = Require.NotNegative(Number("start-noise", text), "start-noise"),
            },
        ["seed"] = (study, text) => study with { Seed = Whole("seed", text) },
        ["theory"] = (study, text) => study with { Theory = TheoryCatalogue.All.Find(text).Name },
    };

    /// <summary>
    /// The names that <see cref="With"/> knows for this landscape: those of the descent and of update rules, start-1,
    /// start-2, ... for the coordinates of the start, and landscape.NAME for the landscape's own parameters.
    /// </summary>
    public IReadOnlyList<string> ParameterNames =>
        [
            .. Setters.Keys,
            .. OptimiserCatalogue.Parameters.Select(p => p.Name),
            .. Enumerable.Range(1, (Start ?? DefaultStart).Count).Select(i => StartPrefix + i),
            .. Entry.Parameters.Select(p => LandscapePrefix + p.Name),
        ];

    private LandscapeEntry Entry => LandscapeCatalogue.All.Find(Landscape);

    private double[] DefaultStart => ParameterValues.ParseList("start", Entry.Start);

    /// <summary>The study with one parameter changed.</summary>
    /// <param name="name">One of <see cref="ParameterNames"/>.</param>
    /// <param name="value">The value as written.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the value is not of its kind or outside its range.</exception>
    public DescentStudy With(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!ParameterNames.Contains(name))
            throw new ArgumentException(
                $"There is no parameter '{name}'; there are: {string.Join(", ", ParameterNames)}.",
                nameof(name)
            );
        if (Setters.TryGetValue(name, out var set))
            return set(this, value);
        if (OptimiserCatalogue.Parameters.Any(p => p.Name == name))
            return WithOptimiserParameter(name, value);
        if (name.StartsWith(LandscapePrefix, StringComparison.Ordinal))
            return this with
            {
                LandscapeParameters = new Dictionary<string, string>(LandscapeParameters)
                {
                    [name[LandscapePrefix.Length..]] = value,
                },
            };
        double[] start = [.. Start ?? DefaultStart];
        start[int.Parse(name.AsSpan(StartPrefix.Length), CultureInfo.InvariantCulture) - 1] = Require.Finite(
            Number(name, value),
            name
        );
        return this with { Start = start };
    }

    /// <summary>The study at a point of a sweep.</summary>
    /// <param name="point">The point.</param>
    /// <returns>The study with the point's values.</returns>
    public DescentStudy At(SweepPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.Plan.Axes.Aggregate(this, (study, axis) => study.With(axis.Name, point.Text(axis.Name)));
    }

    /// <summary>Checks the values of an axis one by one, before any work. What only a combination makes wrong is found when it is measured, and recorded as a failed point.</summary>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ArgumentException">The axis names no parameter of this study, or holds a value that is not of its kind or outside its range.</exception>
    public void Check(Axis axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        for (var i = 0; i < axis.Count; i++)
            With(axis.Name, axis.Text(i));
    }

    /// <summary>Checks the study as it stands: the landscape's parameters, the start, the update rule, the minibatches and the theory.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Check()
    {
        var (landscape, _) = Build();
        Rule();
        Sampler(landscape);
        if (Theory is not null)
            TheoryCatalogue.All.Find(Theory);
    }

    private DescentStudy WithOptimiserParameter(string name, string value)
    {
        // Whether it is within its range is for the rules to say, whichever of them the study will take.
        foreach (var rule in OptimiserCatalogue.All.Where(entry => entry.Parameters.Any(p => p.Name == name)))
            OptimiserSpec.Of(rule.Name).With(name, value);
        return this with
        {
            OptimiserParameters = new Dictionary<string, string>(OptimiserParameters) { [name] = value },
        };
    }

    private static double Number(string name, string text) =>
        WrittenNumber.Read(text)
        ?? throw new ArgumentException($"{name} is '{text}'; it must be {WrittenNumber.Wanted}.", name);

    private static int Whole(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ArgumentException($"{name} is '{text}'; it must be a whole number.", name);
}
