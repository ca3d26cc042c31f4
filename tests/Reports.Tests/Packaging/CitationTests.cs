using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

public class CitationTests
{
    [Fact]
    public void Citation_OfTheRepository_NamesTheVersionAndThePaper()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "CITATION.cff"));

        Assert.Contains($"version: {PackedFeed.Version}", lines);
        Assert.Contains("        value: arXiv:2511.12558", lines);
    }
}
