namespace FlatBias.Dynamics.Numerics;

/// <summary>
/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; the constants of its final mix are Stafford's variant 13), one stream for each pair of a seed and a counter.
/// A value of 8 bytes, so that draws allocate nothing and need no state between processes.
/// </summary>
internal struct SplitMix64
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Starts the stream of a seed and a counter.</summary>
    public SplitMix64(int seed, int counter) => _state = Mix(Mix((uint)seed + Golden) + (uint)counter);

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>A whole number from 0 to below <paramref name="bound"/>, which is at least 1; without bias (Lemire 2019: the high half of a product, the short end of the low half rejected).</summary>
    public int Next(int bound)
    {
        var range = (ulong)bound;
        while (true)
        {
            var high = Math.BigMul(Next(), range, out var low);
            // 2^64 mod range of the low halves belong to an interval that is one too long.
            if (low >= range || low >= (0 - range) % range)
                return (int)high;
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
