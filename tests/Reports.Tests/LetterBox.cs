using UglyToad.PdfPig.Content;

namespace FlatBias.Reports.Tests;

/// <summary>Where a letter stands on its page.</summary>
internal static class LetterBox
{
    /// <summary>The box around a letter. PdfPig's rectangle turns with the letter, so its corners decide.</summary>
    public static (double Left, double Right, double Bottom, double Top) Of(Letter letter)
    {
        var box = letter.BoundingBox;
        double[] x = [box.TopLeft.X, box.TopRight.X, box.BottomLeft.X, box.BottomRight.X];
        double[] y = [box.TopLeft.Y, box.TopRight.Y, box.BottomLeft.Y, box.BottomRight.Y];
        return (x.Min(), x.Max(), y.Min(), y.Max());
    }
}
