using System.Xml.Linq;
using FlatBias.Commands.Tests;

namespace FlatBias.Commands.Tests.Viewing;

/// <summary>flatbias plot as a user gives it.</summary>
[Collection("console")]
public class PlotCommandTests(ViewedRuns runs) : IClassFixture<ViewedRuns>
{
    [Theory]
    [InlineData("network", "sharpness S|edge 2/η|loss L|angle since the last|accuracy|train_accuracy")]
    [InlineData("begun", "sharpness S|edge 2/η|loss L")]
    [InlineData("adam", "effective_sharpness|edge|loss L")]
    [InlineData("landscape", "sharpness S|edge 2/η|loss L|angle since the last")]
    [InlineData("theories", "sharpness S|edge 2/η|displacement|loss L|run|memory-map-4")]
    [InlineData("sweep", "step-size|landscape.exponent|sharpness|diverged")]
    [InlineData("network sharpness lambda_2 rotation_1", "loss units, order 2|lambda_2|angle since the last")]
    [InlineData("network slower", "stepSize 0.2|stepSize 0.1|edge 2/η, stepSize 0.1")]
    [InlineData("network landscape", "network|landscape")]
    [InlineData("network train_accuracy --x loss --log-y --smooth 3", "train_accuracy|loss L")]
    [InlineData("sweep steps --x landscape.exponent", "steps|step-size")]
    [InlineData("calm onset_alignment", "no finite value")]
    public void Plot_EveryKind_ShowsItsUsualColumnsUnderTheirNames(string command, string words)
    {
        var text = Text(Plot(command, ".svg"));
        foreach (var word in words.Split('|'))
            // Fitted labels are broken into lines, each a text of its own.
            Assert.Contains(
                text,
                t => t.StartsWith(word, StringComparison.Ordinal) || t.EndsWith(word, StringComparison.Ordinal)
            );
    }

    [Theory]
    [InlineData("landscape measurement_forward_passes")]
    [InlineData("sweep forecast_validity")]
    public void Plot_LogarithmicAndNothingAbove0_StaysLinear(string command) =>
        Assert.Equal(File.ReadAllText(Plot(command, ".svg")), File.ReadAllText(Plot($"{command} --log-y", ".svg")));

    [Theory]
    [InlineData(".svg", "<?xml")]
    [InlineData(".pdf", "%PDF")]
    [InlineData(".png", "\u0089PNG")]
    public void Plot_EveryFormat_IsWritten(string extension, string begin) =>
        Assert.StartsWith(
            begin,
            System
                .Text.Encoding.Latin1.GetString(File.ReadAllBytes(Plot("landscape", extension)))
                .TrimStart('\u00ef', '\u00bb', '\u00bf'),
            StringComparison.Ordinal
        );

    [Fact]
    public void Plot_SeveralFiguresInOneSvg_HaveNamesOfTheirOwn()
    {
        var root = XDocument.Load(Plot("landscape", ".svg")).Root!;
        string[] ids = [.. root.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var used = root.Descendants()
            .Attributes()
            .Where(a => a.Value.StartsWith("url(#", StringComparison.Ordinal))
            .Select(a => a.Value[5..^1]);
        Assert.All(used, id => Assert.Contains(id, ids));
    }

    [Theory]
    [InlineData(1, "record.json is missing", "empty")]
    [InlineData(1, "nowhere is not a folder", "nowhere")]
    [InlineData(2, "There is no column 'sharpnes'", "network sharpnes")]
    [InlineData(2, "there are: step, loss,", "network sharpnes")]
    [InlineData(2, "There is no column 'epoch'", "network --x epoch")]
    [InlineData(2, "have in common: step", "network landscape train_accuracy")]
    [InlineData(1, "sweeps and records are drawn apart", "network sweep")]
    [InlineData(2, "there are: loss, largest_loss,", "sweep curvature")]
    [InlineData(2, "there are: step-size, landscape.exponent", "sweep --x step")]
    [InlineData(2, "--smooth has no effect here", "sweep --smooth 3")]
    [InlineData(2, "--smooth is '1'", "network --smooth 1")]
    [InlineData(2, "must be .pdf, .svg or .png", "network --output x.jpg")]
    public void Plot_WrongInput_IsOneLine(int code, string words, string command) =>
        CommandLine.Fails(code, words, ["plot", .. Words(command)]);

    [Theory]
    [InlineData("record.json", "{ \"format\": 2, \"specif", "is not a record's manifest")]
    [InlineData("record.json", "{ \"format\": 99 }", "is of format 99")]
    [InlineData("run.json", "{ \"format\": 99 }", "is of format 99")]
    [InlineData("run.json", "{", "does not say what is being run")]
    [InlineData("sweep.json", "{ \"format\": 99 }", "is of format 99")]
    [InlineData("sweep.json", "{}", "is not a sweep's manifest")]
    public void Plot_DamagedOrOfAnotherFormat_IsOneLineThatNamesTheFile(string file, string content, string words)
    {
        foreach (var command in new[] { "plot", "show", "export" })
        {
            var folder = runs[$"damaged-{Guid.NewGuid():N}"];
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, file), content);
            CommandLine.Fails(1, words, command, folder);
        }
    }

    [Fact]
    public void Plot_RowsOfAnotherFormat_IsOneLine()
    {
        var folder = runs["rows"];
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(runs["begun"], "run.json"), Path.Combine(folder, "run.json"));
        CommandLine.Fails(1, "holds no rows yet", "plot", folder);
        File.WriteAllText(Path.Combine(folder, "series.rows"), "flatbias-rows 9\nxxxx");
        CommandLine.Fails(1, "those of another format", "plot", folder);
    }

    private static string[] Text(string svg) =>
        [.. XDocument.Load(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];

    private string Plot(string command, string extension)
    {
        var file = runs[$"{Guid.NewGuid():N}{extension}"];
        var (code, output, error) = CommandLine.Run(["plot", .. Words(command), "--output", file]);
        Assert.True(code == 0, error);
        Assert.Contains(file, output, StringComparison.Ordinal);
        return file;
    }

    private IEnumerable<string> Words(string command) =>
        command.Split(' ').Select(word => Directory.Exists(runs[word]) || word == "nowhere" ? runs[word] : word);
}
