using System.Globalization;
using System.Text;
using FlatBias.Dynamics.Descent;

namespace FlatBias.Lab.Landscapes;

/// <summary>The C# script that makes the run and its pictures, ready to lie beside the samples in scripts/.</summary>
internal static class LandscapeScript
{
    /// <summary>Writes it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="range">The map's edges: left, right, bottom, top.</param>
    /// <param name="at">The row of the jet that theories forecast from.</param>
    public static string Of(LandscapeRun run, double[] range, int at)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $$"""
            // {{run.Landscape.Name}}: what the laboratory shows
            #load "flatbias.csx"
            using FlatBias.Quadratic.Catalogue;

            {{Landscape(run.Settings)}}
            double[] start = [{{Numbers(run.Start)}}];
            var optimiser = {{Rule(run)}};
            var stepSize = StepSizeSchedule.Parse({{Quoted(run.StepSize.ToString())}});
            var probe = new CurvatureProbeOptions(Eigenpairs: 1, new LanczosOptions(Tolerance: 1e-12));
            var series = Recording.Run(landscape, optimiser, stepSize, new DescentLimits({{run.Steps}}), [.. start], probe, measureEvery: 1, extra: (state, _, row) =>
            {
                for (var i = 0; i < state.Theta.Length; i++)
                    row.Set(Columns.Coordinate[i + 1], state.Theta[i]);
            }).Series;

            """
        );
        if (run.X != run.Y)
            text.Append(Map(run, range));
        if (run.Settings.Theories.Count > 0)
            text.Append(Forecasts(run, at));
        text.Append(
            """

            var sharpness = PlotStyle.Create("", "step", "sharpness").AddLine("S", series["step"], series["sharpness"]);
            sharpness.AddLine("2/η", series["step"], [.. series["step_size"].Select(eta => 2 / eta)]);
            sharpness.Save(Picture("sharpness.svg"));

            """
        );
        return text.ToString();
    }

    /// <summary>A text as a literal of C#.</summary>
    public static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>A number as C# reads it as one with a fraction: between whole numbers / would drop the rest.</summary>
    public static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    /// <summary>Numbers as C# writes a list of them.</summary>
    public static string Numbers(IEnumerable<double> values) => string.Join(", ", values.Select(Number));

    /// <summary>The statement that makes the landscape.</summary>
    public static string Landscape(LandscapeSettings settings)
    {
        var given = string.Join(", ", settings.Parameters.Select(p => $"[{Quoted(p.Key)}] = {Quoted(p.Value)}"));
        return $"var (landscape, _) = LandscapeCatalogue.Build({Quoted(settings.Landscape)}, new Dictionary<string, string> {{ {given} }});";
    }

    private static string Rule(LandscapeRun run) =>
        run.Optimiser == OptimiserSpec.GradientDescent
            ? "OptimiserSpec.GradientDescent"
            : $"OptimiserSpec.Of({Quoted(run.Optimiser.Name)})"
                + string.Concat(
                    run.Settings.OptimiserParameters.Select(p => $".With({Quoted(p.Key)}, {Quoted(p.Value)})")
                );

    private static string Spread(double low, double high, int count) =>
        $"[.. Enumerable.Range(0, {count}).Select(i => {Number(low)} + ({Number(high - low)} * i / {count - 1}))]";

    private static string Forecasts(LandscapeRun run, int at) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""

            // Theories forecast from a jet at step {{at}}, before the run that tests them is made.
            string[] names = [{{string.Join(", ", run.Settings.Theories.Select(Quoted))}}];
            double[] reference = [.. start.Select((_, i) => series[Columns.Coordinate[i + 1]][{{at}}])];
            var trial = ForecastTrial.Run(landscape, reference, series["step_size"][{{at}}], [.. names.Select(TheoryCatalogue.All.Find)],
                new TrialOptions(Horizon: {{run.Settings.Horizon}}, Order: {{LandscapeForecasts.Order}}, Krylov: {{LandscapeForecasts.Krylov(
                run
            )}}, Cubic: true, Tolerance: 1e-12)).Series;
            var forecasts = PlotStyle.Create("", "step", "sharpness").AddLine("run", trial["step"], trial["sharpness"]);
            foreach (var name in names)
                if (trial.Has(Columns.Forecast(name, "sharpness")))
                    forecasts.AddLine(name, trial["step"], trial[Columns.Forecast(name, "sharpness")]);
            forecasts.Save(Picture("forecasts.svg"));

            """
        );

    private static string Map(LandscapeRun run, double[] range) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""

            // The loss in the plane of two coordinates through the start, and the run on it.
            double[] xs = {{Spread(range[0], range[1], 72)}};
            double[] ys = {{Spread(range[2], range[3], 54)}};
            var losses = new double[xs.Length, ys.Length];
            double[] at = [.. start];
            for (var i = 0; i < xs.Length; i++)
                for (var j = 0; j < ys.Length; j++)
                {
                    (at[{{run.X}}], at[{{run.Y}}]) = (xs[i], ys[j]);
                    losses[i, j] = landscape.Loss(at);
                }

            var map = Plot.HeatMap("θ_{{{run.X + 1}}}", "θ_{{{run.Y + 1}}}", "loss", xs, ys, losses, logC: true);
            map.AddLine("run", series["theta_{{run.X + 1}}"], series["theta_{{run.Y + 1}}"]).Save(Picture("map.svg"));

            """
        );
}
