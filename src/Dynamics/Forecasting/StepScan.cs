using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// One jet, many step sizes, (4.21): from one collocation jet at a point, with the swing of u iterated over all the step
/// sizes asked for, the peak of the loss, the lowest S and the S that is left are forecast for each; then each is run.
/// Where the model leaves the swing that it was measured over there is no forecast: that is the end of its domain, and
/// says nothing of whether the run diverges. The largest step size that is safe is not forecast.
/// </summary>
public static class StepScan
{
    // The swing is set to this much more than the forecasts go over; a forecast may go as much further.
    private const double Margin = 1.1;

    /// <summary>Forecasts for every step size, then makes the runs.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; left as it is.</param>
    /// <param name="options">What is forecast.</param>
    /// <param name="progress">Called after each step with the number of steps made, of all runs together; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and runs side by side.</returns>
    /// <exception cref="ArgumentException">An option is out of range, a step size is not past the edge, or loss or sharpness at the reference point are no numbers to begin with.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static StepScanOutcome Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        StepScanOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var before = surface.Cost.GradientEquivalents;
        using var reference = new ReferencePoint<TVector>(surface.Space, theta);
        var (jet, sharpness, stepSizes) = Measure(surface, theta, options, reference.Direction);
        var cost = surface.Cost.GradientEquivalents - before;
        var (series, model, made) = (new SeriesTable(), LocalModel.Whole(jet), 0);
        RunSummary[] forecasts = [.. stepSizes.Select(eta => Forecast(jet, model, eta, options))];
        for (var i = 0; i < stepSizes.Length; i++)
        {
            var run = Descend(surface, stepSizes[i], options, reference, () => progress?.Invoke(++made), cancellation);
            series.AddRow();
            series.Set(Columns.StepSize, stepSizes[i]);
            series.Set(Columns.Push, stepSizes[i] * sharpness);
            run.Write(series, options.Horizon, forecast: false);
            forecasts[i].Write(series, options.Horizon, forecast: true);
        }

        return new StepScanOutcome(series, jet.Swing!, sharpness, cost);
    }

    private static (Jet Jet, double Sharpness, double[] StepSizes) Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        StepScanOptions options,
        TVector direction
    )
    {
        var space = surface.Space;
        using var point = surface.At(theta);
        if (!double.IsFinite(point.Loss))
            throw new ArgumentException($"theta gives a loss of {point.Loss}; the loss at the start must be finite.");
        using var frame = new EigenFrame<TVector>(space, 1);
        using (
            var solver = new LanczosEigensolver<TVector>(
                space,
                new LanczosOptions(options.JetTolerance, Trailing: false)
            )
        )
        {
            var random = new Random(options.Seed);
            var start = space.Create();
            space.FillGaussian(start, random);
            solver.Solve(point.HessianVector, start, random, frame);
            space.Release(start);
        }

        space.Copy(frame.Vectors[0], direction);
        var (sharpness, gap) = (frame.Values[0], frame.Gap(0));
        var stepSizes = options.StepSizes.At(sharpness);
        using var basis = Jet.Basis(space, options.Krylov)!;
        var runs = new JetRuns(stepSizes, options.Horizon, options.Excursion);
        var jet = CollocationJet.Along(surface, theta, point, direction, basis, runs, options.Collocation, gap: gap);
        return (jet, sharpness, stepSizes);
    }

    /// <summary>The forecast for as long as the path is finite and within the swing.</summary>
    private static RunSummary Forecast(Jet jet, LocalModel model, double stepSize, StepScanOptions options)
    {
        var (low, high) = (Margin * jet.Swing!.Low, Margin * jet.Swing.High);
        var n = model.Dimension;
        var (summary, hessian) = (new RunSummary(), new double[n * n]);
        foreach (var y in ModelPath.Descend(model, stepSize, options.Horizon, start: options.Excursion))
        {
            // Without a swing, (4.14), the model is the surface's own quadratic, wherever it leads.
            if (low < high && !(y[0] >= low && y[0] <= high))
                break;
            model.Hessian(y, hessian);
            summary.Add(jet.Loss + model.LossChange(y), SymmetricEigen.Leading(hessian, n).Value, y[0]);
        }

        return summary;
    }

    private static RunSummary Descend<TVector>(
        ISurface<TVector> surface,
        double stepSize,
        StepScanOptions options,
        ReferencePoint<TVector> reference,
        Action progress,
        CancellationToken cancellation
    )
    {
        var space = surface.Space;
        var (summary, theta) = (new RunSummary(), space.Create());
        reference.Move(options.Excursion, theta);
        using var leading = new LeadingPair<TVector>(space, options.Tolerance, options.Seed);
        Observer<TVector> watches = new(
            1,
            state =>
            {
                // A point that is no longer finite ends the run before it.
                if (state.End == StopReason.Diverged)
                    return;
                leading.Measure(state.Point!, state.Theta);
                summary.Add(state.Loss, leading.Sharpness, reference.Displacement(state.Theta));
                if (state.Step > 0)
                    progress();
            }
        )
        {
            NeedsPoint = true,
        };
        using var rule = new GradientDescent<TVector>(space);
        var limits = DescentLimits.AllOf(options.Horizon);
        var result = DescentLoop.Run(surface, rule, stepSize, limits, theta, [watches], cancellation: cancellation);
        space.Release(theta);
        return result.Reason == StopReason.Cancelled ? throw new OperationCanceledException(cancellation) : summary;
    }
}
