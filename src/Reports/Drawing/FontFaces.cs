using SkiaSharp;

namespace FlatBias.Reports.Drawing;

/// <summary>The two typefaces that all text is set in.</summary>
/// <param name="Regular">The upright face.</param>
/// <param name="Bold">The bold face; the upright one again where the family has no bold face with all the signs.</param>
internal sealed record FontFaces(SKTypeface Regular, SKTypeface Bold)
{
    /// <summary>Gets a paint that sets text in one of the faces.</summary>
    /// <param name="size">The size in points.</param>
    /// <param name="bold">Whether the text is bold.</param>
    /// <returns>A new paint; the caller disposes of it.</returns>
    internal SKPaint Paint(double size, bool bold) =>
        new()
        {
            Typeface = bold ? Bold : Regular,
            TextSize = (float)size,
            IsAntialias = true,
            // Widths must scale with the size, or a line measured here would be wider on paper.
            HintingLevel = SKPaintHinting.NoHinting,
            SubpixelText = true,
            IsLinearText = true,
        };
}
