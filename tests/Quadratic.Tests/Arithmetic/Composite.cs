using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Tests.Arithmetic;

/// <summary>
/// One function that uses every operation: exp(sin(x)/2) tanh(x/2) + softplus(x/2) cos(x) / sqrt(2 + x^2) - log(3 + x) x^3.
/// For |x| at most 1 the nearest singularity is +-i sqrt 2, at least 1.41 away; on circles of radius 1.2 it stays below 40: exp 2.6^... e^(sinh(1.2) cosh-like 1.8) &lt; 7 times |tanh| &lt; 3, 2 * 5 / 0.7, 1.7 * 10.7.
/// </summary>
internal static class Composite
{
    public const double Bound = 60;

    public static T Of<T>(T x)
        where T : struct, IReal<T>
    {
        var (sin, cos) = T.SinCos(x);
        var half = (T)0.5 * x;
        return (T.Exp((T)0.5 * sin) * T.Tanh(half))
            + (T.Softplus(half) * cos / T.Sqrt((T)2.0 + (x * x)))
            - (T.Log(x + 3.0) * T.Power(x, 3));
    }
}
