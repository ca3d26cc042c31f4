using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlatBias.Reports.Pages;

/// <summary>
/// Adds an outline to a PDF, the bookmarks of its chapters, which SkiaSharp writes none of: as an update at the end of the
/// file, whose objects, cross-references and trailer go before those that are there (ISO 32000-1, 7.5.6 and 12.3.3).
/// </summary>
internal static partial class PdfOutline
{
    // An entry of the table of cross-references has 20 bytes.
    private const int EntryLength = 20;

    /// <summary>Adds the outline.</summary>
    /// <param name="content">The PDF as SkiaSharp wrote it.</param>
    /// <param name="entries">The titles in their order, each with the named destination that it leads to.</param>
    /// <returns>The PDF with the outline; as it was where there are no entries.</returns>
    /// <exception cref="InvalidDataException">The PDF is not of the form that SkiaSharp writes.</exception>
    internal static byte[] Add(byte[] content, IReadOnlyList<(string Title, string Destination)> entries)
    {
        if (entries.Count == 0)
            return content;
        // One character a byte, so that places in the text are places in the file.
        var text = Encoding.Latin1.GetString(content);
        var trailer = Trailer().Matches(text).LastOrDefault() ?? throw Unknown("trailer");
        var (size, root, start) = (Number(trailer, "size"), Number(trailer, "root"), Number(trailer, "start"));
        var table = Table().Match(text, start);
        if (!table.Success || table.Index != start)
            throw Unknown("table of cross-references");
        var at = int.Parse(text.AsSpan(start + table.Length + (root * EntryLength), 10), CultureInfo.InvariantCulture);
        var catalogue = Catalogue().Match(text, at);
        if (!catalogue.Success || catalogue.Index != at)
            throw Unknown("catalogue");

        var update = new StringBuilder();
        var offsets = new List<int>();
        Object(root, $"{catalogue.Groups["entries"].Value}\n/Outlines {size} 0 R\n/PageMode /UseOutlines");
        Object(
            size,
            $"/Type /Outlines\n/First {size + 1} 0 R\n/Last {size + entries.Count} 0 R\n/Count {entries.Count}"
        );
        foreach (var (i, (title, destination)) in entries.Index())
        {
            var item = size + 1 + i;
            var previous = i > 0 ? $"\n/Prev {item - 1} 0 R" : "";
            var next = i < entries.Count - 1 ? $"\n/Next {item + 1} 0 R" : "";
            Object(item, $"/Title <{Utf16(title)}>\n/Parent {size} 0 R{previous}{next}\n/Dest /{destination}");
        }

        var end = content.Length + update.Length;
        update.Append(CultureInfo.InvariantCulture, $"xref\n{root} 1\n{Entry(offsets[0])}{size} {offsets.Count - 1}\n");
        foreach (var offset in offsets.Skip(1))
            update.Append(Entry(offset));
        update.Append(
            CultureInfo.InvariantCulture,
            $"trailer\n<</Size {size + offsets.Count - 1}\n/Root {root} 0 R\n/Info {trailer.Groups["info"].Value} 0 R\n/Prev {start}>>\nstartxref\n{end}\n%%EOF\n"
        );
        return [.. content, .. Encoding.Latin1.GetBytes(update.ToString())];

        void Object(int number, string dictionary)
        {
            if (update.Length == 0)
                update.Append('\n');
            offsets.Add(content.Length + update.Length);
            update.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n<<{dictionary}>>\nendobj\n");
        }
    }

    private static string Entry(int offset) => string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");

    // With the mark that says which order the bytes have.
    private static string Utf16(string title) =>
        "FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(title));

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static InvalidDataException Unknown(string part) =>
        new($"The PDF cannot be given an outline: its {part} is not where SkiaSharp 2.88 writes it.");

    [GeneratedRegex(
        @"trailer\n<</Size (?<size>\d+)\n/Root (?<root>\d+) 0 R\n/Info (?<info>\d+) 0 R>>\nstartxref\n(?<start>\d+)\n%%EOF"
    )]
    private static partial Regex Trailer();

    [GeneratedRegex(@"xref\n0 \d+\n")]
    private static partial Regex Table();

    [GeneratedRegex(@"\d+ 0 obj\n<<(?<entries>/Type /Catalog[^<>]*)>>\nendobj")]
    private static partial Regex Catalogue();
}
