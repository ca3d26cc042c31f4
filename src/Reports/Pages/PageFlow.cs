using SkiaSharp;

namespace FlatBias.Reports.Pages;

/// <summary>
/// The pages of one document and the place on them that is next. Blocks are placed whole; a heading waits for the block after it, so
/// that it never stands alone at the foot of a page, and what floats stands at the top of the next ones.
/// </summary>
internal sealed class PageFlow : IDisposable
{
    /// <summary>The margin at all sides: 20 mm in points.</summary>
    internal const float Margin = 20 * PerMillimetre;

    /// <summary>The width between the margins in points.</summary>
    internal const float TextWidth = PageWidth - 2 * Margin;

    private const float PerMillimetre = 72 / 25.4f;
    private const float PageWidth = 210 * PerMillimetre;
    private const float PageHeight = 297 * PerMillimetre;
    private const float Bottom = PageHeight - Margin;

    // The part of a page that may be blank: a fifth, less the space below the last line.
    private const float Blank = 0.16f;

    private readonly MemoryStream _content = new();
    private readonly Queue<(float Before, float Height, Action<SKCanvas, float> Draw)> _waiting = new();
    private readonly Queue<(float Least, float Height, Action<SKCanvas, float, float> Draw)> _floating = new();
    private readonly Action<SKCanvas, int> _footer;
    private readonly SKDocument _document;
    private SKCanvas? _canvas;
    private float _y = Margin;
    private int _number;
    private byte[]? _closed;

    /// <summary>Starts a document.</summary>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="footer">Draws the footer of the page with that number.</param>
    internal PageFlow(SKDocumentPdfMetadata metadata, Action<SKCanvas, int> footer)
    {
        _footer = footer;
        _document = SKDocument.CreatePdf(_content, metadata);
    }

    /// <summary>Gets the top of the footer's line in points.</summary>
    internal static float FooterTop => PageHeight - 14 * PerMillimetre;

    /// <summary>Gets the number of the current page.</summary>
    internal int Number => _number;

    /// <summary>Gets the height of the largest block that fits on a page of its own, below the headings that wait for it.</summary>
    internal float Largest => Bottom - Margin - WaitingHeight(atTop: true);

    /// <summary>Gets the height that is left on the current page below what waits; all of it at the top of a page.</summary>
    internal float Left => Bottom - _y - WaitingHeight(atTop: IsAtTop);

    /// <summary>Says whether the rest of the page may stay blank, for the sake of a block that would be split.</summary>
    internal bool MayTurn => Bottom - _y < Blank * (Bottom - Margin);

    /// <summary>Says whether headings wait for the next block.</summary>
    internal bool Waits => _waiting.Count > 0;

    /// <summary>Says whether blocks float, so that another one that is to stand below them has to float too.</summary>
    internal bool Floats => _floating.Count > 0;

    /// <summary>Says whether a block fits on the current page.</summary>
    /// <param name="height">Its height in points.</param>
    internal bool Fits(float height)
    {
        // A hair of tolerance: sums of line heights round differently from their product.
        return _y + WaitingHeight(atTop: IsAtTop) + height <= Bottom + 0.01f;
    }

    /// <summary>Lets a block wait for the next one, to stand above it on the same page.</summary>
    /// <param name="before">The space above it, left out at the top of a page.</param>
    /// <param name="height">Its height in points.</param>
    /// <param name="draw">Draws it, given its top.</param>
    internal void Defer(float before, float height, Action<SKCanvas, float> draw)
    {
        RefuseWhenClosed();
        _waiting.Enqueue((before, height, draw));
    }

    /// <summary>Lets a block float to the top of the next page, or to <see cref="Land"/>, while what follows fills this one.</summary>
    /// <param name="least">The least height in points that it may be given, to fit where it lands.</param>
    /// <param name="height">The height that it wants, the space below it included.</param>
    /// <param name="draw">Draws it, given its top and its height.</param>
    internal void Float(float least, float height, Action<SKCanvas, float, float> draw)
    {
        RefuseWhenClosed();
        _floating.Enqueue((least, height, draw));
    }

    /// <summary>Places what floats, here or on new pages.</summary>
    internal void Land()
    {
        while (_floating.Count > 0)
        {
            if (!Fits(_floating.Peek().Least))
                NewPage();
            else
                DrawFloating();
        }
    }

    /// <summary>Places a block below the last one, on a new page when it does not fit.</summary>
    /// <param name="height">Its height in points.</param>
    /// <param name="draw">Draws it, given its top.</param>
    /// <param name="with">The height of what must follow on the same page.</param>
    /// <param name="after">The space below it.</param>
    internal void Place(float height, Action<SKCanvas, float> draw, float with = 0, float after = 0)
    {
        RefuseWhenClosed();
        while (!Fits(height + with) && !IsAtTop)
            NewPage();
        DrawWaiting();
        draw(Canvas(), _y);
        _y += height + after;
    }

    /// <summary>Leaves a space below the last block; at the top of a page it would only look like a mistake.</summary>
    /// <param name="height">Its height in points.</param>
    internal void Space(float height) => _y += IsAtTop ? 0 : height;

    /// <summary>Ends the current page, unless nothing stands on it.</summary>
    internal void Break()
    {
        RefuseWhenClosed();
        DrawWaiting();
        Land();
        if (!IsAtTop)
            NewPage();
    }

    /// <summary>Ends the current page for the sake of what does not fit on it; what floats stands at the top of the next.</summary>
    internal void Turn()
    {
        RefuseWhenClosed();
        DrawWaiting();
        NewPage();
    }

    /// <summary>Ends the document.</summary>
    internal byte[] Close()
    {
        if (_closed is not null)
            return _closed;
        DrawWaiting();
        Land();
        Canvas();
        _document.EndPage();
        _document.Close();
        return _closed = _content.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _document.Dispose();
        _content.Dispose();
    }

    private bool IsAtTop => _y <= Margin;

    private float WaitingHeight(bool atTop) =>
        _waiting.Sum(block => block.Before + block.Height) - (atTop && _waiting.Count > 0 ? _waiting.Peek().Before : 0);

    private SKCanvas Canvas()
    {
        if (_canvas is not null)
            return _canvas;
        _canvas = _document.BeginPage(PageWidth, PageHeight);
        _footer(_canvas, ++_number);
        return _canvas;
    }

    private void NewPage()
    {
        _document.EndPage();
        _canvas = null;
        _y = Margin;
        // As many as there is room for: what waits longer stands far from where it is spoken of, and among the tables.
        for (var first = true; _floating.Count > 0 && (first || Fits(_floating.Peek().Least)); first = false)
            DrawFloating();
    }

    private void DrawFloating()
    {
        var (least, wanted, draw) = _floating.Dequeue();
        var height = Math.Max(least, Math.Min(wanted, Bottom - _y));
        draw(Canvas(), _y, height);
        _y += height;
    }

    private void DrawWaiting()
    {
        if (_waiting.Count > 0 && !Fits(0) && !IsAtTop)
            NewPage();
        while (_waiting.TryDequeue(out var block))
        {
            _y += IsAtTop ? 0 : block.Before;
            block.Draw(Canvas(), _y);
            _y += block.Height;
        }
    }

    private void RefuseWhenClosed()
    {
        if (_closed is not null)
            throw new InvalidOperationException("The report was saved; nothing can be added to it any more.");
    }
}
