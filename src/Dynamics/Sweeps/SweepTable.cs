using System.Collections;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>How the measurement of a point went.</summary>
public enum SweepStatus
{
    /// <summary>The sweep was cancelled before this point was measured.</summary>
    NotRun,

    /// <summary>Measured.</summary>
    Done,

    /// <summary>Measured, and what was measured diverged: an outcome, not an error.</summary>
    Diverged,

    /// <summary>The measurement threw; the row says what.</summary>
    Failed,
}

/// <summary>A measurement that knows whether it diverged.</summary>
public interface ISweepOutcome
{
    /// <summary>Whether what was measured diverged.</summary>
    bool Diverged { get; }
}

/// <summary>A row of a sweep.</summary>
/// <typeparam name="T">What is measured.</typeparam>
/// <param name="Status">How it went.</param>
/// <param name="Value">What was measured, the default where nothing was.</param>
/// <param name="Error">What a failed measurement said, otherwise null.</param>
public readonly record struct SweepRow<T>(SweepStatus Status, T? Value, string? Error = null)
{
    /// <summary>Whether there is a value.</summary>
    public bool HasValue => Status is SweepStatus.Done or SweepStatus.Diverged;
}

/// <summary>The results of a sweep, one row a point in the order of the plan.</summary>
/// <typeparam name="T">What is measured.</typeparam>
public sealed class SweepTable<T> : IReadOnlyList<SweepRow<T>>
{
    private readonly SweepRow<T>[] _rows;

    /// <summary>Makes a table of points that are still to be measured.</summary>
    /// <param name="plan">The plan.</param>
    public SweepTable(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (Plan, _rows) = (plan, new SweepRow<T>[plan.Count]);
    }

    /// <summary>The plan.</summary>
    public SweepPlan Plan { get; }

    /// <inheritdoc/>
    public int Count => _rows.Length;

    /// <summary>Whether every point was run.</summary>
    public bool IsComplete => this.All(row => row.Status != SweepStatus.NotRun);

    /// <inheritdoc/>
    public SweepRow<T> this[int index] => _rows[index];

    /// <summary>A column.</summary>
    /// <param name="select">A number from a measurement.</param>
    /// <returns>One number a row, NaN where nothing was measured.</returns>
    public double[] Column(Func<T, double> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        return [.. _rows.Select(row => row.HasValue ? select(row.Value!) : double.NaN)];
    }

    /// <summary>Measures some points, in parallel.</summary>
    /// <param name="points">Their places; each row is overwritten.</param>
    /// <param name="measure">Measures a point; called from several threads at once if there are several.</param>
    /// <param name="threads">The number of threads, at least 1.</param>
    /// <param name="progress">Called with the number of these points done, one call at a time, in rising order.</param>
    /// <param name="cancellation">Stops early; the points left keep the row that they had.</param>
    public void Run(
        IReadOnlyList<int> points,
        Func<SweepPoint, T> measure,
        int threads = 1,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(measure);
        Require.InRange(threads, 1, Workers.MostThreads);
        foreach (var point in points)
            Require.InRange(point, 0, Count - 1, "points");
        var (gate, done) = (new Lock(), 0);
        Workers.Run(
            points.Count,
            threads,
            job =>
            {
                var row = Measure(Plan.PointAt(points[job], cancellation), measure);
                if (row.Status == SweepStatus.NotRun)
                    return;
                _rows[points[job]] = row;
                lock (gate)
                    progress?.Invoke(++done);
            },
            cancellation
        );
    }

    /// <inheritdoc/>
    public IEnumerator<SweepRow<T>> GetEnumerator() => ((IEnumerable<SweepRow<T>>)_rows).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _rows.GetEnumerator();

    private static SweepRow<T> Measure(SweepPoint point, Func<SweepPoint, T> measure)
    {
        try
        {
            var value = measure(point);
            var diverged =
                value is ISweepOutcome { Diverged: true } || (value is double number && !double.IsFinite(number));
            return new SweepRow<T>(diverged ? SweepStatus.Diverged : SweepStatus.Done, value);
        }
        catch (OperationCanceledException) when (point.Cancellation.IsCancellationRequested)
        {
            return default;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new SweepRow<T>(SweepStatus.Failed, default, e.Message.ReplaceLineEndings(" "));
        }
    }
}
