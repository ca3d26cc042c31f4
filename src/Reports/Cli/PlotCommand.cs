using System.CommandLine;
using System.Globalization;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using FlatBias.Reports.Viewing;
using OxyPlot;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias plot: figures of records, of runs that are still going, and of sweeps.</summary>
internal sealed class PlotCommand
{
    public const string Name = "plot",
        Summary =
            "Draws records, runs that are still going, and sweeps: sharpness with its edge, loss and rotation of a run; a forecast beside its run; a heat map of a sweep over two axes. Several records are drawn into one figure, each under what differs between their specifications.";

    private const string None = "none";

    private readonly Argument<string[]> _what = new("record")
    {
        Description =
            "folders of records, of runs that are still going, or of sweeps; then the columns to draw [default: the usual ones of their kind]",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _output = Options.Text(
        "--output",
        "plot.svg",
        "the file to write; its extension, .svg, .pdf or .png, is the format"
    );
    private readonly Option<string?> _x = new("--x")
    {
        Description =
            "the column along x, or the axis of a sweep [default: the step, or the step size of a grid or scan]",
    };
    private readonly Option<bool> _logY = new("--log-y")
    {
        Description =
            "makes y axes logarithmic, or the colours of a heat map, where any value is above 0; a loss that falls far is so anyway",
    };
    private readonly Option<string> _smooth = Options.Text(
        "--smooth",
        None,
        $"draws the mean over this many measurements over the values, which stay; {None} for the values alone"
    );

    public static Command Create()
    {
        var options = new PlotCommand();
        var command = new Command(
            Name,
            Summary
                + """


                Example:
                  flatbias plot run                                     plot.svg
                  flatbias plot run sharpness lambda_2 --output s.pdf   the columns named; flatbias show run lists them
                  flatbias plot small-step large-step loss --log-y      two runs in one figure
                  flatbias plot sweep sharpness --output map.png        a sweep over two axes, as colours
                """
        )
        {
            options._what,
            options._output,
            options._x,
            options._logY,
            options._smooth,
        };
        options._output.HelpName = "file";
        command.SetAction(options.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var words = parsed.GetValue(_what)!;
        string[] given = [.. words.Where(IsRecord)],
            columns = [.. words.Where(word => !IsRecord(word))];
        if (given.Length == 0)
            throw new RecordException(
                $"{words[0]} is not a folder; flatbias plot draws the record, run in progress or sweep in one."
            );
        if (Array.FindIndex(words, word => !IsRecord(word)) is var at && at >= 0 && at < given.Length)
            throw new RecordException($"{words[at]} is not a folder; columns come after all folders.");
        string[] folders = [.. given.DistinctBy(Path.GetFullPath)];
        var output = parsed.GetValue(_output)!;
        FigureExport.Check(output, "--output");
        using var held = OutputFile.Prepare(_output.Name, output);
        var options = new DrawingOptions(parsed.GetValue(_x), parsed.GetValue(_logY), Smooth(parsed));
        var figures = Figures(folders, columns, options);
        figures.Save(output);
        Console.WriteLine(
            $"{figures.Count} figure{(figures.Count == 1 ? "" : "s")} of {string.Join(", ", folders)} in {output}"
        );
        return FlatBiasCommand.Success;
    }

    private static IReadOnlyList<PlotModel> Figures(string[] folders, string[] columns, DrawingOptions options)
    {
        if (!folders.Any(KnownSweep.IsThere))
            return RunFigures.Of([.. folders.Select(KnownRun.Load)], columns, options);
        return folders.FirstOrDefault(folder => !KnownSweep.IsThere(folder)) is { } record
            ? throw new RecordException($"{record} holds no sweep; sweeps and records are drawn apart.")
            :
            [
                .. folders.SelectMany(folder =>
                    SweepFigures.Of(KnownSweep.Load(folder, TrainCommand.Read), columns, options)
                ),
            ];
    }

    private int? Smooth(ParseResult parsed)
    {
        var text = parsed.GetValue(_smooth)!;
        if (text == None)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width >= 2
            ? width
            : throw new ArgumentException($"--smooth is '{text}'; it must be {None} or a whole number from 2.");
    }

    // A path is never a column, even where nothing is there.
    private static bool IsRecord(string word) =>
        Directory.Exists(word)
        || word.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || word.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal);
}
