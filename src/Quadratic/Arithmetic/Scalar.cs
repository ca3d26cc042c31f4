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
    public static Scalar Softplus(Scalar x) => new(Math.Max(x.Value, 0) + double.LogP1(Math.Exp(-Math.Abs(x.Value))));

    /// <inheritdoc/>
    public static (Scalar Sin, Scalar Cos) SinCos(Scalar x)
    {
        var (sin, cos) = Math.SinCos(x.Value);
        return (sin, cos);
    }
}
