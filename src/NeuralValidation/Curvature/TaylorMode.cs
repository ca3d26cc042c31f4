using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// Univariate Taylor mode (Griewank and Walther 2008, chapter 13): the coefficients of t -> L(theta + t v) carried forward through the layers, so that D^k L[v^k] = k! L_k for all k in one pass, eq. (1.3).
/// A layer is affine in t: Z_k = A_k W^T + A_(k-1) V^T, with the biases in k = 0 and 1. The nonlinearities follow from their differential equations:
/// tanh: a' = (1 - a^2) z'; softplus: a' = s z', s' = s r z' = -r', r = 1 - s; log-sum-exp l: l' = sum p_c o_c', p_c' =
/// p_c (o_c' - l').
/// The heads of the slopes are formed without cancellation, eqs. (10.30), (10.31). The reverse pass goes through
/// torch's own tanh and sigmoid, whose slopes 1 - a^2 and s (1 - s) are right to a roundoff of 1, not of themselves.
/// One reverse pass through L_k gives D^(k+1) L[v^k, .] / k!.
/// </summary>
internal static class TaylorMode
{
    /// <summary>L_0 .. L_order, scalars: the samples' share of the mean.</summary>
    public static Tensor[] Loss(Architecture architecture, Tensor theta, Tensor direction, SamplePart part, int order)
    {
        var weights = FlatParameters.Views(architecture, theta);
        var slopes = FlatParameters.Views(architecture, direction);
        Tensor[] a = [part.Inputs];
        for (var layer = 0; layer < weights.Length; layer++)
        {
            var z = Affine(a, weights[layer], slopes[layer], order);
            a = layer + 1 < weights.Length ? Activate(architecture.Activation, z) : z;
        }

        var mean = architecture.Loss == NetworkLoss.CrossEntropy ? CrossEntropy(a, part.Targets) : SquaredError(a, part.Targets);
        return [.. mean.Select(coefficient => coefficient.Times(part.Share))];
    }

    private static Tensor[] Affine(Tensor[] a, (Tensor Weight, Tensor Bias) weights, (Tensor Weight, Tensor Bias) slopes, int order)
    {
        var z = new Tensor[order + 1];
        Tensor w = weights.Weight.t(), v = slopes.Weight.t();
        for (var k = 0; k <= order; k++)
        {
            // The inputs are constant in t: a then has one coefficient, and z only two.
            if (k < a.Length) z[k] = k == 0 ? addmm(weights.Bias, a[0], w, 1, 1) : a[k].mm(w);
            if (k >= 1 && k - 1 < a.Length)
            {
                var turned = k == 1 ? addmm(slopes.Bias, a[0], v, 1, 1) : a[k - 1].mm(v);
                z[k] = k < a.Length ? z[k].Plus(turned) : turned;
            }
        }

        for (var k = 0; k <= order; k++) z[k] ??= zeros_like(z[0]);
        return z;
    }

    private static Tensor[] Activate(Activation activation, Tensor[] z) => activation switch
    {
        Activation.Tanh => Tanh(z),
        Activation.Softplus => Softplus(z),
        Activation.Relu => Relu(z),
        _ => z,
    };

    private static Tensor[] Relu(Tensor[] z)
    {
        var mask = z[0].Positive();
        return [.. z.Select(c => c * mask)];
    }

    private static Tensor[] Tanh(Tensor[] z)
    {
        Tensor[] a = new Tensor[z.Length], slope = new Tensor[z.Length];
        a[0] = z[0].tanh();
        slope[0] = z[0].TanhSlope();
        for (var k = 1; k < z.Length; k++)
        {
            a[k] = Integrated(z, slope, k);
            if (k + 1 < z.Length) slope[k] = -Product(a, a, k);
        }

        return a;
    }

    private static Tensor[] Softplus(Tensor[] z)
    {
        Tensor[] a = new Tensor[z.Length], sigmoid = new Tensor[z.Length], rest = new Tensor[z.Length],
            slope = new Tensor[z.Length];
        (a[0], sigmoid[0], rest[0]) = (z[0].Softplus(), z[0].sigmoid(), z[0].neg().sigmoid());
        for (var k = 1; k < z.Length; k++)
        {
            a[k] = Integrated(z, sigmoid, k);
            slope[k - 1] = Product(sigmoid, rest, k - 1);
            sigmoid[k] = Integrated(z, slope, k);
            rest[k] = -sigmoid[k];
        }

        return a;
    }

    /// <summary>Outputs enter less that of the sample's class, whose own row is then 0: no probability near 1 meets its
    /// 1, eq. (10.31).</summary>
    private static Tensor[] CrossEntropy(Tensor[] o, Tensor targets)
    {
        var others = targets.OneMinus();
        Tensor[] margin = [.. o.Select(c => (c - (c * targets).sum(1, keepdim: true)) * others)];
        Tensor[] lse = new Tensor[o.Length], p = new Tensor[o.Length], relative = new Tensor[o.Length];
        lse[0] = margin[0].logsumexp(1, keepdim: true);
        p[0] = (margin[0] - lse[0]).exp();
        for (var k = 1; k < o.Length; k++)
        {
            lse[k] = Integrated(margin, p, k).sum(1, keepdim: true);
            relative[k] = margin[k] - lse[k];
            p[k] = Integrated(relative, p, k);
        }

        return [.. lse.Select(l => l.mean())];
    }

    private static Tensor[] SquaredError(Tensor[] o, Tensor targets)
    {
        Tensor[] error = [o[0] - targets, .. o[1..]];
        return [.. o.Select((_, k) => Product(error, error, k).sum().Times(0.5 / targets.shape[0]))];
    }

    /// <summary>Coefficient k of the product of two series.</summary>
    private static Tensor Product(Tensor[] x, Tensor[] y, int k)
    {
        var sum = x[0] * y[k];
        for (var i = 1; i <= k; i++) sum = sum.Plus(x[i] * y[k - i]);
        return sum;
    }

    /// <summary>Coefficient k of the integral of f z': (1/k) sum_{j=1..k} j z_j f_(k-j).</summary>
    private static Tensor Integrated(Tensor[] z, Tensor[] f, int k)
    {
        var sum = z[1] * f[k - 1];
        for (var j = 2; j <= k; j++) sum = sum.Plus((z[j] * f[k - j]).Times(j));
        return sum.Over(k);
    }
}
