using System.Runtime.ExceptionServices;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>A fixed number of threads that take numbered jobs in order until none is left. What a job computes must depend on its number alone.</summary>
internal static class Workers
{
    public const int MostThreads = 1024;

    /// <summary>Runs the jobs 0 .. count - 1; after cancellation no further job is started. The first exception of a job ends the rest and is thrown.</summary>
    public static void Run(int count, int threads, Action<int> job, CancellationToken cancellation)
    {
        var next = -1;
        Exception? failure = null;
        Thread[] others =
        [
            .. Enumerable
                .Range(1, Math.Max(0, Math.Min(threads, count) - 1))
                .Select(_ => new Thread(Work) { IsBackground = true }),
        ];
        foreach (var thread in others)
            thread.Start();
        Work();
        foreach (var thread in others)
            thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                while (
                    !cancellation.IsCancellationRequested
                    && Volatile.Read(ref failure) is null
                    && Interlocked.Increment(ref next) is var index
                    && index < count
                )
                    job(index);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
    }
}
