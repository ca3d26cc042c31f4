using System.Globalization;
using FlatBias.Reports.Drawing;
using SkiaSharp;

namespace FlatBias.Reports.Pages;

/// <summary>A piece of a line in one face.</summary>
/// <param name="Text">The text, spaces included.</param>
/// <param name="Bold">Whether it is bold.</param>
/// <param name="Script">Where it stands against the line.</param>
internal readonly record struct TextRun(string Text, bool Bold, Script Script = Script.None);

/// <summary>A line that fits its width.</summary>
/// <param name="Runs">Its pieces from left to right.</param>
/// <param name="Width">Its width in points.</param>
internal sealed record TextLine(IReadOnlyList<TextRun> Runs, float Width);

/// <summary>
/// Breaks text into lines and draws them. Two stars around a phrase make it **bold**; a line feed ends a line; subscripts
/// and superscripts are those of <see cref="ScriptText"/>.
/// </summary>
internal sealed class TextSetter(FontFaces faces) : IDisposable
{
    private const string BoldMark = "**";

    private readonly Dictionary<(float Size, bool Bold), SKPaint> _paints = [];

    /// <summary>Gets the distance of two baselines.</summary>
    /// <param name="size">The text's size in points.</param>
    /// <returns>The distance in points.</returns>
    internal static float Leading(float size) => size * 1.38f;

    /// <summary>Breaks a text into lines at its spaces, and within a word only where the word alone is wider than the line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Its size in points.</param>
    /// <param name="width">The width of a line in points.</param>
    /// <param name="bold">Whether all of it is bold.</param>
    /// <returns>The lines; one empty line for an empty text.</returns>
    internal IReadOnlyList<TextLine> Wrap(string text, float size, float width, bool bold = false)
    {
        var lines = new List<TextLine>();
        var inBold = bold;
        foreach (var paragraph in text.ReplaceLineEndings("\n").Replace('\t', ' ').Split('\n'))
        {
            var line = new LineBuilder(this, size);
            foreach (var word in Words(paragraph, bold, ref inBold))
            {
                if (line.IsEmpty || line.WidthWith(word) <= width)
                {
                    line.Add(word);
                    if (line.Width <= width)
                        continue;
                    line.BreakWord(width, lines);
                }
                else
                {
                    lines.Add(line.Take());
                    line.Add(word);
                    line.BreakWord(width, lines);
                }
            }

            lines.Add(line.Take());
        }

        return lines;
    }

    /// <summary>Draws a line.</summary>
    /// <param name="canvas">What to draw on.</param>
    /// <param name="line">The line.</param>
    /// <param name="x">Its left end in points.</param>
    /// <param name="top">The top of its leading in points.</param>
    /// <param name="size">The text's size in points.</param>
    /// <param name="colour">The colour.</param>
    internal void Draw(SKCanvas canvas, TextLine line, float x, float top, float size, SKColor colour)
    {
        // The baseline sits so that the blank of the leading is shared between above and below.
        var baseline = top + Leading(size) * 0.76f;
        foreach (var run in line.Runs)
        {
            var paint = Paint(ScriptText.SizeOf(run.Script) * size, run.Bold);
            paint.Color = colour;
            canvas.DrawText(run.Text, x, baseline + (ScriptText.Shift(run.Script) * size), paint);
            x += paint.MeasureText(run.Text);
        }
    }

    /// <summary>Measures a text on one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Its size in points.</param>
    /// <param name="bold">Whether it is bold.</param>
    /// <returns>Its width in points.</returns>
    internal float Measure(string text, float size, bool bold) =>
        ScriptText.Of(text).Sum(piece => Measure(new TextRun(piece.Text, bold, piece.Script), size));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var paint in _paints.Values)
            paint.Dispose();
        _paints.Clear();
    }

    private float Measure(TextRun run, float size) =>
        Paint(ScriptText.SizeOf(run.Script) * size, run.Bold).MeasureText(run.Text);

    private SKPaint Paint(float size, bool bold)
    {
        if (!_paints.TryGetValue((size, bold), out var paint))
            _paints[(size, bold)] = paint = faces.Paint(size, bold);
        return paint;
    }

    // A word may change its face within, as in **bold**ly.
    private static List<List<TextRun>> Words(string paragraph, bool allBold, ref bool inBold)
    {
        var words = new List<List<TextRun>>();
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var pieces = new List<TextRun>();
            foreach (var (index, piece) in word.Split(BoldMark).Index())
            {
                if (index > 0)
                    inBold = allBold || !inBold;
                foreach (var (text, script) in ScriptText.Of(piece))
                    pieces.Add(new TextRun(text, inBold, script));
            }

            if (pieces.Count > 0)
                words.Add(pieces);
        }

        return words;
    }

    /// <summary>The line that is being filled.</summary>
    private sealed class LineBuilder(TextSetter setter, float size)
    {
        private readonly List<TextRun> _runs = [];

        internal bool IsEmpty => _runs.Count == 0;

        internal float Width => _runs.Sum(run => setter.Measure(run, size));

        internal float WidthWith(List<TextRun> word) =>
            Width + word.Sum(run => setter.Measure(run, size)) + setter.Measure(Space, size);

        // The space goes to the face before it, so that one run holds whole phrases and copied text keeps its spaces.
        private TextRun Space => new(" ", _runs[^1].Bold);

        internal void Add(List<TextRun> word)
        {
            if (!IsEmpty)
                Append(Space);
            foreach (var run in word)
                Append(run);
        }

        internal TextLine Take()
        {
            var line = new TextLine([.. _runs], Width);
            _runs.Clear();
            return line;
        }

        internal void BreakWord(float width, List<TextLine> lines)
        {
            if (Width <= width)
                return;
            var word = _runs.ToList();
            _runs.Clear();
            foreach (var run in word)
            {
                var letters = StringInfo.GetTextElementEnumerator(run.Text);
                while (letters.MoveNext())
                {
                    var letter = run with { Text = letters.GetTextElement() };
                    if (!IsEmpty && Width + setter.Measure(letter, size) > width)
                        lines.Add(Take());
                    Append(letter);
                }
            }
        }

        private void Append(TextRun run)
        {
            if (!IsEmpty && _runs[^1] is var last && (last.Bold, last.Script) == (run.Bold, run.Script))
                _runs[^1] = run with { Text = _runs[^1].Text + run.Text };
            else
                _runs.Add(run);
        }
    }
}
