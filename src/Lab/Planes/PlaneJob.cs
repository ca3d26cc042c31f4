using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Lab.Landscapes;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Quadratic.Sweeps;

namespace FlatBias.Lab.Planes;

/// <summary>A plane computed row by row; in an orbit diagram a row is one step size.</summary>
public sealed class PlaneJob
{
    private readonly Func<int, double[]> _row;

    private PlaneJob(int rows, Func<int, double[]> row) => (Rows, _row) = (rows, row);

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Checks the settings, and computes nothing yet.</summary>
    /// <exception cref="FieldException">A field holds what cannot be used.</exception>
    public static PlaneJob Of(PlaneSettings settings)
    {
        var study = settings.Study();
        var (columns, rows) = settings.Counts();
        var (left, right) = PlaneSettings.Range("x-range", settings.XRange);
        double[] xs = Spread(left, right, columns);
        if (settings.Kind == PlaneSettings.Orbits)
            return Orbits(settings, study, xs, rows);
        var (bottom, top) = PlaneSettings.Range("y-range", settings.YRange);
        double[] ys = Spread(bottom, top, rows);
        if (settings.X == settings.Y)
            throw new FieldException("y", "x and y are the same; they must be different.");
        return settings.Kind switch
        {
            PlaneSettings.Basins => Basins(settings, study, xs, ys),
            PlaneSettings.Sharpness => Swept(settings, study, xs, ys, s => s.Run().Sharpness),
            PlaneSettings.Outcome => Swept(settings, study, xs, ys, s => Outcome(s.Run().Reason)),
            PlaneSettings.Exponent => Swept(settings, study, xs, ys, Exponent),
            _ => throw new FieldException("kind", $"kind is '{settings.Kind}'; it must be one of those listed."),
        };
    }

    /// <summary>A row's values; NaN where a point has none.</summary>
    public double[] Row(int index) => _row(index);

    /// <summary>Evenly spread numbers, ends included.</summary>
    public static double[] Spread(double low, double high, int count)
    {
        // The library's own axis, so that a script that sweeps over it has the same numbers.
        var axis = Axis.Linear("x", low, high, count);
        return [.. Enumerable.Range(0, count).Select(axis.Number)];
    }

    /// <summary>
    /// The options of the exponent at a point: a third of the steps to settle, the rest in eight blocks.
    /// </summary>
    public static LyapunovOptions ExponentOptions(int steps) =>
        new(1, Math.Max(1, steps / 12), Blocks: 8, Transient: steps / 3);

    /// <summary>A coordinate by its name, from 0.</summary>
    public static int Coordinate(string field, string name, int dimension) =>
        name.StartsWith("start-", StringComparison.Ordinal)
        && int.TryParse(name["start-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index >= 1
        && index <= dimension
            ? index - 1
            : throw new FieldException(
                field,
                $"{field} is '{name}'; it must be a coordinate, start-1 to start-{dimension}."
            );

    /// <summary>The start of a study.</summary>
    public static double[] StartOf(DescentStudy study) =>
        [.. study.Start ?? ParameterValues.ParseList("start", LandscapeCatalogue.All.Find(study.Landscape).Start)];

    private static PlaneJob Swept(
        PlaneSettings settings,
        DescentStudy study,
        double[] xs,
        double[] ys,
        Func<DescentStudy, double> measure
    )
    {
        // The ends are tried at once, so that what is no parameter, or no number of its kind, is said at its field.
        foreach (
            var (field, name, values) in (IEnumerable<(string, string, double[])>)
                [("x", settings.X, xs), ("y", settings.Y, ys)]
        )
        foreach (var value in (double[])[values[0], values[^1], values[values.Length / 2]])
            FieldException.Guard(_ => field, () => Checked(With(study, name, value)));
        return new PlaneJob(
            ys.Length,
            row =>
            {
                var along = With(study, settings.Y, ys[row]);
                return [.. xs.Select(x => Measured(() => measure(With(along, settings.X, x))))];
            }
        );
    }

    /// <summary>What only a combination makes wrong has no value there.</summary>
    private static double Measured(Func<double> measure)
    {
        try
        {
            return measure();
        }
        catch (ArgumentException)
        {
            return double.NaN;
        }
    }

    private static DescentStudy Checked(DescentStudy study)
    {
        study.Check();
        return study;
    }

    private static DescentStudy With(DescentStudy study, string name, double value) =>
        study.With(name, value.ToString("R", CultureInfo.InvariantCulture));

    private static double Outcome(StopReason reason) =>
        reason switch
        {
            StopReason.Converged => 0,
            StopReason.Diverged => 2,
            _ => 1,
        };

    private static double Exponent(DescentStudy study)
    {
        var (landscape, _) = LandscapeCatalogue.Build(study.Landscape, study.LandscapeParameters);
        var options = ExponentOptions(study.Steps);
        var spectrum = Lyapunov.OfDescent(landscape, study.StepSize, StartOf(study), options);
        return spectrum.End == LyapunovEnd.Completed ? spectrum.Exponents[0] : double.NaN;
    }

    private static PlaneJob Orbits(PlaneSettings settings, DescentStudy study, double[] stepSizes, int recorded)
    {
        if (stepSizes[0] <= 0)
            throw new FieldException("x-range", "The step size must be above 0.");
        var family = new DescentFamily(LandscapeCatalogue.Build(study.Landscape, study.LandscapeParameters).Landscape);
        var start = StartOf(study);
        var options = new OrbitDiagramOptions(study.Steps, recorded, Coordinate("y", settings.Y, start.Length));
        return new PlaneJob(
            stepSizes.Length,
            i => OrbitDiagram.Compute<DescentFamily, DescentOf>(family, [stepSizes[i]], start, options)[0].Values
        );
    }

    private static PlaneJob Basins(PlaneSettings settings, DescentStudy study, double[] xs, double[] ys)
    {
        var start = StartOf(study);
        var (x, y) = (Coordinate("x", settings.X, start.Length), Coordinate("y", settings.Y, start.Length));
        // Attractors are told apart over the whole plane, so that a row alone has no labels.
        var map = new Lazy<BasinMap>(() =>
            Dynamics.Stability.Basins.Compute(
                new DescentOf(
                    LandscapeCatalogue.Build(study.Landscape, study.LandscapeParameters).Landscape,
                    study.StepSize
                ),
                start,
                new GridAxis(x, xs[0], xs[^1], xs.Length),
                new GridAxis(y, ys[0], ys[^1], ys.Length),
                new BasinOptions(study.Steps)
            )
        );
        return new PlaneJob(
            ys.Length,
            row => [.. map.Value.Labels[row].Select(label => label < 0 ? double.NaN : label)]
        );
    }
}

/// <summary>Gradient descent on any landscape as a map.</summary>
public readonly struct DescentOf(Landscape landscape, double stepSize) : IDiscreteMap
{
    /// <inheritdoc/>
    public int Dimension => landscape.Dimension;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        landscape.Gradient(current, next);
        for (var i = 0; i < next.Length; i++)
            next[i] = current[i] - (stepSize * next[i]);
    }
}

/// <summary>The maps of all step sizes.</summary>
public readonly struct DescentFamily(Landscape landscape) : IMapFamily<DescentOf>
{
    /// <inheritdoc/>
    public DescentOf At(double parameter) => new(landscape, parameter);
}
