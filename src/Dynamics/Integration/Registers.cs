using System.Runtime.Intrinsics;

namespace FlatBias.Dynamics.Integration;

/// <summary>States as whole registers of the processor: what lies beyond their dimension is zero and stays so.</summary>
internal static class Registers
{
    /// <summary>Numbers in one.</summary>
    public static int Width => Vector256<double>.Count;

    /// <summary>The least multiple of <see cref="Width"/> that holds so many numbers.</summary>
    public static int RoundUp(int count) => (count + Width - 1) / Width * Width;
}
