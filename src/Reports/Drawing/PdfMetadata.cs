using SkiaSharp;

namespace FlatBias.Reports.Drawing;

/// <summary>The metadata of every PDF. Nothing in it depends on the day or the machine, so that equal content gives equal bytes.</summary>
internal static class PdfMetadata
{
    private const string Maker = "FlatBias";

    private static readonly DateTime AnyDay = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Creates the metadata of a document.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="author">Its author.</param>
    internal static SKDocumentPdfMetadata Create(string title, string author = Maker) =>
        new()
        {
            Title = title,
            Author = author,
            Creator = Maker,
            Producer = Maker,
            Creation = AnyDay,
            Modified = AnyDay,
            RasterDpi = SKDocumentPdfMetadata.DefaultRasterDpi,
            EncodingQuality = SKDocumentPdfMetadata.DefaultEncodingQuality,
        };
}
