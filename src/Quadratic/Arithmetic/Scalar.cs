namespace FlatBias.Quadratic.Arithmetic;

/// <summary>A float64 as an <see cref="IReal{T}"/>: compiles to plain floating-point arithmetic.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Scalar(double Value) : IReal<Scalar>
{
    /// <inheritdoc/>
    public static implicit operator Scalar(double value) => new(value);

    /// <inheritdoc/>
    public static Scalar operator +(Scalar left, Scalar right) => new(left.Value + right.Value);

    /// <inheritdoc/>
    public static Scalar operator -(Scalar left, Scalar right) => new(left.Value - right.Value);

    /// <inheritdoc/>
    public static Scalar operator *(Scalar left, Scalar right) => new(left.Value * right.Value);

    /// <inheritdoc/>
    public static Scalar operator /(Scalar left, Scalar right) => new(left.Value / right.Value);

    /// <inheritdoc/>
    public static Scalar operator -(Scalar value) => new(-value.Value);

    /// <inheritdoc/>
    public static Scalar Exp(Scalar x) => new(Math.Exp(x.Value));

    /// <inheritdoc/>
    public static Scalar Log(Scalar x) => new(Math.Log(x.Value));

    /// <inheritdoc/>
    public static Scalar Sqrt(Scalar x) => new(Math.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Scalar Tanh(Scalar x) => new(Math.Tanh(x.Value));

    /// <inheritdoc/>
    public static (Scalar Tanh, Scalar Slope) TanhWithSlope(Scalar x)
    {
        var e = Math.Exp(-2 * Math.Abs(x.Value));
        return (Math.Tanh(x.Value), 4 * e / ((1 + e) * (1 + e)));
    }

    /// <inheritdoc/>
    public static Scalar Softplus(Scalar x)
    {
        // log(1 + e) for 0 <= e <= 1. 1 + e is rounded to u; dividing by u - 1 in place of e takes that rounding out again, so that the tail e^x keeps its relative accuracy.
        var e = Math.Exp(-Math.Abs(x.Value));
        var u = 1 + e;
        return new(Math.Max(x.Value, 0) + (u == 1 ? e : Math.Log(u) * (e / (u - 1))));
    }

    /// <inheritdoc/>
    public static (Scalar Sin, Scalar Cos) SinCos(Scalar x)
    {
        var (sin, cos) = Math.SinCos(x.Value);
        return (sin, cos);
    }
}
