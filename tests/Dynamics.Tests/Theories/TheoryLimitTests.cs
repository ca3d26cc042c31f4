using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>Every theory of the catalogue is held to the limit that it claims, <see cref="ITheory.Limit"/>. Those exact on a landscape of their own are held to that in Quadratic.Tests.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 25)]
public class TheoryLimitTests
{
    private static IEnumerable<ITheory> Claiming(TheoryLimit limit) =>
        TheoryCatalogue.All.Where(theory => theory.Limit == limit);

    [Property]
    public void SmallSteps_OnAnySurface_ErrBySecondOrder(Seed seed, Size size)
    {
        const int steps = 3;
        var (surface, theta) = RandomJets.Surface(seed, size);
        var jet = RandomJets.Measure(surface, theta);
        var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
        foreach (var theory in Claiming(TheoryLimit.SmallSteps))
        {
            (double Loss, double Displacement) Error(double eta)
            {
                var forecast = theory.Predict(jet, eta, steps);
                if (forecast.Declined is not null)
                    return (0, 0);
                var path = Draw.Trajectory(surface, theta, eta, steps);
                return (
                    path.Select((at, t) => Math.Abs(surface.Loss(at) - forecast.Loss[t])).Max(),
                    forecast
                        .Displacement.Select(
                            (u, t) =>
                                Math.Abs(
                                    Math.Abs(SymmetricMatrices.Dot(v, Differences.Along(path[t], theta, -1)))
                                        - Math.Abs(u)
                                )
                        )
                        .Prepend(0)
                        .Max()
                );
            }

            const double h = 1e-4;
            var (coarse, fine) = (Error(h), Error(h / 10));
            // |a h^2 + b h^3| gives e(h/10) <= e(h)/100 + 0.009 |b| h^3. With |H| < 4, |g| < 3 and |D^3 L|, |D^4 L| < 2 the third-order terms of three steps are below 27 |H|^2 |g|^2 ~ 4000 for the loss and less for u. An error of
            // first order would leave e(h/10) = e(h)/10. Rounding, and the tolerance of the integrators relative to a path of length 3 |g| h: 1e-12.
            const double remainder = 0.009 * 4000 * h * h * h,
                rounding = 1e-12;
            Assert.True(
                fine.Loss <= (coarse.Loss / 100) + remainder + rounding,
                $"{theory.Name}: loss {coarse.Loss:G3} -> {fine.Loss:G3}"
            );
            Assert.True(
                fine.Displacement <= (coarse.Displacement / 100) + remainder + rounding,
                $"{theory.Name}: displacement {coarse.Displacement:G3} -> {fine.Displacement:G3}"
            );
        }
    }

    [Property(MaxTest = 10)]
    public void SlowEdge_OnAnEvenValley_ErrsByTheRateOfChange(
        Real excess,
        Real amplitude,
        LogUniform drift,
        LogUniform gram
    )
    {
        foreach (var theory in Claiming(TheoryLimit.SlowEdge))
        {
            // The error of a flow that stands for a map is of first order in the change in a step, eps: an eighth of eps leaves about an eighth of the error; a quarter and a bit allows for the second order.
            double coarse = Error(0.04),
                fine = Error(0.005);
            Assert.True(fine <= (coarse / 4) + 1e-7, $"{theory.Name}: {coarse:G3} -> {fine:G3}");

            double Error(double eps)
            {
                const double stepSize = 0.5;
                var jet = Valley(
                    eps,
                    stepSize,
                    0.5 * excess.Value,
                    1 + (0.5 * amplitude.Value),
                    drift.In(0.3, 1),
                    gram.In(0.3, 3)
                );
                var steps = (int)Math.Round(4 / eps);
                var forecast = theory.Predict(jet, stepSize, steps);
                Assert.Null(forecast.Declined);
                var cut = jet with { Krylov = null };
                var path = Orbit.Record(new CurvatureMomentMap(cut, stepSize), CurvatureMomentMap.Start(cut), steps);
                double size = path[0].Max(Math.Abs),
                    error = 0;
                for (var t = 0; t <= steps; t++)
                    error = Math.Max(
                        error,
                        Math.Max(
                            Math.Abs(path[0][t] - forecast.Displacement[t]) / size,
                            Math.Abs(path[3][t] - forecast.Sharpness[t]) / eps
                        )
                    );
                return error;
            }
        }
    }

    /// <summary>
    /// L = g . phi + m_1 u + (m_2 + b . phi) u^2/2, gradient descent on which is (4.4) about u = -m_1/m_2 as long as that hardly moves, with everything scaled so that the slow time is t eps:
    /// eta m_2 - 2 and u of order eps, the drift alpha of order eps^2. Four units of slow time are about a cycle and a half.
    /// </summary>
    private static Jet Valley(double eps, double stepSize, double excess, double amplitude, double drift, double gram)
    {
        var sharpness = (2 + (eps * excess)) / stepSize;
        double[] b = [Math.Sqrt(gram), 0],
            slope = [-eps * eps * drift / Math.Sqrt(gram), eps * eps],
            none = [0, 0];
        var (alpha, squared) = (eps * eps * drift, (slope[0] * slope[0]) + (slope[1] * slope[1]));
        double[] moments = [eps * amplitude * sharpness, sharpness, 0, 0, 0, 0];
        var grams = new double[6, 6];
        grams[1, 1] = gram;
        return new Jet(0, moments, grams, [0, alpha, 0, 0, 0, 0], squared, 0, sharpness)
        {
            Krylov = new KrylovJet(new double[2, 2], [none, b, none, none, none, none], slope)
            {
                Coupling = new double[2, 2],
            },
        };
    }
}
