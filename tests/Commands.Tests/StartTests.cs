using System.Diagnostics;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>What a command loads before it begins: half a gigabyte of torch only where there is a network.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("list")]
    [InlineData("[suggest]", "flatbias train --")]
    [InlineData("simulate", "two-parameter-network", "--step-size", "0.01", "--steps", "2", "--out", "run")]
    public void Start_NoNetworkIsAskedFor_LoadsNoTorch(params string[] args) => Assert.Equal(0, TorchFiles(args));

    // That the count can be other than 0 at all: doctor computes with torch.
    [Fact]
    public void Start_Doctor_LoadsTorch() => Assert.NotEqual(0, TorchFiles("doctor"));

    /// <summary>How often the system's loader mentions libtorch while the command runs.</summary>
    private static int TorchFiles(params string[] args)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only the loader of Linux says what it loads");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [Processes.Program, .. args])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LD_DEBUG"] = "files";
        start.Environment["LD_DEBUG_OUTPUT"] = folder.File("loaded");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        return Directory
            .GetFiles(folder.Path, "loaded.*")
            .SelectMany(File.ReadLines)
            .Count(line => line.Contains("libtorch", StringComparison.Ordinal));
    }
}
