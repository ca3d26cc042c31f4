using FlatBias.Reports.Cli;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>Whatever goes wrong is one line, and no more of the input in it than a glance.</summary>
[Collection("console")]
public sealed class FailureTests
{
    [Fact]
    public void Tell_Unexpected_IsOneLineThatSaysWhatToDoAndKeepsTheDetailsWhereAsked()
    {
        using var folder = new TemporaryFolder();
        var (error, code) = Told(new InvalidOperationException("a\nb"));
        Assert.Equal(FlatBiasCommand.Failure, code);
        Assert.StartsWith(
            "flatbias: something went wrong that should not: InvalidOperationException, a b; ",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("please report it", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        Environment.SetEnvironmentVariable(CommandFailure.DetailsVariable, folder.File("details"));
        try
        {
            Told(new InvalidOperationException("first"));
            Told(new InvalidOperationException("second"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(CommandFailure.DetailsVariable, null);
        }

        var details = File.ReadAllText(folder.File("details"));
        Assert.Contains("first", details, StringComparison.Ordinal);
        Assert.Contains("second", details, StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_ThrownOnSeveralThreads_IsWhatOneOfThemThrew()
    {
        var (error, code) = Told(new AggregateException(new AggregateException(new IOException("no room"))));
        Assert.Equal(("flatbias: no room", FlatBiasCommand.Failure), (error.TrimEnd(), code));
        Assert.Equal(FlatBiasCommand.Interrupted, Told(new AggregateException(new OperationCanceledException())).Code);
    }

    [Fact]
    public void AnyCommand_LongOrStrangeWords_AreQuotedShortAndPlain()
    {
        foreach (var word in new[] { new string('q', 5000), string.Concat(Enumerable.Repeat("a b", 2000)) })
        {
            var (code, _, error) = CommandLine.Run("simulate", word, "--step-size", "0.1", "--out", "never");
            Assert.Equal(2, code);
            Assert.Contains($"landscape is '{word[..77]}...'; it must be quadratic", error, StringComparison.Ordinal);
            Assert.DoesNotContain(word[..81], error, StringComparison.Ordinal);
        }

        var (_, _, strange) = CommandLine.Run("simulate", "qu\e[31m\a\u2028", "--step-size", "1", "--out", "never");
        Assert.Contains("'qu [31m  '", strange, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', strange);
    }

    [Fact]
    public void Sweep_LongWordInTheFile_IsQuotedShort()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "s.json",
            System.Text.Encoding.UTF8.GetBytes($"{{ \"{new string('x', 100_000)}\": 1 }}")
        );
        var (code, _, error) = CommandLine.Run("sweep", file, "--out", folder.File("out"));
        Assert.Equal(2, code);
        Assert.InRange(error.Length, 1, 2000);
    }

    [Theory]
    [InlineData("--network is empty", "train --network= --measure-noise --out never")]
    [InlineData("--network is empty", "train --network: --measure-noise --out never")]
    [InlineData("--start is empty", "simulate quadratic --start= --step-size 0.1 --out never")]
    [InlineData("landscape is '@words'; it must be", "simulate @words --step-size 0.1 --out never")]
    [InlineData(
        "--epsilon is '1e400'",
        "simulate quadratic --step-size 0.1 --optimiser adam --epsilon 1e400 --out never"
    )]
    [InlineData("step-size is '1e400'", "simulate quadratic --step-size 1e400 --out never")]
    [InlineData(
        "eigenvalues[2] is '-1e999'",
        "simulate quadratic --set eigenvalues=1,-1e999 --step-size 1 --out never"
    )]
    [InlineData("start[1] is '2e308'", "simulate quadratic --start 2e308,1 --step-size 1 --out never")]
    [InlineData("--loss-target is '1e309'", "train --loss-target 1e309 --out never")]
    [InlineData("--step-sizes is '1:1e400:3'", "forecast --step-sizes 1:1e400:3")]
    [InlineData("Did you mean simulate?", "simualte quadratic")]
    [InlineData("Did you mean --step-size?", "simulate quadratic --step-siz 0.1 --out never")]
    [InlineData("Did you mean quadratic?", "simulate quadratc --step-size 0.1 --out never")]
    [InlineData("Did you mean eigenvalues?", "simulate quadratic --set eigenvalue=1 --step-size 1 --out never")]
    [InlineData("Did you mean amsgrad?", "train --optimiser amsgrd --out never")]
    [InlineData("'frobnicate' is not a command", "frobnicate --help")]
    [InlineData("'frobnicate' is not a command", "help frobnicate")]
    [InlineData("'frobnicate' is not a command", "help sweep frobnicate")]
    [InlineData("Did you mean merge?", "help sweep merg")]
    [InlineData(
        "'merg' is not a command or option here; see flatbias --help. Did you mean merge?",
        "sweep merg a --out b"
    )]
    [InlineData("Did you mean help?", "helpp")]
    [InlineData("data needs a command: list or check; see flatbias --help.", "data")]
    [InlineData("Did you mean fashion-mnist?", "data check fashon-mnist", 1)]
    [InlineData("Did you mean power?", "simulate two-parameter-network --set link=pwoer --step-size 1 --out never")]
    [InlineData(
        "dimension is 5000; it must be a whole number from 1 to 4096",
        "simulate quadratic --set eigenvalues=MANY --step-size 1 --out never"
    )]
    [InlineData(
        "dimension is 5000; it must be a whole number from 1 to 4096",
        "simulate quartic --set eigenvalues=MANY --step-size 1 --out never"
    )]
    [InlineData(
        "dimension is 5000; it must be a whole number from 1 to 4096",
        "simulate quartic --set seed=1 --set bounded=no --set eigenvalues=MANY --step-size 1 --out never"
    )]
    [InlineData("simulate needs landscape, --out and --step-size", "simulate")]
    [InlineData("train needs --out", "train --steps 3")]
    [InlineData("--steps is 'x'", "simulate --steps x")]
    public void AnyCommand_WrongWords_SayWhatWasMeant(string words, string command, int code = 2) =>
        CommandLine.Fails(
            code,
            words,
            command.Replace("MANY", string.Join(',', Enumerable.Repeat('1', 5000)), StringComparison.Ordinal).Split(' ')
        );

    [Fact]
    public void AnyCommand_EmptyWord_IsNamed()
    {
        CommandLine.Fails(2, "--out is empty; a value must follow.", "simulate", "quadratic", "--out", " ");
        CommandLine.Fails(2, "--start is empty; a value must follow.", "simulate", "quadratic", "--start", "");
        CommandLine.Fails(2, "word 2 of the command is empty.", "export", "");
        CommandLine.Fails(2, "flatbias needs a command: report, train, ");
    }

    [Fact]
    public void Help_OfACommand_IsThatOfTheOption()
    {
        var (code, output, _) = CommandLine.Run("help", "simulate");
        Assert.Equal((0, CommandLine.Run("simulate", "--help").Output), (code, output));
        Assert.Contains("--step-size", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyCommand_AmericanSpelling_IsUnderstood()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["simulate", "quadratic", "--step-size", "0.1", "--steps", "2", "--optimizer", "adam"];
        Assert.Equal(0, CommandLine.Run([.. run, "--out", folder.File("run")]).Code);
    }

    [Theory]
    [InlineData("nonsense 2>/dev/full", 2)]
    [InlineData("nonsense 2>&-", 2)]
    [InlineData("nonsense >&- 2>&- <&-", 2)]
    [InlineData("simulate quadratic --step-size 0.1 --steps 3 --out OUT 2>/dev/full", 0)]
    [InlineData("simulate quadratic --step-size 0.1 --steps 3 --out OUT 2>&-", 0)]
    [InlineData("list losses >/dev/full", 1)]
    public void AnyCommand_NobodyReadsWhatItSays_EndsAsItWould(string command, int code)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a device that is always full");
        using var folder = new TemporaryFolder();
        var words = command.Replace("OUT", folder.File("out"), StringComparison.Ordinal);
        using var process = Processes.Run("bash", "-c", $"exec dotnet '{Processes.Program}' {words}");
        process.WaitForExit();
        Assert.Equal(code, process.ExitCode);
    }

    [Fact]
    public void Sweep_FileWithoutEnd_IsRefused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "needs a device without end");
        using var folder = new TemporaryFolder();
        CommandLine.Fails(1, "it is longer than", "sweep", "/dev/zero", "--out", folder.File("out"));
    }

    [Fact]
    public void Sweep_MoreItemsThanAnAxisMayHave_IsRefusedBeforeTheyAreKept()
    {
        using var folder = new TemporaryFolder();
        var text =
            $"{{ \"landscape\": \"quadratic\", \"axes\": [ [{string.Join(',', Enumerable.Repeat('1', 1_000_001))}] ] }}";
        var spec = folder.Write("spec.json", System.Text.Encoding.UTF8.GetBytes(text));
        CommandLine.Fails(2, "$.axes[0] has more than 1000000 items", "sweep", spec, "--out", folder.File("out"));
    }

    [Theory]
    [InlineData("train --steps 1 --init PIPE")]
    [InlineData("train --steps 1 --data csv:PIPE,label=y")]
    public void AnyCommand_PipeInPlaceOfAFile_IsRefused(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "makes a pipe");
        using var folder = new TemporaryFolder();
        var pipe = folder.File("pipe");
        Processes.Run("mkfifo", pipe).WaitForExit();
        // Who opens a pipe waits for the other end.
        using var end = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        string[] words = command.Replace("PIPE", pipe, StringComparison.Ordinal).Split(' ');
        CommandLine.Fails(
            1,
            $"{pipe}: it is a pipe; save its content to a file",
            [.. words, "--out", folder.File("out")]
        );
    }

    [Theory]
    [InlineData("two-parameter-network --start=1e-160,1e-160 --step-size 0.1")]
    [InlineData("double-well --step-size 1e308 --theories central-flow-1,gradient-flow")]
    [InlineData("quartic --start=1e-320,0 --step-size 1e-310")]
    [InlineData("bending-valley --start=1e60,1 --step-size 0.1")]
    [InlineData("double-well --set height=1e308 --step-size 0.1")]
    [InlineData("double-well --set radius=1e-150 --set height=1e-300 --start=1e-150,0.1 --step-size 0.1")]
    public void Compare_AtTheEndsOfFloat64_EndsWithATable(string run)
    {
        var (code, output, error) = CommandLine.Run($"compare {run} --steps 5".Split(' '));
        Assert.True(code == 0, error);
        Assert.Contains("gradient-flow", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--step-size 1e40")]
    [InlineData("--step-size 0.1 --l2 1e40")]
    [InlineData("--step-size 0.1 --optimiser adam --epsilon 1e40")]
    [InlineData("--step-size 0.1 --optimiser clipped-ada --clip 1e40")]
    [InlineData("--step-size 0.1 --weight-decay 1e40")]
    public void Train_NumbersBeyondFloat32_EndAsARun(string settings)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = CommandLine.Run(
            $"train --train 20 --test 5 --widths 2 --steps 2 --threads 1 {settings} --out {folder.File("out")}".Split(
                ' '
            )
        );
        Assert.True(code == 0, error);
    }

    private static (string Error, int Code) Told(Exception failure)
    {
        var before = Console.Error;
        using var captured = new StringWriter();
        try
        {
            Console.SetError(captured);
            var code = CommandFailure.Tell(failure, []);
            return (captured.ToString(), code);
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
