namespace FlatBias.Quadratic.Landscapes;

/// <summary>One term w (a . x)^k of a symmetric form of order k.</summary>
/// <param name="Weight">w, finite.</param>
/// <param name="Direction">a, finite, any length but as many components as x.</param>
public sealed record RankOneTerm(double Weight, double[] Direction);
