using FlatBias.Dynamics.Theories;
using FlatBias.Reports.Chapters;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Who is held against whom. A new theory gets its row here.</summary>
public class ComparedTheoriesTests
{
    [Fact]
    public void Rivals_Catalogue_AreThoseOfSectionSix() =>
        Assert.Equal(
            [
                "gradient-flow",
                "two-step-flow",
                "rod-flow",
                "central-flow-1",
                "central-flow-3",
                "catapult",
                "quadratic-regression",
                "self-stabilization-reduced",
                "self-stabilization",
                "self-stabilization-fixed",
            ],
            ComparedTheories.Rivals
        );

    [Fact]
    public void Main_Catalogue_IsOneASystem() =>
        Assert.Equal(
            [
                "gradient-flow",
                "two-step-flow",
                "rod-flow",
                "central-flow-1",
                "central-flow-3",
                "catapult",
                "quadratic-regression",
                "coupled-map",
                "self-stabilization-reduced",
                "self-stabilization",
                "moment-map-2",
                "moment-map-4",
                "memory-map-4",
                "memory-map-4-cubic",
            ],
            ComparedTheories.Main
        );

    [Fact]
    public void Catalogue_EveryTheory_IsCompared() =>
        Assert.All(
            TheoryCatalogue.All,
            theory =>
                Assert.True(
                    ComparedTheories.Rivals.Contains(theory.Name)
                        || ComparedTheories.Main.Contains(theory.Name)
                        || theory.Standing.Role != TheoryRole.Main,
                    theory.Name
                )
        );
}
