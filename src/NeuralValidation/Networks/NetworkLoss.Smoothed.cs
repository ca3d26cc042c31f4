using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>Label smoothing, eq. (10.33): what it adds to a loss that is affine in its targets is linear in the
/// outputs, s sum_c (y_c - 1/C) o_c.</content>
public abstract partial class NetworkLoss
{
    private sealed class SmoothedTargets(NetworkLoss inner, double smoothing) : NetworkLoss
    {
        public override string Name => inner.Name;

        public override string Summary => inner.Summary;

        internal override string NameInRecords => inner.NameInRecords;

        private protected override string Needs => "with label smoothing needs classes";

        private protected override bool IsOfProbabilities => true;

        internal override int OutputsFor(int classes) => inner.OutputsFor(classes);

        internal override int ClassesOf(int outputs) => inner.ClassesOf(outputs);

        internal override Tensor Right(Tensor outputs, Tensor targets) => inner.Right(outputs, targets);

        internal override Tensor Mean(Tensor outputs, Tensor targets) =>
            inner.Mean(outputs, targets).Plus(Along(outputs, Pull(targets)));

        internal override (Tensor Gradient, OutputHessian Hessian) Derivatives(Tensor outputs, Tensor targets)
        {
            var (gradient, hessian) = inner.Derivatives(outputs, targets);
            return (gradient.Plus(Pull(targets)), hessian);
        }

        internal override Tensor[] Series(Tensor[] outputs, Tensor targets)
        {
            var pull = Pull(targets);
            return [.. inner.Series(outputs, targets).Zip(outputs, (loss, o) => loss.Plus(Along(o, pull)))];
        }

        private static Tensor Along(Tensor outputs, Tensor pull) => (outputs * pull).sum(-1).mean();

        /// <summary>s (y - 1/C).</summary>
        private Tensor Pull(Tensor targets)
        {
            using var share = (1.0 / ClassesOf((int)targets.shape[^1])).ToScalar();
            return targets.sub(share).Times(smoothing);
        }
    }
}
