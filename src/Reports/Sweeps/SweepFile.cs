using System.Diagnostics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>A row of a sweep with its place.</summary>
/// <param name="Index">The point's index in the sweep.</param>
/// <param name="Row">What was measured there.</param>
internal readonly record struct PlacedRow(int Index, SweepRow<DescentOutcome> Row);

/// <summary>
/// Rows of a sweep as a Parquet file, typed: the point's index, one column an axis, status and error, what was measured. The bytes follow from the rows alone, whoever measured them.
/// </summary>
internal static class SweepFile
{
    private static readonly (string Name, Func<DescentOutcome, double> Select)[] Measured =
    [
        (Columns.Loss, o => o.Loss),
        (SweepColumns.LargestLoss, o => o.LargestLoss),
        (SweepColumns.InitialSharpness, o => o.InitialSharpness),
        (Columns.Sharpness, o => o.Sharpness),
        (SweepColumns.ForecastSharpness, o => o.Forecast?.Sharpness ?? double.NaN),
        (SweepColumns.ForecastLoss, o => o.Forecast?.Loss ?? double.NaN),
        (SweepColumns.ForecastValidity, o => o.Forecast?.Validity ?? double.NaN),
    ];

    /// <summary>The numbers that can be drawn over the axes, by their columns.</summary>
    public static IEnumerable<string> Drawable => [.. Measured.Select(m => m.Name), SweepColumns.Steps.Name];

    public static byte[] Write(SweepPlan plan, IReadOnlyList<PlacedRow> rows) =>
        ParquetTable.Write(ColumnsOf(plan, rows));

    /// <summary>A number of a row by its column, which is one of <see cref="Drawable"/>.</summary>
    public static Func<DescentOutcome, double> Select(string column) =>
        column == SweepColumns.Steps.Name
            ? outcome => outcome.Steps
            : Measured.Single(measured => measured.Name == column).Select;

    /// <summary>The columns of the point and of how it went, which a sweep of anything has.</summary>
    public static List<(string Name, Array Values)> ColumnsOf<T>(
        SweepPlan plan,
        IReadOnlyList<(int Index, SweepRow<T> Row)> rows
    )
    {
        List<(string, Array)> columns = [(SweepColumns.Point, Of(row => row.Index))];
        foreach (var axis in plan.Axes)
        {
            columns.Add(
                (
                    AxisColumn(axis),
                    axis.Kind switch
                    {
                        AxisKind.Number => Of(row => plan.PointAt(row.Index)[axis.Name]),
                        AxisKind.Whole => Of(row => (int)plan.PointAt(row.Index)[axis.Name]),
                        AxisKind.Text => Of(row => plan.PointAt(row.Index).Text(axis.Name)),
                        _ => throw new UnreachableException($"kind is {axis.Kind}"),
                    }
                )
            );
        }

        columns.Add((SweepColumns.Status, Of(row => row.Row.Status.ToString())));
        columns.Add((SweepColumns.Error, Of(row => row.Row.Error ?? "")));
        return columns;

        TValue[] Of<TValue>(Func<(int Index, SweepRow<T> Row), TValue> select) => [.. rows.Select(select)];
    }

    /// <summary>Reads rows.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <exception cref="RecordException">They are not rows of a sweep.</exception>
    public static PlacedRow[] Read(string file, byte[] bytes)
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
        double[][] measured = [.. Measured.Select(m => Column<double>(m.Name))];
        double[][] ends =
        [
            .. Enumerable
                .Range(1, table.Count)
                .TakeWhile(i => table.ContainsKey(Columns.Coordinate[i]))
                .Select(i => Column<double>(Columns.Coordinate[i])),
        ];
        var (coordinates, forecasts) = (Column<int>(SweepColumns.Coordinates), Column<int>(SweepColumns.Forecast));
        return [.. points.Select((point, i) => new PlacedRow(point, Row(i)))];

        SweepRow<DescentOutcome> Row(int i)
        {
            var status = Name<SweepStatus>(file, statuses[i]);
            if (status == SweepStatus.Failed)
                return new(status, null, errors[i]);
            var m = measured.Select(column => column[i]).ToArray();
            // The number of coordinates is written beside them: a diverged run may end at NaN, and NaN also fills the columns that a row does not have.
            double[] end = [.. ends.Take(coordinates[i]).Select(column => column[i])];
            return new(
                status,
                new DescentOutcome(
                    Name<StopReason>(file, reasons[i]),
                    steps[i],
                    m[0],
                    m[1],
                    m[2],
                    m[3],
                    end,
                    forecasts[i] == 1 ? new(m[4], m[5], m[6]) : null
                )
            );
        }
    }

    private static T Name<T>(string file, string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)
            ? value
            : throw new RecordException(
                $"{file} holds '{text}', which is no {typeof(T).Name}: it is not a table of this program."
            );

    /// <summary>All columns of a sweep of descents.</summary>
    public static List<(string Name, Array Values)> ColumnsOf(SweepPlan plan, IReadOnlyList<PlacedRow> rows)
    {
        var columns = ColumnsOf<DescentOutcome>(plan, [.. rows.Select(row => (row.Index, row.Row))]);
        columns.Add((SweepColumns.Reason, Of(row => row.Row.Value?.Reason.ToString() ?? "")));
        columns.Add((SweepColumns.Steps, Of(row => row.Row.Value?.Steps ?? 0)));
        foreach (var (name, select) in Measured)
            columns.Add((name, Of(row => row.Row.Value is { } outcome ? select(outcome) : double.NaN)));
        columns.Add((SweepColumns.Forecast, Of(row => row.Row.Value?.Forecast is null ? 0 : 1)));
        columns.Add((SweepColumns.Coordinates, Of(row => row.Row.Value?.End.Length ?? 0)));
        for (var i = 0; i < rows.Select(row => row.Row.Value?.End.Length ?? 0).DefaultIfEmpty().Max(); i++)
        {
            var coordinate = i;
            columns.Add(
                (
                    Columns.Coordinate[i + 1],
                    Of(row =>
                        row.Row.Value is { } outcome && coordinate < outcome.End.Length
                            ? outcome.End[coordinate]
                            : double.NaN
                    )
                )
            );
        }

        return columns;

        T[] Of<T>(Func<PlacedRow, T> select) => [.. rows.Select(select)];
    }

    private static string AxisColumn(Axis axis) => SweepColumns.Axis[axis.Name.Replace('-', '_')];
}
