namespace FlatBias.Quadratic.Arithmetic;

/// <summary>
/// a + b e with e^2 = 0: a value with its derivative in one direction (forward mode). Nested, <c>Dual&lt;Dual&lt;Scalar&gt;&gt;</c> gives second derivatives, and <c>Dual&lt;Taylor&gt;</c>
/// the gradient of a whole power series.
/// </summary>
/// <typeparam name="T">The number that value and derivative are made of.</typeparam>
/// <param name="Value">a.</param>
/// <param name="Slope">b.</param>
public readonly record struct Dual<T>(T Value, T Slope) : IReal<Dual<T>>
    where T : struct, IReal<T>
{
    /// <inheritdoc/>
    public static implicit operator Dual<T>(double value) => new(value, 0.0);

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) =>
        new(left.Value + right.Value, left.Slope + right.Slope);

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) =>
        new(left.Value - right.Value, left.Slope - right.Slope);

    /// <inheritdoc/>
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) =>
        new(left.Value * right.Value, (left.Slope * right.Value) + (left.Value * right.Slope));

    /// <inheritdoc/>
    public static Dual<T> operator /(Dual<T> left, Dual<T> right)
    {
        var quotient = left.Value / right.Value;
        return new(quotient, (left.Slope - (quotient * right.Slope)) / right.Value);
    }

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> value) => new(-value.Value, -value.Slope);

    /// <inheritdoc/>
    public static Dual<T> Exp(Dual<T> x)
    {
        var e = T.Exp(x.Value);
        return new(e, e * x.Slope);
    }

    /// <inheritdoc/>
    public static Dual<T> Log(Dual<T> x) => new(T.Log(x.Value), x.Slope / x.Value);

    /// <inheritdoc/>
    public static Dual<T> Sqrt(Dual<T> x)
    {
        var root = T.Sqrt(x.Value);
        return new(root, x.Slope / (root + root));
    }

    /// <inheritdoc/>
    public static Dual<T> Tanh(Dual<T> x)
    {
        var (t, slope) = T.TanhWithSlope(x.Value);
        return new(t, slope * x.Slope);
    }

    /// <inheritdoc/>
    public static (Dual<T> Tanh, Dual<T> Slope) TanhWithSlope(Dual<T> x)
    {
        var (t, slope) = T.TanhWithSlope(x.Value);
        return (new(t, slope * x.Slope), new(slope, (T)(-2.0) * t * slope * x.Slope));
    }

    /// <inheritdoc/>
    public static Dual<T> Softplus(Dual<T> x)
    {
        // The logistic function 1 / (1 + e^-x) without overflow and, unlike (1 + tanh(x/2)) / 2, without cancellation where it is small.
        var logistic = T.Exp(-T.Softplus(-x.Value));
        return new(T.Softplus(x.Value), logistic * x.Slope);
    }

    /// <inheritdoc/>
    public static (Dual<T> Sin, Dual<T> Cos) SinCos(Dual<T> x)
    {
        var (sin, cos) = T.SinCos(x.Value);
        return (new(sin, cos * x.Slope), new(cos, -(sin * x.Slope)));
    }
}
