using Xunit.Sdk;

namespace FlatBias.Reports.Tests.Documents;

public class GeneratedTableTests
{
    private const string Page =
        "# Page\n\n## One\n\nWords.\n\n| a |\n| --- |\n| old |\n\nMore | words.\n\n"
        + "## Two\n\nNone.\n\n## Three\n\n| b |\n| --- |\n";

    [Fact]
    public void Replace_FirstTableBelowTheHeading_LeavesAllElse() =>
        Assert.Equal(
            Page.Replace("| a |\n| --- |\n| old |\n", "| c | d |\n| --- | --- |\n| 1 | |\n", StringComparison.Ordinal),
            GeneratedTable.Replace(
                Page,
                "One",
                GeneratedTable.Of(
                    ["c", "d"],
                    [
                        ["1", ""],
                    ]
                )
            )
        );

    [Theory]
    [InlineData("Two")]
    [InlineData("Four")]
    public void Replace_NoTableBelowTheHeading_Fails(string heading) =>
        Assert.Contains(
            heading,
            Assert.ThrowsAny<XunitException>(() => GeneratedTable.Replace(Page, heading, "")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Cell_SignsOfTables_AreEscaped() => Assert.Equal("\\|m\\| \\< 1", GeneratedTable.Cell("|m| < 1"));
}
