using System.CommandLine;
using FlatBias.Dynamics;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias export: the series of a record as text.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "the folder of a record" };
        var format = Options.Choice("--format", "csv", "the format", "csv", "json");
        var output = new Option<string?>("--output") { Description = "the file to write [default: standard output]" };
        var command = new Command(
            "export",
            "Writes the series of a record, one row per measured step; each row was measured before the step was taken, so step 0 is the start."
        )
        {
            folder,
            format,
            output,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            if (!Directory.Exists(path))
                throw new RecordException($"{path} is not a folder.");
            var series = RunRecord.Load(path).Series;
            Action<Stream> write =
                parsed.GetValue(format) == "csv"
                    ? stream => SeriesText.WriteCsv(series, stream)
                    : stream => SeriesText.WriteJson(series, stream);
            if (parsed.GetValue(output) is { } file)
            {
                if (Directory.Exists(file))
                    throw new IOException($"--output {file} is a folder; it must be a file.");
                AtomicFile.Write(file, write);
            }
            else
            {
                using var standard = Console.OpenStandardOutput();
                write(standard);
            }
        });
        return command;
    }
}
