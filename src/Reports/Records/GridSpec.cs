using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;

namespace FlatBias.Reports.Records;

/// <summary>
/// The end points of gradient descent over a grid of step sizes and starts: one row a pair, columns step_size, start (its index), reason (the StopReason as a number), steps, loss, sharpness,
/// initial_sharpness and the coordinates of the end.
/// </summary>
/// <param name="Landscape">The landscape.</param>
/// <param name="StepSizes">The step sizes.</param>
/// <param name="Starts">The starts.</param>
/// <param name="Steps">The largest number of steps of each run.</param>
/// <param name="GradientTolerance">A run ends when |g| is at most this.</param>
public sealed record GridSpec(LandscapeChoice Landscape, double[] StepSizes, double[][] Starts, int Steps, double GradientTolerance) : RunSpec
{
    /// <inheritdoc/>
    public override string Label => $"grid-{Landscape.Name}";

    /// <inheritdoc/>
    public override int Work => StepSizes.Length * Starts.Length;

    internal override RunOutcome Execute(RunContext context)
    {
        var landscape = Landscape.Build();
        var series = new SeriesTable();
        var done = 0;
        foreach (var stepSize in StepSizes)
            for (var s = 0; s < Starts.Length; s++)
            {
                if (context.Cancellation.IsCancellationRequested) return new RunOutcome(series, StopReason.Cancelled, done, landscape.Cost.GradientEquivalents);
                double[] theta = [.. Starts[s]];
                var before = landscape.Eigenvalues(theta)[0];
                var result = DescentLoop.Run(landscape, new GradientDescent<double[]>(landscape.Space), stepSize, new DescentLimits(Steps, GradientTolerance, 1e6), theta, []);
                series.AddRow();
                series.Set(Columns.StepSize, stepSize);
                series.Set("start", s);
                series.Set("reason", (int)result.Reason);
                series.Set("steps", result.Steps);
                series.Set("initial_sharpness", before);
                var diverged = result.Reason == StopReason.Diverged;
                series.Set(Columns.Loss, result.Loss);
                series.Set(Columns.Sharpness, diverged ? double.NaN : landscape.Eigenvalues(theta)[0]);
                for (var i = 0; i < theta.Length; i++) series.Set(Columns.Coordinate(i + 1), theta[i]);
                context.Progress?.Invoke(++done);
            }

        return new RunOutcome(series, StopReason.StepLimit, done, landscape.Cost.GradientEquivalents);
    }
}
