using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>|o - y|^2 / 2, the Hessian of which is the identity.</content>
public abstract partial class NetworkLoss
{
    /// <summary>Half the squared error against one-hot classes or numbers, summed over outputs, averaged over samples.</summary>
    public static NetworkLoss MeanSquaredError { get; } = new HalfSquaredError();

    private sealed class HalfSquaredError : NetworkLoss
    {
        public override string Name => "mse";

        public override string Summary =>
            "half the squared error against one-hot classes or numbers, summed over outputs";

        internal override string NameInRecords => "mean-squared-error";

        internal override bool Takes(float number) => true;

        internal override Tensor Mean(Tensor outputs, Tensor targets)
        {
            var error = outputs - targets;
            return (error * error).sum().Times(0.5 / error.shape[0]);
        }

        internal override (Tensor Gradient, OutputHessian Hessian) Derivatives(Tensor outputs, Tensor targets) =>
            (outputs - targets, new Identity());

        internal override Tensor[] Series(Tensor[] outputs, Tensor targets)
        {
            Tensor[] error = [outputs[0] - targets, .. outputs[1..]];
            return
            [
                .. outputs.Select((_, k) => PowerSeries.Product(error, error, k).sum().Times(0.5 / targets.shape[0])),
            ];
        }

        private sealed class Identity : OutputHessian
        {
            public override Tensor Product(Tensor z) => z;

            public override void Dispose() { }
        }
    }
}
