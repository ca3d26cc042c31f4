using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Quadratic regression and its reduced map, eq. (6.6).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class QuadraticRegressionTests
{
    [Property]
    public void Map_EveryStepOfARun_IsDescentOnTheRegression(Seed seed, Size outputs, Size parameters, LogUniform step)
    {
        var random = seed.Random();
        var (d, p) = (outputs.Value, parameters.Value);
        var (offset, jacobian, curvature) = Coefficients(random, d, p);
        var regression = new QuadraticRegression(offset, jacobian, curvature);
        var (y, g, q) = (Norm(offset), Norm([.. jacobian.Cast<double>()]), Norm([.. curvature.Cast<double>()]));
        var stepSize = step.In(1e-3, 1);
        Descending.CheckMap(
            regression,
            regression.Map(stepSize),
            State,
            RandomLandscapes.Vector(random, p, 1),
            stepSize,
            20,
            Compare
        );

        double[] State(double[] at)
        {
            var state = new double[d * (1 + p)];
            regression.State(at, state);
            return state;
        }

        void Compare(double[] at, double[] actual, double[] predicted)
        {
            // Every sum has at most 2 P^2 + D terms. With z <= y + g r + q r^2 / 2 =: Z and J <= g + q r =: J in norm, term by term, the step is at most eta J Z long; theta+ is at most r + eta J Z and the
            // map's terms are no larger than those of z and J evaluated there.
            var r = Norm(at);
            var reach = r + (stepSize * (g + (q * r)) * (y + (g * r) + (q * r * r / 2)));
            var unit = 4 * ((2 * p * p) + d + p + 8) * Near.Roundoff;
            for (var i = 0; i < actual.Length; i++)
                Near.Equal(
                    actual[i],
                    predicted[i],
                    unit * (i < d ? y + (g * reach) + (q * reach * reach) : g + (q * reach)),
                    i < d ? "z+" : "J+"
                );
        }
    }

    [Property]
    public void Residual_Zero_IsAMinimumWithTheJacobiansSquaredNormAsSharpness(Seed seed, Size outputs, Size parameters)
    {
        var random = seed.Random();
        var (d, p) = (outputs.Value, parameters.Value);
        var (offset, jacobian, curvature) = Coefficients(random, d, p);
        var theta = RandomLandscapes.Vector(random, p, 1);
        var state = new double[d * (1 + p)];
        new QuadraticRegression(offset, jacobian, curvature).State(theta, state);
        for (var i = 0; i < d; i++)
            offset[i] -= state[i];
        var sharpness = Math.Pow(Matrix<double>.Build.DenseOfRowMajor(d, p, state[d..]).L2Norm(), 2);
        // Coefficients and theta are at most 1, so |z| sums at most 1 + P + P^2 / 2 terms and leaves (P + 2)^2 roundings of that size; gradient and Hessian carry them through |J|, |Q| <= 2P^2 D.
        var residue = Math.Pow(p + 2, 4) * Near.Roundoff;
        Descending.CheckMinimum(
            new QuadraticRegression(offset, jacobian, curvature),
            theta,
            sharpness,
            2 * p * d * residue,
            2 * p * d * (residue + (32 * Near.Roundoff * sharpness))
        );
    }

    [Property]
    public void Gradient_OfABilinearOutput_IsThatOfTheCatapultModel(Seed seed, Size width)
    {
        // f = u . v / sqrt(n) is quadratic regression with one output: G = 0 and Q the exchange of u and v over sqrt(n).
        var random = seed.Random();
        var n = width.Value;
        var target = RandomLandscapes.Uniform(random, 2);
        var exchange = new double[1, 2 * n, 2 * n];
        for (var i = 0; i < n; i++)
            exchange[0, i, n + i] = exchange[0, n + i, i] = 1 / Math.Sqrt(n);
        var regression = new QuadraticRegression([-target], new double[1, 2 * n], exchange);
        var theta = RandomLandscapes.Vector(random, 2 * n, 1);
        double[] expected = new double[2 * n],
            actual = new double[2 * n];
        new CatapultModel(n, target).Gradient(theta, expected);
        regression.Gradient(theta, actual);
        // |theta| <= 1, so |f| <= sqrt(n), |z| <= sqrt(n) + 2, times 1 / sqrt(n): at most 3, with 2n + 8 roundings on either side.
        Near.Equal(expected, actual, 3 * ((4 * n) + 16) * Near.Roundoff, "gradient");
    }

    [Fact]
    public void Constructor_SliceNotSymmetric_NamesTheEntry()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new QuadraticRegression(
                [1, 2],
                new double[2, 2],
                new double[,,]
                {
                    {
                        { 0, 0 },
                        { 0, 0 },
                    },
                    {
                        { 1, 2 },
                        { 3, 4 },
                    },
                }
            )
        );
        Assert.Contains("curvature[1] is not symmetric: entry [1, 0] is 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_SizesDisagree_NamesTheParameter()
    {
        Assert.Equal(
            "jacobian",
            Assert
                .Throws<ArgumentException>(() => new QuadraticRegression([1], new double[2, 2], new double[1, 2, 2]))
                .ParamName
        );
        Assert.Equal(
            "curvature",
            Assert
                .Throws<ArgumentException>(() => new QuadraticRegression([1], new double[1, 2], new double[1, 3, 3]))
                .ParamName
        );
        Assert.Contains(
            "offset",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new QuadraticRegression([], new double[0, 2], new double[0, 2, 2])
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "jacobian[1] is NaN",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new QuadraticRegression(
                        [1],
                        new[,]
                        {
                            { 1, double.NaN },
                        },
                        new double[1, 2, 2]
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private static (double[] Offset, double[,] Jacobian, double[,,] Curvature) Coefficients(Random random, int d, int p)
    {
        var (jacobian, curvature) = (new double[d, p], new double[d, p, p]);
        for (var k = 0; k < d; k++)
        for (var i = 0; i < p; i++)
        {
            jacobian[k, i] = RandomLandscapes.Uniform(random, 1);
            for (var j = 0; j <= i; j++)
                curvature[k, i, j] = curvature[k, j, i] = RandomLandscapes.Uniform(random, 1);
        }

        return (RandomLandscapes.Vector(random, d, 1), jacobian, curvature);
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(x => x * x));
}
