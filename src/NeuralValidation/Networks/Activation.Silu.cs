using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>z s(z), s the logistic function (Elfwing et al. 2017). Its series follows from s' = s r z', r = 1 - s, formed without cancellation, eq. (10.30).</content>
public abstract partial class Activation
{
    /// <summary>z times the logistic function of z; smooth.</summary>
    public static Activation Silu { get; } = new LogisticGate();

    private sealed class LogisticGate : Activation
    {
        public override string Name => "silu";

        public override string Summary => "z times the logistic function of z; smooth";

        public override bool IsSmooth => true;

        internal override Tensor Value(Tensor z) => z * z.sigmoid();

        internal override (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z)
        {
            var (s, r) = (z.sigmoid(), z.neg().sigmoid());
            var slope = s * r;
            // s'' = s r (r - s), and (z s)'' = 2 s' + z s''.
            return (z * s, s.Plus(z * slope), slope.Plus(slope).Plus(z * slope * (r - s)));
        }

        internal override Tensor[] Series(Tensor[] z)
        {
            Tensor[] a = new Tensor[z.Length],
                s = new Tensor[z.Length],
                r = new Tensor[z.Length],
                slope = new Tensor[z.Length];
            (s[0], r[0]) = (z[0].sigmoid(), z[0].neg().sigmoid());
            a[0] = z[0] * s[0];
            for (var k = 1; k < z.Length; k++)
            {
                slope[k - 1] = PowerSeries.Product(s, r, k - 1);
                s[k] = PowerSeries.Integrated(z, slope, k);
                r[k] = s[k].neg();
                a[k] = PowerSeries.Product(z, s, k);
            }

            return a;
        }
    }
}
