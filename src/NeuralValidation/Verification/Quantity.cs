using FlatBias.Dynamics.Numerics;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>Something computed on a device.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">Its numbers.</param>
/// <param name="Slack">By how much it may be off, in the 2-norm, because it was computed to a tolerance and not to
/// rounding.</param>
internal sealed record Quantity(string Name, double[] Values, double Slack = 0)
{
    /// <summary>Its size, in the 2-norm.</summary>
    public double Size => Math.Sqrt(Values.Sum(x => x * x));

    /// <summary>How far two are apart, in the 2-norm; not a number where one is not.</summary>
    public double DistanceTo(Quantity other) =>
        Values.Length != other.Values.Length
            ? double.NaN
            : Math.Sqrt(Values.Zip(other.Values, (x, y) => (x - y) * (x - y)).Sum());

    /// <summary>Whether both have the same bits.</summary>
    public bool HasBitsOf(Quantity other) =>
        Values
            .Select(BitConverter.DoubleToInt64Bits)
            .SequenceEqual(other.Values.Select(BitConverter.DoubleToInt64Bits));
}

/// <summary>One quantity on a device held against the CPU in one precision.</summary>
/// <param name="Difference">Their distance.</param>
/// <param name="Tolerance">The largest distance that rounding explains.</param>
/// <param name="Size">The size of the quantity.</param>
internal readonly record struct Agreement(double Difference, double Tolerance, double Size)
{
    // A sum in another order rounds as much and as randomly as the CPU's own, but longer runs of one accumulator can
    // make it a few times as much.
    private const double Margin = 16;

    // Where the CPU's error happens to be small: the roundings of two sums of 784 terms, 2 sqrt(784) = 56, each half a
    // unit at most.
    private const double Floor = 64;
    private const double Ratio = Roundoff.Unit / Roundoff.SingleUnit;

    /// <summary>Whether the difference is within the tolerance; false where either is not a number.</summary>
    public bool Holds => Difference <= Tolerance;

    /// <summary>
    /// Judges by the CPU's own rounding: its error in float32 is the distance to its float64 result; a device that sums
    /// in another order may err by as much in another direction. Rounding being proportional to the unit roundoff to first
    /// order, that error times 2^-29 is the one of float64.
    /// </summary>
    public static Agreement Of(bool single, Quantity cpu, Quantity device, Quantity cpuSingle, Quantity cpuDouble)
    {
        var (size, scale) = (cpuDouble.Size, single ? 1 : Ratio);
        var rounding = ((Margin * cpuSingle.DistanceTo(cpuDouble)) + (Floor * Roundoff.SingleUnit * size)) * scale;
        // What is slack in float32 on the CPU is not rounding of float64.
        return new Agreement(cpu.DistanceTo(device), rounding + cpu.Slack + device.Slack, size);
    }
}
