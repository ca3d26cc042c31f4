using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Maps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 25)]
public class TangentConformanceTests
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, TangentSystems.All.Length)];

    [Property]
    public void StepTangent_EverySystem_IsTheLinearDerivativeOfTheStepAndDeterministic(Seed seed)
    {
        foreach (var system in TangentSystems.All)
            system.Apply(new TangentConformance(system, seed.Random()));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void StepTangent_ManySteps_AllocateNothing(int index) =>
        TangentSystems.All[index].Apply(new TangentAllocation(TangentSystems.All[index]));

    [Fact]
    public void TangentSystem_IteratedAsAMap_IsStateAndTangentsSideBySide()
    {
        var map = new TangentMap<Henon>(new Henon(1.4, 0.3));
        double[] both = [0.1, 0.2, 1, 0, 0, 1],
            x = [0.1, 0.2],
            next = new double[2],
            images = new double[4];
        double[] tangents = [1, 0, 0, 1];
        Orbit.Iterate(new TangentSystem<TangentMap<Henon>>(map, 2), both, new double[6], 7);
        for (var t = 0; t < 7; t++)
        {
            map.StepTangent(x, tangents, next, images);
            (x, next) = (next, x);
            (tangents, images) = (images, tangents);
        }

        Assert.Equal([.. x, .. tangents], both);
    }

    [Fact]
    public void FlowMap_FlowThatBlowsUp_GivesNaN()
    {
        // x' = x^2 from 2 is infinite at t = 1/2.
        var map = new FlowMap<DifferenceFlow<Square>>(
            new(default, new IntegrationOptions()),
            1,
            new IntegrationOptions()
        );
        double[] next = [0],
            image = [0];
        map.Step([2], next);
        Assert.Equal(double.NaN, next[0]);
        map.StepTangent([2], [1], next, image);
        Assert.Equal(double.NaN, next[0]);
        Assert.Equal(double.NaN, image[0]);
        map.StepTangent([0.5], [1], next, image);
        // x(t) = x / (1 - x t): at t = 1, 1 with slope 1 / (1 - x)^2 = 4, to the tolerance 1e-9 of some tens of steps.
        Near.Equal([1, 4], [next[0], image[0]], 1e-7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1e-200)]
    [InlineData(-1e-200)]
    [InlineData(-1e200)]
    public void FlowMap_TangentsOfAnyLengthAndSign_AreCarriedAsThatOfLengthOne(double length)
    {
        // A tangent is integrated in units of its own size: the same steps, so the same digits but for two roundings.
        var map = new FlowMap<Lorenz>(default, 0.1, new IntegrationOptions(1e-8, 1e-8));
        double[] next = new double[3],
            image = new double[3],
            expected = new double[3];
        map.StepTangent([1, 2, 20], [1, 0.5, 0.25], next, expected);
        map.StepTangent([1, 2, 20], [length, 0.5 * length, 0.25 * length], next, image);
        Near.Equal(expected, [.. image.Select(x => x / length)], 8 * Near.Roundoff * Near.Scale(expected), "image");
    }

    [Fact]
    public void Constructors_BadArguments_NameThem()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowMap<Lorenz>(default, 0, new IntegrationOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new FlowMap<Lorenz>(default, double.NaN, new IntegrationOptions())
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowMap<Lorenz>(default, 1, new IntegrationOptions(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IteratedMap<TangentMap<Logistic>>(default, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TangentSystem<TangentMap<Logistic>>(default, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VariationalFlow<Lorenz>(default, -1));
    }

    private readonly struct Square : IFlow
    {
        public int Dimension => 1;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) =>
            derivative[0] = state[0] * state[0];
    }
}
