using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>z itself.</content>
public abstract partial class Activation
{
    /// <summary>z: a deep linear network.</summary>
    public static Activation Linear { get; } = new Identity();

    private sealed class Identity : Activation
    {
        public override string Name => "linear";

        public override string Summary => "z itself: a deep linear network";

        public override bool IsSmooth => true;

        internal override Tensor Value(Tensor z) => z;

        internal override (Tensor Value, Tensor? First, Tensor? Second) Derivatives(Tensor z) => (z, null, null);

        internal override Tensor[] Series(Tensor[] z) => z;
    }
}
