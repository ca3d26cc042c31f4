namespace FlatBias.Dynamics.Numerics;

/// <summary>
/// How far to move a state, or the time, for a derivative by differences: the one place for all of them, eqs. (10.10)
/// to (10.12). Every length comes from the caller's own units (the state, the step, the tolerances, sizes
/// that were stated), so that a problem in other units is differenced at the same points.
/// </summary>
internal static class DifferenceStep
{
    /// <summary>
    /// (3 u)^(1/3), u = 2^-53: where truncation and rounding of a difference of second order balance.
    /// </summary>
    public const double SecondOrder = 6.9e-6;

    /// <summary>sqrt(2 u): the same for a difference of first order.</summary>
    private const double FirstOrder = 1.4901161193847656e-8;

    // Below it products of increments underflow. No unit of anything is as small.
    private const double Smallest = 1e-150;

    /// <summary>
    /// (10.10): the increment of one component for a column of a Jacobian, in the direction of its motion.
    /// </summary>
    /// <param name="value">x_j.</param>
    /// <param name="movement">h f_j, by how much it moves in a step.</param>
    /// <param name="weight">w_j, the error that its tolerances allow.</param>
    /// <param name="passage">
    /// N h |f|_w: how many tolerances the state moves in a step, in the root-mean-square norm, times the dimension.
    /// </param>
    public static double Forward(double value, double movement, double weight, double passage)
    {
        var seen = FirstOrder * Math.Max(Math.Abs(value), Math.Max(Math.Abs(movement), weight));
        var resolved = 1000 * Roundoff.Unit * passage * weight;
        return Math.CopySign(Math.Max(seen, resolved), movement == 0 ? value : movement);
    }

    /// <summary>(10.11): the increment of time within a step.</summary>
    public static double InTime(double time, double step) =>
        Math.CopySign(Math.Max(SecondOrder * Math.Abs(step), 4 * Magnitude.Ulp(time)), step);

    /// <summary>
    /// (10.12): h such that h v is the step of a central difference for components of these sizes; 0 for a zero vector.
    /// </summary>
    public static double Along(ReadOnlySpan<double> direction, ReadOnlySpan<double> state, ReadOnlySpan<double> sizes)
    {
        var longest = 0.0;
        for (var i = 0; i < direction.Length; i++)
            longest = Math.Max(longest, Math.Abs(direction[i]) / Math.Max(Math.Abs(state[i]), sizes[i]));
        return longest > 0 ? SecondOrder / longest : 0;
    }

    /// <summary>(10.12) for components of one common size.</summary>
    public static double Along(ReadOnlySpan<double> direction, double size)
    {
        var longest = Magnitude.Largest(direction);
        return longest > 0 ? SecondOrder * Math.Max(size, Smallest) / longest : 0;
    }
}
