using FlatBias.Reports.Cli;

namespace FlatBias.Commands.Tests;

/// <summary>What the command answers to a shell that asks.</summary>
[Collection("console")]
public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -o default -F _flatbias flatbias")]
    [InlineData("zsh", "compdef _flatbias flatbias")]
    [InlineData("fish", "complete -c flatbias")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Completion_Shell_PrintsItsScript(string shell, string words)
    {
        var (code, output, _) = CommandLine.Run("completion", shell);

        Assert.Equal(0, code);
        Assert.Contains(words, output);
        Assert.Contains("[suggest]", output);
    }

    [Fact]
    public void Completion_OtherShell_IsOneLine()
    {
        CommandLine.Fails(2, "it must be bash, zsh, fish or pwsh.", "completion", "tcsh");
        CommandLine.Fails(2, "Did you mean zsh?", "completion", "zhs");
    }

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
        var (_, output, _) = CommandLine.Run("[suggest]", line);

        Assert.All(words.Split(','), word => Assert.Contains(word, output.Split('\n', StringSplitOptions.TrimEntries)));
    }

    [Theory]
    [InlineData("flatbias simulate qua", "quadratic,quadratic-regression,quartic")]
    [InlineData("flatbias simulate quadratic --optim", "--optimiser")]
    [InlineData("flatbias train --optimiser=rm", "--optimiser=rmsprop")]
    [InlineData("flatbias train --optimizer rm", "rmsprop")]
    [InlineData("flatbias simulate quadratic --optimiser=rm", "--optimiser=rmsprop")]
    [InlineData("flatbias simulate quadratic --steps 5 --set=eig", "--set=eigenvalues=")]
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
    [InlineData("flatbias completion ", "bash,fish,pwsh,zsh")]
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
        var (code, output, error) = CommandLine.Run("[suggest]", line);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(words.Split(',', StringSplitOptions.RemoveEmptyEntries), Lines(output));
    }

    [Fact]
    public void Suggest_ListWithCommas_GivesWhatIsNotInItYet() =>
        Assert.Equal(
            ["gradient-flow,rod-flow"],
            Lines(CommandLine.Run("[suggest]", "flatbias compare --theories gradient-flow,rod-f").Output)
        );

    [Fact]
    public void Suggest_ADash_GivesTheCommandsOwnOptions()
    {
        var options = Lines(CommandLine.Run("[suggest]", "flatbias train --").Output);
        Assert.Contains("--step-size", options);
        Assert.Contains("--help", options);
        Assert.DoesNotContain("--profile", options);
        Assert.Contains("--version", Lines(CommandLine.Run("[suggest]", "flatbias --").Output));
    }

    /// <summary>Whatever a value is given behind, a space or an equals sign, and whatever stands before it.</summary>
    [Fact]
    public void Suggest_EveryOptionWithNames_GivesTheSameBehindASpaceAndAnEqualsSign()
    {
        var seen = 0;
        foreach (var command in FlatBiasCommand.Root(CancellationToken.None).Subcommands)
        foreach (var option in command.Options.Where(option => option.ValueType != typeof(bool)))
        foreach (var before in new[] { $"flatbias {command.Name}", $"flatbias {command.Name} quadratic --steps 7 " })
        {
            var apart = Lines(CommandLine.Run("[suggest]", $"{before} {option.Name} ").Output);
            var together = Lines(CommandLine.Run("[suggest]", $"{before} {option.Name}=").Output);
            Assert.Equal(apart.Select(word => $"{option.Name}={word}"), together);
            seen += apart.Length;
        }

        // That this can fail: there are some dozen options with several names each.
        Assert.InRange(seen, 100, int.MaxValue);
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
