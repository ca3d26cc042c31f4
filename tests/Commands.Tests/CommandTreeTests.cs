using System.CommandLine;
using FlatBias.Reports.Cli;

namespace FlatBias.Commands.Tests;

/// <summary>One name for one thing, in every command there is and will be.</summary>
[Collection("console")]
public sealed class CommandTreeTests
{
    private static readonly Command[] Commands =
    [
        .. Below(FlatBiasCommand.Root(CancellationToken.None)).OrderBy(command => command.Name),
    ];

    // A jet of what train computes by default does not hold, so that forecast begins elsewhere, and says so.
    private static readonly string[] OfForecasts = ["--train", "--widths", "--activation", "--loss", "--dtype"];

    [Fact]
    public void EveryOption_OfOneNameAndMeaning_HasOneTypeAndDefault()
    {
        var options = Commands
            .SelectMany(command => command.Options.Select(option => (command.Name, Option: option)))
            .Where(of => of.Name != "forecast" || !OfForecasts.Contains(of.Option.Name))
            .Select(of => of.Option)
            .ToArray();
        foreach (var same in options.GroupBy(option => (option.Name, option.Description)))
        {
            Assert.Single(same.Select(option => option.ValueType).Distinct());
            Assert.True(same.Select(Default).Distinct().Count() == 1, $"{same.Key.Name} has several defaults");
        }

        // A network has a usual step size, start and cost of a measurement, and a landscape has others; a GPU check is of
        // GPUs; a report and a picture have names of their own.
        string[] ofWhatIsComputed =
        [
            "--step-size",
            "--approach",
            "--approach-step-size",
            "--momentum",
            "--measure-every",
            "--device",
            "--set",
            "--data",
            "--out",
            "--output",
        ];
        foreach (var same in options.Where(o => !ofWhatIsComputed.Contains(o.Name)).GroupBy(option => option.Name))
            Assert.True(same.Select(Default).Distinct().Count() == 1, $"{same.Key} has several defaults");
    }

    [Fact]
    public void Out_IsAFolderAndOutputAFile()
    {
        foreach (var option in All())
        {
            if (option.Name == "--out")
                Assert.Equal("folder", option.HelpName);
            if (option.Name == "--output")
                Assert.Equal("file", option.HelpName);
            if (option.Name is "--out" or "--output")
                Assert.Contains(option.HelpName!, option.Description, StringComparison.Ordinal);
            Assert.NotEqual("--output-folder", option.Name);
        }
    }

    [Fact]
    public void SeedsAndThreads_SayWhatTheyMean()
    {
        foreach (var option in All().Where(option => option.Name.EndsWith("seed", StringComparison.Ordinal)))
            Assert.StartsWith("seeds ", option.Description, StringComparison.Ordinal);
        foreach (var option in All().Where(option => option.Name == "--threads"))
        {
            Assert.StartsWith("number of ", option.Description, StringComparison.Ordinal);
            Assert.Contains("result", option.Description, StringComparison.Ordinal);
        }

        Assert.All(All(), option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.All(
            Commands.SelectMany(command => command.Arguments),
            argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name)
        );
    }

    [Fact]
    public void EveryOption_InBritishSpelling_HasTheAmericanOne()
    {
        foreach (var option in All().Where(option => option.Name.Contains("is", StringComparison.Ordinal)))
        foreach (
            var (british, american) in new[] { ("misation", "mization"), ("isation", "ization"), ("iser", "izer") }
        )
            if (option.Name.Contains(british, StringComparison.Ordinal))
                Assert.Contains(option.Name.Replace(british, american, StringComparison.Ordinal), option.Aliases);
    }

    [Fact]
    public void EveryNumber_NegativeAfterASpace_IsReadAsOne()
    {
        Type[] numbers = [typeof(int), typeof(int?), typeof(double), typeof(double?)];
        foreach (var command in Commands)
        foreach (var option in command.Options.Where(option => numbers.Contains(option.ValueType)))
        {
            var parsed = command.Parse([option.Name, "-3"], FlatBiasCommand.Words);
            Assert.True(parsed.GetResult(option) is { Tokens: [{ Value: "-3" }] }, $"{command.Name} {option.Name}");
            Assert.DoesNotContain("-3", parsed.UnmatchedTokens);
        }
    }

    [Fact]
    public void EveryDevice_ANumberedGpu_IsUnderstood()
    {
        foreach (var command in Commands)
        foreach (var option in command.Options.Where(option => option.Name == "--device"))
            Assert.DoesNotContain(
                command.Parse([option.Name, "cuda:0"], FlatBiasCommand.Words).Errors,
                error => error.Message.Contains("cuda", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void EveryCommand_WithoutWhatItNeeds_NamesAllOfItAtOnce()
    {
        foreach (var command in Commands.Where(command => command.Subcommands.Count == 0))
        {
            string[] needed =
            [
                .. command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0).Select(a => a.Name),
                .. command.Options.Where(option => option.Required).Select(option => option.Name),
            ];
            if (needed.Length == 0)
                continue;
            var (code, _, error) = CommandLine.Run(Path(command));
            Assert.Equal(2, code);
            Assert.All(needed, name => Assert.Contains(name, error, StringComparison.Ordinal));
        }

        CommandLine.Fails(2, "sweep needs spec and --out", "sweep");
    }

    [Fact]
    public void Root_OfALine_BuildsTheCommandsThatItNames()
    {
        var whole = FlatBiasCommand.Root(CancellationToken.None).Subcommands;
        foreach (var named in whole)
        {
            var some = FlatBiasCommand.Root(CancellationToken.None, [named.Name, "--help"]).Subcommands;
            Assert.Equal(whole.Select(command => command.Name), some.Select(command => command.Name));
            foreach (var (full, command) in whole.Zip(some))
                if (command.Name == named.Name)
                {
                    Assert.Equal(full.Description, command.Description);
                    Assert.Equal(full.Options.Select(o => o.Name), command.Options.Select(o => o.Name));
                }
                else
                {
                    // In a list of commands its first line is enough.
                    Assert.Equal(full.Description!.ReplaceLineEndings("\n").Split('\n')[0], command.Description);
                    Assert.Empty(command.Options);
                    Assert.Empty(command.Arguments);
                }
        }
    }

    private static string[] Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent
            ? [parent.Name, command.Name]
            : [command.Name];

    private static IEnumerable<Option> All() => Commands.SelectMany(command => command.Options);

    private static string Default(Option option) => option.HasDefaultValue ? $"{option.GetDefaultValue()}" : "none";

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.SelectMany(below => Below(below).Prepend(below));
}
