using System.Globalization;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>The step sizes of a scan, evenly spaced.</summary>
/// <param name="First">The first, finite and above 0; above 2 where these are pushes.</param>
/// <param name="Last">The last, above the first; the same for a single one.</param>
/// <param name="Count">How many, from 1 to 1000.</param>
/// <param name="Pushes">Whether these are pushes, eta S at the reference point, of which 2 is the edge; step sizes eta otherwise.</param>
public sealed record StepSizeGrid(double First, double Last, int Count, bool Pushes)
{
    private const int MostValues = 1000;

    // Far past any edge, and still a step size.
    private const double LargestPush = 100;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        var what = Pushes ? "pushes" : "step sizes";
        Require.InRange(Count, 1, MostValues, $"number of {what}");
        Require.Positive(First, $"first of the {what}");
        Require.Positive(Last, $"last of the {what}");
        if (Count == 1 ? First != Last : !(First < Last))
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {what} go from {First} to {Last} in {Count}; {(Count == 1 ? "a single one must begin and end at the same number" : "the last must be above the first")}."
                )
            );
        if (Pushes && !(First > 2 && Last <= LargestPush))
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The pushes go from {First} to {Last}; they must be above 2, the edge, and at most {LargestPush}."
                )
            );
    }

    /// <summary>The step sizes eta, ascending, both ends exactly.</summary>
    /// <param name="sharpness">S at the reference point.</param>
    /// <exception cref="ArgumentException">One is not past the edge 2/S.</exception>
    public double[] At(double sharpness)
    {
        if (!(sharpness > 0))
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The sharpness at the reference point is {sharpness:G6}; without a positive one there is no edge to go past."
                )
            );
        double[] values =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i => i == Count - 1 ? Last : First + ((Last - First) * i / (Count - 1))),
        ];
        if (Pushes)
            return [.. values.Select(push => push / sharpness)];
        return First * sharpness > 2
            ? values
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The first step size is {First}, below the edge 2/S = {2 / sharpness:G6} at the reference point; there is no instability to forecast."
                )
            );
    }
}
