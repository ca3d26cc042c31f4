using System.Text.RegularExpressions;

namespace FlatBias.Reports.Drawing;

/// <summary>Where a piece of text stands against its line.</summary>
internal enum Script
{
    /// <summary>On it.</summary>
    None,

    /// <summary>Below it, smaller.</summary>
    Sub,

    /// <summary>Above it, smaller.</summary>
    Super,
}

/// <summary>
/// Finds subscripts and superscripts in a text, for pages and figures alike: a_{12} and a^{n} in OxyPlot's notation, and
/// a symbol of one letter with a short index, γ_β or S_min, as it stands in texts that are also printed to a terminal.
/// Names of columns and files have longer stems, and are left as they are.
/// </summary>
internal static partial class ScriptText
{
    /// <summary>A subscript's or superscript's size in that of the text, about that of the signs ₁ and ² of a font.</summary>
    internal const float Size = 0.62f;

    // Signs of no script, between which an index is hidden from OxyPlot.
    private const char SubStart = '\uE000',
        SuperStart = '\uE001',
        End = '\uE002';

    /// <summary>The pieces of a text in their order; together they are the text without its marks.</summary>
    internal static IEnumerable<(string Text, Script Script)> Of(string text)
    {
        var at = 0;
        foreach (Match mark in Mark().Matches(text))
        {
            if (mark.Index > at)
                yield return (text[at..mark.Index], Script.None);
            yield return (
                mark.Groups["index"].Value,
                text[mark.Index] is '^' or SuperStart ? Script.Super : Script.Sub
            );
            at = mark.Index + mark.Length;
        }

        if (at < text.Length)
            yield return (text[at..], Script.None);
    }

    /// <summary>How far below its line a piece stands, in the size of the text: as far as the signs ₁ and ² of a font.</summary>
    internal static float Shift(Script script) =>
        script switch
        {
            Script.Sub => 0.14f,
            Script.Super => -0.36f,
            _ => 0,
        };

    /// <summary>The size of a piece in that of the text.</summary>
    internal static float SizeOf(Script script) => script == Script.None ? 1 : Size;

    /// <summary>The text without its marks.</summary>
    internal static string Plain(string text) => string.Concat(Of(text).Select(piece => piece.Text));

    /// <summary>
    /// The text with marks that only <see cref="Of"/> knows. OxyPlot sets its own apart from what stands beside them, by
    /// gaps made for pixels, and on one line alone; the rest of the text is as it was.
    /// </summary>
    internal static string Hidden(string text) =>
        string.Concat(
            Of(text)
                .Select(piece =>
                    piece.Script switch
                    {
                        Script.Sub => $"{SubStart}{piece.Text}{End}",
                        Script.Super => $"{SuperStart}{piece.Text}{End}",
                        _ => piece.Text,
                    }
                )
        );

    [GeneratedRegex(
        @"[\^_]\{(?<index>[^{}\uE000-\uE002]+)\}|[\uE000\uE001](?<index>[^\uE002]+)\uE002|(?<=(?<![A-Za-z_])\p{L}[′″]?)_(?<index>[\p{L}\p{Nd}]{1,3})(?![\p{L}\p{Nd}_\uE000]|\.[\p{L}\p{Nd}])"
    )]
    private static partial Regex Mark();
}
