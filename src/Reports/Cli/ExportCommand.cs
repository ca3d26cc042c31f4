using System.CommandLine;
using FlatBias.Dynamics;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias export: the table of a record, a run in progress or a sweep, for other programs.</summary>
internal static class ExportCommand
{
    public const string Name = "export",
        Summary =
            "Writes the series of a record, one row per measured step; each row was measured before the step was taken, so step 0 is the start. Of a sweep it writes one row a point; of what is still going, the rows so far.";

    public static Command Create()
    {
        var folder = new Argument<string>("dir")
        {
            Description = "the folder of a record, of a run that is still going, or of a sweep",
        };
        var format = Options.Choice("--format", "csv", "the format", "csv", "json", "parquet");
        var output = new Option<string?>("--output")
        {
            Description = "the file to write [default: standard output]",
            HelpName = "file",
        };
        var command = new Command(Name, Summary) { folder, format, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            if (!Directory.Exists(path))
                throw new RecordException($"{path} is not a folder.");
            using var held = OutputFile.Prepare(output.Name, parsed.GetValue(output));
            var columns = Columns(path);
            void Write(Stream stream) => TableFiles.Write(columns, parsed.GetValue(format)!, stream);
            if (parsed.GetValue(output) is { } file)
            {
                AtomicFile.Write(file, Write);
            }
            else
            {
                using var standard = Console.OpenStandardOutput();
                Write(standard);
            }
        });
        return command;
    }

    private static IReadOnlyList<(string Name, Array Values)> Columns(string folder)
    {
        if (!KnownSweep.IsThere(folder))
            return SeriesText.ColumnsOf(KnownRun.Load(folder).Series);
        var sweep = KnownSweep.Load(folder, TrainCommand.Read);
        return SweepFile.ColumnsOf(sweep.Specification.Plan, sweep.Specification.Study.Values, sweep.Rows);
    }
}
