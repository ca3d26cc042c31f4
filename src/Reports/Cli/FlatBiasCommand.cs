using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Drawing;

namespace FlatBias.Reports.Cli;

/// <summary>The flatbias command: parses, runs, and turns every expected failure into one line and an exit code.</summary>
internal static class FlatBiasCommand
{
    public const int Success = 0,
        Failure = 1,
        Usage = 2,
        Interrupted = 130;

    public static int Run(string[] args)
    {
        using var interruption = new CancellationTokenSource();
        using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        return Run(args, interruption.Token);

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interruption.Cancel();
        }
    }

    internal static int Run(string[] args, CancellationToken cancellation)
    {
        var parsed = Root(cancellation).Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            return Complain(
                parsed.UnmatchedTokens.Count > 0
                    ? $"'{parsed.UnmatchedTokens[0]}' is not a command or option here; see flatbias --help."
                    : parsed.Errors[0].Message,
                Usage
            );
        }

        // In a list of commands the first line of each is enough; the command's own help says the rest.
        if (parsed.Action is HelpAction)
            foreach (var listed in parsed.CommandResult.Command.Subcommands)
                listed.Description = listed.Description!.ReplaceLineEndings("\n").Split('\n')[0];
        try
        {
            return parsed.Invoke(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (OperationCanceledException)
        {
            return Complain(
                "interrupted; what was finished is kept, and the same command goes on from there.",
                Interrupted
            );
        }
        catch (ArgumentException e)
        {
            return Complain(Bare(e), Usage);
        }
        catch (Exception e) when (Devices.IsOutOfMemory(e))
        {
            return Complain(
                $"the memory of the device does not hold these sizes ({e.Message.Split('\n')[0].TrimEnd('.')}); pass fewer images at once with --chunk, or run fewer programs on it at a time.",
                Failure
            );
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            return Complain("there is not enough memory for these sizes; make them smaller.", Failure);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or PlatformNotSupportedException
                        or DllNotFoundException
                        or FontNotFoundException
            )
        {
            return Complain(e.Message, Failure);
        }
    }

    internal static RootCommand Root(CancellationToken cancellation)
    {
        var root = new RootCommand(
            """
            FlatBias: do the instabilities of gradient descent flatten the loss landscape, by which mechanism, how much, and which theory predicts it?

            Start with:
              flatbias report                         run the experiments, theory beside network, and write a PDF with a verdict per claim
              flatbias list                           what there is by name: landscapes, theories, data sets and the rest
              flatbias simulate two-parameter-network --start=-0.1,10 --step-size 0.011 --steps 200 --out run
              flatbias plot run                       its sharpness with the edge, loss and rotation, in plot.svg
              flatbias show run                       what was run, and what came of it
              flatbias export run --format csv        the series of that run
              flatbias rerun run                      the same run again, compared bit by bit
              flatbias forecast                       an instability of a real network, forecast by every theory from one measurement
              flatbias lab                            landscapes, theories and maps to play with, in the browser

            Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (what was finished is kept).
            """
        );
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

    private static int Complain(string message, int code)
    {
        Console.Error.WriteLine($"flatbias: {message.ReplaceLineEndings(" ")}");
        return code;
    }

    /// <summary>The message without what .NET appends: the parameter's name, which it states already, and the value.</summary>
    private static string Bare(ArgumentException e)
    {
        var message = e.Message;
        if (e is ArgumentOutOfRangeException)
            message = message.Split(Environment.NewLine)[0];
        var suffix = $" (Parameter '{e.ParamName}')";
        return e.ParamName is not null && message.EndsWith(suffix, StringComparison.Ordinal)
            ? message[..^suffix.Length]
            : message;
    }
}
