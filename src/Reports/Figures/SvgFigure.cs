using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlatBias.Reports.Drawing;
using OxyPlot;
using SkiaSharp;

namespace FlatBias.Reports.Figures;

/// <summary>
/// Writes a figure as SVG. OxyPlot's own exporter keeps text as text, where SkiaSharp's splits it into placed glyphs; its sizes are
/// mended to millimetres, and its baselines to numbers, because many programs that read SVG know only the default baseline.
/// </summary>
internal static partial class SvgFigure
{
    // Who opens the file elsewhere may lack the first; Verdana has nearly its widths.
    private const string Families = "'DejaVu Sans', Verdana, sans-serif";

    private static readonly UTF8Encoding WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes figures below each other.</summary>
    /// <param name="models">The figures.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="width">The width of each in points.</param>
    /// <param name="height">The height of each in points.</param>
    /// <exception cref="InvalidOperationException">A figure cannot be drawn.</exception>
    internal static void Write(IReadOnlyList<PlotModel> models, Stream stream, double width, double height)
    {
        var drawing = Draw(models[0], width, height);
        var root = drawing.Root!;
        if (models.Count > 1)
        {
            root.ReplaceAll([.. models.Select((model, i) => Part(Draw(model, width, height).Root!, i, height))]);
            root.SetAttributeValue("version", "1.1");
        }

        root.SetAttributeValue("width", Number(width / FigureExport.PointsPerMillimetre) + "mm");
        root.SetAttributeValue("height", Number(models.Count * height / FigureExport.PointsPerMillimetre) + "mm");
        // In one place, where another font can be put.
        root.SetAttributeValue("font-family", Families);
        root.SetAttributeValue("viewBox", $"0 0 {Number(width)} {Number(models.Count * height)}");
        using var writer = new StreamWriter(stream, WithoutMark, leaveOpen: true);
        drawing.Save(writer);
    }

    /// <summary>A figure as a group at its place; names that are unique within a drawing get its number.</summary>
    private static XElement Part(XElement root, int place, double height)
    {
        foreach (var attribute in root.Descendants().Attributes())
        {
            if (attribute.Name.LocalName == "id")
                attribute.Value += $"-{place}";
            else
                attribute.Value = Reference().Replace(attribute.Value, $"url(#$1-{place})");
        }

        return new XElement(
            root.Name.Namespace + "g",
            new XAttribute("transform", $"translate(0 {Number(place * height)})"),
            root.Nodes()
        );
    }

    private static XDocument Draw(PlotModel model, double width, double height)
    {
        using var nowhere = new SKNWayCanvas(1, 1);
        using var measurer = new PlotCanvas(nowhere);
        using var labels = new FittedLabels(model, measurer, width, height);
        var exporter = new SvgExporter
        {
            Width = width,
            Height = height,
            IsDocument = true,
            TextMeasurer = measurer,
        };
        var drawing = XDocument.Parse(exporter.ExportToString(model));
        PlotCanvas.Check(model);
        foreach (var text in drawing.Root!.Descendants(drawing.Root.Name.Namespace + "text"))
            Mend(text);
        // The edges of an area are written even where they are not drawn.
        drawing.Descendants(drawing.Root.Name.Namespace + "polyline").Where(IsUnseen).Remove();
        // OxyPlot writes ten-thousandths of a point; a hundredth is 4 micrometres, and most of a file is corners.
        foreach (var corners in drawing.Descendants().Attributes("points"))
            corners.Value = Decimals()
                .Replace(
                    corners.Value,
                    match =>
                        double.Parse(match.Value, CultureInfo.InvariantCulture)
                            .ToString("0.##", CultureInfo.InvariantCulture)
                );
        drawing.DocumentType?.Remove();
        return drawing;
    }

    [GeneratedRegex(@"-?\d+\.\d+")]
    private static partial Regex Decimals();

    [GeneratedRegex(@"url\(#([^)]*)\)")]
    private static partial Regex Reference();

    private static bool IsUnseen(XElement line) => line.Attribute("style")?.Value is "fill:none;stroke:none;";

    private static void Mend(XElement text)
    {
        var size = (double?)text.Attribute("font-size") ?? 0;
        using var paint = Fonts.Default.Paint(size, bold: false);
        paint.GetFontMetrics(out var metrics);
        var down = (string?)text.Attribute("dominant-baseline") switch
        {
            "hanging" => -metrics.Ascent,
            "middle" => -(metrics.Ascent + metrics.Descent) / 2,
            "baseline" => -metrics.Descent,
            var other => throw new UnreachableException($"dominant-baseline is '{other}'"),
        };
        text.SetAttributeValue("dominant-baseline", null);
        text.SetAttributeValue("dy", Number(down));
        text.SetAttributeValue("font-family", null);
        var pieces = ScriptText.Of(text.Value).ToArray();
        if (pieces.Any(piece => piece.Script != Script.None))
            // Beside a text, and be it empty, the writer puts no line breaks, which would be drawn as spaces.
            text.ReplaceNodes(new XText(""), pieces.Select((_, i) => Piece(i)));

        XElement Piece(int place)
        {
            var (piece, script) = pieces[place];
            // The shift of the first stands for that of the whole text, and is not added to it.
            var shift =
                size * (ScriptText.Shift(script) - (place == 0 ? 0 : ScriptText.Shift(pieces[place - 1].Script)));
            return new(
                text.Name.Namespace + "tspan",
                new XAttribute("dy", Number(place == 0 ? down + shift : shift)),
                new XAttribute("font-size", Number(size * ScriptText.SizeOf(script))),
                piece
            );
        }
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
