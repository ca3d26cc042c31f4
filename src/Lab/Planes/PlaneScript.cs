using System.Globalization;
using System.Text;
using FlatBias.Lab.Landscapes;

namespace FlatBias.Lab.Planes;

/// <summary>The C# script that computes a plane, ready to lie beside the samples in scripts/.</summary>
internal static class PlaneScript
{
    /// <summary>Writes it.</summary>
    /// <param name="settings">Settings that a job was made from.</param>
    public static string Of(PlaneSettings settings)
    {
        var text = new StringBuilder(
            $"""
            // {settings.Kind} of {settings.Landscape}: what the laboratory shows
            #load "flatbias.csx"
            using FlatBias.Quadratic.Catalogue;


            """
        );
        return text.Append(
                settings.Kind switch
                {
                    PlaneSettings.Orbits => Orbits(settings),
                    PlaneSettings.Basins => Basins(settings),
                    _ => Sweep(settings),
                }
            )
            .ToString();
    }

    private static string Sweep(PlaneSettings settings)
    {
        var study = settings.Study();
        var start = settings.Start is null ? "" : $" Start = [{LandscapeScript.Numbers(study.Start!)}],";
        var options = PlaneJob.ExponentOptions(study.Steps);
        var (measure, value, label) = settings.Kind switch
        {
            PlaneSettings.Sharpness => ("study.Measure", "outcome => outcome.Sharpness", "final sharpness"),
            PlaneSettings.Outcome => (
                "study.Measure",
                "outcome => outcome.Reason switch { StopReason.Converged => 0, StopReason.Diverged => 2, _ => 1 }",
                "0 converged, 1 went on, 2 diverged"
            ),
            _ => (
                $$"""
                point =>
                {
                    var at = study.At(point);
                    var (landscape, _) = LandscapeCatalogue.Build(at.Landscape, at.LandscapeParameters);
                    return Lyapunov.OfDescent(landscape, at.StepSize, at.Start is { } own ? [.. own] : [{{LandscapeScript.Numbers(
                    PlaneJob.StartOf(study)
                )}}], new LyapunovOptions(1, {{options.StepsPerBlock}}, Blocks: {{options.Blocks}}, Transient: {{options.Transient}}));
                }
                """,
                "spectrum => spectrum.End == LyapunovEnd.Completed ? spectrum.Exponents[0] : double.NaN",
                "largest Lyapunov exponent a step"
            ),
        };
        var (columns, rows) = settings.Counts();
        return $$"""
            var study = new DescentStudy { Landscape = {{LandscapeScript.Quoted(
                settings.Landscape
            )}}, LandscapeParameters = {{Parameters(settings)}},{{start}} StepSize = {{Text(
                study.StepSize
            )}}, Steps = {{study.Steps}} };
            var sweep = Sweep.Over({{Axis("x-range", settings.X, settings.XRange, columns)}}).And({{Axis(
                "y-range",
                settings.Y,
                settings.YRange,
                rows
            )}});
            var table = sweep.Run({{measure}}, threads: Environment.ProcessorCount);
            var plot = Plot.HeatMap(table, {{LandscapeScript.Quoted(settings.X)}}, {{LandscapeScript.Quoted(
                settings.Y
            )}}, {{value}}, {{LandscapeScript.Quoted(label)}});
            plot.Save(Picture("plane.svg"));

            """;
    }

    private static string Orbits(PlaneSettings settings)
    {
        var study = settings.Study();
        var start = PlaneJob.StartOf(study);
        var coordinate = PlaneJob.Coordinate("y", settings.Y, start.Length);
        var (columns, recorded) = settings.Counts();
        return $$"""
            var (landscape, _) = LandscapeCatalogue.Build({{LandscapeScript.Quoted(settings.Landscape)}}, {{Parameters(
                settings
            )}});
            double[] stepSizes = {{Spread("x-range", settings.XRange, columns)}};
            var options = new OrbitDiagramOptions(Transient: {{study.Steps}}, Recorded: {{recorded}}, Coordinate: {{coordinate}});
            var columns = OrbitDiagram.Compute<Family, Descent>(new Family(landscape), stepSizes, [{{LandscapeScript.Numbers(
                start
            )}}], options);
            var plot = Plot.OrbitDiagram(columns, "step size η", {{LandscapeScript.Quoted(settings.Y)}});
            plot.Save(Picture("orbits.svg"));

            public readonly struct Family(Landscape landscape) : IMapFamily<Descent>
            {
                public Descent At(double stepSize) => new(landscape, stepSize);
            }

            {{DescentMap}}
            """;
    }

    private static string Basins(PlaneSettings settings)
    {
        var study = settings.Study();
        var start = PlaneJob.StartOf(study);
        var (columns, rows) = settings.Counts();
        var (left, right) = PlaneSettings.Range("x-range", settings.XRange);
        var (bottom, top) = PlaneSettings.Range("y-range", settings.YRange);
        var (x, y) = (
            PlaneJob.Coordinate("x", settings.X, start.Length),
            PlaneJob.Coordinate("y", settings.Y, start.Length)
        );
        return $$"""
            var (landscape, _) = LandscapeCatalogue.Build({{LandscapeScript.Quoted(settings.Landscape)}}, {{Parameters(
                settings
            )}});
            GridAxis across = new({{x}}, {{Text(left)}}, {{Text(right)}}, {{columns}}), up = new({{y}}, {{Text(
                bottom
            )}}, {{Text(top)}}, {{rows}});
            var basins = Basins.Compute(new Descent(landscape, {{Text(study.StepSize)}}), [{{LandscapeScript.Numbers(
                start
            )}}], across, up, new BasinOptions({{study.Steps}}));
            var labels = new double[{{columns}}, {{rows}}];
            for (var i = 0; i < {{columns}}; i++)
                for (var j = 0; j < {{rows}}; j++)
                    labels[i, j] = basins.Labels[j][i] < 0 ? double.NaN : basins.Labels[j][i];
            double[] xs = {{Spread("x-range", settings.XRange, columns)}};
            double[] ys = {{Spread("y-range", settings.YRange, rows)}};
            var plot = Plot.HeatMap({{LandscapeScript.Quoted(settings.X)}}, {{LandscapeScript.Quoted(
                settings.Y
            )}}, "attractor", xs, ys, labels, missing: "none");
            plot.Save(Picture("basins.svg"));

            {{DescentMap}}
            """;
    }

    private const string DescentMap = """
        public readonly struct Descent(Landscape landscape, double stepSize) : IDiscreteMap
        {
            public int Dimension => landscape.Dimension;

            public void Step(ReadOnlySpan<double> current, Span<double> next)
            {
                landscape.Gradient(current, next);
                for (var i = 0; i < next.Length; i++)
                    next[i] = current[i] - stepSize * next[i];
            }
        }

        """;

    private static string Parameters(PlaneSettings settings) =>
        $"new Dictionary<string, string> {{ {string.Join(", ", settings.Parameters.Select(p => $"[{LandscapeScript.Quoted(p.Key)}] = {LandscapeScript.Quoted(p.Value)}"))} }}";

    private static string Axis(string field, string name, string range, int count)
    {
        var (low, high) = PlaneSettings.Range(field, range);
        return $"Axis.Linear({LandscapeScript.Quoted(name)}, {Text(low)}, {Text(high)}, {count})";
    }

    private static string Spread(string field, string range, int count) =>
        $"[.. Enumerable.Range(0, {count}).Select({Axis(field, "x", range, count)}.Number)]";

    private static string Text(double value) => LandscapeScript.Number(value);
}
