using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <content>
/// The logistic loss t log(1 + e^-o) + (1 - t) log(1 + e^o) of each output o against its target t, eq. (10.32). Its
/// series follows from
/// l' = ((1 - t) s - t r) o', s' = s r o' = -r', s the logistic function of o and r that of -o: nothing meets its 1.
/// </content>
public abstract partial class NetworkLoss
{
    /// <summary>
    /// Logistic loss in nats, summed over outputs, averaged over samples: two classes by one output, the log-odds of
    /// the second; more by one output each against the rest; numbers are probabilities, from 0 to 1.
    /// </summary>
    public static NetworkLoss Logistic { get; } = new LogOdds();

    private sealed class LogOdds : NetworkLoss
    {
        public override string Name => "logistic";

        public override string Summary =>
            "logistic loss, in nats: two classes by one output, more by one each, summed over outputs";

        private protected override string Needs => "needs classes, or numbers from 0 to 1";

        private protected override bool IsOfProbabilities => true;

        internal override bool Takes(float number) => number is >= 0 and <= 1;

        internal override int OutputsFor(int classes) => classes == 2 ? 1 : classes;

        internal override int ClassesOf(int outputs) => outputs == 1 ? 2 : outputs;

        internal override Tensor Right(Tensor outputs, Tensor targets) =>
            outputs.shape[^1] == 1 ? outputs.Positive().eq(targets.round()).squeeze(-1) : base.Right(outputs, targets);

        internal override Tensor Mean(Tensor outputs, Tensor targets) =>
            (targets * outputs.neg().Softplus()).Plus(targets.OneMinus() * outputs.Softplus()).sum(-1).mean();

        internal override (Tensor Gradient, OutputHessian Hessian) Derivatives(Tensor outputs, Tensor targets)
        {
            var (s, r) = (outputs.sigmoid(), outputs.neg().sigmoid());
            return (Slope(s, r, targets), new Diagonal((s * r).DetachFromDisposeScope()));
        }

        internal override Tensor[] Series(Tensor[] outputs, Tensor targets)
        {
            Tensor[] s = new Tensor[outputs.Length],
                r = new Tensor[outputs.Length],
                bend = new Tensor[outputs.Length],
                slope = new Tensor[outputs.Length],
                loss = new Tensor[outputs.Length];
            (s[0], r[0]) = (outputs[0].sigmoid(), outputs[0].neg().sigmoid());
            (slope[0], loss[0]) = (Slope(s[0], r[0], targets), Mean(outputs[0], targets));
            for (var k = 1; k < outputs.Length; k++)
            {
                loss[k] = PowerSeries.Integrated(outputs, slope, k).sum(-1).mean();
                bend[k - 1] = PowerSeries.Product(s, r, k - 1);
                s[k] = PowerSeries.Integrated(outputs, bend, k);
                r[k] = s[k].neg();
                slope[k] = Slope(s[k], r[k], targets);
            }

            return loss;
        }

        /// <summary>(1 - t) s - t r: for t = 0 or 1 one of the terms is exactly 0.</summary>
        private static Tensor Slope(Tensor s, Tensor r, Tensor targets) => (targets.OneMinus() * s) - (targets * r);

        private sealed class Diagonal(Tensor bends) : OutputHessian
        {
            public override Tensor Product(Tensor z) => bends.unsqueeze(1) * z;

            public override void Dispose() => bends.Dispose();
        }
    }
}
