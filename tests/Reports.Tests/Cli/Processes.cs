using System.Diagnostics;

namespace FlatBias.Reports.Tests.Cli;

/// <summary>The flatbias command as a process of its own.</summary>
internal static class Processes
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "flatbias.dll");

    public static Process Start(params string[] args) => Run("dotnet", [Program, .. args]);

    /// <summary>Starts a program; its errors and output can be read from the process.</summary>
    public static Process Run(string program, params string[] args) =>
        Process.Start(
            new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;

    /// <summary>Sends a signal by name, such as INT.</summary>
    public static void Signal(Process process, string signal) =>
        Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
}
