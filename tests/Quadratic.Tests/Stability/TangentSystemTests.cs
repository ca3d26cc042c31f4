using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Stability;

/// <summary>The maps of the landscapes through the conformance suite of tangent systems.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class TangentSystemTests
{
    // Dual numbers round like a formula; differences are good to 3e-11 of the scale and a few.
    private const double Formula = 30 * Near.Roundoff,
        Automatic = 1e-9;

    private static readonly TangentCase[] All =
    [
        TangentCase.Of(
            "scalar product by dual numbers",
            () =>
                new TangentMap<DualMap<DescentFormula<ScalarProductModel>>>(
                    new(new(new ScalarProductModel(1), 3, 0.1))
                ),
            1,
            Formula
        ),
        TangentCase.Of(
            "scalar product, automatic",
            () => new TangentMap<DifferenceMap<DescentMap<ScalarProductModel>>>(new(new ScalarProduct(3).AsMap(0.1))),
            1,
            Automatic
        ),
        TangentCase.Of(
            "Zhu's quartic by dual numbers",
            () => new TangentMap<DualMap<DescentFormula<ZhuQuartic.Formula>>>(new(new(default, 2, 0.1))),
            1,
            Formula
        ),
        TangentCase.Of(
            "catapult, automatic",
            () => new TangentMap<DifferenceMap<CatapultMap>>(new(new CatapultMap(0.5, 10, 0.3))),
            1,
            Automatic
        ),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, All.Length)];

    [Property]
    public void StepTangent_EverySystem_IsTheLinearDerivativeOfTheStepAndDeterministic(Seed seed)
    {
        foreach (var system in All)
            system.Apply(new TangentConformance(system, seed.Random()));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void StepTangent_ManySteps_AllocateNothing(int index) => All[index].Apply(new TangentAllocation(All[index]));
}
