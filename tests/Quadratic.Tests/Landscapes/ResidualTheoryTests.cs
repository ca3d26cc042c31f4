using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Landscapes that are sums of squares, and the theories of the residual, eqs. (6.3) and (6.6), against gradient descent on them.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class ResidualTheoryTests
{
    private const int Steps = 15;

    [Property]
    public void Residuals_EveryLandscapeThatHasThem_MakeUpLossGradientAndHessian(Seed seed)
    {
        foreach (var (name, make) in RandomLandscapes.All)
        {
            var random = seed.Random();
            var landscape = make(random);
            if (landscape is not IResidualLandscape { Outputs: > 0 } residuals)
                continue;
            var p = landscape.Dimension;
            var theta = RandomLandscapes.Vector(random, p, 1);
            double[] row = new double[p],
                column = new double[p],
                gradient = new double[p],
                slope = new double[p],
                hessian = new double[p * p],
                sum = new double[p * p];
            var loss = 0.0;
            for (var d = 0; d < residuals.Outputs; d++)
            {
                var z = residuals.Residual(theta, d);
                residuals.ResidualGradient(theta, d, row);
                loss += z * z / 2;
                for (var i = 0; i < p; i++)
                {
                    slope[i] += z * row[i];
                    residuals.ResidualHessianVector(theta, d, Differences.Moved(new double[p], i, 1), column);
                    for (var j = 0; j < p; j++)
                        sum[(i * p) + j] += (row[i] * row[j]) + (z * column[j]);
                }
            }

            landscape.Gradient(theta, gradient);
            landscape.Hessian(theta, hessian);
            // Coefficients are below 3 and at most 8 parameters and 5 residuals take part: no sum has more than 5 (2 + 8 + 64) terms, none of them above 3^3 (2 + 8)^2.
            const double tolerance = 370 * 2700 * Near.Roundoff;
            Near.Equal(landscape.Loss(theta), loss, tolerance, $"{name}: 1/2 |z|^2");
            Near.Equal(gradient, slope, tolerance, $"{name}: J^T z");
            Near.Equal(hessian, sum, tolerance, $"{name}: J^T J + z Q");
        }
    }

    [Property]
    public void QuadraticRegression_QuadraticResiduals_IsDescent(Seed seed, LogUniform step)
    {
        foreach (var (name, landscape, theta) in Quadratics(seed))
        {
            var jet = Measure(landscape, theta);
            var residual = jet.Residuals!;
            Assert.True(residual is { IsQuadratic: true, IsClosed: true }, name);
            var stepSize = step.In(0.05, 2.5) / Near.Scale(jet.Sharpness);
            var forecast = new QuadraticRegressionTheory().Predict(jet, stepSize, Steps);
            Assert.Null(forecast.Declined);
            Assert.All(forecast.Validity, x => Assert.Equal(0, x));
            double[] direction = LeadingVector(landscape, theta),
                at = theta;
            var bound = StartingError(landscape, jet);
            for (var t = 0; t <= Steps && bound < 1e-6; t++)
            {
                var moved = SymmetricMatrices.Dot(direction, Differences.Along(at, theta, -1));
                var scale = Near.Scale(landscape.Loss(at));
                Near.Equal(Math.Abs(moved), Math.Abs(forecast.Displacement[t]), bound, $"{name}: u_{t}");
                Near.Equal(landscape.Loss(at), forecast.Loss[t], 2 * Math.Sqrt(scale) * bound, $"{name}: L_{t}");
                // Where the coordinates are all there are, the forecast Hessian is the Hessian.
                if (residual.Dimension == landscape.Dimension)
                    Near.Equal(
                        landscape.Eigenvalues(at)[0],
                        forecast.Sharpness[t],
                        (2 * Math.Sqrt(Size(landscape, at).Slope) + Size(landscape, at).Bend + Math.Sqrt(scale))
                            * 4
                            * bound,
                        $"{name}: S_{t}"
                    );
                bound = Grown(landscape, at, stepSize, bound);
                at = Descending.Step(landscape, at, stepSize);
            }
        }
    }

    [Property]
    public void Catapult_BilinearResidual_IsDescent(Seed seed, LogUniform step)
    {
        foreach (var (name, landscape, theta) in Bilinear(seed))
        {
            var jet = Measure(landscape, theta);
            // At J = 0 nothing can be read off, and near it the target carries the error of n f = n^2 J.QJ / 2.
            if (jet.Residuals!.Jacobian.Sum(x => x * x) < 1e-2)
                continue;
            var stepSize = step.In(0.05, 2.5) / Near.Scale(jet.Sharpness);
            var forecast = new CatapultTheory().Predict(jet, stepSize, Steps);
            Assert.Null(forecast.Declined);
            Assert.All(forecast.Validity, x => Assert.InRange(x, 0, 1e-10));
            var at = theta;
            // The width is read off as a quotient and the target with it: a hundred times the error that a measured J has.
            var bound = 100 * StartingError(landscape, jet);
            for (var t = 0; t <= Steps && bound < 1e-6; t++)
            {
                var scale = Near.Scale(landscape.Loss(at));
                Near.Equal(landscape.Loss(at), forecast.Loss[t], 2 * Math.Sqrt(scale) * bound, $"{name}: L_{t}");
                var largest = landscape.Eigenvalues(at)[0];
                // The square root in S multiplies small errors by up to 1/sqrt of them where its argument vanishes, that is where lambda and d both do: |J|^2 and d are then of the size of what is lost.
                Near.Equal(
                    largest,
                    forecast.Sharpness[t],
                    (4 * bound * Near.Scale(largest)) + (bound * Near.Scale(largest) / Math.Max(largest, 1e-3)),
                    $"{name}: S_{t}"
                );
                bound = Grown(landscape, at, stepSize, bound);
                at = Descending.Step(landscape, at, stepSize);
            }
        }
    }

    [Property]
    public void QuadraticRegression_CubicResidual_ErrsByThirdOrderInTheStep(Seed seed)
    {
        // z = theta_1 theta_2 theta_3 - y: what is frozen leaves out D^3 z [delta^3] / 6 = delta_1 delta_2 delta_3, delta = - eta z grad z, in the first step, exactly.
        var random = seed.Random();
        double[] theta = [.. RandomLandscapes.Vector(random, 3, 0.5).Select(x => 1 + x)],
            gradient = new double[3];
        var landscape = new ScalarProduct(3, 0.2);
        var jet = Measure(landscape, theta);
        landscape.Gradient(theta, gradient);
        foreach (var eta in (double[])[0.1, 0.05, 0.01])
        {
            var forecast = new QuadraticRegressionTheory().Predict(jet, eta, 1);
            var missing = -eta * eta * eta * gradient[0] * gradient[1] * gradient[2];
            var exact = landscape.Residual(Descending.Step(landscape, theta, eta), 0);
            // The sign of z is that of the forecast too: eta |grad z|^2 < 0.1 * 3 * 2.25^2 is not near 2. Numbers below 40, some thirty roundings, and v_1 to the residual 1e-10 of the solver, which turns the coordinates only.
            Near.Equal(
                (exact - missing) * (exact - missing) / 2,
                forecast.Loss[1],
                40 * 40 * 64 * Near.Roundoff,
                $"loss after a step of {eta}"
            );
        }

        // What it leaves out shows in the Jacobian of its own second step: J = grad z has moved by Q delta, whose entries
        // off the diagonal are the third coordinate each.
        var validity = new QuadraticRegressionTheory().Predict(jet, 0.1, 1).Validity;
        double[] slope = [theta[1] * theta[2], theta[0] * theta[2], theta[0] * theta[1]],
            moved = [.. gradient.Select(g => -0.1 * g)],
            turned =

            [
                (theta[2] * moved[1]) + (theta[1] * moved[2]),
                (theta[2] * moved[0]) + (theta[0] * moved[2]),
                (theta[1] * moved[0]) + (theta[0] * moved[1]),
            ];
        Assert.Equal(0, validity[0]);
        // Both norms of numbers below 4, at least 0.5^2 below the line; v_1 to 1e-10 turns the coordinates only.
        Near.Equal(
            Math.Sqrt(SymmetricMatrices.Dot(turned, turned) / SymmetricMatrices.Dot(slope, slope)),
            validity[1],
            1e-12,
            "|J_1 - J_0| / |J_0|"
        );
    }

    [Property]
    public void ResidualTheories_SurfaceWithoutTheirStructure_DeclineWithTheReason(Seed seed)
    {
        var random = seed.Random();
        Declines(
            RandomLandscapes.AnyQuartic(random, 3),
            "the surface has no residuals",
            "the surface has no residuals"
        );
        Declines(
            new TwoParameterNetwork<PowerLink>(new PowerLink(3)),
            "the surface has no residuals",
            "the surface has no residuals"
        );
        Declines(RandomLandscapes.Regression(random, 3, 3), "the surface has 3 residuals; the UV model has one", null);
        Declines(new ScalarProduct(4), "the residual is not quadratic; that of the UV model is bilinear", null);
        // One output with a general Q: Q^2 = I/n on span{J, QJ} has measure zero.
        Declines(
            QuadraticRegression.Random(1, 4, 1, 1, random),
            "the residual is not bilinear: Q^2 J differs from J / n by a relative ",
            null
        );
    }

    [Fact]
    public void QuadraticRegression_MoreCoordinatesThanAreKept_Declines() =>
        Declines(
            QuadraticRegression.Random(1, 80, 1, 1, new Random(1)),
            "the residual is not bilinear",
            $"the residuals' coordinates do not close within {ResidualJet.LargestDimension}"
        );

    private static void Declines(Landscape landscape, string catapult, string? regression)
    {
        var jet = Measure(landscape, [.. Enumerable.Range(0, landscape.Dimension).Select(i => 0.5 + (0.1 * (i % 7)))]);
        Assert.StartsWith(catapult, new CatapultTheory().Predict(jet, 0.01, 2).Declined, StringComparison.Ordinal);
        Assert.Equal(regression, new QuadraticRegressionTheory().Predict(jet, 0.01, 2).Declined);
    }

    private static IEnumerable<(string Name, Landscape Landscape, double[] Theta)> Quadratics(Seed seed)
    {
        foreach (var (name, make) in RandomLandscapes.All)
        {
            var random = seed.Random();
            if (make(random) is IResidualLandscape { HasQuadraticResiduals: true, Outputs: > 0 } landscape)
                yield return (
                    name,
                    (Landscape)landscape,
                    RandomLandscapes.Vector(random, ((Landscape)landscape).Dimension, 1)
                );
        }
    }

    private static IEnumerable<(string Name, Landscape Landscape, double[] Theta)> Bilinear(Seed seed)
    {
        var random = seed.Random();
        foreach (
            var landscape in (Landscape[])
                [
                    new CatapultModel(random.Next(1, 7), RandomLandscapes.Uniform(random, 2)),
                    new ScalarProduct(2, RandomLandscapes.Uniform(random, 2)),
                    new TwoParameterNetwork<PowerLink>(new PowerLink(2, 0.2 + random.NextDouble())),
                    new TwoParameterNetwork<SquaredErrorLink>(
                        new SquaredErrorLink(RandomLandscapes.Uniform(random, 2))
                    ),
                ]
        )
            yield return (landscape.Name, landscape, RandomLandscapes.Vector(random, landscape.Dimension, 1));
    }

    private static Jet Measure(Landscape landscape, double[] theta) =>
        Jet.Measure(landscape, theta, 2, new LanczosOptions(1e-10));

    /// <summary>Projections on an orthonormal basis: P roundings a number, on numbers of the size of z, J and Q; v_1 is good to 1e-10 |H| / gap in angle, which moves displacements only.</summary>
    private static double StartingError(Landscape landscape, Jet jet)
    {
        var gap = double.IsFinite(jet.Gap) ? Math.Max(jet.Gap, 1e-12) : 1;
        return (1000 * landscape.Dimension * Near.Roundoff * Near.Scale(jet.Sharpness, jet.Loss))
            + (1e-10 * Near.Scale(jet.Sharpness) / gap);
    }

    /// <summary>
    /// How errors in (z, J) grow in a step. Linearised, with a = |J|, b = |Q|, c = |z|: dz+ = dz - eta (dJ J^T z + J dJ^T z + J J^T dz) + eta^2 Q(J^T z, d(J^T z)) and dJ+ = dJ - eta Q(d(J^T z), .), so their sum grows by at most
    /// 1 + eta (2 a c + a^2 + b (a + c)) + eta^2 a b c (a + c); a step adds some P^2 roundings of its own.
    /// </summary>
    private static double Grown(Landscape landscape, double[] at, double stepSize, double error)
    {
        var (slope, bend, z) = (Size(landscape, at).Slope, Size(landscape, at).Bend, Math.Sqrt(2 * landscape.Loss(at)));
        var a = Math.Sqrt(slope);
        var growth =
            1 + (stepSize * ((2 * a * z) + slope + (bend * (a + z)))) + (stepSize * stepSize * a * bend * z * (a + z));
        return growth * (error + (100 * landscape.Dimension * landscape.Dimension * Near.Roundoff * (1 + a + z)));
    }

    /// <summary>|J|^2 and |Q| in the Frobenius norm.</summary>
    private static (double Slope, double Bend) Size(Landscape landscape, double[] at)
    {
        var residuals = (IResidualLandscape)landscape;
        var (slope, bend, row) = (0.0, 0.0, new double[at.Length]);
        for (var d = 0; d < residuals.Outputs; d++)
        {
            residuals.ResidualGradient(at, d, row);
            slope += SymmetricMatrices.Dot(row, row);
            for (var i = 0; i < at.Length; i++)
            {
                residuals.ResidualHessianVector(at, d, Differences.Moved(new double[at.Length], i, 1), row);
                bend += SymmetricMatrices.Dot(row, row);
            }
        }

        return (slope, Math.Sqrt(bend));
    }

    private static double[] LeadingVector(Landscape landscape, double[] theta)
    {
        var hessian = new double[landscape.Dimension, landscape.Dimension];
        var flat = new double[hessian.Length];
        landscape.Hessian(theta, flat);
        for (var i = 0; i < flat.Length; i++)
            hessian[i / landscape.Dimension, i % landscape.Dimension] = flat[i];
        return SymmetricMatrices.Eigen(hessian).Vectors[0];
    }
}
