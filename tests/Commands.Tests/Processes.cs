using System.Diagnostics;

namespace FlatBias.Commands.Tests;

/// <summary>The flatbias command as a process of its own.</summary>
internal static class Processes
{
    // SIGINT is signal 2, and bit 0 is that of signal 1.
    private const ulong SigIntBit = 1UL << 1;

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "flatbias.dll");

    public static Process Start(params string[] args) => Run("dotnet", [Program, .. args]);

    /// <summary>Starts a program; its errors and output can be read from the process.</summary>
    public static Process Run(string program, params string[] args) =>
        Process.Start(
            new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;

    /// <summary>Sends a signal by name, such as INT.</summary>
    public static void Signal(Process process, string signal)
    {
        if (signal == "INT" && InterruptsAreIgnored)
        {
            process.Kill();
            Assert.Skip("the tests were started in the background of a shell, where Ctrl-C is ignored");
        }

        Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
    }

    /// <summary>Whether this process was started with SIGINT ignored, which those that it starts inherit.</summary>
    private static bool InterruptsAreIgnored =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            is { } ignored
        && (Convert.ToUInt64(ignored.Split('\t')[1], 16) & SigIntBit) != 0;
}
