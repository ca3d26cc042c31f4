using System.Runtime.CompilerServices;

namespace FlatBias.Quadratic.Arithmetic;

/// <summary>
/// A power series c_0 + c_1 t + ... + c_6 t^6, cut there: univariate Taylor arithmetic (Griewank and Walther 2008, chapter 13). On theta + t v a loss becomes the series whose coefficient k is
/// D^k L[v^k] / k!. Products are convolutions; the elementary functions follow from their differential equations.
/// </summary>
public readonly struct Taylor : IReal<Taylor>
{
    /// <summary>The highest order kept.</summary>
    public const int Order = 6;

    private readonly Coefficients _c;

    private Taylor(in Coefficients c) => _c = c;

    /// <summary>The coefficient of t^k.</summary>
    /// <param name="k">From 0 to <see cref="Order"/>.</param>
    public double this[int k] => _c[k];

    /// <summary>The series value + slope t: a coordinate of theta + t v.</summary>
    /// <param name="value">c_0.</param>
    /// <param name="slope">c_1.</param>
    public static Taylor Line(double value, double slope)
    {
        Coefficients c = default;
        c[0] = value;
        c[1] = slope;
        return new(c);
    }

    /// <inheritdoc/>
    public static implicit operator Taylor(double value) => Line(value, 0);

    /// <inheritdoc/>
    public static Taylor operator +(Taylor left, Taylor right)
    {
        Coefficients c = default;
        for (var k = 0; k <= Order; k++)
            c[k] = left[k] + right[k];
        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor operator -(Taylor left, Taylor right)
    {
        Coefficients c = default;
        for (var k = 0; k <= Order; k++)
            c[k] = left[k] - right[k];
        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor operator *(Taylor left, Taylor right)
    {
        Coefficients c = default;
        for (var k = 0; k <= Order; k++)
        for (var i = 0; i <= k; i++)
            c[k] += left[i] * right[k - i];
        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor operator /(Taylor left, Taylor right)
    {
        Coefficients c = default;
        for (var k = 0; k <= Order; k++)
        {
            var sum = left[k];
            for (var i = 0; i < k; i++)
                sum -= c[i] * right[k - i];
            c[k] = sum / right[0];
        }

        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor operator -(Taylor value) => 0.0 - value;

    /// <inheritdoc/>
    public static Taylor Exp(Taylor x)
    {
        Coefficients c = default;
        c[0] = Math.Exp(x[0]);
        for (var k = 1; k <= Order; k++)
            c[k] = Integrated(x, c, k);
        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor Log(Taylor x)
    {
        // y x' = x y' with y = ln x: k c_k x_0 = k x_k - sum_{j=1..k-1} j c_j x_(k-j).
        Coefficients c = default;
        c[0] = Math.Log(x[0]);
        for (var k = 1; k <= Order; k++)
        {
            var sum = k * x[k];
            for (var j = 1; j < k; j++)
                sum -= j * c[j] * x[k - j];
            c[k] = sum / (k * x[0]);
        }

        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor Sqrt(Taylor x)
    {
        Coefficients c = default;
        c[0] = Math.Sqrt(x[0]);
        for (var k = 1; k <= Order; k++)
        {
            var sum = x[k];
            for (var j = 1; j < k; j++)
                sum -= c[j] * c[k - j];
            c[k] = sum / (2 * c[0]);
        }

        return new(c);
    }

    /// <inheritdoc/>
    public static Taylor Tanh(Taylor x) => TanhWithSlope(x).Tanh;

    /// <inheritdoc/>
    public static (Taylor Tanh, Taylor Slope) TanhWithSlope(Taylor x)
    {
        Coefficients c = default,
            slope = default; // slope = 1 - tanh^2, its head by (10.30)
        var (head, first) = Scalar.TanhWithSlope(x[0]);
        (c[0], slope[0]) = (head.Value, first.Value);
        for (var k = 1; k <= Order; k++)
        {
            c[k] = Integrated(x, slope, k);
            for (var i = 0; i <= k; i++)
                slope[k] -= c[i] * c[k - i];
        }

        return (new(c), new(slope));
    }

    /// <inheritdoc/>
    public static Taylor Softplus(Taylor x)
    {
        // The slope is the logistic function l; l' = l (1 - l) x' and (1 - l)' = -l', each from its own head, so that neither is lost by cancellation in the other's tail.
        Coefficients c = default,
            logistic = default,
            rest = default,
            product = default;
        c[0] = Scalar.Softplus(x[0]).Value;
        (logistic[0], rest[0]) = (1 / (1 + Math.Exp(-x[0])), 1 / (1 + Math.Exp(x[0])));
        product[0] = logistic[0] * rest[0];
        for (var k = 1; k <= Order; k++)
        {
            c[k] = Integrated(x, logistic, k);
            logistic[k] = Integrated(x, product, k);
            rest[k] = -logistic[k];
            for (var i = 0; i <= k; i++)
                product[k] += logistic[i] * rest[k - i];
        }

        return new(c);
    }

    /// <inheritdoc/>
    public static (Taylor Sin, Taylor Cos) SinCos(Taylor x)
    {
        Coefficients sin = default,
            cos = default;
        (sin[0], cos[0]) = Math.SinCos(x[0]);
        for (var k = 1; k <= Order; k++)
            (sin[k], cos[k]) = (Integrated(x, cos, k), -Integrated(x, sin, k));
        return (new(sin), new(cos));
    }

    /// <summary>Coefficient k of the integral of f x': (1/k) sum_{j=1..k} j x_j f_(k-j).</summary>
    private static double Integrated(in Taylor x, in Coefficients f, int k)
    {
        var sum = 0.0;
        for (var j = 1; j <= k; j++)
            sum += j * x[j] * f[k - j];
        return sum / k;
    }

    [InlineArray(Order + 1)]
    private struct Coefficients
    {
        private double _first;
    }
}
