using FlatBias.Dynamics;
using FlatBias.Reports.Drawing;
using FlatBias.Reports.Figures;
using OxyPlot;
using SkiaSharp;

namespace FlatBias.Reports.Pages;

/// <summary>
/// A PDF of A4 pages that is filled from top to bottom: headings, paragraphs, tables and figures break over pages by themselves.
/// Figures are drawn as vectors, text can be copied and searched, and the same content gives the same bytes.
/// </summary>
/// <remarks>Not thread-safe: fill and save a report on a single thread.</remarks>
public sealed class PdfReport : IDisposable
{
    private const float Body = 9.5f;
    private const float Small = 8.5f;
    private const float Between = 7;
    private const float Gutter = 12;

    // A figure may be so much smaller than wanted, to stand where it is spoken of and not leave the foot of a page blank.
    private const float Shrunk = 0.7f;

    internal static readonly SKColor Quiet = new(0x59, 0x59, 0x59);

    private readonly TextSetter _text;
    private readonly PageFlow _flow;
    private string? _continued;
    private readonly FontFaces _faces;
    private readonly string _title;
    private readonly Dictionary<string, int> _chapters = [];
    private readonly List<(string Title, string Destination)> _outline = [];
    private readonly bool _draft;

    /// <summary>Starts a report.</summary>
    /// <param name="title">The title, in the metadata and at the foot of every page.</param>
    /// <param name="author">The author, in the metadata.</param>
    /// <exception cref="FontNotFoundException">No usable font is installed.</exception>
    public PdfReport(string title, string author = "FlatBias")
        : this(title, author, draft: false) { }

    /// <summary>Starts a report, or a draft of one, which only finds out what stands on which page: figures are left blank.</summary>
    internal PdfReport(string title, string author, bool draft)
    {
        _draft = draft;
        ArgumentNullException.ThrowIfNull(title);
        _title = title;
        _faces = Fonts.Default;
        _text = new TextSetter(_faces);
        _flow = new PageFlow(PdfMetadata.Create(title, author), DrawFooter);
    }

    /// <summary>Gets the pages of the headings of level 1 placed so far, by their text; of equal headings the last.</summary>
    internal IReadOnlyDictionary<string, int> Pages => _chapters;

    /// <summary>Adds the title block of the report, the first entry of its outline.</summary>
    /// <param name="heading">The title.</param>
    /// <param name="subtitle">A line or two below it; empty for none.</param>
    public void Title(string heading, string subtitle = "")
    {
        ArgumentNullException.ThrowIfNull(heading);
        _flow.Place(0, (canvas, top) => Mark(canvas, top, heading));
        Lines(heading, 20, SKColors.Black, bold: true, after: 4);
        if (!string.IsNullOrEmpty(subtitle))
            Lines(subtitle, 11, Quiet, after: 12);
    }

    /// <summary>Adds a heading, which stays on the page of what follows.</summary>
    /// <param name="heading">The text.</param>
    /// <param name="level">1 for a chapter, which is an entry of the outline, 2 for a section, 3 for a subsection.</param>
    public void Heading(string heading, int level = 1)
    {
        ArgumentNullException.ThrowIfNull(heading);
        var size = Require.InRange(level, 1, 3) switch
        {
            1 => 15f,
            2 => 12f,
            _ => 10.5f,
        };
        var lines = _text.Wrap(heading, size, PageFlow.TextWidth, bold: true);
        // The figures of a chapter stand before the next.
        if (level == 1)
            _flow.Land();
        _flow.Defer(size, lines.Count * TextSetter.Leading(size) + 3, Draw);

        void Draw(SKCanvas canvas, float top)
        {
            DrawLines(canvas, lines, top, size, SKColors.Black);
            if (level > 1)
                return;
            _chapters[heading] = _flow.Number;
            Mark(canvas, top, heading);
        }
    }

    /// <summary>Adds a list of contents: titles with their pages, each a link to the heading of that text.</summary>
    /// <param name="entries">The titles, and their pages.</param>
    internal void Contents(IReadOnlyList<(string Title, int Page)> entries)
    {
        foreach (var (title, number) in entries)
        {
            var page = _text.Wrap($"{number}", Body, PageFlow.TextWidth)[0];
            var lines = _text.Wrap(title, Body, PageFlow.TextWidth - 4 * Gutter);
            var height = lines.Count * TextSetter.Leading(Body) + 3;
            _flow.Place(
                height,
                (canvas, top) =>
                {
                    DrawLines(canvas, lines, top, Body, SKColors.Black);
                    var right = PageFlow.Margin + PageFlow.TextWidth - page.Width;
                    _text.Draw(canvas, page, right, top, Body, SKColors.Black);
                    var area = SKRect.Create(PageFlow.Margin, top, PageFlow.TextWidth, height);
                    canvas.DrawLinkDestinationAnnotation(area, Destination(title))?.Dispose();
                }
            );
        }

        _flow.Space(Between);
    }

    /// <summary>Adds a paragraph. Two stars around a phrase make it **bold**, a line feed ends a line.</summary>
    /// <param name="paragraph">The text.</param>
    public void Paragraph(string paragraph)
    {
        ArgumentNullException.ThrowIfNull(paragraph);
        Lines(paragraph, Body, SKColors.Black, after: Between);
    }

    /// <summary>Adds a figure over the whole width of the text: here, or where there is no room at the top of the next page, with what follows before it.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="heightMm">Its height in millimetres; down to 0.7 of it when the page has less.</param>
    /// <param name="caption">The caption, on the same page; empty for none.</param>
    /// <exception cref="InvalidOperationException">The figure cannot be drawn.</exception>
    public void Figure(PlotModel model, double heightMm, string caption = "") => Figures([model], heightMm, caption);

    /// <summary>Adds two figures side by side.</summary>
    /// <param name="left">The left figure.</param>
    /// <param name="right">The right figure.</param>
    /// <param name="heightMm">Their height in millimetres; down to 0.7 of it when the page has less.</param>
    /// <param name="caption">The caption of both, on the same page; empty for none.</param>
    /// <exception cref="InvalidOperationException">A figure cannot be drawn.</exception>
    public void FigureRow(PlotModel left, PlotModel right, double heightMm, string caption = "") =>
        Figures([left, right], heightMm, caption);

    /// <summary>Adds a table. Its header is repeated after a page break, and rows are not split.</summary>
    /// <param name="columns">The columns, at least one.</param>
    /// <param name="rows">The rows, each with a cell for every column.</param>
    /// <exception cref="ArgumentException">A row has more or fewer cells than there are columns.</exception>
    public void Table(IReadOnlyList<TableColumn> columns, IReadOnlyList<TableRow> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        Table(columns, rows, compact: false);
    }

    /// <summary>Adds a table, or a compact one: smaller letters, and less air between the rows.</summary>
    internal void Table(IReadOnlyList<TableColumn> columns, IReadOnlyList<TableRow> rows, bool compact)
    {
        new TableSetter(_flow, _text, columns, rows, compact, _continued).Set();
        _continued = null;
        _flow.Space(Between + 3);
    }

    /// <summary>Adds a line above the next table, which stays on its page.</summary>
    /// <param name="title">The line.</param>
    /// <param name="continued">What stands above each further page of that table.</param>
    internal void TableTitle(string title, string continued)
    {
        _continued = continued;
        var lines = _text.Wrap(title, Small, PageFlow.TextWidth);
        _flow.Defer(
            Between,
            (lines.Count * TextSetter.Leading(Small)) + 3,
            (canvas, top) => DrawLines(canvas, lines, top, Small, Quiet)
        );
    }

    /// <summary>Continues on a new page, unless nothing stands on this one yet.</summary>
    public void PageBreak() => _flow.Break();

    /// <summary>Writes the report; the file is replaced whole. Nothing can be added afterwards.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        var content = PdfOutline.Add(_flow.Close(), _outline);
        AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _flow.Dispose();
        _text.Dispose();
    }

    private void Figures(PlotModel[] models, double heightMm, string caption)
    {
        foreach (var model in models)
            ArgumentNullException.ThrowIfNull(model);
        var wanted = (float)(Require.Positive(heightMm) * FigureExport.PointsPerMillimetre);
        IReadOnlyList<TextLine> lines = string.IsNullOrEmpty(caption)
            ? []
            : _text.Wrap(caption, Small, PageFlow.TextWidth);
        var below = lines.Count * TextSetter.Leading(Small) + (lines.Count > 0 ? 4 : 0);
        var width = (PageFlow.TextWidth - Gutter * (models.Length - 1)) / models.Length;
        var left = _flow.Left - below;
        var height = Math.Min(wanted, _flow.Largest - below);
        // A heading stays with its figure.
        if (_flow.Waits || (!_flow.Floats && left >= Shrunk * height))
        {
            height = left >= Shrunk * height ? Math.Min(height, left) : height;
            _flow.Place(height + below, (canvas, top) => Draw(canvas, top, height), after: Between + 3);
        }
        else
        {
            var rest = below + Between + 3;
            _flow.Float((Shrunk * height) + rest, height + rest, (canvas, top, all) => Draw(canvas, top, all - rest));
        }

        void Draw(SKCanvas canvas, float top, float tall)
        {
            foreach (var (i, model) in _draft ? [] : models.Index())
            {
                using var restore = new SKAutoCanvasRestore(canvas);
                canvas.Translate(PageFlow.Margin + i * (width + Gutter), top);
                using var plot = new PlotCanvas(canvas, _faces);
                plot.Draw(model, width, tall);
            }

            DrawLines(canvas, lines, top + tall + 4, Small, Quiet);
        }
    }

    // Two lines at least stay together at the end of one page and at the start of the next.
    private void Lines(string content, float size, SKColor colour, bool bold = false, float after = 0)
    {
        var lines = _text.Wrap(content, size, PageFlow.TextWidth, bold);
        var leading = TextSetter.Leading(size);
        foreach (var (i, line) in lines.Index())
        {
            var together = MayBreak(i) ? Enumerable.Range(1, lines.Count - i).First(n => MayBreak(i + n)) : 1;
            _flow.Place(
                leading,
                (canvas, top) => _text.Draw(canvas, line, PageFlow.Margin, top, size, colour),
                with: (together - 1) * leading
            );
        }

        _flow.Space(after);

        bool MayBreak(int before) => before == 0 || before == lines.Count || (before >= 2 && lines.Count - before >= 2);
    }

    private void DrawLines(SKCanvas canvas, IReadOnlyList<TextLine> lines, float top, float size, SKColor colour)
    {
        foreach (var (i, line) in lines.Index())
            _text.Draw(canvas, line, PageFlow.Margin, top + i * TextSetter.Leading(size), size, colour);
    }

    /// <summary>Makes a place one that links and the outline lead to.</summary>
    private void Mark(SKCanvas canvas, float top, string heading)
    {
        canvas.DrawNamedDestinationAnnotation(new SKPoint(PageFlow.Margin, top), Destination(heading))?.Dispose();
        _outline.Add((ScriptText.Plain(heading.Replace("**", "", StringComparison.Ordinal)), Destination(heading)));
    }

    // The names of places in a file are not text: letters and digits are safe everywhere.
    private static string Destination(string heading) =>
        Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(heading));

    private void DrawFooter(SKCanvas canvas, int number)
    {
        const float size = 8;
        var page = _text.Wrap($"{number}", size, PageFlow.TextWidth)[0];
        var lines = _text.Wrap(_title, size, PageFlow.TextWidth - page.Width - Gutter);
        _text.Draw(canvas, lines[0], PageFlow.Margin, PageFlow.FooterTop, size, Quiet);
        _text.Draw(canvas, page, PageFlow.Margin + PageFlow.TextWidth - page.Width, PageFlow.FooterTop, size, Quiet);
    }
}
