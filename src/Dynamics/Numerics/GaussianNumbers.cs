namespace FlatBias.Dynamics.Numerics;

/// <summary>
/// Independent standard normal numbers, a piece at a time, by Marsaglia's polar method. The numbers, and what is drawn
/// for them, are those of MathNet's <c>Normal.Samples</c> for one array, which takes memory for two and a quarter times
/// as many: the vectors of a network are filled at every measurement.
/// </summary>
public struct GaussianNumbers
{
    private readonly Random _random;
    private long _drawn;
    private double? _second;

    /// <summary>Begins.</summary>
    /// <param name="random">The source.</param>
    public GaussianNumbers(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
    }

    /// <summary>The numbers for a whole vector.</summary>
    /// <param name="random">The source.</param>
    /// <param name="values">Overwritten.</param>
    public static void Fill(Random random, Span<double> values)
    {
        var numbers = new GaussianNumbers(random);
        numbers.Next(values);
        numbers.End(values.Length);
    }

    /// <summary>The next numbers.</summary>
    /// <param name="values">Overwritten.</param>
    public void Next(Span<double> values)
    {
        foreach (ref var value in values)
        {
            if (_second is { } second)
            {
                (value, _second) = (second, null);
                continue;
            }

            double x,
                y,
                square;
            do
            {
                (x, y) = ((2 * _random.NextDouble()) - 1, (2 * _random.NextDouble()) - 1);
                square = (x * x) + (y * y);
                _drawn += 2;
            } while (square is >= 1 or 0);
            var factor = Math.Sqrt(-2 * Math.Log(square) / square);
            (value, _second) = (x * factor, y * factor);
        }
    }

    /// <summary>Draws what is drawn beforehand for so many numbers, on average enough, and was not needed.</summary>
    /// <param name="count">The numbers that were taken in all.</param>
    public void End(int count)
    {
        var beforehand = (long)Math.Ceiling(4.0 * count * (1 / Math.PI));
        for (beforehand += beforehand % 2; _drawn < beforehand; _drawn++)
            _random.NextDouble();
    }
}
