using System.Diagnostics;
using OxyPlot;
using OxyPlot.SkiaSharp;
using SkiaSharp;

namespace FlatBias.Reports.Drawing;

/// <summary>
/// Draws a plot on a canvas of SkiaSharp with the typefaces that <see cref="Fonts"/> found. OxyPlot's own context asks the system for
/// a family by name, gets another family without a word when there is none, and cannot use a font file; so text is drawn and
/// measured here, and everything else by the base class. Units are those of the canvas; pixels come from scaling the canvas, because
/// the base class applies its own scale twice to dash patterns.
/// </summary>
internal sealed class PlotCanvas : SkiaRenderContext, IRenderContext
{
    private const double BoldFrom = 600;

    private const double CellOverlap = 0.1;

    private readonly FontFaces _faces;

    /// <summary>Creates a canvas.</summary>
    /// <param name="canvas">What to draw on.</param>
    /// <param name="faces">The typefaces; null for those of this machine.</param>
    internal PlotCanvas(SKCanvas canvas, FontFaces? faces = null)
    {
        SkCanvas = canvas;
        RenderTarget = RenderTarget.VectorGraphic;
        _faces = faces ?? Fonts.Default;
    }

    /// <summary>Draws a plot, and fails when the plot does: OxyPlot would draw the error's text in its place.</summary>
    /// <param name="model">The plot.</param>
    /// <param name="width">Its width in points.</param>
    /// <param name="height">Its height in points.</param>
    /// <exception cref="InvalidOperationException">The plot cannot be drawn.</exception>
    internal void Draw(PlotModel model, double width, double height)
    {
        using var labels = new FittedLabels(model, this, width, height);
        IPlotModel plot = model;
        plot.Update(true);
        Check(model);
        plot.Render(this, new OxyRect(0, 0, width, height));
        Check(model);
    }

    /// <summary>Fails when a plot could not be updated or drawn.</summary>
    /// <param name="model">The plot.</param>
    /// <exception cref="InvalidOperationException">The plot cannot be drawn.</exception>
    internal static void Check(PlotModel model)
    {
        if (model.GetLastPlotException() is { } cause)
            throw new InvalidOperationException(
                $"The figure \"{model.Title}\" cannot be drawn: {cause.Message}",
                cause
            );
    }

    /// <inheritdoc/>
    void IRenderContext.DrawText(
        ScreenPoint p,
        string text,
        OxyColor fill,
        string? fontFamily,
        double fontSize,
        double fontWeight,
        double rotation,
        HorizontalAlignment horizontalAlignment,
        VerticalAlignment verticalAlignment,
        OxySize? maxSize
    )
    {
        if (string.IsNullOrEmpty(text) || !fill.IsVisible())
            return;

        using var paint = _faces.Paint(fontSize, fontWeight >= BoldFrom);
        paint.Color = fill.ToSKColor();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var lineHeight = paint.GetFontMetrics(out var metrics);
        var below = lineHeight * (lines.Length - 1);
        var y = verticalAlignment switch
        {
            VerticalAlignment.Top => -metrics.Ascent,
            VerticalAlignment.Bottom => -metrics.Descent - below,
            VerticalAlignment.Middle => -(metrics.Ascent + metrics.Descent + below) / 2,
            _ => throw new UnreachableException($"vertical alignment is {verticalAlignment}"),
        };

        using var restore = new SKAutoCanvasRestore(SkCanvas);
        SkCanvas.Translate((float)p.X, (float)p.Y);
        SkCanvas.RotateDegrees((float)rotation);
        foreach (var line in lines)
        {
            DrawLine(line, Start(Width(line, paint), horizontalAlignment), y, paint);
            y += lineHeight;
        }
    }

    /// <inheritdoc/>
    void IRenderContext.DrawRectangle(
        OxyRect rectangle,
        OxyColor fill,
        OxyColor stroke,
        double thickness,
        EdgeRenderingMode edgeRenderingMode
    )
    {
        // Cells side by side: viewers smooth their common edge, and white would shine through, so each reaches under its neighbours.
        var isCell = edgeRenderingMode == EdgeRenderingMode.PreferSpeed && !stroke.IsVisible();
        DrawRectangle(
            isCell ? rectangle.Inflate(CellOverlap, CellOverlap) : rectangle,
            fill,
            stroke,
            thickness,
            edgeRenderingMode
        );
    }

    /// <inheritdoc/>
    OxySize IRenderContext.MeasureText(string text, string? fontFamily, double fontSize, double fontWeight)
    {
        if (string.IsNullOrEmpty(text))
            return OxySize.Empty;
        using var paint = _faces.Paint(fontSize, fontWeight >= BoldFrom);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return new OxySize(lines.Max(line => Width(line, paint)), paint.GetFontMetrics(out _) * lines.Length);
    }

    private void DrawLine(string line, float x, float y, SKPaint paint)
    {
        var size = paint.TextSize;
        foreach (var (text, script) in ScriptText.Of(line))
        {
            paint.TextSize = size * ScriptText.SizeOf(script);
            SkCanvas.DrawText(text, x, y + (ScriptText.Shift(script) * size), paint);
            x += paint.MeasureText(text);
        }

        paint.TextSize = size;
    }

    // Also of texts in OxyPlot's notation: it measures tick labels with their braces.
    private static float Width(string line, SKPaint paint) =>
        ScriptText.Of(line).Sum(piece => paint.MeasureText(piece.Text) * ScriptText.SizeOf(piece.Script));

    private static float Start(float width, HorizontalAlignment alignment) =>
        alignment switch
        {
            HorizontalAlignment.Left => 0,
            HorizontalAlignment.Right => -width,
            HorizontalAlignment.Center => -width / 2,
            _ => throw new UnreachableException($"alignment is {alignment}"),
        };
}
