using System.CommandLine;
using FlatBias.NeuralValidation.Training;
using FlatBias.NeuralValidation.Verification;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias gpu-check: whether networks are right and faster on a GPU.</summary>
internal sealed class GpuCheckCommand
{
    public const string Name = "gpu-check",
        Summary =
            "Computes the same networks on a GPU and on the CPU, holds every number against what rounding explains, and times both.";

    private readonly Option<string> _device = Options.Device(
        "cuda",
        "the device held against the CPU: cuda, cuda:N for the N-th GPU from 0, auto, or cpu to hold the CPU against itself"
    );
    private readonly Option<int?> _threads = Options.Threads();

    public static Command Create(CancellationToken cancellation)
    {
        var options = new GpuCheckCommand();
        var command = new Command(
            Name,
            Summary
                + """

                Writes a page of tables as it goes and ends within four minutes. Exit code 1 when a number is off by more than rounding explains.
                """
        )
        {
            options._device,
            options._threads,
        };
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = new DeviceCheckPlan { Device = Devices.Resolve(parsed.GetValue(_device)!) };
        Devices.UseThreads(parsed.GetValue(_threads));
        return DeviceCheck.Run(plan, Console.Out, cancellation).Wrong == 0
            ? FlatBiasCommand.Success
            : FlatBiasCommand.Failure;
    }
}
