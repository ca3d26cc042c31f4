using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>The columns of a mean over minibatches.</summary>
internal sealed record BatchMeanColumns(Column Mean, Column Error, Column Batches);

/// <summary>
/// A mean over minibatches that are drawn as the run draws its own, from another seed, each by itself: at least 16,
/// until the standard error of the mean is at most a twentieth of it, and at most 400, eqs. (9.4) to (9.6).
/// </summary>
internal abstract class BatchMean<TVector> : RequestedObservable<TVector>
{
    private const int Least = 16,
        Most = 400;
    private const double RelativeError = 0.05;

    private readonly BatchMeanColumns _columns;

    private protected BatchMean(ObservedRun<TVector> run, BatchMeanColumns columns)
    {
        (Run, _columns, Surface) = (run, columns, (IStochasticSurface<TVector>)run.Surface);
        (Direction, Product) = (Surface.Space.Create(), Surface.Space.Create());
    }

    private protected ObservedRun<TVector> Run { get; }

    private protected IStochasticSurface<TVector> Surface { get; }

    /// <summary>To work in.</summary>
    private protected TVector Direction { get; }

    /// <summary>To work in.</summary>
    private protected TVector Product { get; }

    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        // A seed for each row, so that a run taken up draws what one never stopped does.
        var seed = (int)new SplitMix64(Run.Options.Seed, row.State.Step).Next();
        var sampler = Run.Sampler!.Reseeded(seed);
        var values = new List<double>();
        var mean = new Estimate(double.NaN, double.NaN);
        while (values.Count < Most)
        {
            values.Add(Of(row, sampler.Independent(values.Count), new Random(unchecked(seed + values.Count))));
            if (values.Count >= Least)
                mean = Estimate.Of(values.ToArray());
            // What is no number has no mean.
            if (!double.IsFinite(values[^1]) || mean.StandardError <= RelativeError * Math.Abs(mean.Value))
                break;
        }

        var known = values.TrueForAll(double.IsFinite);
        row.Table.Set(_columns.Mean, known ? mean.Value : double.NaN);
        row.Table.Set(_columns.Error, known ? mean.StandardError : double.NaN);
        row.Table.Set(_columns.Batches, values.Count);
        Finish(row, known ? values.Max() : double.NaN);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Surface.Space.Release(Direction);
        Surface.Space.Release(Product);
    }

    /// <summary>The value of one batch; NaN where it has none.</summary>
    private protected abstract double Of(in ObservedRow<TVector> row, ReadOnlySpan<int> batch, Random random);

    /// <summary>Writes what else there is to say of the values, given the largest.</summary>
    private protected virtual void Finish(in ObservedRow<TVector> row, double largest) { }

    /// <summary>Asks the loss of a batch, whose work is booked as its share of that on all samples.</summary>
    private protected double OnBatch(TVector theta, ReadOnlySpan<int> batch, Func<ISurfacePoint<TVector>, double> ask)
    {
        var surface = Surface.Batch(batch);
        try
        {
            using var point = surface.At(theta);
            return ask(point);
        }
        finally
        {
            Surface.Cost.BatchWork += surface.Cost.GradientEquivalents * batch.Length / Surface.Samples;
            (surface as IDisposable)?.Dispose();
        }
    }
}
