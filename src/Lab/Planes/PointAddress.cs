using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Lab.Landscapes;
using FlatBias.Quadratic.Catalogue;

namespace FlatBias.Lab.Planes;

/// <summary>A point of a plane as an address of the landscape view.</summary>
internal static class PointAddress
{
    // A run to look at, not to wait for.
    private const int MostSteps = 500;

    public static string Of(PlaneSettings settings, double x, double y)
    {
        var study = settings.Study();
        var view = new LandscapeSettings
        {
            Landscape = settings.Landscape,
            Parameters = new(settings.Parameters),
            Start = settings.Start,
            StepSize = settings.StepSize,
            Steps = Math.Min(study.Steps, MostSteps).ToString(CultureInfo.InvariantCulture),
        };
        view =
            settings.Kind == PlaneSettings.Orbits
                ? view with
                {
                    StepSize = Text(x),
                }
                : With(With(view, settings.X, x), settings.Y, y);
        return view.ToAddress().ToString();
    }

    private static LandscapeSettings With(LandscapeSettings view, string name, double value)
    {
        const string landscape = "landscape.",
            start = "start-";
        if (name == "step-size")
            return view with { StepSize = Text(value) };
        if (name == "steps")
            return view with { Steps = Math.Round(value).ToString(CultureInfo.InvariantCulture) };
        if (name.StartsWith(landscape, StringComparison.Ordinal))
            return view with { Parameters = new(view.Parameters) { [name[landscape.Length..]] = Text(value) } };
        if (OptimiserCatalogue.All.Find(view.Optimiser).Parameters.Any(p => p.Name == name))
            return view with { OptimiserParameters = new(view.OptimiserParameters) { [name] = Text(value) } };
        if (!name.StartsWith(start, StringComparison.Ordinal) || name == "start-noise")
            return view;
        var theta = ParameterValues.ParseList("start", view.Start ?? LandscapeCatalogue.All.Find(view.Landscape).Start);
        theta[int.Parse(name.AsSpan(start.Length), CultureInfo.InvariantCulture) - 1] = value;
        return view with { Start = string.Join(',', theta.Select(Text)) };
    }

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
