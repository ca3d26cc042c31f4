using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Lab.Addresses;
using FlatBias.Quadratic.Catalogue;

namespace FlatBias.Lab.Landscapes;

/// <summary>
/// What the landscape view shows, as it was written: what is not valid stays in its field until it is mended.
/// </summary>
public sealed record LandscapeSettings
{
    public const string View = "landscape",
        DefaultLandscape = "two-parameter-network",
        DefaultStepSize = "0.011",
        DefaultSteps = "60",
        DefaultHorizon = "40";

    private const string LandscapePrefix = "landscape.",
        OptimiserPrefix = "optimiser.";

    /// <summary>The landscape's name.</summary>
    public string Landscape { get; init; } = DefaultLandscape;

    /// <summary>Its parameters, those given.</summary>
    public Dictionary<string, string> Parameters { get; init; } = [];

    /// <summary>The start, separated by commas; null for the landscape's own.</summary>
    public string? Start { get; init; }

    /// <summary>A step size or a schedule.</summary>
    public string StepSize { get; init; } = DefaultStepSize;

    /// <summary>The number of steps.</summary>
    public string Steps { get; init; } = DefaultSteps;

    /// <summary>The update rule's name.</summary>
    public string Optimiser { get; init; } = OptimiserSpec.GradientDescent.Name;

    /// <summary>Its parameters, those given.</summary>
    public Dictionary<string, string> OptimiserParameters { get; init; } = [];

    /// <summary>The coordinates along the map's axes, from 1.</summary>
    public string X { get; init; } = "1";

    /// <summary>See <see cref="X"/>.</summary>
    public string Y { get; init; } = "2";

    /// <summary>The map's edges, left, right, bottom, top; empty to fit the run.</summary>
    public string Map { get; init; } = "";

    /// <summary>Whether gradient flow's path is drawn.</summary>
    public bool Flow { get; init; } = true;

    /// <summary>The theories that forecast from the step under the cursor.</summary>
    public IReadOnlyList<string> Theories { get; init; } = [];

    /// <summary>How many steps they forecast.</summary>
    public string Horizon { get; init; } = DefaultHorizon;

    /// <summary>The step under the cursor.</summary>
    public string At { get; init; } = "0";

    /// <summary>The start as it stands in its field.</summary>
    public string ShownStart =>
        Start ?? LandscapeCatalogue.All.FirstOrDefault(entry => entry.Name == Landscape)?.Start ?? "";

    /// <summary>A landscape with its own start and a step size a tenth past the edge there.</summary>
    public static LandscapeSettings Beginning(string landscape)
    {
        var entry = LandscapeCatalogue.All.Find(landscape);
        var (surface, _) = LandscapeCatalogue.Build(landscape, new Dictionary<string, string>());
        var sharpness = surface.Eigenvalues(ParameterValues.ParseList("start", entry.Start))[0];
        var stepSize = sharpness > 0 ? 2.2 / sharpness : 0.1;
        return new()
        {
            Landscape = landscape,
            StepSize = stepSize.ToString("G2", CultureInfo.InvariantCulture),
            Y = surface.Dimension == 1 ? "1" : "2",
        };
    }

    public static LandscapeSettings From(Address address) =>
        new()
        {
            Landscape = address.Get("landscape", DefaultLandscape),
            Parameters = address.Under(LandscapePrefix),
            Start = address.Get("start"),
            StepSize = address.Get("step-size", DefaultStepSize),
            Steps = address.Get("steps", DefaultSteps),
            Optimiser = address.Get("optimiser", OptimiserSpec.GradientDescent.Name),
            OptimiserParameters = address.Under(OptimiserPrefix),
            X = address.Get("x", "1"),
            Y = address.Get("y", "2"),
            Map = address.Get("map", ""),
            Flow = address.Get("flow", "on") == "on",
            Theories = address.Get("theories", "").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Horizon = address.Get("horizon", DefaultHorizon),
            At = address.Get("at", "0"),
        };

    public Address ToAddress()
    {
        var address = new Address().Set("landscape", Landscape);
        foreach (var (name, value) in Parameters)
            address.Set(LandscapePrefix + name, value);
        if (Start is not null)
            address.Set("start", Start);
        address.Set("step-size", StepSize).Set("steps", Steps);
        address.SetUnless("optimiser", Optimiser, OptimiserSpec.GradientDescent.Name);
        foreach (var (name, value) in OptimiserParameters)
            address.Set(OptimiserPrefix + name, value);
        return address
            .SetUnless("x", X, "1")
            .SetUnless("y", Y, "2")
            .SetUnless("map", Map, "")
            .SetUnless("flow", Flow ? "on" : "off", "on")
            .SetUnless("theories", string.Join(',', Theories), "")
            .SetUnless("horizon", Horizon, DefaultHorizon)
            .SetUnless("at", At, "0");
    }
}
