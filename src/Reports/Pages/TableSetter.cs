using System.Diagnostics;
using FlatBias.Dynamics;
using SkiaSharp;

namespace FlatBias.Reports.Pages;

/// <summary>Sets one table. The header is repeated on every page, and no row is split unless it alone is taller than a page.</summary>
internal sealed class TableSetter
{
    private const float PadX = 4;
    private const float AccentBar = 2.5f;

    private static readonly SKColor Rule = new(0xC8, 0xC8, 0xC8);

    private readonly float _size,
        _padY;
    private readonly PageFlow _flow;
    private readonly TextSetter _text;
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly IReadOnlyList<TableRow> _rows;
    private readonly float[] _lefts;
    private readonly float[] _widths;
    private readonly IReadOnlyList<TextLine>[] _header;
    private readonly TextLine? _continued;

    internal TableSetter(
        PageFlow flow,
        TextSetter text,
        IReadOnlyList<TableColumn> columns,
        IReadOnlyList<TableRow> rows,
        bool compact,
        string? continued
    )
    {
        (_size, _padY) = compact ? (7.5f, 1.5f) : (8.5f, 3);
        Require.InRange(columns.Count, 1, name: "columns.Count");
        foreach (var (i, row) in rows.Index())
            Require.Length(row.Cells.Count, columns.Count, $"rows[{i}].Cells");
        _flow = flow;
        _text = text;
        _columns = columns;
        _rows = rows;
        _widths = ColumnWidths.Fit(
            [.. columns.Select(column => (float)Require.Positive(column.Width))],
            [.. columns.Select((_, i) => LongestWord(i))],
            PageFlow.TextWidth
        );
        _lefts = [.. _widths.Select((_, i) => PageFlow.Margin + _widths.Take(i).Sum())];
        _header = Cells([.. columns.Select(column => column.Header)], bold: true);
        _continued = continued is null ? null : _text.Wrap(continued, _size, PageFlow.TextWidth)[0];
    }

    /// <summary>Places the header and the rows.</summary>
    internal void Set()
    {
        // As many lines as leave room for the header: a taller row is cut into pieces of that size.
        var capacity = Math.Max(
            1,
            (int)((_flow.Largest - ContinuedHeight - Height(_header) - 2 * _padY) / TextSetter.Leading(_size))
        );
        var pieces = _rows
            .SelectMany(row =>
                Pieces(Cells(row.Cells, bold: false), capacity).Select(cells => (Cells: cells, Row: row))
            )
            .ToList();
        PlaceHeader(pieces.Count <= 3 || _flow.MayTurn ? Whole() : Together(0));
        foreach (var (i, (cells, row)) in pieces.Index())
        {
            var height = Height(cells);
            // The last row is not alone on a page, and neither is the first.
            if (!_flow.Fits(row.Heads || i == pieces.Count - 2 ? Together(i) : height))
            {
                _flow.Turn();
                if (_continued is { } line)
                    _flow.Defer(0, ContinuedHeight, (canvas, top) => DrawContinued(canvas, top, line));
                PlaceHeader(height);
            }

            _flow.Place(height, (canvas, top) => DrawRow(canvas, top, cells, row.Accent));
        }

        _flow.Place(1, (canvas, top) => DrawLine(canvas, top, SKColors.Black, 1));

        // What the rows take, where that is not most of a page.
        float Whole()
        {
            var all = pieces.Sum(piece => Height(piece.Cells));
            return Height(_header) + all <= _flow.Largest / 2 ? all : Together(0);
        }

        // Two rows, or one that takes most of a page.
        float Together(int first)
        {
            var one = pieces.Count > first ? Height(pieces[first].Cells) : 0;
            var two = pieces.Count > first + 1 ? one + Height(pieces[first + 1].Cells) : one;
            return Height(_header) + two <= _flow.Largest / 2 ? two : one;
        }
    }

    private float ContinuedHeight => _continued is null ? 0 : TextSetter.Leading(_size) + 3;

    private void DrawContinued(SKCanvas canvas, float top, TextLine line) =>
        _text.Draw(canvas, line, PageFlow.Margin, top, _size, PdfReport.Quiet);

    private float Height(IReadOnlyList<TextLine>[] cells) =>
        cells.Max(lines => lines.Count) * TextSetter.Leading(_size) + 2 * _padY;

    private static IEnumerable<IReadOnlyList<TextLine>[]> Pieces(IReadOnlyList<TextLine>[] cells, int capacity)
    {
        var most = cells.Max(lines => lines.Count);
        for (var from = 0; from < most; from += capacity)
            yield return [.. cells.Select(lines => (IReadOnlyList<TextLine>)[.. lines.Skip(from).Take(capacity)])];
    }

    // As if it were bold, which it may be.
    private float LongestWord(int column) =>
        _rows
            .Select(row => row.Cells[column])
            .Prepend(_columns[column].Header)
            .SelectMany(cell => cell.Replace("**", "", StringComparison.Ordinal).Split([' ', '\n']))
            .Max(word => _text.Measure(word, _size, bold: true))
        + 2 * PadX;

    private IReadOnlyList<TextLine>[] Cells(IReadOnlyList<string> texts, bool bold) =>
        [.. texts.Select((cell, i) => _text.Wrap(cell, _size, _widths[i] - 2 * PadX, bold))];

    private void PlaceHeader(float with)
    {
        var height = Height(_header);
        _flow.Place(height, Draw, with);

        void Draw(SKCanvas canvas, float top)
        {
            DrawLine(canvas, top, SKColors.Black, 1);
            DrawCells(canvas, top, _header);
            DrawLine(canvas, top + height, SKColors.Black, 0.6f);
        }
    }

    private void DrawRow(SKCanvas canvas, float top, IReadOnlyList<TextLine>[] cells, RowAccent accent)
    {
        var height = Height(cells);
        var (tint, bar) = Colours(accent);
        Fill(canvas, SKRect.Create(PageFlow.Margin, top, PageFlow.TextWidth, height), tint);
        Fill(canvas, SKRect.Create(PageFlow.Margin, top, AccentBar, height), bar);
        DrawCells(canvas, top, cells);
        DrawLine(canvas, top + height - 0.25f, Rule, 0.5f);
    }

    private void DrawCells(SKCanvas canvas, float top, IReadOnlyList<TextLine>[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var y = top + _padY;
            foreach (var line in cells[i])
            {
                var spare = _widths[i] - 2 * PadX - line.Width;
                var shift = _columns[i].Alignment switch
                {
                    ColumnAlignment.Left => 0,
                    ColumnAlignment.Centre => spare / 2,
                    ColumnAlignment.Right => spare,
                    _ => throw new UnreachableException($"alignment is {_columns[i].Alignment}"),
                };
                _text.Draw(canvas, line, _lefts[i] + PadX + shift, y, _size, SKColors.Black);
                y += TextSetter.Leading(_size);
            }
        }
    }

    private static (SKColor Tint, SKColor Bar) Colours(RowAccent accent) =>
        accent switch
        {
            RowAccent.Good => (new SKColor(0xE8, 0xF5, 0xF1), new SKColor(0x00, 0x9E, 0x73)),
            RowAccent.Bad => (new SKColor(0xFB, 0xEC, 0xE2), new SKColor(0xD5, 0x5E, 0x00)),
            RowAccent.Muted => (new SKColor(0xF3, 0xF3, 0xF3), new SKColor(0x99, 0x99, 0x99)),
            RowAccent.None => (SKColors.Transparent, SKColors.Transparent),
            _ => throw new UnreachableException($"accent is {accent}"),
        };

    private static void Fill(SKCanvas canvas, SKRect area, SKColor colour)
    {
        if (colour.Alpha == 0)
            return;
        using var paint = new SKPaint { Color = colour, Style = SKPaintStyle.Fill };
        canvas.DrawRect(area, paint);
    }

    private static void DrawLine(SKCanvas canvas, float y, SKColor colour, float thickness)
    {
        using var paint = new SKPaint
        {
            Color = colour,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = thickness,
        };
        canvas.DrawLine(PageFlow.Margin, y, PageFlow.Margin + PageFlow.TextWidth, y, paint);
    }
}
