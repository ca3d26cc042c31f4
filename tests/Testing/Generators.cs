using FsCheck;
using FsCheck.Fluent;

namespace FlatBias.Testing;

/// <summary>A real number drawn uniformly from [-1, 1] on a grid of 1e-6; shrinks towards 0.</summary>
public readonly record struct Real(double Value)
{
    public double In(double low, double high) => low + ((high - low) * (Value + 1) / 2);
}

/// <summary>A positive number, log-uniform in [1e-3, 1e3]; shrinks towards 1.</summary>
public readonly record struct LogUniform(double Value)
{
    /// <summary>Mapped log-linearly onto [low, high].</summary>
    public double In(double low, double high) => low * Math.Pow(high / low, (Math.Log10(Value) + 3) / 6);
}

/// <summary>A size from 1 to 8; shrinks towards 1.</summary>
public readonly record struct Size(int Value);

/// <summary>The seed of a random instance; shrinks towards 0.</summary>
public readonly record struct Seed(int Value)
{
    public Random Random() => new(Value);
}

/// <summary>The generators of the property tests: register with [Properties(Arbitrary = [typeof(Generators)])].</summary>
public static class Generators
{
    private const int Grid = 1_000_000;

    public static Arbitrary<Real> RealNumber() =>
        Mapped(-Grid, Grid, i => new Real(i / (double)Grid), s => (int)Math.Round(s.Value * Grid));

    public static Arbitrary<LogUniform> Positive() =>
        Mapped(
            -Grid,
            Grid,
            i => new LogUniform(Math.Pow(10, 3.0 * i / Grid)),
            x => (int)Math.Round(Math.Log10(x.Value) / 3 * Grid)
        );

    public static Arbitrary<Size> SmallSize() => Mapped(0, 7, i => new Size(i + 1), s => s.Value - 1);

    public static Arbitrary<Seed> InstanceSeed() => Mapped(0, int.MaxValue - 1, i => new Seed(i), s => s.Value);

    private static Arbitrary<T> Mapped<T>(int low, int high, Func<int, T> map, Func<T, int> back) =>
        Arb.From(Gen.Choose(low, high).Select(map), value => Toward(back(value)).Select(map));

    private static IEnumerable<int> Toward(int value)
    {
        for (var step = value; step != 0; step /= 2)
            yield return value - step;
    }
}
