using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using FlatBias.Reports.Drawing;
using FlatBias.Reports.Figures;
using FlatBias.Testing;
using OxyPlot;
using UglyToad.PdfPig;

namespace FlatBias.Reports.Tests.Figures;

public class FigureExportTests
{
    private static readonly double[] X = [1, 2, 3];

    [Theory]
    [InlineData(".pdf")]
    [InlineData(".svg")]
    [InlineData(".PNG")]
    public void Save_LongerFileExists_ReplacesItWhole(string extension)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a" + extension), new byte[3_000_000]);
        FigureExport.Save(Figure(), folder.File("b" + extension), 80, 60);

        FigureExport.Save(Figure(), folder.File("a" + extension), 80, 60);

        Assert.Equal(["a" + extension, "b" + extension], folder.Names);
        Assert.Equal(File.ReadAllBytes(folder.File("b" + extension)), File.ReadAllBytes(folder.File("a" + extension)));
    }

    [Fact]
    public void Save_Svg_KeepsTextAsTextWithoutAByteOrderMark()
    {
        using var folder = new TemporaryFolder();

        FigureExport.Save(Figure(), folder.File("a.svg"), 80, 60);

        var bytes = File.ReadAllBytes(folder.File("a.svg"));
        Assert.Equal((byte)'<', bytes[0]);
        var root = XDocument.Parse(Encoding.UTF8.GetString(bytes)).Root!;
        Assert.Equal("80mm", root.Attribute("width")!.Value);
        Assert.Equal("60mm", root.Attribute("height")!.Value);
        var texts = root.Descendants().Where(element => element.Name.LocalName == "text").ToList();
        Assert.Contains(texts, text => text.Value == "λ ≥ 2/η");
        Assert.All(
            texts,
            text => Assert.True(text.Attribute("dominant-baseline") is null && text.Attribute("dy") is not null)
        );
    }

    [Fact]
    public void Save_Svg_WritesCornersToAHundredthOfAPoint()
    {
        using var folder = new TemporaryFolder();

        FigureExport.Save(Figure(), folder.File("a.svg"), 80, 60);

        string[] numbers =
        [
            .. XDocument
                .Load(folder.File("a.svg"))
                .Descendants()
                .Attributes("points")
                .SelectMany(corners => corners.Value.Split(' ', ',')),
        ];
        Assert.NotEmpty(numbers);
        Assert.All(numbers, number => Assert.Matches(@"^-?\d+(\.\d{1,2})?$", number));
    }

    [Fact]
    public void Save_Png_HasTheSizeAsked()
    {
        using var folder = new TemporaryFolder();

        FigureExport.Save(Figure(), folder.File("a.png"), 127, 50.8);

        // 200 pixels an inch: 127 mm are 5 inches.
        var header = File.ReadAllBytes(folder.File("a.png")).AsSpan(16, 8);
        Assert.Equal(1000, BinaryPrimitives.ReadInt32BigEndian(header));
        Assert.Equal(400, BinaryPrimitives.ReadInt32BigEndian(header[4..]));
    }

    [Fact]
    public void Save_Pdf_HasTheSizeAskedAndSearchableText()
    {
        using var folder = new TemporaryFolder();

        FigureExport.Save(Figure(), folder.File("a.pdf"), 80, 60);

        using var document = PdfDocument.Open(folder.File("a.pdf"));
        var page = document.GetPage(1);
        // The renderer rounds page sizes to whole points.
        Assert.Equal(80 / 25.4 * 72, page.Width, 0.51);
        Assert.Contains("λ ≥ 2/η", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("figure.jpg")]
    [InlineData("figure")]
    public void Save_UnknownExtension_NamesTheSupportedOnes(string name)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<ArgumentException>(() => FigureExport.Save(Figure(), folder.File(name), 80, 60));

        Assert.Contains(".pdf, .svg or .png", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Save_SizeNotPositive_Throws(double width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FigureExport.Save(Figure(), "a.pdf", width, 60));

    [Theory]
    [InlineData(".pdf")]
    [InlineData(".svg")]
    [InlineData(".png")]
    public void Save_FigureThatCannotBeDrawn_LeavesTheOldFileAndNoTemporaryOne(string extension)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a" + extension), "old");
        var model = Figure();
        model.Axes.Clear();
        model.Series.Add(new OxyPlot.Series.LineSeries { XAxisKey = "no such axis" });

        Assert.Throws<InvalidOperationException>(() => FigureExport.Save(model, folder.File("a" + extension), 80, 60));

        Assert.Equal(["a" + extension], folder.Names);
        Assert.Equal("old", File.ReadAllText(folder.File("a" + extension)));
    }

    [Fact]
    public void Save_LongLabels_AreBrokenWhileDrawnAndPutBack()
    {
        using var folder = new TemporaryFolder();
        const string longLabel = "the distance between the predicted and the measured sharpness along the run";
        var model = PlotStyle.Create(longLabel, longLabel, longLabel).AddLine(longLabel, X, X);

        FigureExport.Save(model, folder.File("a.pdf"), 80, 70);

        Assert.Equal(
            [longLabel, longLabel, longLabel, longLabel],
            [model.Title, model.Axes[0].Title, model.Axes[1].Title, model.Series[0].Title]
        );
        using var document = PdfDocument.Open(folder.File("a.pdf"));
        var page = document.GetPage(1);
        foreach (var (left, right, bottom, top) in page.Letters.Select(LetterBox.Of))
        {
            Assert.True(left >= -0.5 && right <= page.Width + 0.5);
            Assert.True(bottom >= -0.5 && top <= page.Height + 0.5);
        }
    }

    [Fact]
    public void Save_LongTitleWithASubscript_IsSetSmallerWhileDrawn()
    {
        using var folder = new TemporaryFolder();
        var model = PlotStyle
            .Create("the sharpness λ_{1} of the leading direction along the whole run", "x", "y")
            .AddLine("a", X, X);
        var size = model.TitleFontSize;

        FigureExport.Save(model, folder.File("a.pdf"), 80, 70);

        Assert.Equal(size, model.TitleFontSize);
        using var document = PdfDocument.Open(folder.File("a.pdf"));
        Assert.All(
            document.GetPage(1).Letters.Select(LetterBox.Of),
            box => Assert.InRange(box.Right, 0, document.GetPage(1).Width)
        );
    }

    /// <summary>In an SVG an index is a piece of its text, below the line that all of it stands on, with nothing between.</summary>
    [Theory]
    [InlineData("λ_neg / 2", "λneg / 2")]
    [InlineData("λ_{a}μ^{b}", "λaμb")]
    [InlineData("^{n}x", "nx")]
    public void ToSvg_Indices_ArePiecesOfTheirText(string label, string text)
    {
        var svg = XDocument.Parse(PlotStyle.Create("", label, "y").AddLine("a", X, X).ToSvg());

        var written = svg.Descendants().Single(e => e.Name.LocalName == "text" && e.Value == text);
        var pieces = written.Elements().Select(piece => (double)piece.Attribute("dy")!).ToArray();
        var sizes = written.Elements().Select(piece => (double)piece.Attribute("font-size")!).ToArray();
        Assert.Equal(ScriptText.Of(label).Select(piece => piece.Text), written.Elements().Select(piece => piece.Value));
        // The first stands where the text does, but for its own shift; three decimals are written.
        var size = sizes.Max();
        var shifts = ScriptText.Of(label).Select(piece => size * ScriptText.Shift(piece.Script)).ToArray();
        Assert.Equal((double)written.Attribute("dy")! + shifts[0], pieces[0], 2e-3);
        Assert.All(
            Enumerable.Range(1, pieces.Length - 1),
            i => Assert.Equal(shifts[i] - shifts[i - 1], pieces[i], 1e-3)
        );
        Assert.All(
            ScriptText.Of(label).Zip(sizes),
            piece => Assert.Equal(size * ScriptText.SizeOf(piece.First.Script), piece.Second, 1e-3)
        );
    }

    [Fact]
    public void Save_OtherCulture_WritesTheSame()
    {
        using var folder = new TemporaryFolder();
        FigureExport.Save(Figure(), folder.File("a.svg"), 80.5, 60);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            FigureExport.Save(Figure(), folder.File("b.svg"), 80.5, 60);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(File.ReadAllText(folder.File("a.svg")), File.ReadAllText(folder.File("b.svg")));
    }

    private static PlotModel Figure() =>
        PlotStyle.Create("λ ≥ 2/η", "step", "loss").AddLine("a", X, [0.5, double.NaN, 2.5]);
}
