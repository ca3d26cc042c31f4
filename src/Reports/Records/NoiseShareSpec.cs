using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Reports.Records;

/// <summary>
/// Stochastic gradient descent on diagonal regression with the contraction of its imbalances split as in (3.12): one row a step, columns step, loss, imbalance (sum of |u_i^2 - v_i^2|), contraction
/// (sum over coordinates and steps so far of ln|1 - eta^2 z'_B^2|), contraction_full (the same with the full-batch slope at the same points: the instability's part) and identity_error
/// (largest deviation of D_i+ from D_i (1 - eta^2 z'_B,i^2) in units of rounding).
/// </summary>
/// <param name="Landscape">Diagonal regression by name, with its parameters.</param>
/// <param name="Start">The start (u, v).</param>
/// <param name="StepSize">The step size eta.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Batch">The minibatches.</param>
public sealed record NoiseShareSpec(LandscapeChoice Landscape, double[] Start, double StepSize, int Steps, BatchPlan Batch) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => $"noise-share-{Landscape.Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Steps;

    internal override RunOutcome Execute(RunContext context)
    {
        var landscape = (DiagonalRegression)Landscape.Build();
        var sampler = Batch.Sampler(landscape.Samples);
        var series = new SeriesTable();
        double[] theta = [.. Start], gradient = new double[theta.Length], slopes = new double[landscape.Width], full = new double[landscape.Width];
        var (contraction, instability, error) = (0.0, 0.0, 0.0);
        var before = Imbalances(theta);
        for (var t = 0; ; t++)
        {
            series.AddRow();
            series.Set(Columns.Step, t);
            series.Set(Columns.Loss, landscape.Loss(theta));
            series.Set(NoiseShareColumns.Imbalance, before.Sum(Math.Abs));
            series.Set(NoiseShareColumns.Contraction, contraction);
            series.Set(NoiseShareColumns.FullBatchContraction, instability);
            series.Set(NoiseShareColumns.IdentityError, error);
            if (t == Steps || !double.IsFinite(landscape.Loss(theta)))
                return new RunOutcome(series, t == Steps ? StopReason.StepLimit : StopReason.Diverged, t, landscape.Cost.GradientEquivalents);
            if (context.Cancellation.IsCancellationRequested) return new RunOutcome(series, StopReason.Cancelled, t, landscape.Cost.GradientEquivalents);
            var batch = sampler.At(t);
            landscape.EffectiveSlopes(theta, batch, slopes);
            landscape.EffectiveSlopes(theta, full);
            landscape.BatchLossAndGradient(theta, batch, gradient);
            for (var i = 0; i < theta.Length; i++) theta[i] -= StepSize * gradient[i];
            var after = Imbalances(theta);
            for (var i = 0; i < slopes.Length; i++)
            {
                var (factor, q) = (1 - (StepSize * StepSize * slopes[i] * slopes[i]), Math.Abs(StepSize * slopes[i]));
                var size = ((theta[i] * theta[i]) + (theta[i + slopes.Length] * theta[i + slopes.Length]) + Math.Abs(before[i])) * (1 + q) * (1 + q);
                error = Math.Max(error, Math.Abs(after[i] - (before[i] * factor)) / (Roundoff.Unit * size));
                contraction += Math.Log(Math.Abs(factor));
                instability += Math.Log(Math.Abs(1 - (StepSize * StepSize * full[i] * full[i])));
            }

            before = after;
            context.Progress?.Invoke(t);
        }
    }

    /// <summary>u_i^2 - v_i^2 of each coordinate.</summary>
    private static double[] Imbalances(double[] theta)
    {
        var width = theta.Length / 2;
        return [.. Enumerable.Range(0, width).Select(i => (theta[i] - theta[i + width]) * (theta[i] + theta[i + width]))];
    }
}
