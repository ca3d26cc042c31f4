namespace FlatBias.Dynamics.Sweeps;

/// <summary>
/// Sweeps over any parameters: <c>Sweep.Over(Axis.Linear("step-size", 0.001, 0.02, 50)).And(Axis.List("start-2", 8, 10)).Seeds(1, 5).Run(point => ..., threads: 2)</c>.
/// </summary>
public static class Sweep
{
    /// <summary>Starts a sweep with its first axis, the slowest.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>The plan, to which further axes can be added.</returns>
    public static SweepPlan Over(Axis axis) => new([axis]);
}

/// <summary>All combinations of the values of some axes, in a fixed order: the first axis runs slowest. Immutable.</summary>
public sealed class SweepPlan
{
    /// <summary>The name of the axis of seeds.</summary>
    public const string SeedAxis = "seed";

    private readonly int[] _strides;

    internal SweepPlan(IReadOnlyList<Axis> axes)
    {
        foreach (var axis in axes)
            ArgumentNullException.ThrowIfNull(axis);
        if (axes.GroupBy(a => a.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"There are two axes named {twice.Key}; names must differ.", nameof(axes));
        (Axes, _strides) = (axes, new int[axes.Count]);
        long count = 1;
        for (var place = axes.Count - 1; place >= 0; place--)
        {
            _strides[place] = (int)count;
            count *= axes[place].Count;
            if (count > Array.MaxLength)
                throw new ArgumentException(
                    $"The axes give more than {Array.MaxLength} points; there must be fewer.",
                    nameof(axes)
                );
        }

        Count = (int)count;
    }

    /// <summary>The axes, slowest first.</summary>
    public IReadOnlyList<Axis> Axes { get; }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>Adds an axis that runs faster than those before it.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>A new plan.</returns>
    /// <exception cref="ArgumentException">There is one of that name already, or there are too many points.</exception>
    public SweepPlan And(Axis axis) => new([.. Axes, axis]);

    /// <summary>Repeats every combination with different seeds, as an axis of its own.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="last">The last seed, at least <paramref name="first"/>.</param>
    /// <returns>A new plan.</returns>
    public SweepPlan Seeds(int first, int last) => And(Axis.Whole(SeedAxis, first, last));

    /// <summary>A point by its place.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <param name="cancellation">Handed to the measurement.</param>
    public SweepPoint PointAt(int index, CancellationToken cancellation = default) =>
        new(this, Require.InRange(index, 0, Count - 1), cancellation);

    /// <summary>Measures every point. A result depends on its point alone, so it is the same whatever the number of threads.</summary>
    /// <typeparam name="T">What is measured.</typeparam>
    /// <param name="measure">Measures a point; called from several threads at once if there are several. What it throws is recorded beside the point.</param>
    /// <param name="threads">The number of threads, at least 1.</param>
    /// <param name="progress">Called with the number of points done, one call at a time, in rising order.</param>
    /// <param name="cancellation">Stops early; what was measured is kept.</param>
    /// <returns>One row a point.</returns>
    public SweepTable<T> Run<T>(
        Func<SweepPoint, T> measure,
        int threads = 1,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var table = new SweepTable<T>(this);
        table.Run([.. Enumerable.Range(0, Count)], measure, threads, progress, cancellation);
        return table;
    }

    internal int Place(string name)
    {
        for (var place = 0; place < Axes.Count; place++)
            if (Axes[place].Name == name)
                return place;
        throw new ArgumentException(
            $"There is no axis '{name}'; there are: {string.Join(", ", Axes.Select(a => a.Name))}.",
            nameof(name)
        );
    }

    internal int ValueIndex(int point, int place) => point / _strides[place] % Axes[place].Count;
}
