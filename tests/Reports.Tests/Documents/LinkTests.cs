using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Documents;

public class LinkTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_NameFilesAndHeadingsThatExist(string name)
    {
        var broken = new MarkdownPage(name).Links.Where(link => !Exists(name, link)).ToArray();
        Assert.True(broken.Length == 0, $"{name} links to what is not there: {string.Join(", ", broken)}");
    }

    [Fact]
    public void Pages_OfDocs_AreAllReachableFromTheReadme()
    {
        var reached = new HashSet<string> { "README.md" };
        for (Queue<string> open = new(reached); open.TryDequeue(out var page); )
        {
            foreach (
                var link in new MarkdownPage(page).Links.Where(link => !link.Contains("://", StringComparison.Ordinal))
            )
            {
                var target = Target(page, link.Split('#')[0]);
                if (target.EndsWith(".md", StringComparison.Ordinal) && reached.Add(target))
                    open.Enqueue(target);
            }
        }

        Assert.Empty(
            MarkdownPage
                .All.Select(page => page.Name)
                .Where(page => page.StartsWith("docs", StringComparison.Ordinal))
                .Except(reached)
        );
    }

    [Theory]
    [InlineData("README.md", "docs/no-such-page.md")]
    [InlineData("README.md", "docs/theory.md#no-such-heading")]
    [InlineData("docs/theory.md", "#no-such-heading")]
    public void Exists_BrokenLink_IsFound(string page, string link) => Assert.False(Exists(page, link));

    private static bool Exists(string page, string link)
    {
        if (link.StartsWith("https://", StringComparison.Ordinal))
            return true;
        var parts = link.Split('#');
        var target = parts[0].Length == 0 ? page : Target(page, parts[0]);
        var path = Path.Combine(Repository.Root, target);
        return (File.Exists(path) || Directory.Exists(path))
            && (parts.Length == 1 || new MarkdownPage(target).Anchors.Contains(parts[1]));
    }

    private static string Target(string page, string link) =>
        Path.GetRelativePath(
            Repository.Root,
            Path.GetFullPath(link, Path.GetDirectoryName(Path.Combine(Repository.Root, page))!)
        );
}
