using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Arithmetic on the coefficients of power series in t (Griewank and Walther 2008, chapter 13).</summary>
internal static class PowerSeries
{
    /// <summary>Coefficient k of the product of two series.</summary>
    public static Tensor Product(Tensor[] x, Tensor[] y, int k)
    {
        var sum = x[0] * y[k];
        for (var i = 1; i <= k; i++)
            sum = sum.Plus(x[i] * y[k - i]);
        return sum;
    }

    /// <summary>Coefficient k of the integral of f z': (1/k) sum_{j=1..k} j z_j f_(k-j).</summary>
    public static Tensor Integrated(Tensor[] z, Tensor[] f, int k)
    {
        var sum = z[1] * f[k - 1];
        for (var j = 2; j <= k; j++)
            sum = sum.Plus((z[j] * f[k - j]).Times(j));
        return sum.Over(k);
    }
}
