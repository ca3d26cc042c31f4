using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;

namespace FlatBias.Reports.Records;

/// <summary>A landscape parameter that a grid runs over.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Values">Its values as written.</param>
public sealed record ParameterAxis(string Name, string[] Values);

/// <summary>
/// The end points of gradient descent over a grid of parameter values, step sizes and starts, in that order of loops:
/// one row a run, its columns those of <see cref="GridColumns"/>.
/// </summary>
/// <param name="Landscape">The landscape.</param>
/// <param name="StepSizes">The step sizes.</param>
/// <param name="Starts">The starts.</param>
/// <param name="Steps">The largest number of steps of each run.</param>
/// <param name="GradientTolerance">A run ends when |g| is at most this.</param>
/// <param name="Vary">A parameter to run over as well, or null.</param>
public sealed record GridSpec(
    LandscapeChoice Landscape,
    double[] StepSizes,
    double[][] Starts,
    int Steps,
    double GradientTolerance,
    ParameterAxis? Vary = null
) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => $"grid-{Landscape.Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Choices().Length * StepSizes.Length * Starts.Length;

    internal override RunCost Expected => new(Work * RunCost.GridPoint, 0);

    internal override RunOutcome Execute(RunContext context)
    {
        var series = new SeriesTable();
        var (choices, cost) = (Choices(), 0.0);
        for (var value = 0; value < choices.Length; value++)
        {
            var landscape = choices[value].Build();
            foreach (var stepSize in StepSizes)
                for (var start = 0; start < Starts.Length; start++)
                {
                    if (context.Cancellation.IsCancellationRequested)
                        return new RunOutcome(series, StopReason.Cancelled, series.Rows, cost);
                    series.AddRow();
                    series.Set(GridColumns.Value, value);
                    series.Set(Columns.StepSize, stepSize);
                    series.Set(GridColumns.Start, start);
                    Measure(landscape, stepSize, Starts[start], series);
                    context.Progress?.Invoke(series.Rows);
                }

            cost += landscape.Cost.GradientEquivalents;
        }

        return new RunOutcome(series, StopReason.StepLimit, series.Rows, cost);
    }

    private LandscapeChoice[] Choices() =>
        Vary is null
            ? [Landscape]
            :
            [
                .. Vary.Values.Select(value =>
                    Landscape with
                    {
                        Parameters = new SortedDictionary<string, string>(Landscape.Parameters, StringComparer.Ordinal)
                        {
                            [Vary.Name] = value,
                        },
                    }
                ),
            ];

    private void Measure(Quadratic.Landscapes.Landscape landscape, double stepSize, double[] start, SeriesTable series)
    {
        double[] theta = [.. start];
        series.Set(GridColumns.InitialSharpness, landscape.Eigenvalues(theta)[0]);
        var result = DescentLoop.Run(
            landscape,
            new GradientDescent<double[]>(landscape.Space),
            stepSize,
            new DescentLimits(Steps, GradientTolerance, 1e6),
            theta,
            []
        );
        series.Set(GridColumns.Reason, (int)result.Reason);
        series.Set(GridColumns.Steps, result.Steps);
        series.Set(Columns.Loss, result.Loss);
        series.Set(
            Columns.Sharpness,
            result.Reason == StopReason.Diverged ? double.NaN : landscape.Eigenvalues(theta)[0]
        );
        for (var i = 0; i < theta.Length; i++)
            series.Set(Columns.Coordinate[i + 1], theta[i]);
    }
}
