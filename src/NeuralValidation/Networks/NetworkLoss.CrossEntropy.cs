using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>
/// Softmax cross-entropy, log sum_c e^(o_c) - o_y. Its series follows from that of the log-sum-exp l: l' = sum p_c o_c', p_c' = p_c (o_c' - l').
/// What would cancel where the class has a probability near 1 is formed as a sum over the others, eq. (10.31).
/// </content>
public abstract partial class NetworkLoss
{
    /// <summary>Softmax cross-entropy, averaged over samples, in nats.</summary>
    public static NetworkLoss CrossEntropy { get; } = new SoftmaxCrossEntropy();

    private sealed class SoftmaxCrossEntropy : NetworkLoss
    {
        public override string Name => "cross-entropy";

        public override string Summary => "softmax cross-entropy, in nats";

        private protected override bool IsOfProbabilities => true;

        internal override Tensor Mean(Tensor outputs, Tensor targets) =>
            (outputs.logsumexp(1) - (outputs * targets).sum(1)).mean();

        internal override (Tensor Gradient, OutputHessian Hessian) Derivatives(Tensor outputs, Tensor targets)
        {
            var p = outputs.softmax(1);
            return (
                Excess(p, targets),
                new Covariance(p.DetachFromDisposeScope(), targets.alias().DetachFromDisposeScope())
            );
        }

        internal override Tensor[] Series(Tensor[] outputs, Tensor targets)
        {
            // Outputs enter less that of the sample's class, whose own row is then 0: no probability near 1 meets its 1.
            var others = targets.OneMinus();
            Tensor[] margin = [.. outputs.Select(c => (c - (c * targets).sum(1, keepdim: true)) * others)];
            Tensor[] lse = new Tensor[outputs.Length],
                p = new Tensor[outputs.Length],
                relative = new Tensor[outputs.Length];
            lse[0] = margin[0].logsumexp(1, keepdim: true);
            p[0] = (margin[0] - lse[0]).exp();
            for (var k = 1; k < outputs.Length; k++)
            {
                lse[k] = PowerSeries.Integrated(margin, p, k).sum(1, keepdim: true);
                relative[k] = margin[k] - lse[k];
                p[k] = PowerSeries.Integrated(relative, p, k);
            }

            return [.. lse.Select(l => l.mean())];
        }

        /// <summary>p less the one-hot target, with that of the sample's class as minus the sum of the others: 1 - p would
        /// be rounding where p is near 1.</summary>
        private static Tensor Excess(Tensor p, Tensor targets)
        {
            var others = p * targets.OneMinus();
            return others - (targets * others.sum(1, keepdim: true));
        }

        /// <summary>diag(p) - p p^T. It annihilates constants, so z enters less its component of the sample's class: the
        /// mean over p is then a sum of the others.</summary>
        private sealed class Covariance(Tensor probabilities, Tensor targets) : OutputHessian
        {
            public override Tensor Product(Tensor z)
            {
                var p = probabilities.unsqueeze(1);
                var margin = z - (z * targets.unsqueeze(1)).sum(2, keepdim: true);
                return p * (margin - (p * margin).sum(2, keepdim: true));
            }

            public override void Dispose()
            {
                probabilities.Dispose();
                targets.Dispose();
            }
        }
    }
}
