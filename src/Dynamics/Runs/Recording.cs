using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Observables.OnRequest;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Runs;

/// <summary>A descent with its curvature measured along the way: the pipeline that landscapes and networks share.</summary>
public static class Recording
{
    /// <summary>Runs a descent and measures at a cadence.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="optimiser">The update rule.</param>
    /// <param name="stepSize">The step size: a number for a constant one, or a schedule.</param>
    /// <param name="limits">When to end.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="probe">What to measure.</param>
    /// <param name="measureEvery">Measures before every n-th step, and at the last point.</param>
    /// <param name="extra">Adds columns of its own to the row just measured, such as accuracies, given the frame measured there; may be null.</param>
    /// <param name="progress">Called after each step with the number of steps taken; may be null.</param>
    /// <param name="sampler">Draws the minibatches of stochastic descent; null for the full batch. Measurements are of the full surface all the same.</param>
    /// <param name="journal">Keeps rows and state as the run goes, and gives back those of an earlier process; may be null. The surface and the arguments must be those of the earlier run.</param>
    /// <param name="testSurface">The loss of samples held back, for the observable that asks for it; null where there are none.</param>
    /// <param name="cancellation">Ends the run as Cancelled.</param>
    /// <returns>The series, how the run ended, and where.</returns>
    /// <exception cref="ArgumentException">Lyapunov exponents are asked for of another rule than gradient descent, or of minibatches; or an observable on request is unknown, or needs what the run does not have.</exception>
    public static RunOutcome Run<TVector>(
        ISurface<TVector> surface,
        OptimiserSpec optimiser,
        StepSizeSchedule stepSize,
        DescentLimits limits,
        TVector theta,
        CurvatureProbeOptions probe,
        int measureEvery,
        Action<DescentState<TVector>, EigenFrame<TVector>, SeriesTable>? extra = null,
        Action<int>? progress = null,
        BatchSampler? sampler = null,
        IRunJournal<TVector>? journal = null,
        ISurface<TVector>? testSurface = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(optimiser);
        ArgumentNullException.ThrowIfNull(probe);
        if (probe.Exponents != 0 && (optimiser != OptimiserSpec.GradientDescent || sampler is not null))
            throw new ArgumentException(
                "Lyapunov exponents are those of full-batch gradient descent: leave out the other rule, the weight decay or the minibatches.",
                nameof(probe)
            );
        using var rule = optimiser.Create(surface.Space);
        using var curvature = new CurvatureProbe<TVector>(surface, probe, rule);
        using var tangents =
            probe.Exponents == 0 ? null : new TangentFrame<TVector>(surface.Space, probe.Exponents, probe.Seed);
        using var requested =
            probe.Observables.Count == 0
                ? null
                : new RequestedObservables<TVector>(surface, rule, sampler, testSurface, tangents, probe);
        var series = new SeriesTable();
        RunState<TVector>? state = null;
        var position = new DescentPosition(cancelled => journal?.Offer(state!.Step, cancelled, state));
        state = new RunState<TVector>(position, theta, rule, curvature, tangents, surface.Cost);
        int? resumed = journal?.TryResume(state, series) == true ? position.Step : null;
        List<Observer<TVector>> observers =
        [
            new(
                measureEvery,
                state =>
                {
                    series.AddRow();
                    series.Set(Columns.Step, state.Step);
                    curvature.Measure(
                        state.Theta,
                        state.StepSize,
                        series,
                        requested is null
                            ? null
                            : point => requested.Measure(new(point, state, curvature.Frame, series))
                    );
                    for (var i = 0; i < probe.Exponents; i++)
                        series.Set(Columns.Lyapunov[i + 1], tangents!.Exponent(i));
                    extra?.Invoke(state, curvature.Frame, series);
                    journal?.Append(series);
                }
            ),
        ];
        if (tangents is not null)
        {
            observers.Add(
                new(
                    1,
                    state =>
                    {
                        using var point = surface.At(state.Theta);
                        tangents.Advance(point, state.StepSize);
                    }
                )
            );
        }

        if (progress is not null)
            observers.Add(new(1, state => progress(state.Step)));
        var result = DescentLoop.Run(
            surface,
            rule,
            stepSize,
            limits,
            theta,
            observers,
            sampler,
            position,
            cancellation
        );
        return new RunOutcome(series, result.Reason, result.Steps, surface.Cost.GradientEquivalents)
        {
            ResumedAt = resumed,
            End = surface.Space.ToArray(theta),
        };
    }
}
