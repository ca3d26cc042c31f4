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

    [Fact]
    public void Suggest_HalfALine_GivesTheCommandsOwnWords()
    {
        var (_, output, _) = CommandLine.Run("[suggest:15]", "flatbias train --");

        Assert.Contains("--step-size", output);
        Assert.DoesNotContain("report", output);
    }
}
