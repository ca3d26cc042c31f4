using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// z = log(1 + e^-Theta), the logistic loss of a scalar two-layer linear network on one example of label 1. With s = 1
/// / (1 + e^Theta), w = s (1 - s), d = 2 s - 1 = - tanh(Theta/2): ds = -w, dw = w d, dd = -2 w, hence
/// z' = -s, z'' = w, then w d, w (1 - 6 w), w d (1 - 12 w), w (1 - 30 w + 120 w^2), w d (1 - 60 w + 360 w^2).
/// s and 1 - s both come from e^-|Theta|, so that neither overflows nor is lost by cancellation. No minimum: z falls to 0 as Theta grows.
/// </summary>
public readonly struct LogisticLink : ILink
{
    /// <inheritdoc/>
    public string Name => "logistic";

    /// <inheritdoc/>
    public double Slope(double x)
    {
        Span<double> z = stackalloc double[2];
        Derivatives(x, z);
        return z[1];
    }

    /// <inheritdoc/>
    public void Derivatives(double x, Span<double> derivatives)
    {
        var e = Math.Exp(-Math.Abs(x));
        var (small, large) = (e / (1 + e), 1 / (1 + e));
        var s = x > 0 ? small : large;
        var w = small * large;
        var d = -Math.Tanh(x / 2);
        ReadOnlySpan<double> all =
        [
            Scalar.Softplus(-x).Value,
            -s,
            w,
            w * d,
            w * (1 - (6 * w)),
            w * d * (1 - (12 * w)),
            w * (1 - (30 * w) + (120 * w * w)),
            w * d * (1 - (60 * w) + (360 * w * w)),
        ];
        all[..derivatives.Length].CopyTo(derivatives);
    }
}
