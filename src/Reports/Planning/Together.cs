using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace FlatBias.Reports.Planning;

/// <summary>Several things done at a time.</summary>
internal static class Together
{
    /// <summary>Does something with each, handed out one by one in the order given.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; what was begun is finished or has stopped.</exception>
    public static void Each<T>(IEnumerable<T> items, int atOnce, Action<T> act, CancellationToken cancellation)
    {
        try
        {
            Parallel.ForEach(
                Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
                act
            );
        }
        catch (AggregateException e)
        {
            // One that failed says more than those that were interrupted.
            ExceptionDispatchInfo.Throw(
                e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException)
                    ?? e.InnerExceptions[0]
            );
        }
    }
}
