using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests;

/// <summary>One random instance of every landscape: adding a line here puts a new landscape through the whole conformance suite.</summary>
internal static class RandomLandscapes
{
    public static IReadOnlyDictionary<string, Func<Random, Landscape>> All { get; } =
        new Dictionary<string, Func<Random, Landscape>>
        {
            ["quadratic"] = r => QuadraticBowl.WithSpectrum(Vector(r, r.Next(1, 7), 3), r.Next(), null),
            ["power network"] = r => new TwoParameterNetwork<PowerLink>(
                new PowerLink(r.Next(2, 6), 0.1 + r.NextDouble())
            ),
            ["squared-error network"] = r => new TwoParameterNetwork<SquaredErrorLink>(
                new SquaredErrorLink(Uniform(r, 2))
            ),
            ["custom quartic network"] = r => new TwoParameterNetwork<CustomLink>(
                Custom(Uniform(r, 1), 0.2 + r.NextDouble())
            ),
            ["scalar product"] = r => new ScalarProduct(r.Next(1, 5), Uniform(r, 2)),
            ["multi-pathway"] = r => new MultiPathway(r.Next(1, 4), r.Next(1, 5), Uniform(r, 2)),
            ["diagonal network"] = r => Diagonal(r, r.Next(1, 4), r.Next(1, 4)),
            ["diagonal regression"] = r => Regression(r, r.Next(1, 5), r.Next(1, 4)),
            ["deep linear network"] = r =>
                DeepLinear(r, [.. Enumerable.Range(0, r.Next(2, 5)).Select(_ => r.Next(1, 4))]),
            ["matrix factorisation"] = r => Factorisation(r, r.Next(1, 4), r.Next(1, 4), r.Next(1, 4)),
            ["polynomial valley"] = r => Valley(r, r.Next(2, 7), r.Next(1, 5)),
            ["relaxing valley"] = r => RelaxingValley(r, r.Next(2, 7), r.Next(1, 5)),
            ["quartic"] = r => AnyQuartic(r, r.Next(1, 7)),
            ["separable quartic"] = r => Separable(r, r.Next(1, 7)),
            ["double well"] = r => new DoubleWell(
                0.1 + r.NextDouble(),
                0.7 + r.NextDouble(),
                Uniform(r, 1),
                Positive(r, r.Next(0, 4))
            ),
            ["bending valley"] = r => new BendingValley(
                0.1 + r.NextDouble(),
                Uniform(r, 2),
                Uniform(r, 0.9),
                0.1 + r.NextDouble(),
                Uniform(r, 1)
            ),
            ["rotation laboratory"] = r => new RotationLaboratory(
                Vector(r, r.Next(2, 6), 2),
                Uniform(r, 1),
                Uniform(r, 1),
                Uniform(r, 1),
                Uniform(r, 1)
            ),
            ["catapult"] = r => new CatapultModel(r.Next(1, 5), Uniform(r, 2)),
            ["zhu quartic"] = _ => new ZhuQuartic(),
            ["quadratic regression"] = r => QuadraticRegression.Random(r.Next(1, 4), r.Next(1, 5), 1, 1, r),
        };

    public static PolynomialValley Valley(Random r, int order, int width) =>
        new(
            Uniform(r, 1),
            Vector(r, width, 0.5),
            Vector(r, order - 1, 1),
            [.. Enumerable.Range(2, order - 1).Select(_ => Vector(r, width, 1))]
        );

    public static Quartic AnyQuartic(Random r, int dimension)
    {
        var bounded = r.Next(2) == 0;
        return Quartic.Random(
            Vector(r, dimension, 2),
            r.Next(0, 5),
            (bounded ? dimension : 0) + r.Next(0, 5),
            0.1 + r.NextDouble(),
            bounded,
            r
        );
    }

    public static Quartic Separable(Random r, int dimension) =>
        Quartic.Separable(Vector(r, dimension, 2), Vector(r, dimension, 2), Vector(r, dimension, 2));

    public static DiagonalNetwork Diagonal(Random r, int depth, int width) =>
        new(depth, [.. Vector(r, width, 0.5).Select(a => 0.6 + a)], Vector(r, width, 2));

    public static DiagonalRegression Regression(Random r, int samples, int width) =>
        new(Matrix(r, samples, width, 1), Vector(r, samples, 2));

    public static DeepLinearNetwork DeepLinear(Random r, int[] widths) =>
        new(widths, Matrix(r, widths[^1], widths[0], 2));

    public static MatrixFactorisation Factorisation(Random r, int rows, int columns, int rank) =>
        new(Matrix(r, rows, columns, 2), rank);

    public static double[] Positive(Random r, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => 0.05 + (3 * r.NextDouble()))];

    public static double[,] Matrix(Random r, int rows, int columns, double range)
    {
        var matrix = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
            matrix[i, j] = Uniform(r, range);
        return matrix;
    }

    public static PolynomialValley RelaxingValley(Random r, int order, int width)
    {
        var stiffness = RandomBasis.Symmetric([.. Enumerable.Range(0, width).Select(_ => 0.1 + r.NextDouble())], r);
        return new(
            Uniform(r, 1),
            Vector(r, width, 0.5),
            Vector(r, order - 1, 1),
            [.. Enumerable.Range(2, order - 1).Select(_ => Vector(r, width, 1))],
            stiffness
        );
    }

    public static double Uniform(Random r, double range) => range * ((2 * r.NextDouble()) - 1);

    private static CustomLink Custom(double linear, double quartic) =>
        new("quartic", x => (linear * x) + (quartic * x * x * x * x));

    public static double[] Vector(Random r, int length, double range) =>
        [.. Enumerable.Range(0, length).Select(_ => Uniform(r, range))];
}
