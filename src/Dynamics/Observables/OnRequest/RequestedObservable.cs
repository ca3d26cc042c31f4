using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>What observables on request are made from.</summary>
/// <param name="Surface">The surface.</param>
/// <param name="Rule">The run's update rule, whose state they must leave as it is.</param>
/// <param name="Sampler">Draws the run's minibatches; null for the full batch.</param>
/// <param name="TestSurface">The loss of the samples held back; null where there are none.</param>
/// <param name="Tangents">The run's Lyapunov exponents; null where there are none.</param>
/// <param name="Options">What else is measured.</param>
/// <param name="Coming">The step that comes, for all who want it.</param>
internal sealed record ObservedRun<TVector>(
    ISurface<TVector> Surface,
    IUpdateRule<TVector> Rule,
    BatchSampler? Sampler,
    ISurface<TVector>? TestSurface,
    TangentFrame<TVector>? Tangents,
    CurvatureProbeOptions Options,
    ComingStep<TVector> Coming
);

/// <summary>A row as an observable sees it: all other columns of the point have been written.</summary>
internal readonly record struct ObservedRow<TVector>(
    ISurfacePoint<TVector> Point,
    DescentState<TVector> State,
    EigenFrame<TVector> Frame,
    SeriesTable Table
);

/// <summary>An observable of one run.</summary>
internal abstract class RequestedObservable<TVector> : IDisposable
{
    /// <summary>Writes its columns into the last row of the table.</summary>
    public abstract void Measure(in ObservedRow<TVector> row);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>The observables that were asked for, in the order of the catalogue.</summary>
internal sealed class RequestedObservables<TVector> : IDisposable
{
    private readonly RequestedObservable<TVector>[] _observables;
    private readonly ComingStep<TVector> _coming;

    /// <exception cref="ArgumentException">A name is none, or the run lacks what it needs.</exception>
    public RequestedObservables(
        ISurface<TVector> surface,
        IUpdateRule<TVector> rule,
        BatchSampler? sampler,
        ISurface<TVector>? testSurface,
        TangentFrame<TVector>? tangents,
        CurvatureProbeOptions options
    )
    {
        ObservableCatalogue.Check(
            options.Observables,
            // Whether there are outputs is seen at the first point.
            ObservableNeeds.Outputs
                | (sampler is null ? ObservableNeeds.None : ObservableNeeds.Minibatches)
                | (tangents is null ? ObservableNeeds.None : ObservableNeeds.Exponents)
                | (testSurface is null ? ObservableNeeds.None : ObservableNeeds.TestSamples)
                | (rule.IsPreconditioned ? ObservableNeeds.Divisor : ObservableNeeds.None)
        );
        _coming = new ComingStep<TVector>(surface, rule, sampler);
        var run = new ObservedRun<TVector>(surface, rule, sampler, testSurface, tangents, options, _coming);
        _observables =
        [
            .. ObservableCatalogue
                .All.Where(entry => options.Observables.Contains(entry.Name))
                .Select(entry => entry.Create(run)),
        ];
    }

    /// <summary>Writes the columns of all of them into the last row of the table.</summary>
    public void Measure(in ObservedRow<TVector> row)
    {
        foreach (var observable in _observables)
            observable.Measure(row);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var observable in _observables)
            observable.Dispose();
        _coming.Dispose();
    }
}
