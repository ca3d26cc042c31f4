using System.CommandLine;
using System.Text.Json;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Drawing;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias report: runs what is missing, judges, and writes the PDF.</summary>
internal sealed class ReportCommand
{
    public const string Name = "report",
        Summary =
            "Runs the experiments, theory and network side by side, and writes a PDF of plots with a verdict per claim.";

    private static readonly string[] FigureFormats = ["svg", "png", "pdf"];

    private readonly Option<string> _profile = Options.Choice(
        "--profile",
        "quick",
        "quick: about seven minutes on two cores; paper: more seeds and images, about two hours",
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
    private readonly Option<string[]> _data = new("--data")
    {
        Description =
            "folder with the full Fashion-MNIST in IDX files [default: the 5,000 + 1,000 images that come with the program], or, for the paper profile, with CIFAR-10 in its binary version [default: where flatbias data list finds it]; give the option once for each",
    };
    private readonly Option<string[]> _chapters = new Option<string[]>("--chapter")
    {
        Description =
            "only the chapters whose title holds these words, such as 'Dropping the step size'; give the option once for each [default: all]",
    }.Completing(() => ChapterCatalogue.All.Select(chapter => chapter.Title));
    private readonly Option<string[]> _figures = new Option<string[]>("--figures")
    {
        Description =
            "also writes each figure to figures/ in these formats: svg, png, pdf; give the option once for each",
    }.Completing(() => FigureFormats);

    private readonly Option<double?> _figureWidth = Options.NumberOrNone(
        "--figure-width",
        "the width of the figures that --figures writes, in millimetres, their heights in proportion [default: 170, and 85 for one of a pair]"
    );
    private readonly Option<bool> _untitled = new("--figures-untitled")
    {
        Description = "leaves out the titles of the figures that --figures writes",
    };
    private readonly Option<bool> _plan = new("--plan")
    {
        Description =
            "prints how many runs there are, how many are finished, and how long the rest is expected to take on this machine; makes nothing",
    };
    private readonly Option<bool> _redraw = new("--redraw")
    {
        Description =
            "draws from the records that are there, whatever build of FlatBias made them, and makes no run: for runs that took hours; the report names both builds",
    };
    private readonly ShardOptions _shards = new("makes");

    public static Command Create(CancellationToken cancellation)
    {
        var options = new ReportCommand();
        var command = new Command(
            Name,
            Summary
                + """

                Finished runs are kept as records: run it again and it only redraws; interrupt it and it goes on from there.

                Example, the long profile on ten machines that share a folder (docs/paper-edition.md):
                  flatbias report --profile paper --plan                       how long it would take here
                  flatbias report --profile paper --out edition --shard 3/10   one of ten shares of the runs
                  flatbias report --profile paper --out edition                draws, when all shares are finished
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
            options._figureWidth,
            options._untitled,
            options._plan,
            options._redraw,
        };
        options._output.HelpName = "folder";
        options._shards.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] formats = parsed.GetValue(_figures) ?? [];
        foreach (var format in formats)
            if (!FigureFormats.Contains(format))
                throw new ArgumentException($"--figures is '{format}'; it must be svg, png or pdf.");
        var (shard, plan) = (_shards.Read(parsed), parsed.GetValue(_plan));
        if (formats.Length > 0 && (plan || shard != Shard.Whole))
            throw new ArgumentException(
                $"--figures has no effect here: {(plan ? "a plan" : "a shard")} draws nothing."
            );
        var redraw = parsed.GetValue(_redraw);
        if (redraw && shard != Shard.Whole)
            throw new ArgumentException("--redraw has no effect here: a shard draws nothing.");
        var width = parsed.GetValue(_figureWidth);
        if (width is { } millimetres)
            Require.Positive(Require.Finite(millimetres, "--figure-width"), "--figure-width");
        if (formats.Length == 0 && (width is not null || parsed.GetValue(_untitled)))
            throw new ArgumentException(
                $"{(width is not null ? _figureWidth : (Option)_untitled).Name} has no effect here: no figures are written without --figures."
            );
        var chapters = Chosen(parsed.GetValue(_chapters) ?? []);
        // A plan leaves the folder as it is.
        var folder = parsed.GetValue(_output)!;
        using var held =
            plan ? null
            : shard == Shard.Whole ? OutputFolder.Prepare(folder)
            : OutputFolder.PrepareShard(folder, shard);
        var draws = !plan && shard == Shard.Whole;
        if (draws)
            _ = Fonts.Default; // a missing font is told before the work, not after it
        var profile = parsed.GetValue(_profile)!;
        var data = ReportData.Read(parsed.GetValue(_data) ?? [], profile == "paper");
        var settings = new ReportSettings(
            profile,
            parsed.GetValue(_seed),
            Devices.Resolve(parsed.GetValue(_device)!),
            data.Fashion,
            data.FashionHash,
            data.CifarHash
        )
        {
            TestImages = profile == "paper" ? data.TestImages : ReportSettings.CommonTestImages,
        };
        var store = new RecordStore(Path.Combine(folder, "records"), Devices.UseThreads(1)) { OfAnyBuild = redraw };
        foreach (var (format, count) in store.OtherFormats())
            Console.Error.WriteLine(
                $"flatbias: {store.Root} holds {count} record{(count == 1 ? "" : "s")} of format {format}, and this version reads format {RunManifest.CurrentFormat}: runs are made anew, and what is left of the old ones may be removed."
            );
        // A GPU is fast by itself, and its memory is one run's; who asks for several at a time shares it among them.
        var atOnce = parsed.GetValue(_threads) ?? (Devices.IsCuda(settings.Device) ? 1 : Environment.ProcessorCount);
        var context = new RunContext(data.Inputs(), cancellation);
        var specs = Share(chapters, settings, shard, context.Inputs);
        if (!redraw)
            store.RefuseOtherBuilds(specs);
        if (plan)
        {
            ReportPlan.Print(
                chapters.Select(chapter => (chapter, chapter.Runs(settings))),
                specs,
                store,
                context,
                atOnce
            );
            return;
        }

        if (redraw)
            store.RequireAll(specs);
        var (records, made) = new ReportRuns(store, context, atOnce).Make(specs);
        if (!draws)
        {
            Console.WriteLine(
                $"shard {shard.Index} of {shard.Count}: {ReportPlan.Counted(specs.Length)} in {store.Root}, {made} made now; when all shards are finished, the same command without a shard draws the report."
            );
            return;
        }

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
            Export(figure, Path.Combine(folder, "figures"), format, width, parsed.GetValue(_untitled));
        Summarise(folder, results);
    }

    /// <summary>The runs of a shard. The last chapters have the longest runs, the first the shortest: those fill up what time is left at the end.</summary>
    private static RunSpec[] Share(Chapter[] chapters, ReportSettings settings, Shard shard, RunInputs inputs)
    {
        RunSpec[] all =
        [
            .. chapters.Reverse().SelectMany(chapter => chapter.Runs(settings)).DistinctBy(spec => spec.Key()),
        ];
        return shard.Count <= Math.Max(1, all.Length)
            ? RunShare.Of(all, shard, inputs)
            : throw new ArgumentException(
                $"there are {shard.Count} shards but only {all.Length} runs; there must be at most one shard a run."
            );
    }

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

    private static ChapterResult Evaluate(
        Chapter chapter,
        ReportSettings settings,
        IReadOnlyDictionary<string, RunRecord> records
    ) => chapter.Evaluate(settings, new RunRecords(chapter.Runs(settings).Select(spec => records[spec.Key()])));

    /// <summary>Writes the plots of a figure. The report has been drawn by then, so that they may lose their titles.</summary>
    private static void Export(ChapterFigure figure, string folder, string format, double? width, bool untitled)
    {
        var own = figure.Plots.Count == 1 ? 170.0 : 85;
        for (var i = 0; i < figure.Plots.Count; i++)
        {
            var suffix = figure.Plots.Count == 1 ? "" : $"-{i + 1}";
            if (untitled)
                figure.Plots[i].Title = null;
            var path = Path.Combine(folder, $"{figure.Name}{suffix}.{format}");
            AtomicFile.RemoveLeftovers(path);
            FigureExport.Save(figure.Plots[i], path, width ?? own, figure.Height * (width ?? own) / own);
        }
    }

    private static string Needed(Claim claim) =>
        claim.Verdict != Verdict.Inconclusive || claim.Replicates is not { } there ? ""
        : claim.ReplicatesToDecide is { } needed ? $"; {there} replicates, {needed} would decide it"
        : $"; {there} replicates, and {Replication.Most} would not decide it";

    private static void Summarise(string folder, IReadOnlyList<(Chapter Chapter, ChapterResult Result)> results)
    {
        var claims = results.SelectMany(r => r.Result.Claims).ToArray();
        foreach (var claim in claims)
            Console.WriteLine(
                $"{claim.Verdict, -12} {claim.Statement.Id}: predicted {claim.PredictedText}, measured {claim.MeasuredText}{Needed(claim)}"
            );
        Console.WriteLine();
        Console.WriteLine(
            $"{claims.Count(c => c.Verdict == Verdict.Confirmed)} of {claims.Length} claims confirmed; report in {Path.Combine(folder, "report.pdf")}"
        );
    }
}
