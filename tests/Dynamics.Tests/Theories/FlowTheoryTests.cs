using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>Gradient flow (6.1), rod flow (6.7) and the two-step flow (6.9): closed solutions on quadratics, and the order in which they part from descent.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class FlowTheoryTests
{
    private const int Steps = 20;

    // The integrator keeps each of its steps to a relative 1e-10 and an absolute 1e-12, of which there are a few dozen a step of descent; the flows below contract or grow by less than e^4 in all.
    private const double Tolerance = 1e-10 * 30 * Steps * 55;

    [Property]
    public void GradientFlow_OnAQuadratic_IsTheExponential(Seed seed, Size size, LogUniform step)
    {
        var (jet, modes) = Quadratic(seed, size.Value);
        var stepSize = step.In(0.01, 0.9);
        var forecast = new GradientFlowTheory().Predict(jet, stepSize, Steps);
        for (var t = 0; t <= Steps; t++)
        {
            Near.Equal(
                -jet.Moments[0] / 3 * (1 - Math.Exp(-3 * stepSize * t)),
                forecast.Displacement[t],
                Tolerance,
                $"u_{t}"
            );
            Near.Equal(
                jet.Loss
                    - modes.Sum(m =>
                        m.Slope * m.Slope * (1 - Math.Exp(-2 * stepSize * t * m.Curvature)) / (2 * m.Curvature)
                    ),
                forecast.Loss[t],
                Tolerance,
                $"L_{t}"
            );
            Near.Equal(3, forecast.Sharpness[t], Tolerance, $"S_{t}");
        }
    }

    [Property]
    public void TwoStepFlow_OnAQuadratic_IsTheExponentialOfTwoSteps(Seed seed, Size size, LogUniform step)
    {
        var (jet, modes) = Quadratic(seed, size.Value);
        var stepSize = step.In(0.01, 0.7);
        var forecast = new TwoStepFlowTheory().Predict(jet, stepSize, Steps);
        for (var t = 0; t <= Steps; t++)
        {
            // Off its minimum each mode is multiplied by exp((d^2 - 1)/2) a step, d = 1 - eta lambda, and once by d at odd steps.
            double Factor(double curvature)
            {
                var d = 1 - (stepSize * curvature);
                return Math.Exp(((d * d) - 1) / 2 * (t - (t % 2))) * (t % 2 == 0 ? 1 : d);
            }

            Near.Equal(-jet.Moments[0] / 3 * (1 - Factor(3)), forecast.Displacement[t], Tolerance, $"u_{t}");
            Near.Equal(
                jet.Loss
                    - modes.Sum(m => m.Slope * m.Slope * (1 - Math.Pow(Factor(m.Curvature), 2)) / (2 * m.Curvature)),
                forecast.Loss[t],
                Tolerance,
                $"L_{t}"
            );
        }
    }

    [Property]
    public void RodFlow_InOneDimension_IsTheClosedSolution(Real pull, LogUniform curvature, Real number)
    {
        // With z = m_1 + a w: z' = -kappa z, kappa = eta a (1 + eta a / 2), and Sigma' = -rho Sigma + eta^2 z^2 / 2, rho = 2 - eta^2 a^2 / 2.
        var (m1, a) = (1 + (0.5 * pull.Value), curvature.In(0.1, 10));
        var (stepSize, ratio) = (number.In(1.2, 2.2) / a, number.In(1.2, 2.2));
        var jet = new Jet(0, [m1, a], new double[2, 2], new double[2], 0, a, double.PositiveInfinity)
        {
            Krylov = new KrylovJet(
                new double[0, 0],
                [
                    [],
                    [],
                ],
                []
            ),
        };
        var forecast = new RodFlowTheory().Predict(jet, stepSize, Steps);
        var (kappa, rho, z0) = (ratio * (1 + (ratio / 2)), 2 - (ratio * ratio / 2), m1 * (1 - (ratio / 2)));
        for (var t = 0; t <= Steps; t++)
        {
            var z = z0 * Math.Exp(-kappa * t);
            var sigma =
                (stepSize * m1 * stepSize * m1 / 4 * Math.Exp(-rho * t))
                + (
                    stepSize
                    * stepSize
                    / 2
                    * z0
                    * z0
                    * (Math.Exp(-2 * kappa * t) - Math.Exp(-rho * t))
                    / (rho - (2 * kappa))
                );
            // delta = -eta m_1 / 2 first, and on alternate sides from then on.
            var expected = ((z - m1) / a) + ((t % 2 == 0 ? 1 : -1) * Math.Sqrt(sigma));
            Near.Equal(expected, forecast.Displacement[t], Tolerance / a, $"u_{t}");
            Assert.Equal(0, forecast.Rotation[t]);
        }
    }

    [Property(MaxTest = 10)]
    public void Flows_StepSizeShrinksAtFixedTime_PartFromDescentByTheirOrder(Seed seed, Size size)
    {
        var random = seed.Random();
        var jet = RandomJets.Draw(random, 4, size.Value % 5, 0.3);
        foreach (
            var (theory, order) in ((ITheory, int)[])
                [(new GradientFlowTheory(), 1), (new TwoStepFlowTheory(), 1), (new RodFlowTheory(), 2)]
        )
        {
            double Error(double eta)
            {
                var steps = (int)Math.Round(1 / eta);
                Forecast flow = theory.Predict(jet, eta, steps),
                    descent = new MemoryTheory(4, cubic: true).Predict(jet, eta, steps);
                return descent
                    .Displacement.Zip(flow.Displacement, (x, y) => Math.Abs(x - y))
                    .Concat(descent.Loss.Zip(flow.Loss, (x, y) => Math.Abs(x - y)))
                    .Max();
            }

            // e = a eta^q (1 + c eta): with |H| < 4 the correction c eta is below 4 q eta = 0.16 at eta = 0.02 and an eighth of that at the finer one, which moves the slope by log(1.16) / log(8) = 0.07; 0.02 is for the integrator.
            var slope = Math.Log(Error(0.02) / Error(0.0025)) / Math.Log(8);
            Assert.InRange(slope, order - 0.1, order + 0.1);
        }
    }

    [Property]
    public void RodFlow_PastTheEdge_GrowsAlongTheRodOnly(Seed seed, Size size)
    {
        // eta m_2 = 2.1 on a quadratic with an even slope for a floor, so that the drift stays what it is: descent multiplies the distance from the floor by -1.1 a step, 6.7 in 20 steps. With the drift at a hundredth of the
        // alternation the rod lies along v; at a hundred times it lies along the drift, and what is off it decays by e^-1 a step.
        var (jet, _) = Quadratic(seed, 1 + size.Value);
        var drawn = Math.Sqrt(jet.Krylov!.Slope.Sum(x => x * x));
        double[] lengths = [0.01, 100];
        double[] grown = new double[2],
            shares = new double[2];
        for (var i = 0; i < 2; i++)
        {
            var drift = jet with
            {
                Moments = [1e-3, 3],
                Krylov = jet.Krylov with
                {
                    Hessian = new double[size.Value, size.Value],
                    Slope = [.. jet.Krylov.Slope.Select(x => x / drawn * lengths[i] * 1e-3)],
                },
            };
            Forecast rod = new RodFlowTheory().Predict(drift, 0.7, Steps),
                descent = new MemoryTheory(2).Predict(drift, 0.7, Steps);
            (grown[i], shares[i]) = (
                (rod.Displacement[Steps] + (1e-3 / 3)) / (descent.Displacement[Steps] + (1e-3 / 3)),
                rod.Validity[0]
            );
        }

        // Along v Sigma grows by eta^2 m_2^2/2 - 2 = 0.205 a step, so delta by e^2.05 = 7.8 against 6.7: the error of the flow, of order eps^2 t = 0.2.
        Assert.InRange(grown[0], 1, 1.4);
        Assert.InRange(shares[0], 0, 1.1e-4);
        Assert.InRange(Math.Abs(grown[1]), 0, 0.05);
        Assert.InRange(shares[1], 0.999, 1);
    }

    /// <summary>The jet of a quadratic, m_2 = 3, and its modes: the slope along each and its curvature.</summary>
    private static (Jet Jet, (double Slope, double Curvature)[] Modes) Quadratic(Seed seed, int size)
    {
        var drawn = RandomJets.Draw(seed.Random(), 2, size - 1);
        double[][] none = [new double[size - 1], new double[size - 1]];
        var floor = drawn.Krylov!;
        var jet = drawn with
        {
            Gram = new double[2, 2],
            Drift = new double[2],
            Krylov = new KrylovJet(floor.Hessian, none, floor.Slope),
        };
        if (size == 1)
            return (jet, [(jet.Moments[0], 3)]);
        var (values, vectors) = SymmetricMatrices.Eigen(floor.Hessian);
        return (
            jet,
            [
                (jet.Moments[0], 3),
                .. values.Select((value, i) => (SymmetricMatrices.Dot(vectors[i], floor.Slope), value)),
            ]
        );
    }
}
