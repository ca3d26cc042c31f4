using System.CommandLine;
using System.CommandLine.Help;

namespace FlatBias.Reports.Cli;

/// <summary>The flatbias command: parses, runs, and turns every expected failure into one line and an exit code.</summary>
internal static class FlatBiasCommand
{
    public const int Success = 0,
        Failure = 1,
        Usage = 2,
        Interrupted = 130,
        Terminated = 143;

    public static int Run(string[] args)
    {
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
        return Root(cancellation).Parse(args, Words);
    }

    private static int Execute(string[] args, CancellationToken cancellation)
    {
        if (Completion.Answer(args))
            return Success;
        WrongWords.RefuseEmptyValues(args);
        var parsed = Parse(args, cancellation);
        if (WrongWords.In(parsed) is { } wrong)
            return CommandFailure.Complain(wrong, Usage, args);

        // In a list of commands the first line of each is enough; the command's own help says the rest.
        if (parsed.Action is HelpAction)
            foreach (var listed in parsed.CommandResult.Command.Subcommands)
                listed.Description = listed.Description!.ReplaceLineEndings("\n").Split('\n')[0];
        return parsed.Invoke(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
        );
    }

    internal static RootCommand Root(CancellationToken cancellation)
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
        root.Subcommands.Add(ReportCommand.Create(cancellation));
        root.Subcommands.Add(TrainCommand.Create(cancellation));
        root.Subcommands.Add(SimulateCommand.Create(cancellation));
        root.Subcommands.Add(CompareCommand.Create(cancellation));
        root.Subcommands.Add(ForecastCommand.Create(cancellation));
        root.Subcommands.Add(RerunCommand.Create(cancellation));
        root.Subcommands.Add(SweepCommand.Create(cancellation));
        root.Subcommands.Add(SpectrumCommand.Create());
        root.Subcommands.Add(PlotCommand.Create());
        root.Subcommands.Add(ShowCommand.Create());
        root.Subcommands.Add(DiffCommand.Create());
        root.Subcommands.Add(ExportCommand.Create());
        root.Subcommands.Add(LabCommand.Create(cancellation));
        root.Subcommands.Add(ListCommand.Create());
        root.Subcommands.Add(DataCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(GpuCheckCommand.Create(cancellation));
        root.Subcommands.Add(CompletionCommand.Create());
        return root;
    }
}
