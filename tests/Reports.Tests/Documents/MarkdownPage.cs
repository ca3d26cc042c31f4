using System.Text.RegularExpressions;
using FlatBias.Testing;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>A page of the project's documentation.</summary>
/// <param name="Name">Its path from the root of the checkout.</param>
internal sealed partial record MarkdownPage(string Name)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();
    private readonly MarkdownDocument _document = Markdown.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, Name)),
        Pipeline
    );

    /// <summary>All pages: those of the root, and those below the folders that hold some.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(
                new[] { "docs", "data", "benchmarks" }.SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)
                )
            )
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Order(StringComparer.Ordinal)
            .Select(name => new MarkdownPage(name)),
    ];

    /// <summary>The targets of links and pictures.</summary>
    public IEnumerable<string> Links => _document.Descendants<LinkInline>().Select(link => link.Url!);

    /// <summary>What a link can name on the page after #.</summary>
    public IEnumerable<string> Anchors =>
        _document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id!);

    /// <summary>Code blocks with their language, empty for an indented one.</summary>
    public IEnumerable<(string Language, string Code)> Blocks =>
        _document
            .Descendants<CodeBlock>()
            .Select(block => ((block as FencedCodeBlock)?.Info ?? "", block.Lines.ToString()));

    /// <summary>Lines of code blocks that call the command, without its name and without a comment at the end.</summary>
    public IEnumerable<string> Commands =>
        Blocks
            .Where(block => block.Language.Length == 0)
            .SelectMany(block => block.Code.Split('\n'))
            .Select(line => CommandLine().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value.Trim())
            // How a command is used in general is no call of it.
            .Where(line => !line.Contains("[options]", StringComparison.Ordinal));

    [GeneratedRegex(@"^\s*(?:flatbias|dotnet run --project src/Reports --)\s+(.*?)(?:\s{3,}.*|#.*)?$")]
    private static partial Regex CommandLine();
}
