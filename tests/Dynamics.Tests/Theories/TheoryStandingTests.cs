using FlatBias.Dynamics.Theories;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>Comparisons choose theories by their standing, so that one that belonged nowhere would be left out unseen.</summary>
public class TheoryStandingTests
{
    public static TheoryData<string> Names => [.. TheoryCatalogue.All.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Standing_EveryTheory_BelongsToAGroupThatHasAMainOne(string name)
    {
        var standing = TheoryCatalogue.All.Find(name).Standing;

        Assert.True(
            Enum.IsDefined(standing.Family) && Enum.IsDefined(standing.Origin) && Enum.IsDefined(standing.Role)
        );
        Assert.NotEmpty(standing.Source);
        Assert.Contains(
            TheoryCatalogue.All,
            main =>
                main.Standing is { Role: TheoryRole.Main } of
                && (of.Family, of.Origin) == (standing.Family, standing.Origin)
        );
    }
}
