using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <content>Its runs, and what is read off them.</content>
internal sealed partial class OwnEdges
{
    /// <summary>An adaptive rule on the parabola x^2 / 2 from x = 1, without eps and bias correction.</summary>
    private sealed record Spiking(double FirstDecay, double SecondDecay, double StepSize, int Steps)
    {
        public string Label =>
            FirstDecay == 0
                ? $"RMSProp, b₂ = {Claim.Format(SecondDecay)}"
                : $"Adam, b₁ = {Claim.Format(FirstDecay)}, b₂ = {Claim.Format(SecondDecay)}";

        public SimulationSpec Run =>
            new(LandscapeChoice.Of("quadratic", ("eigenvalues", "1")), [1], StepSize)
            {
                Steps = Steps,
                Optimiser = OptimiserSpec
                    .Of("adam")
                    .With("momentum", FirstDecay)
                    .With("second-decay", SecondDecay)
                    .With("epsilon", 0)
                    .With("bias-correction", Parameter.Off),
            };

        /// <summary>r: what divides, S over S_eff in one dimension.</summary>
        public static double[] Divisor(SeriesTable series) =>
            [.. series[Columns.Sharpness].Zip(series[Columns.EffectiveSharpness], (s, effective) => s / effective)];

        public JudgedSpike Judged(SeriesTable series)
        {
            var (gradient, divisor) = (series.Array(Columns.GradientNorm), Divisor(series));
            var stages = SpikeStages.Find(gradient, divisor, series.Array(Columns.StabilityNumber));
            var at = Math.Min(stages.Decoupled, series.Rows - 1);
            var forecast = AdaptiveSpike.Forecast(
                StepSize / divisor[at],
                gradient[at] / divisor[at],
                FirstDecay,
                SecondDecay
            );
            return new(stages, forecast, stages.Over < series.Rows);
        }
    }

    private sealed record JudgedSpike(SpikeStages Stages, AdaptiveSpike Forecast, bool Came)
    {
        public double Error =>
            Came ? 100 * Math.Abs((Forecast.Spike / (Stages.Spike - Stages.Decoupled)) - 1) : double.NaN;
    }

    /// <summary>Gradient descent past the edge of where gradient flow ends, from unequal paths.</summary>
    private sealed class PathRun
    {
        public PathRun(int depth)
        {
            Network = new MultiPathway(Paths, depth);
            double[] size = [0.9, 0.7, 0.6, 0.5];
            double[] start = [.. Enumerable.Range(0, Paths * depth).Select(i => size[i / depth])];
            Flow = GradientFlow.ToMinimum(Network, start);
            Sharpness = Network.MinimumSharpness(Flow.Minimum);
            Run = new(
                LandscapeChoice.Of("multi-pathway", ("paths", $"{Paths}"), ("depth", $"{depth}")),
                start,
                Past / Sharpness
            )
            {
                Steps = 4000,
                MeasureEvery = 20,
            };
        }

        public MultiPathway Network { get; }

        public FlowMinimum Flow { get; }

        public double Sharpness { get; }

        public SimulationSpec Run { get; }

        /// <summary>The largest path's share of what all contribute.</summary>
        public double Share(double[] theta)
        {
            var products = Enumerable.Range(0, Network.Paths).Select(p => Network.Product(theta, p)).ToArray();
            return products.Max() / products.Sum();
        }
    }
}
