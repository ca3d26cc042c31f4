using System.Diagnostics;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>
/// The completion scripts in the shells that they are for, where those are installed: each line is typed in a terminal,
/// the tabulator is pressed, and the words that the command would be run with are looked at.
/// </summary>
[Collection("console")]
public sealed class ShellCompletionTests : IDisposable
{
    // What is typed, and the words that it becomes.
    private static readonly (string Typed, string[] Words)[] Cases =
    [
        ("sim", ["simulate"]),
        ("simulate two", ["simulate", "two-parameter-network"]),
        ("train --optimis", ["train", "--optimiser"]),
        ("train --optimiser rm", ["train", "--optimiser", "rmsprop"]),
        ("simulate quadratic --optimiser=rm", ["simulate", "quadratic", "--optimiser=rmsprop"]),
        ("simulate quadratic --set eig", ["simulate", "quadratic", "--set", "eigenvalues="]),
        ("compare --theories rod-flow,gradient-f", ["compare", "--theories", "rod-flow,gradient-flow"]),
        ("report --chapter Scor", ["report", "--chapter", "Scoreboard of the theories"]),
        ("help swe", ["help", "sweep"]),
        ("sweep sp", ["sweep", "spec.json"]),
        ("train --init wei", ["train", "--init", "weights of mine.safetensors"]),
        // Another name of the same beginning as a command is no reason to take the command.
        ("export run", ["export", "run"]),
    ];

    private readonly TemporaryFolder _folder = new();

    public ShellCompletionTests()
    {
        foreach (
            var name in new[] { "bin", "work", "home", "home/fish/completions", "home/fish/generated_completions" }
        )
            Directory.CreateDirectory(_folder.File(name));
        foreach (var file in new[] { "spec.json", "weights of mine.safetensors", "run" })
            File.WriteAllText(_folder.File($"work/{file}"), "");
        // Asked by a shell it is the command; run by one it writes its words down.
        var program = _folder.Write(
            "bin/flatbias",
            System.Text.Encoding.UTF8.GetBytes(
                $"""
                #!/bin/sh
                case "$1" in "[suggest]") exec dotnet '{Processes.Program}' "$@";; esac
                printf '<%s>' "$@" >>'{Written}'
                echo >>'{Written}'

                """
            )
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private string Written => _folder.File("written");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Bash_Tabulator_PutsTheWordIn()
    {
        var start = Setting("rc", Script("bash"));
        return Types("bash", $"bash --rcfile '{start}' -i");
    }

    [Fact]
    public Task Zsh_Tabulator_PutsTheWordIn()
    {
        Setting("home/.zshrc", $"autoload -Uz compinit && compinit -u -D\n{Script("zsh")}");
        return Types("zsh", "zsh -d -i");
    }

    [Fact]
    public Task Fish_Tabulator_PutsTheWordIn()
    {
        Setting("home/fish/completions/flatbias.fish", Script("fish"));
        return Types("fish", "fish -i");
    }

    // PowerShell takes its words from the function that its editor asks.
    [Fact]
    public async Task PowerShell_Tabulator_PutsTheWordIn()
    {
        Needs("pwsh");
        Setting("script.ps1", Script("pwsh"));
        var asked = string.Join(", ", Cases.Select(of => $"'flatbias {of.Typed}'"));
        var file = Setting(
            "ask.ps1",
            $$"""
            Set-Location '{{_folder.File("work")}}'
            Get-Content -Raw '{{_folder.File("script.ps1")}}' | Invoke-Expression
            foreach ($line in @({{asked}})) {
              $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
              $word = if ($found.CompletionMatches.Count) { $found.CompletionMatches[0].CompletionText } else { '' }
              Invoke-Expression $line.Remove($found.ReplacementIndex, $found.ReplacementLength).Insert($found.ReplacementIndex, $word)
            }
            # Behind a space the next word is asked for, and not the last one again.
            $next = [System.Management.Automation.CommandCompletion]::CompleteInput('flatbias list ', 14, $null)
            flatbias $next.CompletionMatches[0].CompletionText
            """
        );
        await Run("pwsh", "-NoProfile", "-NonInteractive", "-File", file);
        var wanted = Cases.Select(of => string.Concat(of.Words.Select(word => $"<{word}>"))).Append("<activations>");
        // A file has its folder before it here.
        Assert.Equal(
            wanted,
            File.ReadLines(Written).Select(line => line.Replace("<./", "<", StringComparison.Ordinal))
        );
    }

    private static string Script(string shell) => CommandLine.Run("completion", shell).Output;

    private string Setting(string name, string text) => _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Types all cases into a shell in a terminal of its own.</summary>
    private async Task Types(string shell, string command)
    {
        Needs(shell);
        // It gives a program a terminal; that of other systems takes other words.
        Needs("script");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the terminal is that of util-linux");
        var keys = string.Concat(Cases.Select(of => $"flatbias {of.Typed}\t\n"));
        Setting("keys", $"{keys}cd /; flatbias sim\t\nexit\n");
        await Run("sh", "-c", $"exec script -qec \"{command}\" /dev/null <'{_folder.File("keys")}'");
        var wanted = Cases.Select(of => string.Concat(of.Words.Select(word => $"<{word}>"))).Append("<simulate>");
        Assert.Equal(wanted, File.Exists(Written) ? File.ReadLines(Written) : []);
    }

    private static void Needs(string program)
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(
            places.Any(place => File.Exists(Path.Combine(place, program))),
            $"there is no {program} here"
        );
    }

    private async Task Run(string program, params string[] args)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = _folder.File("work"),
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment["PATH"] = $"{_folder.File("bin")}{Path.PathSeparator}{path}";
        start.Environment["HOME"] = _folder.File("home");
        start.Environment["ZDOTDIR"] = _folder.File("home");
        start.Environment["XDG_CONFIG_HOME"] = _folder.File("home");
        start.Environment["XDG_DATA_HOME"] = _folder.File("home");
        start.Environment["TERM"] = "dumb";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(cancellation),
            process.StandardError.ReadToEndAsync(cancellation)
        );
        await process.WaitForExitAsync(cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(await output + await error);
    }
}
