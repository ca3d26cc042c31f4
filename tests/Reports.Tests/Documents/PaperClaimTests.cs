using FlatBias.Reports.Claims;
using FlatBias.Reports.Contents;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>The answers on the first page follow from the verdicts, and change when they do.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class PaperClaimTests
{
    private static readonly Statement Any = new("any", "Any statement.", "D");

    [Fact]
    public void All_Statements_AreOfAChapterAndCountOnceForAClaim()
    {
        var known = ChapterCatalogue.All.SelectMany(c => c.Statements).Select(s => s.Id).ToHashSet();
        foreach (var claim in PaperClaim.All)
        foreach (var evidence in new[] { claim.Landscapes, claim.Networks })
        {
            Assert.Subset(known, evidence.All.ToHashSet());
            Assert.Equal(evidence.All.Count(), evidence.All.Distinct().Count());
            Assert.True(evidence.Headline is null || known.Contains(evidence.Headline));
        }
    }

    [Fact]
    public void All_Figures_AreOfAChapter()
    {
        var known = ChapterCatalogue.All.SelectMany(chapter => chapter.Prose.Figures).ToHashSet();
        Assert.All(PaperClaim.All, claim => Assert.NotEmpty(claim.Figures));
        Assert.Subset(known, PaperClaim.All.SelectMany(claim => claim.Figures).ToHashSet());
    }

    /// <summary>Verdicts of supporting statements, then of opposing ones: c, r, i, n.</summary>
    [Theory]
    [InlineData("", "", "not measured")]
    [InlineData("n", "n", "not measured")]
    [InlineData("ccc", "", "yes")]
    [InlineData("ccn", "r", "yes")]
    [InlineData("r", "c", "no")]
    [InlineData("cr", "", "in part")]
    [InlineData("c", "c", "in part")]
    [InlineData("cri", "", "in part")]
    [InlineData("ci", "", "yes, as far as decided")]
    [InlineData("cii", "", "mostly undecided")]
    [InlineData("ri", "", "no, as far as decided")]
    [InlineData("rii", "", "mostly undecided")]
    [InlineData("ii", "i", "undecided")]
    public void Of_Verdicts_FollowsTheRule(string supporting, string opposing, string word)
    {
        var answer = Of(supporting, opposing);
        Assert.Equal(word, answer.Word);
        Assert.Equal((supporting + opposing).Count(v => v != 'n'), answer.For + answer.Against + answer.Undecided);
    }

    /// <summary>A statement and its opposite say the same of a claim, once turned round.</summary>
    [Property]
    public void Of_StatementsTurnedRound_SayTheSame(Seed seed, Size size)
    {
        var random = seed.Random();
        var verdicts = string.Concat(Enumerable.Range(0, size.Value % 6).Select(_ => "crin"[random.Next(4)]));
        var turned = string.Concat(
            verdicts.Select(v =>
                v switch
                {
                    'c' => 'r',
                    'r' => 'c',
                    _ => v,
                }
            )
        );
        Assert.Equal(Of(verdicts, ""), Of("", turned));
    }

    private static Answer Of(string supporting, string opposing)
    {
        var ids = Enumerable.Range(0, supporting.Length + opposing.Length).Select(i => $"{i}").ToArray();
        var claims = ids.Zip(supporting + opposing).ToDictionary(pair => pair.First, pair => Claim(pair.Second));
        return Answer.Of(new Evidence(null, ids[..supporting.Length], ids[supporting.Length..]), claims);
    }

    private static Claim Claim(char verdict) =>
        verdict switch
        {
            'c' => Any.Judge(Relation.AtMost, 1, 0, 0, "", ""),
            'r' => Any.Judge(Relation.AtMost, 1, 2, 0, "", ""),
            'i' => Any.Judge(Relation.AtMost, 1, double.NaN, 0, "", ""),
            _ => Any.NotRun("no run"),
        };
}
