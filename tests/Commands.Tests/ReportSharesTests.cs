using FlatBias.Reports.Cli;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>flatbias report --plan and --shard as a user runs them, on a chapter that takes milliseconds.</summary>
[Collection("console")]
public sealed class ReportSharesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plan_BeforeAndAfter_SaysWhatIsLeftAndMakesNothing()
    {
        var (code, output, error) = Report("out", "--plan");
        Assert.True(code == 0, error);
        Assert.False(Directory.Exists(_folder.File("out")));
        Assert.Matches(@"The threshold on quadratics\s+3\s+0\s+\S+ \S+\s+\S+ \S+\n", output);
        Assert.Contains("About ", output, StringComparison.Ordinal);
        Assert.Equal(0, Report("out", "--shard", "2/3").Code);
        Assert.Matches(@"The threshold on quadratics\s+3\s+1 ", Report("out", "--plan").Output);
        Assert.Contains(
            "Nothing is left to make: 1 run of 1 finished",
            Report("out", "--plan", "--shard", "2/3").Output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, Report("out").Code);
        Assert.Contains(
            "Nothing is left to make: 3 runs of 3 finished",
            Report("out", "--plan").Output,
            StringComparison.Ordinal
        );
    }

    /// <summary>The long profile tests on as many images as a folder has, up to 10,000: the 1,000 of the one that comes with the program were once refused.</summary>
    [Fact]
    public void Plan_LongProfileOfASmallFolder_TakesTheTestImagesThatThereAre()
    {
        var (code, output, error) = CommandLine.Run([
            "report",
            "--profile",
            "paper",
            "--plan",
            "--chapter",
            "Adaptive rules on a network",
            "--data",
            Path.Combine(Repository.Root, "data", "fashion-mnist-5k"),
            "--out",
            _folder.File("out"),
        ]);
        Assert.True(code == 0, error);
        Assert.Matches(@"Adaptive rules on a network\s+180\s+0\s", output);
    }

    [Fact]
    public void Shards_IntoOneFolder_ThenDrawn_GiveTheClaimsOfASingleCall()
    {
        foreach (var shard in new[] { "3/3", "1/3", "2/3", "1/3" })
        {
            var (code, output, error) = Report("out", "--shard", shard);
            Assert.True(code == 0, error);
            Assert.Contains($"shard {shard[0]} of 3: 1 run in ", output, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder.File("out/report.pdf")));
        }

        Assert.Contains("0 made now", Report("out", "--shard", "2/3").Output, StringComparison.Ordinal);
        Assert.Equal(0, Report("out").Code);
        Assert.Equal(0, Report("single").Code);
        Assert.Equal(
            File.ReadAllBytes(_folder.File("single/claims.json")),
            File.ReadAllBytes(_folder.File("out/claims.json"))
        );
    }

    [Theory]
    [InlineData("4/3", "--shard is '4/3'; it must be i/n with 1 <= i <= n")]
    [InlineData("0/3", "--shard is '0/3'")]
    [InlineData("1/4", "there are 4 shards but only 3 runs")]
    public void Shard_OutOfRange_SaysSo(string shard, string words) => Fails(2, words, "--shard", shard);

    [Theory]
    [InlineData("--plan")]
    [InlineData("--shard", "1/2")]
    public void Figures_WhereNothingIsDrawn_AreRefused(params string[] args) =>
        Fails(2, "--figures has no effect here", [.. args, "--figures", "svg"]);

    [Fact]
    public void Figures_WidthAndTitles_AreAsAsked()
    {
        Assert.Equal(0, Report("out", "--figures", "svg").Code);
        var path = Directory.GetFiles(_folder.File("out/figures")).Order(StringComparer.Ordinal).First();
        var (before, height) = (File.ReadAllText(path), Millimetres(path, "height"));
        Assert.Equal(170, Millimetres(path, "width"));
        Assert.Equal(0, Report("out", "--figures", "svg", "--figure-width", "85", "--figures-untitled").Code);
        Assert.Equal(85, Millimetres(path, "width"));
        Assert.Equal(height / 2, Millimetres(path, "height"));
        // The title is the one bold text; the font is named once.
        Assert.Contains("font-weight=\"700\"", before, StringComparison.Ordinal);
        Assert.DoesNotContain("font-weight=\"700\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllText(path).Split("font-family").Length);
    }

    [Theory]
    [InlineData("--figure-width is 0", "--figures", "svg", "--figure-width", "0")]
    [InlineData("--figure-width has no effect here", "--figure-width", "80")]
    [InlineData("--figures-untitled has no effect here", "--figures-untitled")]
    public void Figures_OptionsThatAreWrong_SaySo(string words, params string[] args) => Fails(2, words, args);

    private static double Millimetres(string path, string attribute) =>
        double.Parse(
            ((string)System.Xml.Linq.XDocument.Load(path).Root!.Attribute(attribute)!).Replace("mm", ""),
            System.Globalization.CultureInfo.InvariantCulture
        );

    [Fact]
    public void Report_RecordsOfAnotherBuild_AreLeftAlone()
    {
        Assert.Equal(0, Report("out").Code);
        var path = Path.Combine(Directory.GetDirectories(_folder.File("out/records"))[0], "record.json");
        var text = File.ReadAllText(path).Replace(Software.Build, "00000000", StringComparison.Ordinal);
        File.WriteAllText(path, text);
        foreach (var args in new string[][] { [], ["--shard", "1/1"], ["--plan"] })
            Fails(1, "holds 1 of these runs by another build", args);
        Assert.Equal(text, File.ReadAllText(path));
        // Another folder has them anew, this one as they are if asked to, and anew once they are gone.
        Assert.Equal(0, Report("other").Code);
        Assert.Equal(0, Report("out", "--redraw").Code);
        Assert.Equal(
            File.ReadAllBytes(_folder.File("other/claims.json")),
            File.ReadAllBytes(_folder.File("out/claims.json"))
        );
        Assert.Contains("3 runs of 3 finished", Report("out", "--redraw", "--plan").Output, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Fails(1, "lacks 1 of 3 runs, and --redraw makes none", "--redraw");
        Fails(2, "--redraw has no effect here", "--redraw", "--shard", "1/3");
        Assert.False(File.Exists(path));
        Assert.Equal(0, Report("out").Code);
    }

    [Theory]
    [InlineData("data_batch_1.bin", 10, "whole number of records")]
    [InlineData("data_batch_1.bin", 3073, "data_batch_1.bin hold only 1 images")]
    [InlineData("data_batch_1", 3073, "it holds no data_batch_1.bin")]
    [InlineData("test_batch.bin", 3073, "it holds no data_batch_1.bin")]
    public void Data_FolderOfCifarWithWrongFiles_SaysWhatIsWrong(string name, int length, string words)
    {
        var place = Cifar(name, length);
        var (code, _, error) = Report("out", "--profile", "paper", "--plan", "--data", place);
        Assert.NotEqual(0, code);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_CifarTwiceOrOfNoUse_SaysSo()
    {
        var place = Cifar("data_batch_1.bin", 3073);
        Fails(2, "hold the same data set", "--profile", "paper", "--data", place, "--data", place);
        Fails(2, "which the quick profile does not use", "--data", place);
    }

    private string Cifar(string name, int length)
    {
        Directory.CreateDirectory(_folder.File("cifar"));
        _folder.Write($"cifar/{name}", new byte[length]);
        return _folder.File("cifar");
    }

    private string[] Args(string output, string[] args) =>
        ["report", "--chapter", "threshold", "--out", _folder.File(output), .. args];

    private (int Code, string Output, string Error) Report(string output, params string[] args) =>
        CommandLine.Run(Args(output, args));

    private void Fails(int code, string words, params string[] args) =>
        CommandLine.Fails(code, words, Args("out", args));
}
