using System.CommandLine;

namespace FlatBias.Reports.Cli;

/// <summary>The flatbias command: parses, runs, and turns every expected failure into one line and an exit code.</summary>
internal static class FlatBiasCommand
{
    public const int Success = 0,
        Failure = 1,
        Usage = 2,
        Interrupted = 130,
        Terminated = 143;

    // Names and first lines alone, so that a command is not built, with all its names and defaults, before it is asked for.
    private static readonly (string Name, string Summary, Func<CancellationToken, Command> Create)[] Commands =
    [
        (ReportCommand.Name, ReportCommand.Summary, ReportCommand.Create),
        (TrainCommand.Name, TrainCommand.Summary, TrainCommand.Create),
        (SimulateCommand.Name, SimulateCommand.Summary, SimulateCommand.Create),
        (CompareCommand.Name, CompareCommand.Summary, CompareCommand.Create),
        (ForecastCommand.Name, ForecastCommand.Summary, ForecastCommand.Create),
        (RerunCommand.Name, RerunCommand.Summary, RerunCommand.Create),
        (SweepCommand.Name, SweepCommand.Summary, SweepCommand.Create),
        (SpectrumCommand.Name, SpectrumCommand.Summary, _ => SpectrumCommand.Create()),
        (PlotCommand.Name, PlotCommand.Summary, _ => PlotCommand.Create()),
        (ShowCommand.Name, ShowCommand.Summary, _ => ShowCommand.Create()),
        (DiffCommand.Name, DiffCommand.Summary, _ => DiffCommand.Create()),
        (ExportCommand.Name, ExportCommand.Summary, _ => ExportCommand.Create()),
        (LabCommand.Name, LabCommand.Summary, LabCommand.Create),
        (ListCommand.Name, ListCommand.Summary, _ => ListCommand.Create()),
        (DataCommand.Name, DataCommand.Summary, _ => DataCommand.Create()),
        (DoctorCommand.Name, DoctorCommand.Summary, _ => DoctorCommand.Create()),
        (GpuCheckCommand.Name, GpuCheckCommand.Summary, GpuCheckCommand.Create),
        (CompletionCommand.Name, CompletionCommand.Summary, _ => CompletionCommand.Create()),
    ];

    public static int Run(string[] args)
    {
        Console.SetError(new UnfailingError());
        using var interruption = new Interruption();
        return interruption.End(Run(args, interruption.Token));
    }

    /// <summary>How words are read: one that begins with @ is what it says, and not a file of further words.</summary>
    internal static ParserConfiguration Words { get; } = new() { ResponseFileTokenReplacer = null };

    internal static int Run(string[] args, CancellationToken cancellation)
    {
        try
        {
            return Execute(args, cancellation);
        }
        catch (Exception e)
        {
            return CommandFailure.Tell(e, args);
        }
    }

    /// <summary>What the words of a command line mean.</summary>
    internal static ParseResult Parse(string[] args, CancellationToken cancellation)
    {
        if (args is ["help", .. var asked])
            args = [.. asked, "--help"];
        return Root(cancellation, args).Parse(args, Words);
    }

    private static int Execute(string[] args, CancellationToken cancellation)
    {
        if (Completion.Answer(args))
            return Success;
        WrongWords.RefuseEmptyWords(args);
        var parsed = Parse(args, cancellation);
        if (WrongWords.In(parsed, args) is { } wrong)
            return CommandFailure.Complain(wrong, Usage, args);
        return parsed.Invoke(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
        );
    }

    /// <summary>The command with all its commands.</summary>
    /// <param name="cancellation">Ends what they do.</param>
    /// <param name="words">The words of a line: other commands than these name have no more than a name and a first line.
    /// Null for all of them whole.</param>
    internal static RootCommand Root(CancellationToken cancellation, IReadOnlyCollection<string>? words = null)
    {
        var root = new RootCommand(
            """
            FlatBias: do the instabilities of gradient descent flatten the loss landscape, by which mechanism, how much, and which theory predicts it?

            Start with:
              flatbias report                         run the experiments, theory beside network, and write a PDF with a verdict per claim
              flatbias help simulate                  the same as flatbias simulate --help
              flatbias list                           what there is by name: landscapes, theories, data sets and the rest
              flatbias simulate two-parameter-network --start=-0.1,10 --step-size 0.011 --steps 200 --out run
              flatbias plot run                       its sharpness with the edge, loss and rotation, in plot.svg
              flatbias show run                       what was run, and what came of it
              flatbias export run --format csv        the series of that run
              flatbias rerun run                      the same run again, compared bit by bit
              flatbias forecast                       an instability of a real network, forecast by every theory from one measurement
              flatbias lab                            landscapes, theories and maps to play with, in the browser

            Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 terminated (within two seconds; what was finished is kept, and a second signal ends at once).
            Values may follow an option after a space or '=', negative numbers too: --start -0.1,10.
            A failure is one line; with a file named in FLATBIAS_DETAILS, the details of an unexpected one are added to that file.
            """
        );
        // Shells are answered before anything is parsed.
        root.Directives.Clear();
        foreach (var (name, summary, create) in Commands)
            root.Subcommands.Add(words?.Contains(name) == false ? new Command(name, summary) : create(cancellation));
        return root;
    }
}
