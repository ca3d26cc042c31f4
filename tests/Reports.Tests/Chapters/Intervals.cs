using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Holds the intervals of a chapter's claims against what their quantities can be, told by the words for them.</summary>
internal static class Intervals
{
    private static readonly (string Word, QuantityKind Kind)[] Known =
    [
        ("Spearman", QuantityKind.Correlation),
        ("share of runs", QuantityKind.Share),
        ("noise share at", QuantityKind.Share),
        ("error", QuantityKind.Size),
        ("S of ", QuantityKind.Size),
        ("S at ", QuantityKind.Size),
        ("S(η", QuantityKind.Size),
        ("latest drop over control", QuantityKind.Size),
        ("test accuracy", QuantityKind.Points),
        ("stability number", QuantityKind.Size),
    ];

    public static void Check(IEnumerable<Claim> claims)
    {
        foreach (var claim in claims.Where(claim => claim.Low < claim.High))
        {
            Assert.True(claim.Low <= claim.Measured && claim.Measured <= claim.High, claim.MeasuredText);
            foreach (var (word, kind) in Known)
            {
                if (!claim.Quantity.Contains(word, StringComparison.Ordinal))
                    continue;
                Assert.True(
                    claim.Low >= kind.Low && claim.High <= kind.High,
                    $"{claim.Statement.Id}, {claim.Quantity}: {claim.MeasuredText}"
                );
                break;
            }
        }
    }
}
