using System.Diagnostics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>A row of a sweep with its place.</summary>
/// <param name="Index">The point's index in the sweep.</param>
/// <param name="Row">What was measured there.</param>
internal readonly record struct PlacedRow(int Index, SweepRow<ISweepEnd> Row);

/// <summary>
/// Rows of a sweep as a Parquet file, typed: the point's index, one column an axis, status and error, what was measured. The bytes follow from the rows alone, whoever measured them.
/// </summary>
internal static class SweepFile
{
    /// <summary>Writes rows.</summary>
    /// <param name="plan">The axes.</param>
    /// <param name="values">The columns of the kind of study.</param>
    /// <param name="rows">The rows.</param>
    public static byte[] Write(SweepPlan plan, SweepValues values, IReadOnlyList<PlacedRow> rows) =>
        ParquetTable.Write(ColumnsOf(plan, values, rows));

    /// <summary>All columns of some rows, which <see cref="Write"/> writes.</summary>
    /// <param name="plan">The axes.</param>
    /// <param name="values">The columns of the kind of study.</param>
    /// <param name="rows">The rows.</param>
    public static IReadOnlyList<(string Name, Array Values)> ColumnsOf(
        SweepPlan plan,
        SweepValues values,
        IReadOnlyList<PlacedRow> rows
    ) =>
        [
            .. ColumnsOf<ISweepEnd>(plan, [.. rows.Select(row => (row.Index, row.Row))]),
            (SweepColumns.Reason, rows.Select(row => row.Row.Value?.Reason.ToString() ?? "").ToArray()),
            (SweepColumns.Steps, rows.Select(row => row.Row.Value?.Steps ?? 0).ToArray()),
            .. values.Columns(rows),
        ];

    /// <summary>The columns of the point and of how it went, which a sweep of anything has.</summary>
    public static IEnumerable<(string Name, Array Values)> ColumnsOf<T>(
        SweepPlan plan,
        IReadOnlyList<(int Index, SweepRow<T> Row)> rows
    )
    {
        yield return (SweepColumns.Point, Of(row => row.Index));
        foreach (var axis in plan.Axes)
            yield return (
                AxisColumn(axis),
                axis.Kind switch
                {
                    AxisKind.Number => Of(row => plan.PointAt(row.Index)[axis.Name]),
                    AxisKind.Whole => Of(row => (int)plan.PointAt(row.Index)[axis.Name]),
                    AxisKind.Text => Of(row => plan.PointAt(row.Index).Text(axis.Name)),
                    _ => throw new UnreachableException($"kind is {axis.Kind}"),
                }
            );
        yield return (SweepColumns.Status, Of(row => row.Row.Status.ToString()));
        yield return (SweepColumns.Error, Of(row => row.Row.Error ?? ""));

        TValue[] Of<TValue>(Func<(int Index, SweepRow<T> Row), TValue> select) => [.. rows.Select(select)];
    }

    /// <summary>Reads rows.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="values">The columns of the kind of study.</param>
    /// <param name="bytes">Its content.</param>
    /// <exception cref="RecordException">They are not rows of a sweep.</exception>
    public static PlacedRow[] Read(string file, SweepValues values, byte[] bytes)
    {
        var table = ParquetTable.Read(file, bytes);
        T[] Column<T>(string name) => table.Column<T>(file, name);
        var (points, statuses, errors, reasons, steps) = (
            Column<int>(SweepColumns.Point),
            Column<string>(SweepColumns.Status),
            Column<string>(SweepColumns.Error),
            Column<string>(SweepColumns.Reason),
            Column<int>(SweepColumns.Steps)
        );
        var read = values.Reader(file, table);
        return [.. points.Select((point, i) => new PlacedRow(point, Row(i)))];

        SweepRow<ISweepEnd> Row(int i)
        {
            var status = Name<SweepStatus>(file, statuses[i]);
            return status == SweepStatus.Failed
                ? new(status, null, errors[i])
                : new(status, read(i, Name<StopReason>(file, reasons[i]), steps[i]));
        }
    }

    private static T Name<T>(string file, string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)
            ? value
            : throw new RecordException(
                $"{file} holds '{text}', which is no {typeof(T).Name}: it is not a table of this program."
            );

    private static string AxisColumn(Axis axis) => SweepColumns.Axis[axis.Name.Replace('-', '_')];
}
