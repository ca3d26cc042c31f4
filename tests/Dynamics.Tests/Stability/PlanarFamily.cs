using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>
/// A map of one number x and a parameter p, with its derivative by x, in any units: state = u x, parameter = v p. A
/// second coordinate halves.
/// </summary>
internal sealed record Formula(Func<double, double, double> Map, Func<double, double, double> Slope)
{
    /// <summary>x + 0.3 x (p - x): transcritical at 0, between x = 0 and x = p.</summary>
    public static Formula Transcritical { get; } =
        new((x, p) => x + (0.3 * x * (p - x)), (x, p) => 1 + (0.3 * (p - (2 * x))));

    /// <summary>x + p x - x^3: pitchfork at 0; the sides x = +-sqrt p flip at 1.</summary>
    public static Formula Pitchfork { get; } = new((x, p) => x + (p * x) - (x * x * x), (x, p) => 1 + p - (3 * x * x));

    /// <summary>x + p - x^2: fold at 0, flip at p = 1.</summary>
    public static Formula Fold { get; } = new((x, p) => x + p - (x * x), (x, _) => 1 - (2 * x));

    /// <summary>p x (1 - x).</summary>
    public static Formula Logistic { get; } = new((x, p) => p * x * (1 - x), (x, p) => p * (1 - (2 * x)));

    /// <summary>
    /// Descent with step size p in the double well (x^2 - 1)^2 / 4: the minimum 1 flips at p = 1, its two-cycle at sqrt
    /// 5 - 1.
    /// </summary>
    public static Formula Wells { get; } =
        new((x, p) => x - (p * ((x * x) - 1) * x), (x, p) => 1 - (p * ((3 * x * x) - 1)));
}

/// <summary>The family of a formula in given units.</summary>
internal readonly record struct PlanarFamily(Formula Formula, double Length = 1, double Unit = 1)
    : IMapFamily<TangentMap<PlanarMap>>
{
    public TangentMap<PlanarMap> At(double parameter) => new(new PlanarMap(Formula, Length, parameter / Unit));
}

/// <summary>A map of such a family.</summary>
internal readonly record struct PlanarMap(Formula Formula, double Length, double Parameter) : IDifferentiableMap
{
    public int Dimension => 2;

    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        next[0] = Length * Formula.Map(current[0] / Length, Parameter);
        next[1] = current[1] / 2;
    }

    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        image[0] = Formula.Slope(state[0] / Length, Parameter) * direction[0];
        image[1] = direction[1] / 2;
    }
}
