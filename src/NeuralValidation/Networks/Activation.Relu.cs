using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>max(z, 0), linear on either side of 0.</content>
public abstract partial class Activation
{
    /// <summary>max(z, 0); not smooth, so directional derivatives beyond the first hold only between kinks.</summary>
    public static Activation Relu { get; } = new Ramp();

    private sealed class Ramp : Activation
    {
        public override string Name => "relu";

        public override string Summary => "max(z, 0); derivatives hold between its kinks";

        public override bool IsSmooth => false;

        internal override Tensor Value(Tensor z) => z.relu();

        internal override (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z) =>
            (z.relu(), z.Positive(), null);

        internal override Tensor[] Series(Tensor[] z)
        {
            var mask = z[0].Positive();
            return [.. z.Select(c => c * mask)];
        }
    }
}
