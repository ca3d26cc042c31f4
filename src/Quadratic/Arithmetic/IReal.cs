using System.Numerics;

namespace FlatBias.Quadratic.Arithmetic;

/// <summary>
/// A number that a loss can be written over: once, and its derivatives follow. <see cref="Scalar"/> is a plain float64; <see cref="Dual{T}"/> carries a first derivative;
/// <see cref="Taylor"/> carries a power series to order 6. Constants convert by themselves: <c>0.5 * x * x</c>.
/// </summary>
/// <typeparam name="T">The number itself.</typeparam>
public interface IReal<T>
    : IAdditionOperators<T, T, T>,
        ISubtractionOperators<T, T, T>,
        IMultiplyOperators<T, T, T>,
        IDivisionOperators<T, T, T>,
        IUnaryNegationOperators<T, T>
    where T : struct, IReal<T>
{
    /// <summary>A constant.</summary>
    /// <param name="value">Its value.</param>
    static abstract implicit operator T(double value);

    /// <summary>e^x.</summary>
    /// <param name="x">The argument.</param>
    static abstract T Exp(T x);

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">The argument, above 0.</param>
    /// <returns>ln x; NaN below 0.</returns>
    static abstract T Log(T x);

    /// <summary>The square root.</summary>
    /// <param name="x">The argument, above 0 (at 0 it has no derivative).</param>
    static abstract T Sqrt(T x);

    /// <summary>The hyperbolic tangent.</summary>
    /// <param name="x">The argument.</param>
    static abstract T Tanh(T x);

    /// <summary>The hyperbolic tangent with its slope 1/cosh^2 x, which keeps its relative accuracy where tanh x rounds
    /// to +-1 and 1 - tanh^2 x is rounding, eq. (10.30).</summary>
    /// <param name="x">The argument.</param>
    static abstract (T Tanh, T Slope) TanhWithSlope(T x);

    /// <summary>log(1 + e^x), without overflow.</summary>
    /// <param name="x">The argument.</param>
    static abstract T Softplus(T x);

    /// <summary>The sine and the cosine together.</summary>
    /// <param name="x">The angle in radians.</param>
    static abstract (T Sin, T Cos) SinCos(T x);

    /// <summary>x^n for a whole n, by repeated squaring.</summary>
    /// <param name="x">The base.</param>
    /// <param name="n">The exponent, at least 0.</param>
    /// <returns>The power; 1 for n = 0.</returns>
    static virtual T Power(T x, int n)
    {
        T result = 1.0;
        for (; n > 0; n >>= 1)
        {
            if ((n & 1) == 1)
                result *= x;
            if (n > 1)
                x *= x;
        }

        return result;
    }
}
