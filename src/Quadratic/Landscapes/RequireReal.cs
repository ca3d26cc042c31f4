using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>The check that <see cref="Dynamics.Require"/> has for whole numbers, for real ones, in the same words.</summary>
internal static class RequireReal
{
    /// <summary>Throws unless the value lies in [minimum, maximum]; NaN does not.</summary>
    public static double InRange(
        double value,
        double minimum,
        double maximum,
        [CallerArgumentExpression(nameof(value))] string name = ""
    ) =>
        value >= minimum && value <= maximum
            ? value
            : throw new ArgumentOutOfRangeException(
                name,
                value,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is {value}; it must be a number from {minimum} to {maximum}."
                )
            );
}
