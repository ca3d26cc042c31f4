using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>
/// The flow of centre and swing (6.12) on quadratics, on orbits, and where rod flow loses the instability.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class SwingFlowTheoryTests
{
    private const int Steps = 20;

    // As in FlowTheoryTests; past the edge the swing grows by less than e^4 in all.
    private const double Tolerance = 1e-10 * 30 * Steps * 55;

    [Property]
    public void Predict_OnAQuadratic_IsTheExponential(Seed seed, Size size, Real number)
    {
        var drawn = RandomJets.Draw(seed.Random(), 2, size.Value - 1);
        double[][] none = [new double[size.Value - 1], new double[size.Value - 1]];
        var floor = drawn.Krylov!;
        var jet = drawn with { Krylov = new KrylovJet(floor.Hessian, none, floor.Slope) };
        var stepSize = number.In(1.2, 2.2) / 3;
        var forecast = new SwingFlowTheory().Predict(jet, stepSize, Steps);
        // The swing multiplies by 1 + eps, eps = eta m_2 - 2, of which the flow has the logarithm to second order; the
        // centre is on the floor of u and moves as the floor's modes do, each by the same rule.
        var growth = Rate((stepSize * 3) - 2);
        var modes = size.Value == 1 ? [] : Modes(floor);
        for (var t = 0; t <= Steps; t++)
        {
            var swing = jet.Moments[0] / 3 * (t % 2 == 0 ? 1 : -1) * Math.Exp(growth * t);
            Near.Equal(swing - (jet.Moments[0] / 3), forecast.Displacement[t], Tolerance, $"u_{t}");
            var loss =
                jet.Loss
                + (1.5 * ((swing * swing) - (jet.Moments[0] * jet.Moments[0] / 9)))
                - modes.Sum(m =>
                    m.Slope * m.Slope * (1 - Math.Exp(2 * Rate(-stepSize * m.Curvature) * t)) / (2 * m.Curvature)
                );
            // Of the second order in a swing that has grown.
            Near.Equal(loss, forecast.Loss[t], Tolerance * Math.Exp(Math.Max(0, growth) * t), $"L_{t}");
        }

        static double Rate(double change) => change - (change * change / 2);
    }

    [Property]
    public void Predict_OnAPeriodTwoOrbit_StaysThere(Seed seed, LogUniform unit, Real excess, Real cubic)
    {
        var length = unit.In(1e-3, 1e3);
        var valley = new TwoPointValley(3, cubic.Value / length, -2 / (length * length));
        var stepSize = (2 + excess.In(0.01, 0.1)) / 3;
        var (upper, lower) = valley.Orbit(stepSize);
        var floor = SymmetricMatrices.WithSpectrum(seed.Random(), [0.2, 0.9]);
        var forecast = new SwingFlowTheory().Predict(valley.At(upper, floor), stepSize, Steps);
        for (var t = 0; t <= Steps; t++)
            Near.Equal(
                t % 2 == 0 ? 0 : lower - upper,
                forecast.Displacement[t],
                Tolerance * (upper - lower),
                $"u_{t} of an orbit {lower:G3} .. {upper:G3}"
            );
    }

    [Theory]
    [InlineData(1e12)]
    [InlineData(1e-12)]
    [InlineData(1)]
    public void Predict_SwingThatGrowsOutOfNothing_IsTheExponential(double length)
    {
        // From 1e-9 of the way that the centre has to go, and by e^(0.095) a step to 1e7 times that: the growth of a
        // quadratic, in any unit of length.
        const int steps = 400;
        var jet = RandomJets.Draw(new Random(1), 2, 2) with { Moments = [3e-9 * length, 3] };
        double[] none = [0, 0];
        jet = jet with
        {
            Krylov = new KrylovJet(jet.Krylov!.Hessian, [none, none], [.. jet.Krylov.Slope.Select(x => length * x)]),
        };
        var forecast = new SwingFlowTheory().Predict(jet, 0.7, steps);
        for (var t = 0; t <= steps; t += 20)
        {
            var expected = Math.Exp(0.095 * t);
            // Below 1e-4 of the centre's way, roundings of the gradient are 1e-7 of the swing; the integrator errs by
            // 1e-10 a few dozen times a step.
            var actual = (forecast.Displacement[t] + (1e-9 * length)) / (1e-9 * length);
            Assert.Equal(1, actual / expected, (1e-7 + (3e-9 * t)));
        }
    }

    [Fact]
    public void Predict_DriftLongerThanTheAlternation_SeesTheInstabilityThatRodFlowLoses()
    {
        // eta m_2 = 2.1 on a quadratic whose floor falls evenly by a hundred alternations a step: descent multiplies
        // the distance from the floor by -1.1 a step, 6.7 in 20 steps.
        var jet = RandomJets.Draw(new Random(1), 2, 1) with
        {
            Moments = [1e-3, 3],
        };
        jet = jet with
        {
            Krylov = new KrylovJet(
                new double[1, 1],
                [
                    [0],
                    [0],
                ],
                [0.1]
            ),
        };
        double Grown(ITheory theory) => (theory.Predict(jet, 0.7, Steps).Displacement[Steps] + (1e-3 / 3)) / (1e-3 / 3);
        // The logarithm of 1.1 to second order is off by eps^3/3 a step: 0.7 % in all.
        Assert.Equal(Math.Pow(1.1, Steps), Grown(new SwingFlowTheory()), 0.01 * Math.Pow(1.1, Steps));
        Assert.InRange(Math.Abs(Grown(new RodFlowTheory())), 0, 0.05 * Math.Pow(1.1, Steps));
    }

    [Theory]
    [InlineData(0.1, "0.3")]
    [InlineData(1.0, "3")]
    [InlineData(2.2, "6.6")]
    public void Predict_FarFromTheEdge_Declines(double stepSize, string number) =>
        Assert.Equal(
            $"eta S is {number}; the flow near the edge needs it between 1 and 3",
            new SwingFlowTheory().Predict(RandomJets.Draw(new Random(1), 2, 1), stepSize, Steps).Declined
        );

    [Fact]
    public void Predict_NoFloorWithinReach_Declines()
    {
        // L_u(0) + L_u(-2 a) = m_1 + m_1 - 2 a m_2 + 2 a^2 m_3 has no root.
        var jet = RandomJets.Draw(new Random(1), 3, 1) with
        {
            Moments = [3, 3, 30],
        };
        Assert.Equal(
            "the reference point lies too far from the floor for an alternation about it",
            new SwingFlowTheory().Predict(jet, 0.7, Steps).Declined
        );
    }

    private static (double Slope, double Curvature)[] Modes(KrylovJet floor)
    {
        var (values, vectors) = SymmetricMatrices.Eigen(floor.Hessian);
        return [.. values.Select((value, i) => (SymmetricMatrices.Dot(vectors[i], floor.Slope), value))];
    }
}
