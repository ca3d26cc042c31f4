using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>
/// The rod flow of heavy ball (6.10) against that of gradient descent, closed solutions, its orbits, and the rule.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class HeavyBallRodTests
{
    private const int Steps = 12;

    // As in FlowTheoryTests: the integrator keeps each of its steps to 1e-10, a few dozen a step; a rod past the edge
    // grows by less than e^4 in all.
    private const double Tolerance = 1e-10 * 30 * Steps * 55;

    [Property]
    public void Predict_WithoutMomentum_IsTheRodFlowOfGradientDescent(Seed seed, Size size, LogUniform step)
    {
        var random = seed.Random();
        var jet = RandomJets.Draw(random, 4, size.Value % 5, 0.3);
        var (n, stepSize) = (1 + (size.Value % 5), step.In(0.01, 0.3));
        Forecast expected = new RodFlowTheory().Predict(jet, stepSize, Steps),
            actual = HeavyBallRod.Predict(jet, stepSize, 0, Draw.Vector(random, n), Steps);
        Assert.Equal(expected.Theory, actual.Theory);
        // The same equations beside n that stay at 0, so that steps and stages are the same but for roundings of the
        // eigenpairs, which turn delta by a roundoff over the gap of Sigma relative to its leading eigenvalue: compared
        // for as long as the second is below nine tenths.
        for (var t = 0; t <= Steps && expected.Validity[t] < 0.9; t++)
        {
            Near.Equal(expected.Displacement[t], actual.Displacement[t], Tolerance, $"u_{t}");
            Near.Equal(expected.Loss[t], actual.Loss[t], Tolerance, $"L_{t}");
            Near.Equal(expected.Sharpness[t], actual.Sharpness[t], Tolerance, $"S_{t}");
            Near.Equal(expected.Validity[t], actual.Validity[t], Tolerance, $"validity_{t}");
        }
    }

    [Property]
    public void Predict_QuadraticFromAnEigenvector_IsTheClosedSolution(
        Real pull,
        LogUniform curvature,
        Real decay,
        Real number
    )
    {
        // Along (1, x - 1 + eta a), the eigenvector of the multiplier x = 1 + alpha, both z and Sigma stay where they
        // are: zeta' = (alpha - alpha^2/2) zeta, s' = alpha^2 (zeta^2 + s)/2 - 2 s. The edge x = -1 is s' = 0.
        var (b, m1, a) = (decay.In(0.01, 0.8), 1 + (0.5 * pull.Value), curvature.In(0.1, 10));
        var low = Math.Pow(1 + Math.Sqrt(b), 2);
        var ratio = number.In(low + (0.05 * ((2 * (1 + b)) - low)), 2.05 * (1 + b));
        var (stepSize, trace) = (ratio / a, 1 + b - ratio);
        var alpha = ((trace - Math.Sqrt((trace * trace) - (4 * b))) / 2) - 1;
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
        double[] momentum = [-(alpha + ratio) * m1 / a / (stepSize * b)];
        var forecast = HeavyBallRod.Predict(jet, stepSize, b, momentum, Steps);
        for (var t = 0; t <= Steps; t++)
            Near.Equal(m1 / a * Closed(alpha, t), forecast.Displacement[t], Tolerance * m1 / a, $"u_{t}");
    }

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(0.95, 1)]
    [InlineData(0.5, 1e12)]
    [InlineData(0.9, 1e12)]
    [InlineData(0.9, 1e-12)]
    public void Predict_RodThatOutgrowsItsBeginning_IsTheClosedSolutionStill(double b, double length)
    {
        // The same beside a floor whose drift is 1e-6 of the alternation. Sigma grows by up to 1e18 in all, and the
        // roundings of its largest entry stand in those of the floor.
        const int steps = 60;
        var stepSize = 2.05 * (1 + b);
        var trace = 1 + b - stepSize;
        var alpha = ((trace - Math.Sqrt((trace * trace) - (4 * b))) / 2) - 1;
        double[] none = [0, 0];
        var jet = new Jet(0, [length, 1], new double[2, 2], new double[2], 0, 0, 1)
        {
            Krylov = new KrylovJet(
                new double[,]
                {
                    { 0.3, 0 },
                    { 0, 0.1 },
                },
                [none, none],
                [1e-6 * length, -1e-6 * length]
            ),
        };
        double[] momentum = [-(alpha + stepSize) * length / (stepSize * b), 0, 0];
        var forecast = HeavyBallRod.Predict(jet, stepSize, b, momentum, steps);
        // The integrator's 1e-10 a few hundred times a step, relative to what has grown.
        Assert.Equal(1, forecast.Displacement[steps] / (length * Closed(alpha, steps)), 300 * steps * 1e-10);
    }

    [Property]
    public void Predict_OnAPeriodTwoOrbit_StaysThere(Seed seed, LogUniform unit, Real decay, Real excess, Real cubic)
    {
        // A point +- of an orbit of the rule moves by 2 Delta, so that Sigma' = 2 Delta Delta^T - 2 Sigma = 0 and the
        // mean rests. The flip is supercritical: what the integrator errs by is drawn back.
        var (b, random) = (decay.In(0, 0.9), seed.Random());
        var length = unit.In(1e-3, 1e3);
        var valley = new TwoPointValley(3, cubic.Value / length, -2 / (length * length));
        var step = (2 + excess.In(0.01, 0.1)) / 3;
        var (upper, lower) = valley.Orbit(step);
        var floor = SymmetricMatrices.WithSpectrum(random, [0.2, 0.9]);
        // Heavy ball turns back with m = -(theta - theta_before)/eta.
        var stepSize = step * (1 + b);
        double[] momentum = [-(upper - lower) / stepSize, 0, 0];
        var forecast = HeavyBallRod.Predict(valley.At(upper, floor), stepSize, b, momentum, Steps);
        for (var t = 0; t <= Steps; t++)
            Near.Equal(
                t % 2 == 0 ? 0 : lower - upper,
                forecast.Displacement[t],
                Tolerance * (upper - lower),
                $"u_{t} of an orbit {lower:G3} .. {upper:G3}"
            );
    }

    [Property(MaxTest = 6)]
    public void Predict_StepSizeShrinksAtFixedTime_PartsFromTheRuleByItsOrder(Seed seed, Size size, Real decay)
    {
        var b = decay.In(0.1, 0.5);
        var jet = RandomJets.Draw(seed.Random(), 4, size.Value % 4, 0.3);
        var model = LocalModel.Whole(jet);
        var space = new DenseSpace(model.Dimension);
        double[] slope = space.Create(),
            rest = space.Create();
        model.Gradient(rest, slope);
        double[] steady = [.. slope.Select(x => x / (1 - b))];
        // e = a eta^q (1 + c eta): with |H| < 4 and a speed of 1/(1 - b) < 2 at which the relaxation of the momentum
        // lags by b/(1 - b) < 1 of it once more, c is below 4 q 2 2 = 32 for q = 2: 1.13 at 0.004 and an eighth of that
        // at the finer one, which moves the slope by log(1.11)/log(8) = 0.05. As much again for the integrator.
        Assert.InRange(Slope(steady), 1.9, 2.1);
        // At rest the momentum takes 1/(1 - b) steps to come up, which a flow of second order in the step has wrong by
        // a share of what it moves meanwhile, eta |g|.
        Assert.InRange(Slope(rest), 0.9, 1.1);

        double Slope(double[] momentum) => Math.Log(Error(0.004, momentum) / Error(0.0005, momentum)) / Math.Log(8);

        double Error(double eta, double[] momentum)
        {
            var steps = (int)Math.Round(0.5 / eta);
            var forecast = HeavyBallRod.Predict(jet, eta, b, momentum, steps);
            using var rule = new Momentum<double[]>(space, b);
            double[] place = space.Create(),
                gradient = space.Create(),
                error = new double[steps + 1];
            rule.Apply(0, momentum, place);
            for (var t = 0; t <= steps; t++)
            {
                error[t] = Math.Max(
                    Math.Abs(place[0] - forecast.Displacement[t]),
                    Math.Abs(jet.Loss + model.LossChange(place) - forecast.Loss[t])
                );
                model.Gradient(place, gradient);
                rule.Apply(eta, gradient, place);
            }

            return error.Max();
        }
    }

    [Property]
    public void Predict_OtherUnitsOfLengthAndLoss_SaysTheSame(Seed seed, Size size, Real decay)
    {
        // x -> l x, L -> c L, so that eta -> eta l^2/c and m -> m c/l, by powers of two; jets then agree to the bit,
        // and integrations, whose first step asks for a root of a time, to their tolerance, carried on as in the
        // conformance suite.
        var (random, b) = (seed.Random(), decay.In(0, 0.95));
        double length = Math.ScaleB(1, random.Next(-40, 41)),
            loss = Math.ScaleB(1, random.Next(-40, 41)),
            time = length * length / loss;
        var (surface, theta) = RandomJets.Surface(seed, size);
        var jet = RandomJets.Measure(surface, theta);
        var other = RandomJets.Measure(surface.InUnits(length, loss), [.. theta.Select(x => length * x)]);
        var momentum = Draw.Vector(random, 1 + jet.Krylov!.Dimension);
        const double stepSize = 0.2;
        const int horizon = 8;
        Forecast here = HeavyBallRod.Predict(jet, stepSize, b, momentum, horizon),
            there = HeavyBallRod.Predict(
                other,
                stepSize * time,
                b,
                [.. momentum.Select(x => x * loss / length)],
                horizon
            );
        var tolerance = 1e-9 * Math.Pow(1 + b + (stepSize * 4), horizon);
        // Until the second eigenvalue of Sigma comes near the first, where which of them leads is rounding.
        for (var t = 0; t <= horizon && here.Validity[t] < 0.5; t++)
        {
            Near.Equal(here.Displacement[t], there.Displacement[t] / length, tolerance, $"u_{t}");
            Near.Equal(here.Loss[t], there.Loss[t] / loss, tolerance, $"L_{t}");
            Near.Equal(here.Sharpness[t], there.Sharpness[t] * time, 10 * tolerance, $"S_{t}");
        }
    }

    [Theory]
    [InlineData(1.0, 0.1, 3)]
    [InlineData(-0.1, 0.1, 3)]
    [InlineData(double.NaN, 0.1, 3)]
    [InlineData(0.5, 0.0, 3)]
    [InlineData(0.5, double.PositiveInfinity, 3)]
    [InlineData(0.5, 0.1, -1)]
    public void Predict_NumberOutOfRange_Throws(double decay, double stepSize, int steps)
    {
        var jet = RandomJets.Draw(new Random(1), 4, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            HeavyBallRod.Predict(jet, stepSize, decay, new double[3], steps)
        );
    }

    [Fact]
    public void Predict_JetWithoutFloorOrMomentumOfAnotherLength_Throws()
    {
        var jet = RandomJets.Draw(new Random(1), 4, 2);
        Assert.Throws<ArgumentException>(() => HeavyBallRod.Predict(jet, 0.1, 0.5, new double[2], 3));
        Assert.Throws<ArgumentException>(() =>
            HeavyBallRod.Predict(jet with { Krylov = null }, 0.1, 0.5, new double[3], 3)
        );
    }

    /// <summary>u a / m_1 of the closed solution.</summary>
    private static double Closed(double alpha, int t)
    {
        var (kappa, rho, zeta0) = ((alpha * alpha / 2) - alpha, 2 - (alpha * alpha / 2), 1 + (alpha / 2));
        var zeta = zeta0 * Math.Exp(-kappa * t);
        var fed = zeta0 * zeta0 * (Math.Exp(-2 * kappa * t) - Math.Exp(-rho * t)) / (rho - (2 * kappa));
        var s = alpha * alpha * ((Math.Exp(-rho * t) / 4) + (fed / 2));
        return zeta - 1 + ((t % 2 == 0 ? 1 : -1) * Math.Sqrt(s));
    }
}
