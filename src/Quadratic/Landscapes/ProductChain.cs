using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A product of parameters that lie a fixed stride apart, and its partial derivatives, in O(N) and without division, so that zeros do no harm.</summary>
internal static class ProductChain
{
    /// <summary>theta_0 theta_s theta_2s ... over every stride-th element.</summary>
    public static T Product<T>(ReadOnlySpan<T> theta, int stride = 1)
        where T : struct, IReal<T>
    {
        var product = theta[0];
        for (var i = stride; i < theta.Length; i += stride)
            product *= theta[i];
        return product;
    }

    /// <summary>partials[i] := scale times the product of all factors but the i-th: prefix products into the span, then suffix products on the way back.</summary>
    public static void Partials<T>(ReadOnlySpan<T> theta, T scale, Span<T> partials, int stride = 1)
        where T : struct, IReal<T>
    {
        T prefix = 1.0;
        var last = 0;
        for (var i = 0; i < theta.Length; i += stride)
        {
            partials[i] = prefix;
            prefix *= theta[i];
            last = i;
        }

        for (var i = last; i >= 0; i -= stride)
        {
            partials[i] *= scale;
            scale *= theta[i];
        }
    }

    /// <summary>The product of all factors but those at two positions, in float64: Q of eq. (3.9).</summary>
    public static double Without(ReadOnlySpan<double> theta, int first, int second, int stride = 1)
    {
        var product = 1.0;
        for (var i = 0; i < theta.Length; i += stride)
            if (i != first && i != second)
                product *= theta[i];
        return product;
    }

    /// <summary>sum_i (product of all factors but the i-th)^2, the squared length of the product's gradient.</summary>
    public static double SquaredGradient(ReadOnlySpan<double> theta, int stride = 1)
    {
        var sum = 0.0;
        for (var i = 0; i < theta.Length; i += stride)
        {
            var partial = Without(theta, i, i, stride);
            sum += partial * partial;
        }

        return sum;
    }
}
