namespace FlatBias.Dynamics.Jets;

/// <summary>What a collocation jet measures.</summary>
/// <param name="Columns">
/// r_1, the columns of the floor's stiffness measured at each end of the swing and at each knot, (4.12); at least 1. More
/// than there are Krylov vectors means all.
/// </param>
/// <param name="Refinements">How often the swing is set by a forecast and measured again, (4.14); from 1 to 10.</param>
/// <param name="Knots">Whether the stiffness is measured at two places of the path as well, (4.15).</param>
public sealed record CollocationOptions(int Columns = 12, int Refinements = 1, bool Knots = true)
{
    private const int MostRefinements = 10;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names it.</exception>
    public void Validate()
    {
        Require.InRange(Columns, 1, name: "columns");
        Require.InRange(Refinements, 1, MostRefinements, "refinements");
    }
}
