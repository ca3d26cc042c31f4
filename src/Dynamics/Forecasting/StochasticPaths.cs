namespace FlatBias.Dynamics.Forecasting;

/// <summary>Several draws of stochastic descent from one point, forecast or run: a series of T + 1 numbers a draw, NaN from where it left the finite numbers.</summary>
public sealed class StochasticPaths
{
    /// <summary>Makes room.</summary>
    /// <param name="draws">N.</param>
    /// <param name="steps">T.</param>
    internal StochasticPaths(int draws, int steps)
    {
        (Sharpness, Displacement, Loss) = (Empty(), Empty(), Empty());
        double[][] Empty() =>
            [
                .. Enumerable
                    .Range(0, draws)
                    .Select(_ =>
                    {
                        var series = new double[steps + 1];
                        Array.Fill(series, double.NaN);
                        return series;
                    }),
            ];
    }

    /// <summary>S, the largest eigenvalue of the Hessian of the full batch.</summary>
    public IReadOnlyList<double[]> Sharpness { get; }

    /// <summary>u, the way from the reference point along v.</summary>
    public IReadOnlyList<double[]> Displacement { get; }

    /// <summary>The loss of the full batch.</summary>
    public IReadOnlyList<double[]> Loss { get; }

    /// <summary>N.</summary>
    public int Draws => Loss.Count;

    /// <summary>T.</summary>
    public int Steps => Loss[0].Length - 1;

    /// <summary>How many draws left the finite numbers before the last step.</summary>
    public int Lost => Loss.Count(series => !double.IsFinite(series[^1]));

    /// <summary>S over the second half of the steps relative to the edge: a mean for each draw that came to the end.</summary>
    /// <param name="stepSize">The step size eta.</param>
    /// <returns>The means of S - 2/eta.</returns>
    public double[] Gaps(double stepSize) =>
        [
            .. Sharpness
                .Where(series => double.IsFinite(series[^1]))
                .Select(series => series.Skip(series.Length / 2).Average() - (2 / Require.Positive(stepSize))),
        ];
}
