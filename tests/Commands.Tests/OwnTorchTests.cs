using System.Diagnostics;
using FlatBias.NeuralValidation.Native;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>The command as a process of its own, with FLATBIAS_TORCH set: a process loads one libtorch, once.</summary>
[Collection("console")]
public sealed class OwnTorchTests
{
    private const string Natives = "runtimes/linux-x64/native";
    private static readonly string[] Small =
    [
        .. "train --train 60 --test 20 --widths 4 --activation tanh --loss mse --measure-every 3 --eigenpairs 2 --threads 1 --steps 6".Split(
            ' '
        ),
    ];

    [Fact]
    public void Train_PackagedLibtorchMovedElsewhere_IsFoundAndGivesTheSameBits()
    {
        using var folder = Linux();
        var (program, moved) = (Program(folder), Moved(folder));
        var (code, output) = Run(program, Path.GetDirectoryName(moved)!, "doctor");
        Assert.Equal(0, code);
        // The system's own word for the file in this process.
        Assert.Contains(
            $"libtorch {LoadedTorch.WantedVersion}, built for the CPU alone, from {moved}, that FLATBIAS_TORCH names",
            output,
            StringComparison.Ordinal
        );

        Assert.Equal(0, Run(program, moved, [.. Small, "--out", folder.File("own")]).Code);
        Assert.Equal(0, CommandLine.Run([.. Small, "--out", folder.File("packaged")]).Code);
        // A record says what it was computed with; without the variable nothing changes.
        Assert.Equal(LoadedTorch.WantedVersion, RunRecord.Load(folder.File("own")).Manifest.Versions["libtorch"]);
        Assert.DoesNotContain("libtorch", RunRecord.Load(folder.File("packaged")).Manifest.Versions.Keys);
        Assert.Equal(
            File.ReadAllBytes(folder.File("packaged/series.parquet")),
            File.ReadAllBytes(folder.File("own/series.parquet"))
        );
    }

    [Fact]
    public void Doctor_PackagedLibtorchThereAsWell_LoadsOnlyTheUsersOwn()
    {
        using var folder = Linux();
        var (program, moved) = (Program(folder), Moved(folder));
        // In place of the packaged ones stand libraries that load: were one taken, the doctor would find two of that
        // name in the process.
        foreach (var name in new[] { "torch_cpu", "torch_cuda" })
            File.WriteAllBytes(
                Path.Combine(Path.GetDirectoryName(program)!, Natives, $"lib{name}.so"),
                ElfStub.Build($"stand-in-{name}")
            );

        var (code, output) = Run(program, moved, "doctor");

        Assert.True(code == 0, output);
        Assert.Contains($"built for the CPU alone, from {moved}, ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_PackagedLibtorchAbsentAndNoVariable_SaysWhatToDo()
    {
        using var folder = Linux();
        Explains(
            Run(Program(folder), null, "doctor"),
            "libtorch.so is in none of the folders searched",
            "set FLATBIAS_TORCH to the folder of a libtorch"
        );
    }

    [Fact]
    public void Doctor_FolderWithoutLibtorch_SaysWhatIsMissing()
    {
        using var folder = Linux();
        Explains(
            Run(Processes.Program, folder.File("nowhere"), "doctor"),
            $"{folder.File("nowhere")} is not a folder",
            "FLATBIAS_TORCH names that folder"
        );
        folder.Write("libc10.so", []);
        Explains(
            Run(Processes.Program, folder.Path, "doctor"),
            $"neither {folder.Path} nor its subfolder lib holds a libtorch: there is no libtorch_cpu.so and no libtorch.so"
        );
    }

    [Fact]
    public void Doctor_LibtorchOfAnotherKind_SaysWhich()
    {
        using var folder = Linux();
        foreach (var name in new[] { "c10", "torch_cpu" })
            folder.Write($"lib{name}.so", []);
        var library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Natives, "libtorch.so"));
        (library[0x12], library[0x13]) = (183, 0); // e_machine
        var path = folder.Write("libtorch.so", library);
        Explains(Run(Processes.Program, folder.Path, "doctor"), $"{path} is for arm64, and this process is for x64");
        folder.Write("libtorch.so", [1, 2, 3]);
        Explains(Run(Processes.Program, folder.Path, "doctor"), $"{path} is no library for Linux on x64");
    }

    [Fact]
    public void Doctor_LibtorchThatLacksSymbols_ListsThemWithTheVersionToUse()
    {
        using var folder = Linux();
        // Libraries of the right names that hold nothing: every symbol of TorchSharp's library is missing.
        foreach (var name in new[] { "c10", "torch_cpu" })
            folder.Write($"lib{name}.so", ElfStub.Build($"lib{name}.so"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, Natives, "libtorch.so"), folder.File("libtorch.so"));
        var result = Run(Processes.Program, folder.Path, "doctor");
        Explains(
            result,
            "version unknown, lacks ",
            " of the symbols that TorchSharp's library asks for, such as _Z",
            $"use version {LoadedTorch.WantedVersion}"
        );
        Assert.InRange(
            result.Output.Split('\n').Count(line => line.Contains(" symbol: ", StringComparison.Ordinal)),
            500,
            2000
        );
    }

    [Fact]
    public void Train_CudaAskedOfALibtorchWithoutIt_SaysSo()
    {
        using var folder = Linux();
        var moved = Moved(folder);
        var (code, output) = Run(Processes.Program, moved, [.. Small, "--device", "cuda", "--out", folder.File("out")]);
        Assert.Equal(1, code);
        var line = Assert.Single(output.Split('\n'), l => l.StartsWith("flatbias: ", StringComparison.Ordinal));
        Assert.Contains(
            $"the libtorch in {moved} that FLATBIAS_TORCH names was built without CUDA",
            line,
            StringComparison.Ordinal
        );
    }

    /// <summary>A first line on torch that says these words.</summary>
    private static void Explains((int Code, string Output) result, params string[] words)
    {
        Assert.Equal(1, result.Code);
        var line = Assert.Single(
            result.Output.Split('\n'),
            l => l.StartsWith("missing  torch: ", StringComparison.Ordinal)
        );
        foreach (var word in words)
            Assert.Contains(word, line, StringComparison.Ordinal);
    }

    private static TemporaryFolder Linux()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files are those of Linux");
        return new TemporaryFolder();
    }

    /// <summary>The program without the packaged libtorch: TorchSharp's own library is all there is of torch.</summary>
    private static string Program(TemporaryFolder folder)
    {
        var natives = Directory.CreateDirectory(folder.File($"program/{Natives}")).FullName;
        var from = AppContext.BaseDirectory;
        foreach (
            var file in Directory
                .EnumerateFiles(from, "*.dll")
                .Append(Path.Combine(from, "flatbias.deps.json"))
                .Append(Path.Combine(from, "flatbias.runtimeconfig.json"))
        )
            File.CreateSymbolicLink(folder.File($"program/{Path.GetFileName(file)}"), file);
        foreach (var file in new[] { "libLibTorchSharp.so", "libSkiaSharp.so", "libHarfBuzzSharp.so" })
            File.CreateSymbolicLink(Path.Combine(natives, file), Path.Combine(from, Natives, file));
        // The host follows a link to the program itself, and would look beside its target.
        var program = folder.File("program/flatbias.dll");
        File.Delete(program);
        File.Copy(Path.Combine(from, "flatbias.dll"), program);
        return program;
    }

    /// <summary>The folder lib of an unpacked libtorch: the packaged files, linked where the file system can, for they
    /// have half a gigabyte.</summary>
    private static string Moved(TemporaryFolder folder)
    {
        var lib = Directory.CreateDirectory(folder.File("libtorch/lib")).FullName;
        var natives = Path.Combine(AppContext.BaseDirectory, Natives);
        var files = Directory
            .GetFiles(natives)
            .Where(file =>
                Path.GetFileName(file) is "libc10.so" or "libtorch.so" or "libtorch_cpu.so"
                || file.Contains("libgomp", StringComparison.Ordinal)
            );
        foreach (var file in files)
        {
            using var link = Process.Start("ln", [file, lib]);
            link.WaitForExit();
            if (link.ExitCode != 0)
                File.Copy(file, Path.Combine(lib, Path.GetFileName(file)));
        }

        return lib;
    }

    private static (int Code, string Output) Run(string program, string? torch, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["FLATBIAS_TORCH"] = torch;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
