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
    };

    public static PolynomialValley Valley(Random r, int order, int width) => new(
        Uniform(r, 1), Vector(r, width, 0.5), Vector(r, order - 1, 1), [.. Enumerable.Range(2, order - 1).Select(_ => Vector(r, width, 1))]);

    public static double Uniform(Random r, double range) => range * ((2 * r.NextDouble()) - 1);

    public static double[] Vector(Random r, int length, double range) => [.. Enumerable.Range(0, length).Select(_ => Uniform(r, range))];
}
