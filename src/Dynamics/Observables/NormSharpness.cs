using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>Sharpness in a norm, eq. (7.13): S_norm = max d . H d over the unit ball.</summary>
internal static class NormSharpness
{
    // Rounds of the iteration from one start, and the relative rise that ends it.
    private const int MostRounds = 100;
    private const double RoundTolerance = 1e-4;

    /// <summary>
    /// The largest d . H d that the iteration d := the direction that H d is steepest along comes to, which for a
    /// Hessian without negative eigenvalues never falls: a maximum nearby, hence a bound from below.
    /// </summary>
    /// <param name="space">The space.</param>
    /// <param name="product">y := H x.</param>
    /// <param name="steepest">x := the vector of length 1 in the norm that x . d is largest for.</param>
    /// <param name="starts">Where to begin, each by itself.</param>
    /// <param name="best">Overwritten by the d of the largest value; may be the first start.</param>
    /// <param name="direction">Overwritten.</param>
    /// <param name="image">Overwritten.</param>
    /// <returns>The value; NaN where no start has a direction, or a product is not finite.</returns>
    public static double Largest<TVector>(
        IVectorSpace<TVector> space,
        Action<TVector, TVector> product,
        Action<TVector> steepest,
        ReadOnlySpan<TVector> starts,
        TVector best,
        TVector direction,
        TVector image
    )
    {
        var largest = double.NaN;
        foreach (var start in starts)
        {
            space.Copy(start, direction);
            steepest(direction);
            var last = double.NegativeInfinity;
            for (var i = 0; i < MostRounds && space.Norm(direction) != 0; i++)
            {
                product(direction, image);
                var value = space.Dot(direction, image);
                if (!double.IsFinite(value))
                    return double.NaN;
                if (!(value <= largest))
                {
                    largest = value;
                    space.Copy(direction, best);
                }

                if (value - last <= RoundTolerance * Math.Abs(value))
                    break;
                last = value;
                space.Copy(image, direction);
                steepest(direction);
            }
        }

        return largest;
    }
}
