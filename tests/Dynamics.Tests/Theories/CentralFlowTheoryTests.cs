using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>Central flow (6.5) where it can be solved by hand.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class CentralFlowTheoryTests
{
    private const double StepSize = 0.5;
    private const int Steps = 20;

    [Property]
    public void Predict_AffineValleyAtTheEdge_StaysThereOnTheProjectedGradient(Seed seed, Size width)
    {
        // T = 0, m_3 = 0: sigma^2 = 2 alpha/beta for ever, f = - eta t (g + alpha b / beta), S = 2/eta, and L = L_0 + g . f + sigma^2 / eta.
        var (jet, slope, gradient) = Valley(seed, width, 2 / StepSize);
        var (alpha, beta) = (-SymmetricMatrices.Dot(slope, gradient), SymmetricMatrices.Dot(gradient, gradient));
        if (beta < 1e-3)
            return;
        if (alpha < 0)
            (alpha, jet) = (-alpha, Valley([.. slope.Select(x => -x)], gradient, 2 / StepSize));
        foreach (var modes in (int[])[1, 3])
        {
            var forecast = new CentralFlowTheory(modes).Predict(jet, StepSize, Steps);
            Assert.Null(forecast.Declined);
            for (var t = 0; t <= Steps; t++)
            {
                // The residual of 1e-12 is relative to |Sigma| + tau |q|. The gaps of the other modes make |q| up to 3 (2/eta) / h = 48, tau is at most 1 / (eta beta / 2) = 4 / beta, and the condition number on the packed
                // numbers that take part is below 4 (grad <H, E> is b, or sqrt 2 b for the mixed one): sigma^2 is good to 2 * 4 * 200e-12 (1 + alpha) / beta. S is held by what that does to it, at rate 1 a step.
                var squaredError = 2e-9 * (1 + alpha) / beta;
                var tolerance = (1 + t) * beta * squaredError;
                Near.Equal(2 * alpha / beta, Math.Pow(forecast.Amplitude[t], 2), squaredError, $"sigma_{t}^2");
                Near.Equal(2 / StepSize, forecast.Sharpness[t], tolerance, $"S_{t}");
                var squared = jet.SquaredGradient - (alpha * alpha / beta);
                Near.Equal(
                    jet.Loss - (StepSize * t * squared) + (2 * alpha / beta / StepSize),
                    forecast.Loss[t],
                    (squaredError / StepSize) + (10 * tolerance),
                    $"L_{t}"
                );
                Near.Equal(0, forecast.Displacement[t], tolerance, $"u_{t}");
            }
        }
    }

    [Property]
    public void Predict_ValleyBelowTheEdge_RisesToItAndNoFurther(Seed seed, Size width)
    {
        var (jet, slope, gradient) = Valley(seed, width, (2 / StepSize) - 0.3);
        var alpha = -SymmetricMatrices.Dot(slope, gradient);
        if (alpha < 0)
            (alpha, jet) = (-alpha, Valley([.. slope.Select(x => -x)], gradient, (2 / StepSize) - 0.3));
        var forecast = new CentralFlowTheory(1).Predict(jet, StepSize, Steps);
        for (var t = 0; t <= Steps; t++)
        {
            var free = jet.Sharpness + (StepSize * alpha * t);
            // Gradient flow up to the edge is linear, and the integrator exact; the substep that meets it may fall short by what it would have climbed, and the next ones close that gap.
            var expected = Math.Min(2 / StepSize, free);
            Near.Equal(
                expected,
                forecast.Sharpness[t],
                1e-10 + (free < 2 / StepSize - (StepSize * Math.Abs(alpha) / 2) ? 0 : StepSize * Math.Abs(alpha) / 4),
                $"S_{t}"
            );
            if (free < (2 / StepSize) - (StepSize * Math.Abs(alpha) / 2))
                Assert.Equal(0, forecast.Amplitude[t]);
        }
    }

    [Property]
    public void Predict_SecondModeAtTheEdge_IsHeldByItsOwnOscillation(Real pull, Real coupling)
    {
        // u feels m_1 + S u + C sigma^2 / 2, and lambda_2 = T + u C with S below the edge and constant. The flow ends where T + u C = 2/eta: sigma^2 = -2 (m_1 + S u)/C.
        const double edge = 2 / StepSize,
            sharpness = edge - 1e-3,
            floor = edge - 0.05;
        var (force, c) = (-pull.In(1, 2), coupling.In(0.5, 1));
        var jet = new Jet(0, [force, sharpness, 0], new double[3, 3], new double[3], 0, floor, sharpness - floor)
        {
            Krylov = new KrylovJet(
                new[,]
                {
                    { floor },
                },
                [
                    [0],
                    [0],
                    [0],
                ],
                [0]
            )
            {
                Coupling = new[,]
                {
                    { c },
                },
            },
        };
        var rest = 0.05 / c;
        var alone = new CentralFlowTheory(1).Predict(jet, StepSize, 40);
        var both = new CentralFlowTheory(2).Predict(jet, StepSize, 40);
        // The relaxation to the end of either flow is exp(-eta S) = e^-2 a step; after 40 steps nothing of it is left.
        Near.Equal(rest, both.Displacement[^1], 1e-9, "u");
        Near.Equal(Math.Sqrt(-2 * (force + (sharpness * rest)) / c), both.Amplitude[^1], 1e-9, "sigma");
        Near.Equal(edge, both.Sharpness[^1], 1e-9, "S");
        // With one mode the leading one, whichever it is, is held too: the answer is the same here, where one is at the edge at a time.
        Near.Equal(edge, alone.Sharpness[^1], 1e-9, "S with one mode");
    }

    [Fact]
    public void Constructor_ModesOutsideRange_NamesThem() =>
        Assert.Contains(
            "modes is 0; it must be a whole number from 1 to 4",
            Assert.Throws<ArgumentOutOfRangeException>(() => new CentralFlowTheory(0)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Predict_JetWithoutFloor_Declines() =>
        Assert.Equal(
            "the jet has no Krylov part",
            new CentralFlowTheory(1)
                .Predict(new Jet(0, [0, 1, 0], new double[3, 3], new double[3], 0, 0, 1), 0.1, 3)
                .Declined
        );

    private static (Jet Jet, double[] Slope, double[] Gradient) Valley(Seed seed, Size width, double sharpness)
    {
        var random = seed.Random();
        double[] slope = Draw.Vector(random, width.Value, 0.5),
            gradient = Draw.Vector(random, width.Value, 0.5);
        return (Valley(slope, gradient, sharpness), slope, gradient);
    }

    private static Jet Valley(double[] slope, double[] gradient, double sharpness)
    {
        var r = slope.Length;
        var gram = new double[3, 3];
        gram[1, 1] = SymmetricMatrices.Dot(gradient, gradient);
        return new Jet(
            0.7,
            [0, sharpness, 0],
            gram,
            [0, -SymmetricMatrices.Dot(slope, gradient), 0],
            SymmetricMatrices.Dot(slope, slope),
            0,
            sharpness
        )
        {
            Krylov = new KrylovJet(new double[r, r], [new double[r], gradient, new double[r]], slope),
        };
    }
}
