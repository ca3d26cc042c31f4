using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Lab.Drawing;

namespace FlatBias.Lab.Landscapes;

/// <summary>Theories that forecast from the step under the cursor, by the library's own trial.</summary>
internal sealed class LandscapeForecasts
{
    public const int Order = 6,
        MostKrylov = 8,
        LongestHorizon = 500;

    private readonly SeriesTable _trial;
    private readonly IReadOnlyList<(string Name, int Colour)> _made;

    private LandscapeForecasts(int from, TrialOutcome trial, IReadOnlyList<string> theories)
    {
        (From, _trial) = (from, trial.Series);
        _made =
        [
            .. theories
                .Select((name, i) => (name, Curve.TheoryColour(i)))
                .Where(theory => !trial.Declined.ContainsKey(theory.name)),
        ];
        Declined = [.. trial.Declined.Select(pair => $"{pair.Key} declines: {pair.Value}.")];
    }

    /// <summary>The step of the jet.</summary>
    public int From { get; }

    /// <summary>Why those that say nothing do so.</summary>
    public IReadOnlyList<string> Declined { get; }

    /// <summary>How many Krylov vectors a jet of the run has: all of the floor, in few dimensions.</summary>
    public static int Krylov(LandscapeRun run) => Math.Min(run.Landscape.Dimension, MostKrylov);

    /// <summary>Makes the trial; null where no theory is chosen.</summary>
    /// <param name="run">The run.</param>
    /// <param name="from">The row of the jet.</param>
    /// <exception cref="FieldException">A field holds what cannot be used.</exception>
    public static LandscapeForecasts? Of(LandscapeRun run, int from)
    {
        var names = run.Settings.Theories;
        if (names.Count == 0)
            return null;
        if (run.Optimiser != OptimiserSpec.GradientDescent)
            throw new FieldException(
                "theories",
                "Theories forecast plain gradient descent; choose gd without weight decay."
            );
        var horizon = LandscapeRun.Whole("horizon", run.Settings.Horizon, 1, LongestHorizon);
        return FieldException.Guard(
            _ => "theories",
            () =>
            {
                ITheory[] theories = [.. names.Select(TheoryCatalogue.All.Find)];
                var options = new TrialOptions(
                    horizon,
                    Order,
                    Krylov(run),
                    Cubic: true,
                    Tolerance: LandscapeRun.Tolerance
                );
                var trial = ForecastTrial.Run(
                    run.Landscape,
                    run.PointAt(from),
                    run.Series[Columns.StepSize][from],
                    theories,
                    options
                );
                return new LandscapeForecasts(from, trial, names);
            }
        );
    }

    /// <summary>A chart with the forecasts of its column drawn over the run.</summary>
    public Figure Over(Figure figure, string column) =>
        figure with
        {
            Curves =
            [
                .. figure.Curves,
                .. _made
                    .Where(theory => _trial.Has(Columns.Forecast(theory.Name, column)))
                    .Select(theory => new Curve(
                        theory.Name,
                        Steps,
                        _trial[Columns.Forecast(theory.Name, column)],
                        "dash",
                        theory.Colour
                    )),
            ],
        };

    /// <summary>The relative error of each forecast of the sharpness, step by step.</summary>
    public Figure Errors() =>
        new(
            "relative error of the sharpness forecast",
            "step",
            "error",
            [
                .. _made
                    .Select(theory => (theory.Name, theory.Colour, Score: ForecastScore.Of(_trial, theory.Name)))
                    .Where(theory => theory.Score is { Sharpness.Length: > 0 })
                    .Select(theory => new Curve(theory.Name, Steps, theory.Score!.Sharpness, "line", theory.Colour)),
                new("wrong", [Steps[0], Steps[^1]], [ForecastScore.Wrong, ForecastScore.Wrong], "dash", 5),
            ]
        )
        {
            LogY = true,
            Group = LandscapeFigures.Group,
        };

    private double[] Steps => [.. _trial[Columns.Step].Select(step => step + From)];
}
