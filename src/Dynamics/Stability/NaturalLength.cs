using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// The length over which the Jacobian of a map changes by a tenth of the larger of 1 and its own size, eq. (10.21): the
/// unit of length that the map itself knows of, where an orbit at zero has none.
/// </summary>
internal static class NaturalLength
{
    private const double Change = 0.1;

    /// <summary>
    /// Along a direction, to 3 %; where the Jacobian stays what it is, the size of the point, or 1 at zero. Lengths are
    /// looked for from that size, and from 1 where there is none near it: the point is zero then but for rounding.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="x">The point.</param>
    /// <param name="direction">With a largest component of about 1.</param>
    /// <param name="tangents">
    /// The vectors that the Jacobian is looked at with, one after the other, of about that size too.
    /// </param>
    public static double Along<TMap>(in TMap map, double[] x, double[] direction, double[] tangents)
        where TMap : struct, ITangentMap
    {
        double[] here = new double[tangents.Length],
            there = new double[tangents.Length],
            moved = new double[x.Length],
            next = new double[x.Length];
        map.StepTangent(x, tangents, next, here);
        var change = Change * Math.Max(1, Magnitude.Largest(here));
        var size = Magnitude.Largest(x);
        return size > 0 ? From(map, size) ?? From(map, 1) ?? size : From(map, 1) ?? 1;

        double? From(in TMap map, double start)
        {
            var (exponent, step) = (0.0, Exceeds(map, start) ? -4.0 : 4.0);
            // Sixteenfold steps over sixteen decades either way, then halvings of the last one.
            while (Exceeds(map, start * Math.Pow(2, exponent)) == step < 0)
            {
                exponent += step;
                if (Math.Abs(exponent) > 56)
                    return null;
            }

            var (low, high) = step < 0 ? (exponent, exponent - step) : (exponent - step, exponent);
            while (high - low > 0.05)
            {
                var middle = (low + high) / 2;
                if (Exceeds(map, start * Math.Pow(2, middle)))
                    high = middle;
                else
                    low = middle;
            }

            return start * Math.Pow(2, low);
        }

        bool Exceeds(in TMap map, double length)
        {
            for (var i = 0; i < x.Length; i++)
                moved[i] = x[i] + (length * direction[i]);
            map.StepTangent(moved, tangents, next, there);
            for (var i = 0; i < here.Length; i++)
                if (!(Math.Abs(there[i] - here[i]) <= change))
                    return true;
            return false;
        }
    }
}
