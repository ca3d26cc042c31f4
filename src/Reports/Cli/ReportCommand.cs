using System.Collections.Concurrent;
using System.CommandLine;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Drawing;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias report: runs what is missing, judges, and writes the PDF.</summary>
internal sealed class ReportCommand
{
    private readonly Option<string> _profile = Options.Choice(
        "--profile",
        "quick",
        "quick: about five minutes on two cores; paper: the settings of the sources",
        "quick",
        "paper"
    );
    private readonly Option<string> _output = Options.Text(
        "--out",
        "flatbias-report",
        "folder for report.pdf, claims.json and records/"
    );
    private readonly Option<int> _seed = Options.Whole("--seed", 1, "seeds everything random");
    private readonly Option<string> _device = Options.Device();
    private readonly Option<int?> _threads = Options.Threads(
        "one a processor",
        "number of runs made at a time, each on one CPU thread; no result depends on it. On a GPU one at a time unless told otherwise: several share its memory"
    );
    private readonly Option<string?> _data = new("--data")
    {
        Description =
            "folder with the full Fashion-MNIST in IDX files [default: the 5,000 + 1,000 images that come with the program]",
    };
    private readonly Option<string[]> _chapters = new Option<string[]>("--chapter")
    {
        Description =
            "only the chapters whose title holds these words, such as 'Dropping the step size'; give the option once for each [default: all]",
    }.Completing(() => ChapterCatalogue.All.Select(chapter => chapter.Title));
    private readonly Option<string[]> _figures = new("--figures")
    {
        Description =
            "also writes each figure to figures/ in these formats: svg, png, pdf; give the option once for each",
    };

    public static Command Create(CancellationToken cancellation)
    {
        var options = new ReportCommand();
        var command = new Command(
            "report",
            """
            Runs the experiments, theory and network side by side, and writes a PDF of plots with a verdict per claim.
            Finished runs are kept as records: run it again and it only redraws; interrupt it and it goes on from there.
            """
        )
        {
            options._profile,
            options._output,
            options._seed,
            options._device,
            options._threads,
            options._data,
            options._chapters,
            options._figures,
        };
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] formats = parsed.GetValue(_figures) ?? [];
        foreach (var format in formats)
            if (format is not ("svg" or "png" or "pdf"))
                throw new ArgumentException($"--figures is '{format}'; it must be svg, png or pdf.");
        if (parsed.GetValue(_data) is { } data && !Directory.Exists(data))
            throw new IOException($"--data {data} is not a folder.");
        var chapters = Chosen(parsed.GetValue(_chapters) ?? []);
        var folder = OutputFolder.Prepare(parsed.GetValue(_output)!);
        // A broken folder is told before the work, and other images are other records.
        var hash = parsed.GetValue(_data) is { } images ? RunInputs.StandInHash(images) : null;
        _ = Fonts.Default; // a missing font is told before the work, not after it
        var settings = new ReportSettings(
            parsed.GetValue(_profile)!,
            parsed.GetValue(_seed),
            Devices.Resolve(parsed.GetValue(_device)!),
            parsed.GetValue(_data),
            hash,
            CifarHash(parsed.GetValue(_profile)!)
        );
        var store = new RecordStore(Path.Combine(folder, "records"), Devices.UseThreads(1));
        foreach (var (format, count) in store.OtherFormats())
            Console.Error.WriteLine(
                $"flatbias: {store.Root} holds {count} record{(count == 1 ? "" : "s")} of format {format}, and this version reads format {RunManifest.CurrentFormat}: runs are made anew, and what is left of the old ones may be removed."
            );
        // A GPU is fast by itself, and its memory is one run's; who asks for several at a time shares it among them.
        var atOnce = parsed.GetValue(_threads) ?? (Devices.IsCuda(settings.Device) ? 1 : Environment.ProcessorCount);
        var records = MakeMissing(chapters, settings, store, atOnce, cancellation);
        var results = chapters.Select(chapter => (chapter, Evaluate(chapter, settings, records))).ToArray();
        AtomicFile.Write(
            Path.Combine(folder, "claims.json"),
            stream => JsonSerializer.Serialize(stream, results.SelectMany(r => r.Item2.Claims), RunSpec.Json)
        );
        ReportDocument.Write(
            Path.Combine(folder, "report.pdf"),
            settings,
            results,
            [.. records.OrderBy(record => record.Key, StringComparer.Ordinal).Select(record => record.Value.Manifest)]
        );
        foreach (var figure in results.SelectMany(r => r.Item2.Figures))
        foreach (var format in formats)
            Export(figure, Path.Combine(folder, "figures"), format);
        Summarise(folder, results);
    }

    /// <summary>Only the paper profile runs on CIFAR-10, where it is found.</summary>
    private static string? CifarHash(string profile) =>
        profile == "paper" && DataCatalogue.Places("cifar-10").Any(Directory.Exists)
            ? DataCatalogue.Load("cifar-10", 5000, 1000).Hash()
            : null;

    /// <summary>The chapters whose title holds one of the words; all where none is given.</summary>
    private static Chapter[] Chosen(string[] words)
    {
        foreach (var word in words)
        {
            if (!ChapterCatalogue.All.Any(chapter => chapter.Title.Contains(word, StringComparison.OrdinalIgnoreCase)))
                throw new ArgumentException(
                    $"--chapter is '{word}', which is in no title; the chapters are: {string.Join("; ", ChapterCatalogue.All.Select(chapter => chapter.Title))}."
                );
        }

        return
        [
            .. ChapterCatalogue.All.Where(chapter =>
                words.Length == 0 || words.Any(word => chapter.Title.Contains(word, StringComparison.OrdinalIgnoreCase))
            ),
        ];
    }

    /// <summary>Makes what is not there, several runs at a time. Each computes on one thread: small networks gain more from each other's company than from shared sums, and their bits do not depend on how many there are.</summary>
    private static ConcurrentDictionary<string, RunRecord> MakeMissing(
        IReadOnlyList<Chapter> chapters,
        ReportSettings settings,
        RecordStore store,
        int atOnce,
        CancellationToken cancellation
    )
    {
        var records = new ConcurrentDictionary<string, RunRecord>();
        var surroundings = new RunContext(RunInputs.StandingIn(settings.DataFolder), cancellation);
        // The last chapters have the longest runs, the first the shortest: those fill up what time is left at the end.
        var specs = chapters
            .Reverse()
            .SelectMany(chapter => chapter.Runs(settings))
            .DistinctBy(spec => spec.Key())
            .ToArray();
        Bars.Create()
            .Start(progress =>
            {
                var total = progress.AddTask("all runs", maxValue: specs.Length);
                var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
                try
                {
                    // Handed out one by one, in this order.
                    Parallel.ForEach(
                        Partitioner.Create(specs, EnumerablePartitionerOptions.NoBuffering),
                        options,
                        spec =>
                        {
                            if (store.Find(spec) is not { } record)
                            {
                                var bar = progress.AddTask(spec.Label, maxValue: Math.Max(1, spec.Work));
                                record = store.Make(spec, surroundings with { Progress = done => bar.Value = done });
                                bar.Value = bar.MaxValue;
                            }

                            records[spec.Key()] = record;
                            total.Increment(1);
                        }
                    );
                }
                catch (AggregateException e)
                {
                    // A run that failed says more than those that were interrupted.
                    ExceptionDispatchInfo.Throw(
                        e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException)
                            ?? e.InnerExceptions[0]
                    );
                }
            });
        return records;
    }

    private static ChapterResult Evaluate(
        Chapter chapter,
        ReportSettings settings,
        ConcurrentDictionary<string, RunRecord> records
    ) => chapter.Evaluate(settings, new RunRecords(chapter.Runs(settings).Select(spec => records[spec.Key()])));

    private static void Export(ChapterFigure figure, string folder, string format)
    {
        for (var i = 0; i < figure.Plots.Count; i++)
        {
            var suffix = figure.Plots.Count == 1 ? "" : $"-{i + 1}";
            FigureExport.Save(
                figure.Plots[i],
                Path.Combine(folder, $"{figure.Name}{suffix}.{format}"),
                figure.Plots.Count == 1 ? 170 : 85,
                figure.Height
            );
        }
    }

    private static void Summarise(string folder, IReadOnlyList<(Chapter Chapter, ChapterResult Result)> results)
    {
        var claims = results.SelectMany(r => r.Result.Claims).ToArray();
        foreach (var claim in claims)
            Console.WriteLine(
                $"{claim.Verdict, -12} {claim.Statement.Id}: predicted {claim.PredictedText}, measured {claim.MeasuredText}"
            );
        Console.WriteLine();
        Console.WriteLine(
            $"{claims.Count(c => c.Verdict == Verdict.Confirmed)} of {claims.Length} claims confirmed; report in {Path.Combine(folder, "report.pdf")}"
        );
    }
}
