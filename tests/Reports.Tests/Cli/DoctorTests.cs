namespace FlatBias.Reports.Tests.Cli;

[Collection("console")]
public sealed class DoctorTests
{
    [Fact]
    public void Doctor_OnAMachineThatPassesTheTests_FindsWhatIsNeeded()
    {
        var (code, output, _) = CommandLine.Run("doctor");

        Assert.Equal(0, code);
        foreach (var what in new[] { "runtime", "torch", "gpu", "threads", "font", "data" })
            Assert.Contains($" {what}: ", output);
        Assert.DoesNotContain("missing ", output);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _flatbias flatbias")]
    [InlineData("zsh", "compdef _flatbias flatbias")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Completion_Shell_PrintsItsScript(string shell, string words)
    {
        var (code, output, _) = CommandLine.Run("completion", shell);

        Assert.Equal(0, code);
        Assert.Contains(words, output);
        Assert.Contains("[suggest:", output);
    }

    [Fact]
    public void Completion_OtherShell_IsOneLine() => CommandLine.Fails(2, "bash, zsh or pwsh", "completion", "fish");

    [Theory]
    [InlineData("flatbias train --activation ", "tanh,relu,softplus,linear")]
    [InlineData("flatbias train --loss ", "cross-entropy,mse,logistic")]
    [InlineData("flatbias train --data ", "fashion-mnist,csv,teacher-student")]
    [InlineData("flatbias simulate ", "two-parameter-network,zhu-quartic")]
    [InlineData("flatbias compare ", "two-parameter-network,zhu-quartic")]
    [InlineData("flatbias compare quadratic --theories ", "coupled-map,central-flow-3")]
    [InlineData("flatbias report --chapter ", "Scoreboard of the theories")]
    public void Suggest_Value_GivesTheNamesOfTheCatalogue(string line, string words)
    {
        var (_, output, _) = CommandLine.Run($"[suggest:{line.Length}]", line);

        Assert.All(words.Split(','), word => Assert.Contains(word, output.Split('\n', StringSplitOptions.TrimEntries)));
    }

    [Theory]
    [InlineData("flatbias simulate qua", "quadratic,quadratic-regression,quartic")]
    [InlineData("flatbias simulate quadratic --optim", "--optimiser")]
    [InlineData("flatbias train --optimiser=rm", "--optimiser=rmsprop")]
    [InlineData("flatbias train --optimizer rm", "rmsprop")]
    [InlineData("flatbias simulate quadratic --set eig", "eigenvalues=")]
    [InlineData("flatbias train --network cnn --set ker", "kernel=")]
    [InlineData("flatbias simulate quadratic --step-size w", "warm-up:")]
    [InlineData("flatbias list lo", "losses")]
    [InlineData("flatbias list loss m", "mse")]
    [InlineData("flatbias help si", "simulate")]
    [InlineData("flatbias sweep m", "merge")]
    [InlineData("flatbias data ch", "check")]
    [InlineData("flatbias train --device ", "auto,cpu,cuda")]
    [InlineData("flatbias report --figures s", "svg")]
    [InlineData("flatbias report --chapter \"Scoreb", "Scoreboard of the theories")]
    [InlineData("flatbias report --chapter Scoreboard\\ o", "Scoreboard of the theories")]
    [InlineData("flatbias completion ", "bash,pwsh,zsh")]
    [InlineData("flatbias simulate --steps 5 bend", "bending-valley")]
    // What is a file, free, or no command at all is the shell's own to complete.
    [InlineData("flatbias sweep ", "")]
    [InlineData("flatbias export ", "")]
    [InlineData("flatbias train --out ", "")]
    [InlineData("flatbias train --steps ", "")]
    [InlineData("flatbias simulate quadratic ", "")]
    [InlineData("flatbias", "")]
    [InlineData("", "")]
    public void Suggest_PartOfAWord_GivesWhatItMayBecome(string line, string words)
    {
        var (code, output, error) = CommandLine.Run($"[suggest:{line.Length}]", line);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(words.Split(',', StringSplitOptions.RemoveEmptyEntries), Lines(output));
        // What stands behind the cursor does not count.
        Assert.Equal(output, CommandLine.Run($"[suggest:{line.Length}]", $"{line} --nonsense").Output);
    }

    [Fact]
    public void Suggest_ListWithCommas_GivesWhatIsNotInItYet() =>
        Assert.Equal(
            ["gradient-flow,rod-flow"],
            Lines(CommandLine.Run("[suggest:47]", "flatbias compare --theories gradient-flow,rod-f").Output)
        );

    [Fact]
    public void Suggest_ADash_GivesTheCommandsOwnOptions()
    {
        var options = Lines(CommandLine.Run("[suggest:17]", "flatbias train --").Output);
        Assert.Contains("--step-size", options);
        Assert.Contains("--help", options);
        Assert.DoesNotContain("--profile", options);
        Assert.Contains("--version", Lines(CommandLine.Run("[suggest:11]", "flatbias --").Output));
    }

    // The function that bash calls, with the words as bash takes them apart, at = and :.
    [Theory]
    [InlineData("flatbias simulate two", "flatbias simulate two", "two-parameter-network")]
    [InlineData("flatbias train --optimiser=rm", "flatbias train --optimiser = rm", "rmsprop")]
    [InlineData("flatbias train --optimiser=", "flatbias train --optimiser =", "adam")]
    [InlineData("flatbias report --chapter Scor", "flatbias report --chapter Scor", "Scoreboard\\ of\\ the\\ theories")]
    [InlineData("flatbias report --chapter \"Scor", "flatbias report --chapter \"Scor", "Scoreboard of the theories")]
    [InlineData("flatbias export run", "flatbias export run", "")]
    public void Completion_Bash_PutsTheWordIn(string line, string words, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash");
        var parts = words.Split(' ');
        var script = $$"""
            flatbias() { dotnet '{{Processes.Program}}' "$@"; }
            compopt() { :; }
            {{CommandLine.Run("completion", "bash").Output}}
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            COMP_WORDS=({{string.Join(' ', parts.Select(part => $"'{part}'"))}}) COMP_CWORD={{parts.Length - 1}}
            _flatbias
            printf '%s\n' "${COMPREPLY[0]}"
            """;
        using var bash = Processes.Run("/bin/bash", "-c", script);
        Assert.Equal(expected, bash.StandardOutput.ReadToEnd().TrimEnd());
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
