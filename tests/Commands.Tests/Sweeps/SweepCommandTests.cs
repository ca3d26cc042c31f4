using System.Text.RegularExpressions;
using FlatBias.Commands.Tests;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Sweeps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Commands.Tests.Sweeps;

/// <summary>flatbias sweep as a user runs it.</summary>
[Collection("console")]
public sealed partial class SweepCommandTests : IDisposable
{
    private const string Small =
        """{ "landscape": "quadratic", "set": { "steps": 20 }, "axes": [ { "parameter": "step-size", "linear": { "from": 0.1, "to": 1.2, "count": 12 } }, { "parameter": "start-1", "list": [0.5, 1, 2] } ] }""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sweep_ExampleOfTheDocumentation_Runs()
    {
        var text = Fence().Match(File.ReadAllText(Path.Combine(Repository.Root, "docs", "sweeps.md"))).Groups[1].Value;
        var (code, output, error) = Run(text, "out");
        Assert.True(code == 0, error);
        Assert.Contains("96 points: ", output, StringComparison.Ordinal);
        var rows = SweepFile.Read(
            "sweep.parquet",
            LandscapeValues.Instance,
            File.ReadAllBytes(_folder.File("out/sweep.parquet"))
        );
        Assert.Equal(Enumerable.Range(0, 96), rows.Select(row => row.Index));
        Assert.All(rows, row => Assert.True(row.Row.HasValue));
        Assert.Contains(rows, row => row.Row.Status == SweepStatus.Diverged);
    }

    [Property(MaxTest = 8, Arbitrary = [typeof(Generators)])]
    public void Merge_AnyNumberOfShards_IsByteForByteTheSingleRun(Seed seed)
    {
        var (random, name) = (seed.Random(), $"{Guid.NewGuid():N}");
        var shards = random.Next(2, 37);
        Assert.Equal(0, Run(Small, $"{name}/single", "--threads", "1").Code);
        var order = Enumerable.Range(1, shards).ToArray();
        random.Shuffle(order);
        foreach (var i in order)
            Assert.Equal(0, Run(Small, $"{name}/out", "--shard", $"{i}/{shards}", "--threads", $"{1 + (i % 3)}").Code);
        Assert.Equal(
            0,
            CommandLine.Run("sweep", "merge", _folder.File($"{name}/out"), "--out", _folder.File($"{name}/merged")).Code
        );
        SameFiles($"{name}/single", $"{name}/merged");
    }

    [Fact]
    public void Sweep_InterruptedAndResumed_IsByteForByteTheSingleRun()
    {
        var specification = Long(Small);
        new SweepRun(specification, Shard.Whole, _folder.File("single")).Execute(2, null, default);
        var resumed = new SweepRun(specification, Shard.Whole, _folder.File("out"));
        foreach (var stop in new[] { 10, 270 })
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() =>
                resumed.Execute(
                    2,
                    done =>
                    {
                        if (done >= stop)
                            source.Cancel();
                    },
                    source.Token
                )
            );
            Assert.False(File.Exists(_folder.File("out/sweep.parquet")));
        }

        var seen = new List<int>();
        resumed.Execute(1, seen.Add, default);
        Assert.True(seen[0] > 270, "what was measured before is not measured again");
        Assert.Equal(
            ["sweep.json", "sweep.parquet"],
            Directory.EnumerateFileSystemEntries(_folder.File("out")).Select(path => Path.GetFileName(path)).Order()
        );
        SameFiles("single", "out");
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("of another block")]
    [InlineData("of another sweep")]
    [InlineData("a device")]
    public void Sweep_PartThatIsNotItsOwn_IsMeasuredAnew(string what)
    {
        Assert.SkipUnless(what != "a device" || File.Exists("/dev/zero"), "needs a device without end");
        new SweepRun(Long(Small), Shard.Whole, _folder.File("single")).Execute(2, null, default);
        var run = Interrupted(Small, "out");
        var part = _folder.File("out/parts/0000000000.part");
        if (what == "damaged")
        {
            var bytes = File.ReadAllBytes(part);
            bytes[^100] ^= 4;
            File.WriteAllBytes(part, bytes);
        }
        else if (what == "of another block")
        {
            File.Move(part, _folder.File("out/parts/0000000256.part"), overwrite: true);
        }
        else if (what == "of another sweep")
        {
            Interrupted(Small.Replace("20", "21", StringComparison.Ordinal), "other");
            File.Copy(_folder.File("other/parts/0000000000.part"), part, overwrite: true);
        }
        else
        {
            File.Delete(part);
            File.CreateSymbolicLink(part, "/dev/zero");
        }

        run.Execute(1, null, default);
        SameFiles("single", "out");
    }

    [Fact]
    public void Sweep_PointsThatFailOrDiverge_AreInTheTable()
    {
        const string text =
            """{ "landscape": "quartic", "set": { "steps": 30 }, "axes": [ { "parameter": "landscape.cubic", "list": ["0.5", "1,2,3"] }, { "parameter": "step-size", "list": [0.1, 50] } ] }""";
        Assert.Equal(0, Run(text, "out").Code);
        var rows = SweepFile.Read(
            "sweep.parquet",
            LandscapeValues.Instance,
            File.ReadAllBytes(_folder.File("out/sweep.parquet"))
        );
        Assert.Equal(
            [SweepStatus.Done, SweepStatus.Diverged, SweepStatus.Failed, SweepStatus.Failed],
            rows.Select(row => row.Row.Status)
        );
        Assert.Contains("cubic", rows[2].Row.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Sweep_FolderOfAnotherSweep_IsLeftAlone()
    {
        Assert.Equal(0, Run(Small, "out").Code);
        var before = File.ReadAllBytes(_folder.File("out/sweep.parquet"));
        Assert.Equal(0, Run(Small, "out").Code);
        CommandLine.Fails(
            1,
            "holds a sweep of another specification",
            "sweep",
            Write(Small.Replace("20", "21", StringComparison.Ordinal)),
            "--out",
            _folder.File("out")
        );
        Assert.Equal(before, File.ReadAllBytes(_folder.File("out/sweep.parquet")));
        Directory.CreateDirectory(_folder.File("mine"));
        File.WriteAllText(_folder.File("mine/notes.txt"), "mine");
        CommandLine.Fails(
            1,
            "holds files that are not of this sweep",
            "sweep",
            Write(Small),
            "--out",
            _folder.File("mine")
        );
        Assert.Equal(
            ["notes.txt"],
            Directory.EnumerateFileSystemEntries(_folder.File("mine")).Select(path => Path.GetFileName(path))
        );
    }

    [Fact]
    public void Merge_WrongShards_SaysWhichAndWritesNothing()
    {
        var (a, merged) = (_folder.File("a"), _folder.File("merged"));
        foreach (var i in new[] { 1, 3 })
            Run(Small, "a", "--shard", $"{i}/3");
        Run(Small.Replace("20", "21", StringComparison.Ordinal), "b", "--shard", "2/3");
        Run(Small, "c", "--shard", "2/4");
        Fails("there is missing: 2", a);
        Fails("of different specifications", a, _folder.File("b"));
        Fails("one of 4 shards", a, _folder.File("c"));
        Fails("shard 1 is there twice", a, _folder.File("a/shard-1-of-3"));
        Fails("is not a folder", _folder.File("nowhere"));
        Run(Small, "a", "--shard", "2/3");
        var table = _folder.File("a/shard-2-of-3/sweep.parquet");
        File.WriteAllBytes(table, File.ReadAllBytes(table)[..^9]);
        Fails("truncated or edited", a);

        void Fails(string words, params string[] folders)
        {
            CommandLine.Fails(1, words, ["sweep", "merge", .. folders, "--out", merged]);
            Assert.False(Directory.Exists(merged));
        }
    }

    [Fact]
    public void Merge_OutputThatIsTaken_IsLeftAlone()
    {
        foreach (var i in new[] { 1, 2 })
            Run(Small, "a", "--shard", $"{i}/2");
        CommandLine.Fails(1, "is not empty", "sweep", "merge", _folder.File("a"), "--out", _folder.File("a"));
    }

    [Theory]
    [InlineData("line 3: $.axes[0].parameter: There is no parameter 'stepsize'", "\"step-size\"", "\"stepsize\"")]
    [InlineData("line 3: $.axes[0].list: The axis step-size is empty", "[0.1, 0.2]", "[]")]
    [InlineData("line 4: $.axes[1]: There are two axes named step-size", "\"start-1\"", "\"step-size\"")]
    [InlineData(
        "line 4: $.axes[1].linear.from is 'NaN'; it must be a finite number",
        "\"from\": 1",
        "\"from\": \"NaN\""
    )]
    [InlineData("line 4: $.axes[1].linear.to is 1e999; it must be a finite number", "\"to\": 2", "\"to\": 1e999")]
    [InlineData("line 4: this is not JSON", "\"from\": 1", "\"from\": NaN")]
    [InlineData(
        "line 4: $.axes[1].linear: count is 1; it must be a whole number from 2 to 1000000",
        "\"count\": 3",
        "\"count\": 1"
    )]
    [InlineData("line 4: $.axes[1].linear lacks 'count'", ", \"count\": 3", "")]
    [InlineData("line 4: $.axes[1].linear.step is not known here", "\"to\"", "\"step\": 1, \"to\"")]
    [InlineData("line 3: $.axes[0].list: The axis step-size has the value 0.1 twice", "0.2", "0.1")]
    [InlineData("line 3: $.axes[0].parameter: step-size is 0", "0.2", "0")]
    [InlineData(
        "line 2: $.set['landscape.depth']: There is no parameter 'landscape.depth'",
        "\"steps\"",
        "\"landscape.depth\""
    )]
    [InlineData("line 2: $.set.steps is given twice", "\"steps\": 5", "\"steps\": 5, \"steps\": 6")]
    [InlineData(
        "line 3: $.axes[0].parameter: 'step-size' is both set and an axis",
        "\"steps\": 5",
        "\"step-size\": 0.1"
    )]
    [InlineData("line 1: $.landscape: landscape is 'nowhere'", "quadratic", "nowhere")]
    [InlineData("line 2: $.colour is not known here", "\"set\"", "\"colour\": 1, \"set\"")]
    [InlineData("has 300000 points, more than 100000; give --force", "\"count\": 3", "\"count\": 150000")]
    public void Sweep_WrongSpecification_NamesThePlaceAndWritesNothing(string words, string old, string with)
    {
        const string sound = """
            { "landscape": "quadratic",
              "set": { "steps": 5 }, "axes": [
              { "parameter": "step-size", "list": [0.1, 0.2] },
              { "parameter": "start-1", "linear": { "from": 1, "to": 2, "count": 3 } } ] }
            """;
        Assert.Contains(old, sound, StringComparison.Ordinal);
        var text = sound.Replace(old, with, StringComparison.Ordinal);
        CommandLine.Fails(2, words, "sweep", Write(text), "--out", _folder.File("out"));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("--shard is '0/3'", "--shard 0/3")]
    [InlineData("--shard is '4/3'", "--shard 4/3")]
    [InlineData("--shard is 'x'", "--shard x")]
    [InlineData("there are 37 shards but only 36 points", "--shard 1/37")]
    [InlineData("cannot be given both", "--shard 1/3 --shards 3")]
    [InlineData("no scheduler's variable", "--shards 3")]
    [InlineData("--threads is '0'", "--threads 0")]
    public void Sweep_WrongOptions_AreOneLineAndCode2(string words, string options)
    {
        CommandLine.Fails(2, words, ["sweep", Write(Small), "--out", _folder.File("out"), .. options.Split(' ')]);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void Sweep_SpecificationMissing_SaysSo()
    {
        CommandLine.Fails(1, "nowhere.json", "sweep", _folder.File("nowhere.json"), "--out", _folder.File("out"));
        CommandLine.Fails(2, "needs spec", "sweep", "--out", _folder.File("out"));
        CommandLine.Fails(2, "needs --out", "sweep", Write(Small));
    }

    private static SweepSpecification Long(string text) =>
        SweepSpecification.Parse(
            "spec",
            System.Text.Encoding.UTF8.GetBytes(
                text.Replace("\"count\": 12", "\"count\": 100", StringComparison.Ordinal)
            ),
            TrainCommand.Read
        );

    /// <summary>A sweep that was interrupted in its second block.</summary>
    private SweepRun Interrupted(string text, string folder)
    {
        var run = new SweepRun(Long(text), Shard.Whole, _folder.File(folder));
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            run.Execute(
                2,
                done =>
                {
                    if (done >= 270)
                        source.Cancel();
                },
                source.Token
            )
        );
        return run;
    }

    private void SameFiles(string expected, string actual)
    {
        foreach (var name in new[] { "sweep.json", "sweep.parquet" })
            Assert.Equal(
                File.ReadAllBytes(_folder.File($"{expected}/{name}")),
                File.ReadAllBytes(_folder.File($"{actual}/{name}"))
            );
    }

    private (int Code, string Output, string Error) Run(string text, string output, params string[] options) =>
        CommandLine.Run(["sweep", Write(text), "--out", _folder.File(output), .. options]);

    private string Write(string text) => _folder.Write("spec.json", System.Text.Encoding.UTF8.GetBytes(text));

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
