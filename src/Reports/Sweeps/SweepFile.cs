using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using Parquet;
using Parquet.Schema;

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
    private const string Point = "point", Status = "status", Error = "error", Reason = "end_reason", Steps = "steps";
    private static readonly (string Name, Func<DescentOutcome, double> Select)[] Measured =
    [
        (Columns.Loss, o => o.Loss), ("largest_loss", o => o.LargestLoss), ("initial_sharpness", o => o.InitialSharpness), (Columns.Sharpness, o => o.Sharpness),
        ("forecast_sharpness", o => o.Forecast?.Sharpness ?? double.NaN), ("forecast_loss", o => o.Forecast?.Loss ?? double.NaN), ("forecast_validity", o => o.Forecast?.Validity ?? double.NaN),
    ];

    public static byte[] Write(SweepPlan plan, IReadOnlyList<PlacedRow> rows)
    {
        using var stream = new MemoryStream();
        WriteAsync(ColumnsOf(plan, rows), stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public static PlacedRow[] Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var columns = ReadAsync(stream).GetAwaiter().GetResult();
        var (points, statuses, errors, reasons, steps) = ((int[])columns[Point], (string[])columns[Status], (string[])columns[Error], (string[])columns[Reason], (int[])columns[Steps]);
        double[][] measured = [.. Measured.Select(m => (double[])columns[m.Name])];
        double[][] ends = [.. Enumerable.Range(1, columns.Count).TakeWhile(i => columns.ContainsKey(Columns.Coordinate(i))).Select(i => (double[])columns[Columns.Coordinate(i)])];
        return [.. points.Select((point, i) => new PlacedRow(point, Row(i)))];

        SweepRow<DescentOutcome> Row(int i)
        {
            var status = Enum.Parse<SweepStatus>(statuses[i]);
            if (status == SweepStatus.Failed) return new(status, null, errors[i]);
            var m = measured.Select(column => column[i]).ToArray();
            // The number of coordinates is written beside them: a diverged run may end at NaN, and NaN also fills the columns that a row does not have.
            double[] end = [.. ends.Take(((int[])columns["coordinates"])[i]).Select(column => column[i])];
            return new(status, new DescentOutcome(Enum.Parse<StopReason>(reasons[i]), steps[i], m[0], m[1], m[2], m[3], end, ((int[])columns["forecast"])[i] == 1 ? new(m[4], m[5], m[6]) : null));
        }
    }

    private static List<(string Name, Array Values)> ColumnsOf(SweepPlan plan, IReadOnlyList<PlacedRow> rows)
    {
        List<(string, Array)> columns = [(Point, Of(row => row.Index))];
        foreach (var axis in plan.Axes)
        {
            columns.Add((AxisColumn(axis), axis.Kind switch
            {
                AxisKind.Number => Of(row => plan.PointAt(row.Index)[axis.Name]),
                AxisKind.Whole => Of(row => (int)plan.PointAt(row.Index)[axis.Name]),
                _ => Of(row => plan.PointAt(row.Index).Text(axis.Name)),
            }));
        }

        columns.Add((Status, Of(row => row.Row.Status.ToString())));
        columns.Add((Error, Of(row => row.Row.Error ?? "")));
        columns.Add((Reason, Of(row => row.Row.Value?.Reason.ToString() ?? "")));
        columns.Add((Steps, Of(row => row.Row.Value?.Steps ?? 0)));
        foreach (var (name, select) in Measured) columns.Add((name, Of(row => row.Row.Value is { } outcome ? select(outcome) : double.NaN)));
        columns.Add(("forecast", Of(row => row.Row.Value?.Forecast is null ? 0 : 1)));
        columns.Add(("coordinates", Of(row => row.Row.Value?.End.Length ?? 0)));
        for (var i = 0; i < rows.Max(row => row.Row.Value?.End.Length ?? 0); i++)
        {
            var coordinate = i;
            columns.Add((Columns.Coordinate(i + 1), Of(row => row.Row.Value is { } outcome && coordinate < outcome.End.Length ? outcome.End[coordinate] : double.NaN)));
        }

        return columns;

        T[] Of<T>(Func<PlacedRow, T> select) => [.. rows.Select(select)];
    }

    // An axis of steps or of sharpness must not collide with what was measured.
    private static string AxisColumn(Axis axis) => $"at_{axis.Name.Replace('-', '_')}";

    private static async Task WriteAsync(List<(string Name, Array Values)> columns, Stream stream)
    {
        DataField[] fields = [.. columns.Select(c => new DataField(c.Name, c.Values.GetType().GetElementType()!, isNullable: false))];
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++)
        {
            await (columns[i].Values switch
            {
                int[] whole => group.WriteAsync<int>(fields[i], whole),
                string[] text => group.WriteAsync(fields[i], text),
                var numbers => group.WriteAsync<double>(fields[i], (double[])numbers),
            }).ConfigureAwait(false);
        }

        group.CompleteValidate();
    }

    private static async Task<Dictionary<string, Array>> ReadAsync(Stream stream)
    {
        await using var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        var columns = new Dictionary<string, Array>(StringComparer.Ordinal);
        using var group = reader.OpenRowGroupReader(0);
        foreach (var field in reader.Schema.DataFields)
        {
            // A text's own type is that of a slice of characters.
            var type = field.ClrType == typeof(int) || field.ClrType == typeof(double) ? field.ClrType : typeof(string);
            var values = Array.CreateInstance(type, (int)group.RowCount);
            await (values switch
            {
                int[] whole => group.ReadAsync<int>(field, whole).AsTask(),
                string[] text => group.ReadAsync(field, text).AsTask(),
                _ => group.ReadAsync<double>(field, (double[])values).AsTask(),
            }).ConfigureAwait(false);
            columns.Add(field.Name, values);
        }

        return columns;
    }
}
