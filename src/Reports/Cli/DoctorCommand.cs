using System.CommandLine;
using System.Runtime.InteropServices;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Drawing;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias doctor: what this machine has of what FlatBias needs, what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    public const string Name = "doctor",
        Summary =
            "Looks at the runtime, the native libraries, fonts, data sets, GPU and threads of this machine, and says what is missing and what to do. Exit code 1 when something needed is missing.";

    /// <summary>One thing looked at.</summary>
    /// <param name="What">Its name.</param>
    /// <param name="State">ok, or missing where something that is needed is not there, or note where something optional is not.</param>
    /// <param name="Text">What was found, or what to do.</param>
    private sealed record Finding(string What, string State, string Text);

    public static Command Create()
    {
        var command = new Command(Name, Summary);
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        Finding[] findings = [Runtime(), Memory(), .. Torch(), Gpu(), Threads(), Font(), .. Data()];
        foreach (var (what, state, text) in findings)
            Console.WriteLine($"{state, -8} {what}: {text}");
        var missing = findings.Count(f => f.State == "missing");
        Console.WriteLine(
            missing == 0
                ? "Everything that FlatBias needs is there."
                : $"{missing} needed thing(s) missing; see the lines above."
        );
        return missing == 0 ? FlatBiasCommand.Success : FlatBiasCommand.Failure;
    }

    private static Finding Runtime() =>
        new(
            "runtime",
            "ok",
            $"FlatBias {Software.Version}, .NET {Environment.Version}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"
        );

    private static Finding Memory()
    {
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return new(
            "memory",
            gigabytes >= 2 ? "ok" : "note",
            string.Create(Printed.Numbers, $"{gigabytes:0.0} GiB{(gigabytes >= 2 ? "" : "; the report needs about 2")}")
        );
    }

    private static IEnumerable<Finding> Torch()
    {
        if (TorchRuntime.Loaded is not { } torch)
        {
            yield return new(
                "torch",
                "missing",
                $"{TorchRuntime.Problem!.ReplaceLineEndings(" ")} Landscapes and theories work without it; networks do not."
            );
            foreach (var symbol in TorchRuntime.MissingSymbols)
                yield return new("symbol", "note", $"{symbol} is not in that libtorch");
            yield break;
        }

        var what =
            $"libtorch {torch.Version ?? "of unknown version"}, {(torch.HasCuda ? "built with CUDA" : "built for the CPU alone")}, from {torch.Folder ?? "a folder that this system does not tell"}";
        var whose = torch.IsOwn ? "that FLATBIAS_TORCH names" : "that comes with the program";
        yield return new("torch", "ok", $"TorchSharp {Devices.TorchVersion} on the {what}, {whose}");
        if (!torch.IsWanted)
            yield return new(
                "torch",
                "note",
                $"TorchSharp {Devices.TorchVersion} was built for libtorch {LoadedTorch.WantedVersion}; believe no number of another version before flatbias gpu-check has found it right (docs/gpu.md)"
            );
    }

    private static Finding Gpu()
    {
        if (TorchRuntime.Loaded is null)
            return new("gpu", "note", "not looked for: torch does not load");
        return Devices.CudaDevices() is { Count: > 0 } devices
            ? new("gpu", "ok", $"{string.Join("; ", devices)}; --device auto takes the first")
            : new("gpu", "note", $"networks run on the CPU, for {Devices.Absence(TorchRuntime.Loaded)}");
    }

    private static Finding Threads() =>
        TorchRuntime.Problem is not null
            ? new("threads", "ok", $"{Environment.ProcessorCount} processors")
            : new(
                "threads",
                "ok",
                $"{Environment.ProcessorCount} processors; torch uses {Devices.UseThreads(null)} threads (--threads N sets another number; results are bit-identical at equal numbers)"
            );

    private static Finding Font()
    {
        try
        {
            return new(
                "font",
                "ok",
                $"{Fonts.Default.Regular.FamilyName} has every sign that figures and the report print"
            );
        }
        catch (FontNotFoundException e)
        {
            return new("font", "missing", e.Message);
        }
    }

    private static IEnumerable<Finding> Data()
    {
        foreach (var entry in DataCatalogue.All)
        {
            if (entry.Embedded is var (train, test))
                yield return new("data", "ok", $"{entry.Name}: {train} + {test} images come with the program");
            if (entry.Place != DataPlace.Folder)
                continue;
            yield return DataCatalogue.Places(entry.Name).FirstOrDefault(Directory.Exists) is { } folder
                ? new(
                    "data",
                    "ok",
                    $"{entry.Name} in {folder} (flatbias data check {entry.Name}:{folder} reads it through)"
                )
                : new(
                    "data",
                    "note",
                    $"{entry.Name} in full is not on this machine (flatbias data list says how to get it)"
                );
        }
    }
}
