using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>
/// z Phi(z), Phi the normal distribution, exact (Hendrycks and Gimpel 2016). Its series follows from Phi' = p z', p' = -z p z', p the normal density; Phi is half the complement of the error function of -z, which keeps its digits in the tail.
/// </content>
public abstract partial class Activation
{
    /// <summary>z Phi(z), exact; smooth.</summary>
    public static Activation Gelu { get; } = new GaussianGate();

    private sealed class GaussianGate : Activation
    {
        public override string Name => "gelu";

        public override string Summary => "z times the normal distribution of z, exact; smooth";

        public override bool IsSmooth => true;

        internal override Tensor Value(Tensor z) => z * Distribution(z);

        internal override (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z)
        {
            var (below, density) = (Distribution(z), Density(z));
            var slope = z * density;
            return (z * below, below.Plus(slope), density.Plus(density).Plus((z * slope).neg()));
        }

        internal override Tensor[] Series(Tensor[] z)
        {
            Tensor[] a = new Tensor[z.Length],
                below = new Tensor[z.Length],
                density = new Tensor[z.Length],
                falling = new Tensor[z.Length];
            (below[0], density[0]) = (Distribution(z[0]), Density(z[0]));
            a[0] = z[0] * below[0];
            for (var k = 1; k < z.Length; k++)
            {
                below[k] = PowerSeries.Integrated(z, density, k);
                falling[k - 1] = PowerSeries.Product(z, density, k - 1).neg();
                density[k] = PowerSeries.Integrated(z, falling, k);
                a[k] = PowerSeries.Product(z, below, k);
            }

            return a;
        }

        private static Tensor Distribution(Tensor z) => special.erfc(z.Over(-Math.Sqrt(2))).Times(0.5);

        private static Tensor Density(Tensor z) => (z * z).Times(-0.5).exp().Times(1 / Math.Sqrt(2 * Math.PI));
    }
}
