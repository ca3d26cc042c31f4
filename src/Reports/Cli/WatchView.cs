using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;
using Spectre.Console;
using Spectre.Console.Rendering;
using Observed = FlatBias.Dynamics.Observables.Columns;

namespace FlatBias.Reports.Cli;

/// <summary>
/// A run looked at while it goes: loss, stability number against 1 and rotation, redrawn in place; a line a measurement
/// where standard error is no terminal.
/// </summary>
internal sealed class WatchView(string label, int work)
{
    // Of a terminal of 80 columns, what labels and numbers leave.
    private const int Width = 48;
    private const string Levels = "▁▂▃▄▅▆▇█";

    // Stability numbers drawn from 0 to this: the edge, 1, in the middle.
    private const double Widest = 2;

    /// <summary>Makes a run and shows it.</summary>
    public static MadeRun Make(RunSpec spec, RunContext context)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var view = new WatchView(spec.Label, spec.Work);
        if (
            !console.Profile.Capabilities.Interactive
            || !console.Profile.Capabilities.Ansi
            || Console.IsErrorRedirected
        )
            return MadeRun.Of(
                spec,
                context with
                {
                    Measured = context.Measured + (series => Console.Error.WriteLine(view.Line(series))),
                }
            );
        MadeRun? run = null;
        console
            .Live(new Text($"{spec.Label}: nothing measured yet"))
            .Start(live =>
                run = MadeRun.Of(
                    spec,
                    context with
                    {
                        Measured = context.Measured + (series => live.UpdateTarget(view.Picture(series))),
                    }
                )
            );
        return run!;
    }

    /// <summary>The last row in a line.</summary>
    public string Line(SeriesTable series) =>
        string.Create(
            Printed.Numbers,
            $"{label}: step {Last(series, Observed.Step)} of {work}: loss {Number(series, Observed.Loss)}, stability number {Number(series, Observed.StabilityNumber)}, rotation {Number(series, Observed.Rotation[1])} degrees"
        );

    /// <summary>The rows so far in a few lines.</summary>
    public IRenderable Picture(SeriesTable series)
    {
        var grid = new Grid().AddColumn().AddColumn().AddColumn();
        var step = Last(series, Observed.Step);
        Add("step", string.Create(Printed.Numbers, $"{step} of {work}"), Bar(step / Math.Max(1, work)));
        Add("loss", Number(series, Observed.Loss), Spark(series, Observed.Loss, Math.Log));
        Add("ηS/2", Number(series, Observed.StabilityNumber), Gauge(Last(series, Observed.StabilityNumber)));
        Add("", "", Spark(series, Observed.StabilityNumber, value => value));
        Add(
            "rotation",
            $"{Number(series, Observed.Rotation[1])}°",
            Spark(series, Observed.Rotation[1], value => value)
        );
        return grid;

        void Add(string name, string number, string drawn) =>
            grid.AddRow(new Text(name), new Text(number.PadLeft(14)), new Text(drawn));
    }

    /// <summary>The last values from their lowest to their highest; a full stop where there is none.</summary>
    private static string Spark(SeriesTable series, string column, Func<double, double> scale)
    {
        if (!series.Has(column))
            return "";
        double[] values = [.. series[column].TakeLast(Width).Select(scale)];
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new string('.', values.Length);
        var (low, high) = (finite.Min(), finite.Max());
        return string.Concat(values.Select(Level));

        char Level(double value) =>
            !double.IsFinite(value) ? '.'
            : high > low ? Levels[(int)Math.Min(Levels.Length - 1, (value - low) / (high - low) * Levels.Length)]
            : Levels[0];
    }

    private static string Bar(double share) =>
        new string('█', (int)(Math.Clamp(share, 0, 1) * Width)).PadRight(Width, '░');

    /// <summary>A number on a scale from 0 to 2, with the edge in the middle.</summary>
    private static string Gauge(double number)
    {
        if (!double.IsFinite(number))
            return "";
        var drawn = Bar(number / Widest).ToCharArray();
        drawn[Width / 2] = '┃';
        return new string(drawn);
    }

    private static double Last(SeriesTable series, string column) =>
        series.Has(column) && series.Rows > 0 ? series[column][^1] : double.NaN;

    private static string Number(SeriesTable series, string column) => RunText.Number(Last(series, column));
}
