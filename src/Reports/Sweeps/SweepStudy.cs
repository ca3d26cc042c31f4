using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Sweeps;

namespace FlatBias.Reports.Sweeps;

/// <summary>What a row of a sweep that was measured says, whatever was measured.</summary>
internal interface ISweepEnd : ISweepOutcome
{
    /// <summary>Why the run ended.</summary>
    StopReason Reason { get; }

    /// <summary>Steps taken.</summary>
    int Steps { get; }
}

/// <summary>What a sweep measures at its points, with the values that hold at all of them.</summary>
internal abstract record SweepStudy
{
    /// <summary>What is studied, in words.</summary>
    public abstract string Subject { get; }

    /// <summary>How its rows are kept.</summary>
    public abstract SweepValues Values { get; }

    /// <summary>Whether a point takes so long that each is kept as soon as it is done.</summary>
    public abstract bool KeepsEach { get; }

    /// <summary>How many points are measured at a time, unless told otherwise.</summary>
    public virtual int AtOnce => Environment.ProcessorCount;

    /// <summary>The study with a parameter changed.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or the value is not of its kind or outside its range.</exception>
    public abstract SweepStudy With(string name, string value);

    /// <summary>Checks the study as it stands, before any work.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public abstract void Check();

    /// <summary>Measures a point.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract ISweepEnd Measure(SweepPoint point);

    /// <summary>Checks the values of an axis one by one. What only a combination makes wrong is found when it is measured, and recorded as a failed point.</summary>
    /// <exception cref="ArgumentException">The axis names no parameter of this study, or holds a value that it does not take.</exception>
    public void Check(Axis axis)
    {
        for (var i = 0; i < axis.Count; i++)
            With(axis.Name, axis.Text(i));
    }

    /// <summary>The study at a point.</summary>
    public SweepStudy At(SweepPoint point) =>
        point.Plan.Axes.Aggregate(this, (study, axis) => study.With(axis.Name, point.Text(axis.Name)));
}

/// <summary>The columns of a sweep's table that are of one kind of study, beside those that all have.</summary>
internal abstract class SweepValues
{
    /// <summary>The columns of some rows.</summary>
    public abstract IEnumerable<(string Name, Array Values)> Columns(IReadOnlyList<PlacedRow> rows);

    /// <summary>Reads them back.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="table">The table.</param>
    /// <returns>The measurement of a row, by its place in the table and what all rows say.</returns>
    public abstract Func<int, StopReason, int, ISweepEnd> Reader(string file, OrderedDictionary<string, Array> table);
}
