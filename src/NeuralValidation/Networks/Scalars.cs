using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// Arithmetic that survives the garbage collector. TorchSharp's implicit conversion of a number makes an object that nothing holds while native code reads it: when a collection comes in between,
/// the call throws or computes with what lies there by then. Its operators with numbers, its plain <c>add</c> (a factor of 1 is converted), <c>square</c> and <c>softplus</c> do so inside.
/// Here the number lives until the call is over.
/// </summary>
public static class Scalars
{
    private static readonly Scalar One = 1.0.ToScalar(),
        Zero = 0.0.ToScalar();

    /// <summary>
    /// A number for arithmetic in a type: what float32 cannot hold is infinite in it, as it is where float32 is computed
    /// with, while torch would throw.
    /// </summary>
    internal static Scalar Of(double value, ScalarType type) =>
        (
            type == ScalarType.Float32 && Math.Abs(value) > float.MaxValue
                ? Math.CopySign(double.PositiveInfinity, value)
                : value
        ).ToScalar();

    /// <summary>x + y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>x := x + y.</summary>
    public static Tensor Increase(this Tensor x, Tensor y) => x.add_(y, One);

    /// <summary>x factor.</summary>
    public static Tensor Times(this Tensor x, double factor)
    {
        using var scalar = Of(factor, x.dtype);
        return x.mul(scalar);
    }

    /// <summary>x / divisor.</summary>
    public static Tensor Over(this Tensor x, double divisor)
    {
        using var scalar = Of(divisor, x.dtype);
        return x.div(scalar);
    }

    /// <summary>1 - x.</summary>
    public static Tensor OneMinus(this Tensor x) => x.sub(One).neg();

    /// <summary>1 where x is above 0, else 0.</summary>
    public static Tensor Positive(this Tensor x) => x.gt(Zero).to(x.dtype);

    /// <summary>log(1 + e^x), as - log sigmoid(-x): the library's own softplus converts its parameters as above.</summary>
    public static Tensor Softplus(this Tensor x) => nn.functional.logsigmoid(x.neg()).neg();

    /// <summary>x := x + y z.</summary>
    public static Tensor AddProduct(this Tensor x, Tensor y, Tensor z) => x.addcmul_(y, z, One);
}
