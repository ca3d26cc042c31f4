namespace FlatBias.Dynamics.Jets;

/// <summary>The interval of u over which a collocation jet interpolates the surface, (4.11), (4.14).</summary>
/// <param name="Low">a, below 0; 0 where no swing could be told from rounding, and the jet is quadratic along v.</param>
/// <param name="High">b, above 0; 0 likewise.</param>
/// <param name="Turning">
/// max |P_perp H v| at the two ends, over lambda_1 - lambda_2: about the tangent of the angle by which v_1 turns over
/// the swing. NaN where the gap is not known.
/// </param>
public sealed record Swing(double Low, double High, double Turning)
{
    /// <summary>
    /// Whether v_1 stands in a cluster as far as this swing goes: over it the Hessian couples v_1 to the rest by more
    /// than the gap, so that one direction does not lead throughout. True where the gap is not known.
    /// </summary>
    public bool IsClustered => !(Turning <= 1);
}
