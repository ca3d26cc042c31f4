using System.Text;
using FlatBias.Dynamics;
using FlatBias.Reports.Drawing;
using OxyPlot;
using SkiaSharp;

namespace FlatBias.Reports.Figures;

/// <summary>Writes single figures to files, at the size they have on paper.</summary>
public static class FigureExport
{
    /// <summary>Points in a millimetre: the unit of plots is the point, 1/72 inch.</summary>
    internal const double PointsPerMillimetre = 72 / 25.4;

    private const double PixelsPerInch = 200;

    /// <summary>Writes a figure. The file is replaced whole, or left as it was when drawing fails.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="path">The file; its extension (.pdf, .svg or .png) is the format.</param>
    /// <param name="widthMm">The width in millimetres, above 0.</param>
    /// <param name="heightMm">The height in millimetres, above 0.</param>
    /// <exception cref="ArgumentException">The extension is unknown.</exception>
    /// <exception cref="FontNotFoundException">No usable font is installed.</exception>
    /// <exception cref="InvalidOperationException">The figure cannot be drawn.</exception>
    public static void Save(PlotModel model, string path, double widthMm, double heightMm)
    {
        ArgumentNullException.ThrowIfNull(model);
        Save([model], path, widthMm, heightMm);
    }

    /// <summary>Writes figures below each other into one file, equal x values above each other.</summary>
    internal static void Save(IReadOnlyList<PlotModel> models, string path, double widthMm, double heightMm)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Require.InRange(models.Count, 1, name: "models.Count");
        var width = Require.Positive(widthMm) * PointsPerMillimetre;
        var height = Require.Positive(heightMm) * PointsPerMillimetre;
        var write = Writer(path);
        using var stack = new StackedFigures(models, width, height);
        AtomicFile.Write(path, stream => write(models, stream, width, height));
    }

    /// <summary>A figure as the text of an SVG drawing.</summary>
    internal static string ToSvg(PlotModel model, double widthMm, double heightMm)
    {
        using var stream = new MemoryStream();
        var width = Require.Positive(widthMm) * PointsPerMillimetre;
        SvgFigure.Write([model], stream, width, Require.Positive(heightMm) * PointsPerMillimetre);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Makes sure, before any work, that the extension of a path is one of a figure's.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    internal static void Check(string path, string name) => Writer(path, name);

    private static Action<IReadOnlyList<PlotModel>, Stream, double, double> Writer(string path, string name = "path") =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PDF" => WritePdf,
            ".SVG" => SvgFigure.Write,
            ".PNG" => WritePng,
            var other => throw new ArgumentException(
                $"{name} is {path}; its extension is \"{other}\" and must be .pdf, .svg or .png.",
                nameof(path)
            ),
        };

    private static void WritePdf(IReadOnlyList<PlotModel> models, Stream stream, double width, double height)
    {
        using var buffer = new MemoryStream();
        using (var document = SKDocument.CreatePdf(buffer, PdfMetadata.Create(models[0].Title ?? "")))
        {
            Draw(models, document.BeginPage((float)width, (float)(height * models.Count)), width, height);
            document.EndPage();
            document.Close();
        }

        buffer.WriteTo(stream);
    }

    private static void WritePng(IReadOnlyList<PlotModel> models, Stream stream, double width, double height)
    {
        const double scale = PixelsPerInch / 72;
        using var bitmap = new SKBitmap(Pixels(width), Pixels(height * models.Count));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.Scale((float)scale);
        Draw(models, canvas, width, height);
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(stream);

        static int Pixels(double points) => Math.Max(1, (int)Math.Round(points * scale));
    }

    private static void Draw(IReadOnlyList<PlotModel> models, SKCanvas page, double width, double height)
    {
        foreach (var model in models)
        {
            using (var canvas = new PlotCanvas(page))
                canvas.Draw(model, width, height);
            page.Translate(0, (float)height);
        }
    }
}
