using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>
/// Makes the runs of a report that are not there yet, several at a time. Each computes on one thread: small networks gain
/// more from each other's company than from shared sums, and their bits do not depend on how many there are.
/// </summary>
/// <param name="Store">Where records are kept.</param>
/// <param name="Surroundings">What all runs read.</param>
/// <param name="AtOnce">How many run at a time.</param>
internal sealed record ReportRuns(RecordStore Store, RunContext Surroundings, int AtOnce)
{
    /// <summary>Finds or makes runs, handed out one by one in the order given.</summary>
    /// <returns>Their records by key, and how many were made.</returns>
    public (IReadOnlyDictionary<string, RunRecord> Records, int Made) Make(IReadOnlyList<RunSpec> specs)
    {
        var (records, made) = (new ConcurrentDictionary<string, RunRecord>(), 0);
        Bars.Create()
            .Start(progress =>
            {
                var total = progress.AddTask("all runs", maxValue: specs.Count);
                var options = new ParallelOptions
                {
                    MaxDegreeOfParallelism = AtOnce,
                    CancellationToken = Surroundings.Cancellation,
                };
                try
                {
                    Parallel.ForEach(
                        Partitioner.Create(specs, EnumerablePartitionerOptions.NoBuffering),
                        options,
                        spec =>
                        {
                            if (Store.Find(spec) is not { } record)
                            {
                                var bar = progress.AddTask(spec.Label, maxValue: Math.Max(1, spec.Work));
                                record = Store.Make(spec, Surroundings with { Progress = done => bar.Value = done });
                                bar.Value = bar.MaxValue;
                                Interlocked.Increment(ref made);
                            }

                            records[spec.Key()] = record;
                            total.Increment(1);
                        }
                    );
                }
                catch (AggregateException e)
                {
                    // A run that failed says more than those that were interrupted.
                    ExceptionDispatchInfo.Throw(
                        e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException)
                            ?? e.InnerExceptions[0]
                    );
                }
            });
        return (records, made);
    }
}
