using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Reports.Records;

/// <summary>
/// Theories forecast a run on a landscape from one jet, then the run is made: columns step, displacement, curvature, loss of the run, and THEORY_displacement, THEORY_sharpness, THEORY_loss,
/// THEORY_validity for each theory. The jet is taken along the first coordinate, the landscape's unstable one.
/// </summary>
/// <param name="Landscape">The landscape.</param>
/// <param name="Start">The reference point.</param>
/// <param name="Order">The order K of the jet.</param>
/// <param name="Theories">Names of the theories.</param>
/// <param name="StepSize">The step size eta.</param>
/// <param name="Steps">The horizon.</param>
public sealed record ValleyForecastSpec(LandscapeChoice Landscape, double[] Start, int Order, string[] Theories, double StepSize, int Steps) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => $"forecast-{Landscape.Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Steps;

    internal override RunOutcome Execute(RunContext context)
    {
        var landscape = Landscape.Build();
        double[] theta = [.. Start], direction = new double[landscape.Dimension];
        direction[0] = 1;
        Forecast[] forecasts;
        using (var point = landscape.At((double[])theta.Clone()))
        {
            var jet = Jet.Along(landscape, point, direction, Order);
            forecasts = [.. Theories.Select(name => TheoryCatalogue.All.Find(name).Predict(jet, StepSize, Steps))];
        }

        var series = new SeriesTable();
        var moments = new double[2];
        var result = DescentLoop.Run(
            landscape, new GradientDescent<double[]>(landscape.Space), StepSize, new DescentLimits(Steps), theta,
            [new Observer<double[]>(1, state =>
            {
                landscape.DirectionalDerivatives(state.Theta, direction, moments);
                series.AddRow();
                series.Set(Columns.Step, state.Step);
                series.Set("displacement", state.Theta[0] - Start[0]);
                series.Set("curvature", moments[1]);
                series.Set(Columns.Loss, state.Loss);
                foreach (var forecast in forecasts) Write(series, forecast, state.Step);
                context.Progress?.Invoke(state.Step);
            })],
            cancellation: context.Cancellation);
        return new RunOutcome(series, result.Reason, result.Steps, landscape.Cost.GradientEquivalents);
    }

    private static void Write(SeriesTable series, Forecast forecast, int step)
    {
        if (forecast.Declined is not null) return;
        if (forecast.Displacement.Length > 0) series.Set($"{forecast.Theory}_displacement", forecast.Displacement[step]);
        series.Set($"{forecast.Theory}_sharpness", forecast.Sharpness[step]);
        series.Set($"{forecast.Theory}_loss", forecast.Loss[step]);
        series.Set($"{forecast.Theory}_validity", forecast.Validity[step]);
    }
}
