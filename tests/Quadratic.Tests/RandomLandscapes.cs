using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests;

/// <summary>One random instance of every landscape: adding a line here puts a new landscape through the whole conformance suite.</summary>
internal static class RandomLandscapes
{
    public static IReadOnlyDictionary<string, Func<Random, Landscape>> All { get; } = new Dictionary<string, Func<Random, Landscape>>
    {
        ["quadratic"] = r => QuadraticBowl.WithSpectrum(Vector(r, r.Next(1, 7), 3), r.Next(), null),
        ["power network"] = r => new TwoParameterNetwork<PowerLink>(new PowerLink(r.Next(2, 6), 0.1 + r.NextDouble())),
        ["squared-error network"] = r => new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(Uniform(r, 2))),
        ["polynomial valley"] = r => Valley(r, r.Next(2, 7), r.Next(1, 5)),
        ["quartic"] = r => AnyQuartic(r, r.Next(1, 7)),
        ["separable quartic"] = r => Separable(r, r.Next(1, 7)),
        ["double well"] = r => new DoubleWell(0.1 + r.NextDouble(), 0.7 + r.NextDouble(), Uniform(r, 1), Positive(r, r.Next(0, 4))),
        ["bending valley"] = r => new BendingValley(0.1 + r.NextDouble(), Uniform(r, 2), Uniform(r, 0.9), 0.1 + r.NextDouble(), Uniform(r, 1)),
        ["rotation laboratory"] = r => new RotationLaboratory(Vector(r, r.Next(2, 6), 2), Uniform(r, 1), Uniform(r, 1), Uniform(r, 1), Uniform(r, 1)),
        ["catapult"] = r => new CatapultModel(r.Next(1, 5), Uniform(r, 2)),
        ["zhu quartic"] = _ => new ZhuQuartic(),
        ["quadratic regression"] = r => QuadraticRegression.Random(r.Next(1, 4), r.Next(1, 5), 1, 1, r),
    };

    public static PolynomialValley Valley(Random r, int order, int width) => new(
        Uniform(r, 1), Vector(r, width, 0.5), Vector(r, order - 1, 1), [.. Enumerable.Range(2, order - 1).Select(_ => Vector(r, width, 1))]);

    public static Quartic AnyQuartic(Random r, int dimension)
    {
        var bounded = r.Next(2) == 0;
        return Quartic.Random(Vector(r, dimension, 2), r.Next(0, 5), (bounded ? dimension : 0) + r.Next(0, 5), 0.1 + r.NextDouble(), bounded, r);
    }

    public static Quartic Separable(Random r, int dimension) =>
        Quartic.Separable(Vector(r, dimension, 2), Vector(r, dimension, 2), Vector(r, dimension, 2));

    public static double[] Positive(Random r, int length) => [.. Enumerable.Range(0, length).Select(_ => 0.05 + (3 * r.NextDouble()))];

    public static double Uniform(Random r, double range) => range * ((2 * r.NextDouble()) - 1);

    public static double[] Vector(Random r, int length, double range) => [.. Enumerable.Range(0, length).Select(_ => Uniform(r, range))];
}
