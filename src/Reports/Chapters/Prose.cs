using System.Text.RegularExpressions;

namespace FlatBias.Reports.Chapters;

/// <summary>
/// What a chapter says apart from what it found: its introduction, and what to see in its figures. It stands in a
/// Markdown file beside the chapter, of the same name: paragraphs, then a heading and a paragraph for each figure,
/// then a table of what is predicted and measured of each claim, for the page of claims.
/// A name in braces, {target}, stands for a value that the code gives, so that text and code cannot disagree.
/// </summary>
internal sealed partial class Prose
{
    private const string ClaimsHeading = "claims\n";
    private readonly string _name;
    private readonly string[] _introduction;
    private readonly Dictionary<string, string> _captions;
    private readonly Dictionary<string, string> _claims = [];

    /// <summary>Reads a chapter's text.</summary>
    /// <param name="name">The chapter, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidDataException">A figure has no caption, or two, or a claim two rows.</exception>
    public Prose(string name, string text)
    {
        _name = name;
        var parts = text.ReplaceLineEndings("\n").Split("\n## ");
        _introduction = Paragraphs(parts[0]);
        _captions = [];
        foreach (var part in parts[1..])
        {
            if (part.StartsWith(ClaimsHeading, StringComparison.Ordinal))
                ReadClaims(part);
            else if (Paragraphs(part) is not { Length: 2 } words || !_captions.TryAdd(words[0], words[1]))
                throw new InvalidDataException($"{name} must have one caption for the figure {part.Split('\n')[0]}.");
        }
    }

    /// <summary>The figures that have a caption.</summary>
    public IReadOnlyCollection<string> Figures => _captions.Keys;

    /// <summary>By the name of a claim the cells of its row: prediction, measurement, tolerance.</summary>
    public IReadOnlyDictionary<string, string> Claims => _claims;

    /// <summary>The text beside a chapter.</summary>
    public static Prose Of(Type chapter)
    {
        var name = $"{chapter.FullName}.md";
        using var stream =
            chapter.Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidDataException($"{name} is missing: a chapter has a text beside it.");
        using var reader = new StreamReader(stream);
        return new Prose(chapter.Name, reader.ReadToEnd());
    }

    /// <summary>What is claimed and how it is tested, a paragraph each.</summary>
    /// <param name="values">What the names in braces stand for.</param>
    /// <exception cref="InvalidDataException">A name has no value.</exception>
    public IReadOnlyList<string> Introduction(IReadOnlyDictionary<string, string> values) =>
        [.. _introduction.Select(paragraph => Fill(paragraph, values))];

    /// <summary>What to see in a figure.</summary>
    /// <param name="figure">The heading of its caption.</param>
    /// <param name="values">What the names in braces stand for.</param>
    /// <exception cref="InvalidDataException">There is no such caption, or a name has no value.</exception>
    public string Caption(string figure, IReadOnlyDictionary<string, string> values) =>
        _captions.TryGetValue(figure, out var caption)
            ? Fill(caption, values)
            : throw new InvalidDataException($"{_name} has no caption for the figure {figure}.");

    /// <summary>A line break within a paragraph is the file's, not the page's.</summary>
    private static string[] Paragraphs(string part) =>
        [
            .. part.Split("\n\n")
                .Select(paragraph => paragraph.Trim().Replace('\n', ' '))
                .Where(paragraph => paragraph.Length > 0),
        ];

    private void ReadClaims(string part)
    {
        foreach (Match row in ClaimRow().Matches(part))
            if (!_claims.TryAdd(row.Groups[1].Value, row.Groups[2].Value))
                throw new InvalidDataException($"{_name} has two rows for the claim {row.Groups[1].Value}.");
    }

    private string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Braces()
            .Replace(
                text,
                match =>
                    values.TryGetValue(match.Groups[1].Value, out var value)
                        ? value
                        : throw new InvalidDataException($"{_name} gives no value for {match.Value} in its text.")
            );

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"^\| `([^`]+)` \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex ClaimRow();
}
