namespace FlatBias.Dynamics.Stability;

/// <summary>
/// A step of a branch as a curve: the cubic with the nodes and tangents at its ends, as a function of the way s along
/// the
/// first tangent. Predictions from it err by s^4, where those along the tangent err by s^2 and, close to where branches
/// cross, lead onto the other one.
/// </summary>
internal sealed record BranchSegment(BranchNode From, BranchNode To, double Step)
{
    /// <summary>The point at s.</summary>
    public double[] At(double s) =>
        Combine(
            s / Step,
            (t, end) => end ? t * t * (3 - (2 * t)) : 1 - (t * t * (3 - (2 * t))),
            (t, end) => end ? t * t * (t - 1) : t * (t - 1) * (t - 1)
        );

    /// <summary>Its derivative by s.</summary>
    public double[] Slope(double s) =>
        Combine(
            s / Step,
            (t, end) => (end ? 6 : -6) * t * (1 - t) / Step,
            (t, end) => (end ? t * ((3 * t) - 2) : (t - 1) * ((3 * t) - 1)) / Step
        );

    private double[] Combine(double t, Func<double, bool, double> value, Func<double, bool, double> slope)
    {
        // Tangents are of unit length: along the first one the second is longer by one over their product.
        var along = 1 / From.Tangent.Zip(To.Tangent, (a, b) => a * b).Sum();
        var (a, b, c, d) = (value(t, false), value(t, true), slope(t, false) * Step, slope(t, true) * Step * along);
        return
        [
            .. Enumerable
                .Range(0, From.Y.Length)
                .Select(i => (a * From.Y[i]) + (b * To.Y[i]) + (c * From.Tangent[i]) + (d * To.Tangent[i])),
        ];
    }
}
