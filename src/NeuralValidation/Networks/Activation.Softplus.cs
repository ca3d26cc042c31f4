using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>log(1 + e^z), smooth. Its series follows from a' = s z', s' = s r z' = -r', r = 1 - s, s the logistic function; s r is formed without cancellation, eq. (10.30).</content>
public abstract partial class Activation
{
    /// <summary>log(1 + e^z); smooth.</summary>
    public static Activation Softplus { get; } = new SmoothRamp();

    private sealed class SmoothRamp : Activation
    {
        public override string Name => "softplus";

        public override string Summary => "log(1 + e^z); smooth";

        public override bool IsSmooth => true;

        internal override Tensor Value(Tensor z) => z.Softplus();

        internal override (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z)
        {
            var sigmoid = z.sigmoid();
            return (z.Softplus(), sigmoid, sigmoid * z.neg().sigmoid());
        }

        internal override Tensor[] Series(Tensor[] z)
        {
            Tensor[] a = new Tensor[z.Length],
                sigmoid = new Tensor[z.Length],
                rest = new Tensor[z.Length],
                slope = new Tensor[z.Length];
            (a[0], sigmoid[0], rest[0]) = (z[0].Softplus(), z[0].sigmoid(), z[0].neg().sigmoid());
            for (var k = 1; k < z.Length; k++)
            {
                a[k] = PowerSeries.Integrated(z, sigmoid, k);
                slope[k - 1] = PowerSeries.Product(sigmoid, rest, k - 1);
                sigmoid[k] = PowerSeries.Integrated(z, slope, k);
                rest[k] = -sigmoid[k];
            }

            return a;
        }
    }
}
