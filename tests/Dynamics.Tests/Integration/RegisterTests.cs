using FlatBias.Dynamics.Integration;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>States are worked on a register at a time, the last of which is only partly filled.</summary>
public sealed class RegisterTests
{
    public static TheoryData<ButcherTableau> Methods =>
        [
            ButcherTableau.BogackiShampine,
            ButcherTableau.DormandPrince,
            ButcherTableau.Tsitouras,
            ButcherTableau.DormandPrince853,
        ];

    // Components that do not know of each other take the same additions and products in the same order, however many
    // of them share a register: bits, not a tolerance.
    [Theory]
    [MemberData(nameof(Methods))]
    public void Step_AnyNumberOfEqualComponents_EachHasTheBitsOfOne(ButcherTableau method)
    {
        var (one, inside) = Step(method, 1);

        for (var dimension = 2; dimension <= 40; dimension++)
        {
            var (all, allInside) = Step(method, dimension);
            Assert.All(all, x => Assert.Equal(one[0], x));
            Assert.All(allInside, x => Assert.Equal(inside[0], x));
        }
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(17, 2)]
    [InlineData(8, 7)]
    public void Integrate_AnotherDimensionAfterwards_LeavesNothingBehind(int first, int then)
    {
        var options = new IntegrationOptions(1e-8, 1e-8, 10_000);
        var used = new RungeKutta(ButcherTableau.DormandPrince, options);
        var fresh = new RungeKutta(ButcherTableau.DormandPrince, options);

        End(used, first);

        Assert.Equal(End(fresh, then), End(used, then));
    }

    private static double[] End(RungeKutta integrator, int dimension)
    {
        var (state, time) = (Enumerable.Range(1, dimension).Select(i => 1.0 / i).ToArray(), 0.0);
        integrator.Integrate(new Alone(dimension), ref time, 3, state);
        return state;
    }

    private static (double[] End, double[] Inside) Step(ButcherTableau method, int dimension)
    {
        var integrator = new RungeKutta(method, new IntegrationOptions(1e-6, 1e-6, 10));
        var (state, inside) = (new double[dimension], new double[dimension]);
        Array.Fill(state, 0.7);
        integrator.Step(new Alone(dimension), 0.1, 0.3, state).Evaluate(0.1 + (0.3 * 0.37), inside);
        return (state, inside);
    }

    private readonly struct Alone(int dimension) : IFlow
    {
        public int Dimension => dimension;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            for (var i = 0; i < state.Length; i++)
                derivative[i] = (state[i] * (1 - state[i])) + time;
        }
    }
}
