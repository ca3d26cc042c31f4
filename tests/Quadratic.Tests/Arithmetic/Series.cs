using FlatBias.Quadratic.Arithmetic;
using FlatBias.Testing;

namespace FlatBias.Quadratic.Tests.Arithmetic;

/// <summary>
/// Power series for the tests, and their majorants: the series of absolute values. A recurrence of sums and products commits an error of at most (roundings in a chain) u times what the same recurrence
/// gives when every term is positive, so a bound is computed by Taylor arithmetic on majorants.
/// </summary>
internal static class Series
{
    /// <summary>No chain of the functions under test is longer: 7 coefficients, each a sum of at most 7 products with one division, through two recurrences and a product.</summary>
    private const double Chain = 3 * 7 * 8 * Near.Roundoff;

    public static Taylor Of(params ReadOnlySpan<double> coefficients)
    {
        Taylor sum = 0.0;
        for (var k = coefficients.Length - 1; k >= 0; k--)
            sum = (sum * Taylor.Line(0, 1)) + coefficients[k];
        return sum;
    }

    /// <summary>A series with a given head and the rest uniform in +-range.</summary>
    public static Taylor Random(Random random, double head, double range) =>
        Of([head, .. RandomLandscapes.Vector(random, Taylor.Order, range)]);

    public static Taylor Majorant(Taylor x) =>
        Of([.. Enumerable.Range(0, Taylor.Order + 1).Select(k => Math.Abs(x[k]))]);

    /// <summary>The majorant without its head.</summary>
    public static Taylor Tail(Taylor x) => Majorant(x) - Math.Abs(x[0]);

    /// <summary>Throws unless the series agree within (1 + extra) times the chain's roundings of the majorant.</summary>
    public static void Close(Taylor expected, Taylor actual, Taylor majorant, string what, double extra = 0)
    {
        for (var k = 0; k <= Taylor.Order; k++)
            Near.Equal(expected[k], actual[k], (1 + extra) * Chain * majorant[k], $"{what}, coefficient {k}");
    }
}
