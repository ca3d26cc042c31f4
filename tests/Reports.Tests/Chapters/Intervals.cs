using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Holds the intervals of a chapter's claims against what their quantities can be, told by the words for them.</summary>
internal static class Intervals
{
    private static readonly (string Word, Domain Domain)[] Known =
    [
        ("Spearman", Domain.Correlation),
        ("share of runs", Domain.Share),
        ("noise share at", Domain.Share),
        ("error", Domain.NotNegative),
        ("S of ", Domain.NotNegative),
        ("S at ", Domain.NotNegative),
        ("S(η", Domain.NotNegative),
        ("latest drop over control", Domain.NotNegative),
        ("test accuracy", Domain.Points),
        ("stability number", Domain.NotNegative),
    ];

    public static void Check(IEnumerable<Claim> claims)
    {
        foreach (var claim in claims.Where(claim => claim.Uncertainty > 0))
        {
            foreach (var (word, domain) in Known)
            {
                if (!claim.Quantity.Contains(word, StringComparison.Ordinal))
                    continue;
                Assert.True(domain == claim.Domain, $"{claim.Statement.Id}, {claim.Quantity}: {claim.Domain}");
                break;
            }

            Assert.True(
                claim.Low >= claim.Domain.Low && claim.High <= claim.Domain.High && claim.Low <= claim.High,
                claim.MeasuredText
            );
        }
    }
}
