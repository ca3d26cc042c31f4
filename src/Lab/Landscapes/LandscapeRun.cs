using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Lab.Landscapes;

/// <summary>A run of the landscape view: made from its settings by the library's own recorded run.</summary>
public sealed class LandscapeRun
{
    // Steps times dimension: at about 0.1 ms a unit, a second or two. One dimension more than a page can show.
    public const int LargestWork = 20_000,
        LargestDimension = 256;

    /// <summary>
    /// The tolerance of every eigenpair: as good as rounding allows, which costs nothing in few dimensions.
    /// </summary>
    public const double Tolerance = 1e-12;

    private LandscapeRun(LandscapeSettings settings)
    {
        Settings = settings;
        Landscape = FieldException.Guard(
            name => IsParameter(name) ? $"landscape.{Bare(name!)}" : "landscape",
            () => LandscapeCatalogue.Build(settings.Landscape, settings.Parameters).Landscape
        );
        if (Landscape.Dimension > LargestDimension)
            throw new FieldException(
                "landscape",
                $"The landscape has {Landscape.Dimension} parameters; the page takes at most {LargestDimension}."
            );
        Start = FieldException.Guard(_ => "start", () => ParameterValues.ParseList("start", settings.ShownStart));
        if (Start.Length != Landscape.Dimension)
            throw new FieldException(
                "start",
                $"start has {Start.Length} numbers; this landscape has {Landscape.Dimension} parameters."
            );
        StepSize = FieldException.Guard(_ => "step-size", () => StepSizeSchedule.Parse(settings.StepSize));
        Steps = Whole("steps", settings.Steps, 0, LargestWork / Landscape.Dimension);
        Optimiser = Rule(settings);
        X = Whole("x", settings.X, 1, Landscape.Dimension) - 1;
        Y = Whole("y", Landscape.Dimension == 1 ? settings.X : settings.Y, 1, Landscape.Dimension) - 1;
    }

    /// <summary>What it was made from.</summary>
    public LandscapeSettings Settings { get; }

    public Landscape Landscape { get; }

    public double[] Start { get; }

    public StepSizeSchedule StepSize { get; }

    public int Steps { get; }

    public OptimiserSpec Optimiser { get; }

    /// <summary>The coordinates of the map's axes, from 0.</summary>
    public int X { get; }

    public int Y { get; }

    /// <summary>The series, with the coordinates of each point.</summary>
    public SeriesTable Series { get; private set; } = new();

    public StopReason Reason { get; private set; }

    /// <summary>
    /// Gradient flow's path from the same start over the same time, one array a coordinate; empty where it is not
    /// drawn.
    /// </summary>
    public double[][] Flow { get; private set; } = [];

    /// <summary>Makes the run.</summary>
    /// <exception cref="FieldException">A field holds what cannot be used.</exception>
    public static LandscapeRun Make(LandscapeSettings settings)
    {
        var run = new LandscapeRun(settings);
        run.Descend();
        if (settings.Flow)
            run.Flow = FlowPath.From(run.Landscape, run.Start, run.Duration);
        return run;
    }

    /// <summary>The sum of all step sizes, the time that gradient flow takes for the same way.</summary>
    private double Duration => Series[Columns.StepSize].SkipLast(1).Sum();

    /// <summary>A coordinate along the run, from 0.</summary>
    public IReadOnlyList<double> Coordinate(int index) => Series[Columns.Coordinate[index + 1]];

    /// <summary>The point at a row of the series.</summary>
    public double[] PointAt(int row) => [.. Enumerable.Range(0, Start.Length).Select(i => Coordinate(i)[row])];

    /// <summary>Reads a whole number within limits.</summary>
    public static int Whole(string field, string text, int least, int most) =>
        !int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? throw new FieldException(field, $"{field} is '{text}'; it must be a whole number.")
        : value < least || value > most
            ? throw new FieldException(field, $"{field} is {value}; it must be from {least} to {most} here.")
        : value;

    private void Descend()
    {
        var probe = new CurvatureProbeOptions(1, new LanczosOptions(Tolerance));
        using var rule = Optimiser.Create(Landscape.Space);
        string[] coordinates = [.. Enumerable.Range(1, Landscape.Dimension).Select(i => (string)Columns.Coordinate[i])];
        var outcome = FieldException.Guard(
            name => name == "theta" ? "start" : "step-size",
            () =>
                Recording.Run(
                    Landscape,
                    Optimiser,
                    StepSize,
                    new DescentLimits(Steps),
                    (double[])Start.Clone(),
                    probe,
                    measureEvery: 1,
                    extra: (state, _, row) =>
                    {
                        for (var i = 0; i < state.Theta.Length; i++)
                            row.Set(coordinates[i], state.Theta[i]);
                        OwnColumns.Write(Landscape, rule, state, row);
                    }
                )
        );
        (Series, Reason) = (outcome.Series, outcome.Reason);
    }

    private bool IsParameter(string? name) =>
        name is not null
        && LandscapeCatalogue.All.FirstOrDefault(entry => entry.Name == Settings.Landscape) is { } entry
        && entry.Parameters.Any(parameter => parameter.Name == Bare(name));

    /// <summary>A parameter's name without the place in its list.</summary>
    private static string Bare(string name) => name.Split('[')[0];

    private static OptimiserSpec Rule(LandscapeSettings settings)
    {
        var rule = FieldException.Guard(_ => "optimiser", () => OptimiserSpec.Of(settings.Optimiser));
        foreach (var (name, value) in settings.OptimiserParameters)
            rule = FieldException.Guard(_ => $"optimiser.{name}", () => rule.With(name, value));
        return rule;
    }
}
