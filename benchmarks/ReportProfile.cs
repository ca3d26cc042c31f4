using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Records;

namespace FlatBias.Benchmarks;

/// <summary>
/// Where a quick report's work goes, from its records: seconds and gradient-equivalents by chapter, and what of these
/// are the steps of descent and what measurements, by kind; and what runs that begin alike would save. A run that two chapters share counts for the first. Seconds
/// are those of each run on its one thread: they are processor time where nothing else ran on the machine.
/// </summary>
internal static class ReportProfile
{
    private const string Landscapes = "all on landscapes";

    /// <summary>Writes the table of a report made with the default seed on the CPU.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="folder">The folder of the report.</param>
    public static void Write(TextWriter output, string folder)
    {
        var settings = new ReportSettings("quick", 1, "cpu", null);
        var seen = new HashSet<string>();
        var all = ChapterCatalogue
            .All.SelectMany(chapter => chapter.Runs(settings).Select(spec => (chapter.Title, Spec: spec)))
            .Where(run => seen.Add(run.Spec.Key()))
            .Select(run =>
                (run.Title, run.Spec, Record: RunRecord.Load(Path.Combine(folder, "records", run.Spec.Key())))
            )
            .ToArray();
        var parts = all.GroupBy(run => run.Spec.Network is null ? Landscapes : run.Title, run => Work.Of(run.Record))
            .Select(runs => (Title: runs.Key, Part: runs.Aggregate((sum, work) => sum + work)))
            .ToArray();
        var seconds = parts.Sum(part => part.Part.Seconds);
        var networks = parts
            .Where(part => part.Title != Landscapes)
            .Select(part => part.Part)
            .Aggregate((a, b) => a + b);
        output.WriteLine(
            "| chapter | runs | seconds | share | gradient-equivalents | steps | products | gradients | forward passes | Taylor and nested passes |"
        );
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (
            var (title, part) in parts
                .OrderByDescending(part => part.Part.Seconds)
                .Append(("all on networks", networks))
        )
        {
            string[] kinds =
                title == Landscapes
                    ? ["", "", "", "", "", ""]
                    :
                    [
                        Costs.Text(part.Total, "N0"),
                        .. new[] { part.Steps, part.Products, part.Gradients, part.Forward, part.Passes }.Select(kind =>
                            Costs.Text(kind / part.Total, "P0")
                        ),
                    ];
            output.WriteLine(
                Costs.Row([
                    title,
                    Costs.Text(part.Runs, "N0"),
                    Costs.Text(part.Seconds, "N1"),
                    Costs.Text(part.Seconds / seconds, "P0"),
                    .. kinds,
                ])
            );
        }

        output.WriteLine();
        SharedBeginnings.Write(output, all.Select(run => (run.Spec, run.Record)));
    }

    /// <summary>Work of runs; all but runs and seconds in gradient-equivalents.</summary>
    private readonly record struct Work(
        int Runs,
        double Seconds,
        double Total,
        double Measured,
        double Products,
        double Gradients,
        double Forward
    )
    {
        /// <summary>What no row of a measurement holds: the steps of the descent, and measurements of trials.</summary>
        public double Steps => Total - Measured;

        /// <summary>What is left of the measurements.</summary>
        public double Passes => Measured - Products - Gradients - Forward;

        public static Work Of(RunRecord record) =>
            new(
                1,
                record.Manifest.Seconds,
                record.Manifest.GradientEquivalents,
                Sum(record, Columns.MeasurementCost),
                Sum(record, Columns.MeasurementProducts) * 4 / 3,
                Sum(record, Columns.MeasurementGradients),
                Sum(record, Columns.MeasurementForwardPasses) / 3
            );

        public static Work operator +(Work a, Work b) =>
            new(
                a.Runs + b.Runs,
                a.Seconds + b.Seconds,
                a.Total + b.Total,
                a.Measured + b.Measured,
                a.Products + b.Products,
                a.Gradients + b.Gradients,
                a.Forward + b.Forward
            );

        private static double Sum(RunRecord record, Column column) =>
            record.Series.Has(column.Name) ? record.Series[column].Sum() : 0;
    }
}
