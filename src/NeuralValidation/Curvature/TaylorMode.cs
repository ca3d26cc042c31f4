using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// Univariate Taylor mode (Griewank and Walther 2008, chapter 13): the coefficients of t -> L(theta + t v) carried forward through the layers, so that D^k L[v^k] = k! L_k for all k in one pass, eq. (1.3).
/// A layer is affine in t: Z_k = A_k W^T + A_(k-1) V^T, with the biases in k = 0 and 1. The activation and the loss say how they go on from there.
/// The heads of their derivatives are formed without cancellation, eqs. (10.30), (10.31). The reverse pass goes through
/// torch's own tanh and sigmoid, whose derivatives 1 - a^2 and s (1 - s) are right to a roundoff of 1, not of themselves.
/// One reverse pass through L_k gives D^(k+1) L[v^k, .] / k!.
/// </summary>
internal static class TaylorMode
{
    /// <summary>L_0 .. L_order, scalars: the samples' share of the mean.</summary>
    public static Tensor[] Loss(
        Architecture architecture,
        (Tensor Weight, Tensor Bias)[] weights,
        Tensor direction,
        SamplePart part,
        int order
    )
    {
        var directions = FlatParameters.Views(architecture, direction);
        Tensor[] a = [part.Inputs];
        for (var layer = 0; layer < weights.Length; layer++)
        {
            var z = Affine(a, weights[layer], directions[layer], order);
            a = layer + 1 < weights.Length ? architecture.Activation.Series(z) : z;
        }

        return [.. architecture.Loss.Series(a, part.Targets).Select(coefficient => coefficient.Times(part.Share))];
    }

    private static Tensor[] Affine(
        Tensor[] a,
        (Tensor Weight, Tensor Bias) weights,
        (Tensor Weight, Tensor Bias) directions,
        int order
    )
    {
        var z = new Tensor[order + 1];
        Tensor w = weights.Weight.t(),
            v = directions.Weight.t();
        for (var k = 0; k <= order; k++)
        {
            // The inputs are constant in t: a then has one coefficient, and z only two.
            if (k < a.Length)
                z[k] = k == 0 ? addmm(weights.Bias, a[0], w, 1, 1) : a[k].mm(w);
            if (k >= 1 && k - 1 < a.Length)
            {
                var turned = k == 1 ? addmm(directions.Bias, a[0], v, 1, 1) : a[k - 1].mm(v);
                z[k] = k < a.Length ? z[k].Plus(turned) : turned;
            }
        }

        for (var k = 0; k <= order; k++)
            z[k] ??= zeros_like(z[0]);
        return z;
    }
}
