using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Landscapes made of nothing but their loss agree with the hand-written ones in every derivative.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class FormulaLandscapeTests
{
    // These losses are polynomials in theta and their constants, so every derivative is a sum of products, and its majorant is the same derivative with theta, v and the constants in absolute value and
    // every minus turned into a plus. A route that only adds and multiplies errs by at most (roundings in its longest chain) u times the majorant: sums of at most 50 terms, at most 10 products
    // of series with 8 roundings each, some constants; less than 256 on either side. Where the majorant is 0 (orders beyond the degree) both sides must be 0 exactly.
    private const double Roundings = 512 * Near.Roundoff;

    [Property]
    public void Quadratic_AnyMatrix_Agrees(Seed seed, Size size, LogUniform scale)
    {
        var r = seed.Random();
        var matrix = RandomLandscapes.Matrix(r, size.Value, size.Value, 2);
        for (var i = 0; i < size.Value; i++)
        for (var j = 0; j < i; j++)
            matrix[i, j] = matrix[j, i];
        var centre = RandomLandscapes.Vector(r, size.Value, 1);
        Agree(
            r,
            scale,
            new QuadraticBowl(matrix, centre),
            new QuadraticFormula(matrix, centre),
            new QuadraticFormula(Absolute(matrix), Absolute(centre, -1))
        );
    }

    [Property]
    public void TwoParameterNetwork_PowerAndSquaredErrorLinks_Agree(Seed seed, Size exponent, LogUniform scale)
    {
        var r = seed.Random();
        var (m, y) = (exponent.Value + 1, RandomLandscapes.Uniform(r, 2));
        Agree(
            r,
            scale,
            new TwoParameterNetwork<PowerLink>(new PowerLink(m, 0.7)),
            new PowerFormula(m, 0.7),
            new PowerFormula(m, 0.7)
        );
        Agree(
            r,
            scale,
            new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(y)),
            new ProductsFormula([1], [y]),
            new ProductsFormula([1], [-Math.Abs(y)])
        );
    }

    [Property]
    public void TwoParameterNetwork_LogisticLink_Agrees(Seed seed, LogUniform scale)
    {
        // No polynomial: its derivatives and the terms of the recurrences for them are below k! (see LinkTests), the value below 1 + |Theta|. The rounding of Theta is amplified by the next
        // derivative, that of exp(-softplus) by |Theta| <= 9: a factor of 16 covers both.
        var r = seed.Random();
        var majorant = new TwoParameterNetwork<CustomLink>(
            new CustomLink(
                "factorials",
                (x, z) =>
                {
                    z[0] = 16 * (1 + x);
                    for (var (k, factorial) = (1, 16.0); k < z.Length; factorial *= ++k)
                        z[k] = factorial;
                }
            )
        );
        Compare(
            r,
            scale,
            new TwoParameterNetwork<LogisticLink>(default),
            new FormulaLandscape<LogisticFormula>("logistic", default, 2),
            majorant
        );
    }

    [Property]
    public void PolynomialValley_AnyOrder_Agrees(Seed seed, Size width, LogUniform scale)
    {
        var r = seed.Random();
        var order = r.Next(2, 7);
        var formula = new ValleyFormula(
            RandomLandscapes.Uniform(r, 1),
            RandomLandscapes.Vector(r, width.Value, 1),
            RandomLandscapes.Vector(r, order - 1, 1),
            [.. Enumerable.Range(2, order - 1).Select(_ => RandomLandscapes.Vector(r, width.Value, 1))]
        );
        var valley = new PolynomialValley(formula.Floor, formula.Slope, formula.Moments, formula.Gradients);
        var majorant = new ValleyFormula(
            Math.Abs(formula.Floor),
            Absolute(formula.Slope),
            Absolute(formula.Moments),
            [.. formula.Gradients.Select(b => Absolute(b))]
        );
        Agree(r, scale, valley, formula, majorant);
    }

    [Property]
    public void ScalarProduct_AnyDepth_Agrees(Seed seed, Size depth, LogUniform scale)
    {
        var r = seed.Random();
        var y = RandomLandscapes.Uniform(r, 2);
        Agree(
            r,
            scale,
            new ScalarProduct(depth.Value, y),
            new ProductsFormula([1], [y]),
            new ProductsFormula([1], [-Math.Abs(y)])
        );
    }

    [Property]
    public void DiagonalNetwork_AnyDepthAndWidth_Agrees(Seed seed, Size depth, LogUniform scale)
    {
        var r = seed.Random();
        double[] a = RandomLandscapes.Positive(r, r.Next(1, 5)),
            y = RandomLandscapes.Vector(r, a.Length, 2);
        Agree(
            r,
            scale,
            new DiagonalNetwork((depth.Value + 1) / 2, a, y),
            new ProductsFormula(a, y),
            new ProductsFormula(a, Absolute(y, -1))
        );
    }

    [Property]
    public void DiagonalRegression_AnyData_Agrees(Seed seed, Size samples, LogUniform scale)
    {
        var r = seed.Random();
        var (x, y) = (
            RandomLandscapes.Matrix(r, samples.Value, r.Next(1, 5), 2),
            RandomLandscapes.Vector(r, samples.Value, 2)
        );
        Agree(
            r,
            scale,
            new DiagonalRegression(x, y),
            new RegressionFormula(x, y),
            new RegressionFormula(Absolute(x), Absolute(y, -1))
        );
    }

    [Property]
    public void DeepLinearNetwork_AnyWidths_Agrees(Seed seed, LogUniform scale)
    {
        var r = seed.Random();
        int[] widths = [.. Enumerable.Range(0, r.Next(2, 6)).Select(_ => r.Next(1, 4))];
        var m = RandomLandscapes.Matrix(r, widths[^1], widths[0], 2);
        Agree(
            r,
            scale,
            new DeepLinearNetwork(widths, m),
            new LayersFormula(widths, m),
            new LayersFormula(widths, Absolute(m, -1))
        );
    }

    [Property]
    public void MatrixFactorisation_AnySizes_Agrees(Seed seed, Size rank, LogUniform scale)
    {
        var r = seed.Random();
        var m = RandomLandscapes.Matrix(r, r.Next(1, 5), r.Next(1, 5), 2);
        var k = (rank.Value + 1) / 2;
        Agree(
            r,
            scale,
            new MatrixFactorisation(m, k),
            new FactorsFormula(m, k),
            new FactorsFormula(Absolute(m, -1), k)
        );
    }

    private static void Agree<TLoss>(Random r, LogUniform scale, Landscape landscape, TLoss formula, TLoss majorant)
        where TLoss : struct, ILossFunction =>
        Compare(
            r,
            scale,
            landscape,
            new FormulaLandscape<TLoss>("formula", formula, landscape.Dimension),
            new FormulaLandscape<TLoss>("majorant", majorant, landscape.Dimension)
        );

    private static void Compare(Random r, LogUniform scale, Landscape landscape, Landscape formula, Landscape majorant)
    {
        var n = landscape.Dimension;
        double[] theta = RandomLandscapes.Vector(r, n, scale.In(0.1, 3)),
            v = RandomLandscapes.Vector(r, n, 1);
        double[] size = Absolute(theta),
            length = Absolute(v);
        Check("loss", 1, (l, at, _, result) => result[0] = l.Loss(at));
        Check("gradient", n, (l, at, _, result) => l.Gradient(at, result));
        Check("Hessian", n * n, (l, at, _, result) => l.Hessian(at, result));
        Check("D^k", Landscape.HighestOrder, (l, at, along, result) => l.DirectionalDerivatives(at, along, result));
        for (var k = 1; k <= Landscape.HighestOrder; k++)
            Check($"grad D^{k}", n, (l, at, along, result) => l.DirectionalGradient(at, along, k, result));

        void Check(string what, int count, Action<Landscape, double[], double[], double[]> evaluate)
        {
            double[] expected = new double[count],
                actual = new double[count],
                bound = new double[count];
            evaluate(landscape, theta, v, expected);
            evaluate(formula, theta, v, actual);
            evaluate(majorant, size, length, bound);
            for (var i = 0; i < count; i++)
                Near.Equal(expected[i], actual[i], Roundings * bound[i], $"{landscape.Name} {what} [{i}]");
        }
    }

    private static double[] Absolute(double[] values, double sign = 1) => [.. values.Select(x => sign * Math.Abs(x))];

    private static double[,] Absolute(double[,] values, double sign = 1)
    {
        var copy = (double[,])values.Clone();
        for (var i = 0; i < copy.GetLength(0); i++)
        for (var j = 0; j < copy.GetLength(1); j++)
            copy[i, j] = sign * Math.Abs(copy[i, j]);
        return copy;
    }
}
