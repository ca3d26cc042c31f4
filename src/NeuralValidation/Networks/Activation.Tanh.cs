using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>tanh(z), smooth. Its series follows from a' = (1 - a^2) z'.</content>
public abstract partial class Activation
{
    /// <summary>tanh(z); smooth.</summary>
    public static Activation Tanh { get; } = new HyperbolicTangent();

    private sealed class HyperbolicTangent : Activation
    {
        public override string Name => "tanh";

        public override string Summary => "tanh(z); smooth";

        public override bool IsSmooth => true;

        internal override Tensor Value(Tensor z) => z.tanh();

        internal override (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z)
        {
            var (a, slope) = (z.tanh(), Slope(z));
            return (a, slope, (a * slope).Times(-2));
        }

        internal override Tensor[] Series(Tensor[] z)
        {
            Tensor[] a = new Tensor[z.Length],
                slope = new Tensor[z.Length];
            a[0] = z[0].tanh();
            slope[0] = Slope(z[0]);
            for (var k = 1; k < z.Length; k++)
            {
                a[k] = PowerSeries.Integrated(z, slope, k);
                if (k + 1 < z.Length)
                    slope[k] = -PowerSeries.Product(a, a, k);
            }

            return a;
        }

        /// <summary>1/cosh^2 z = 4 s(2z) s(-2z), s the logistic function: relatively accurate, where 1 - tanh^2 z is
        /// rounding beyond |z| = 9 in float32 and 19 in float64, eq. (10.30).</summary>
        private static Tensor Slope(Tensor z) => (z.Times(2).sigmoid() * z.Times(-2).sigmoid()).Times(4);
    }
}
