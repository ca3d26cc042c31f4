using System.Diagnostics;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace FlatBias.Reports.Records;

/// <summary>
/// A table of double, int and string columns as a Parquet file of one row group. The file's statistics hold no minimum and no maximum: what the library would write passes over NaN, and a reader that skips by it loses rows
/// (NaN is above every number in some query languages, so that x > 1 holds on it).
/// </summary>
internal static class ParquetTable
{
    /// <summary>Writes columns of equal length.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, Array Values)> columns)
    {
        using var stream = new MemoryStream();
        WriteAsync(columns, stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    /// <summary>Reads the columns of a file, in their order.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="bytes">Its content, held against a hash before: on damaged bytes the library may ask for any amount of memory, or never return.</param>
    /// <exception cref="RecordException">They are not such a table.</exception>
    public static OrderedDictionary<string, Array> Read(string file, byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            return ReadAsync(stream).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library has no exception of its own for a damaged file: anything that an index or a length out of place leads to comes out of it.
            throw new RecordException($"{file} is not a table that can be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>A column of a table that was read.</summary>
    /// <exception cref="RecordException">There is none of that name and type.</exception>
    public static T[] Column<T>(this OrderedDictionary<string, Array> table, string file, string name) =>
        table.GetValueOrDefault(name) as T[]
        ?? throw new RecordException(
            $"{file} has no column '{name}' of type {typeof(T).Name}: it is not a table of this program."
        );

    private static async Task WriteAsync(IReadOnlyList<(string Name, Array Values)> columns, Stream stream)
    {
        DataField[] fields =
        [
            .. columns.Select(c => new DataField(c.Name, c.Values.GetType().GetElementType()!, isNullable: false)),
        ];
        await using var writer = await ParquetWriter
            .CreateAsync(new ParquetSchema(fields), stream)
            .ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++)
        {
            await (
                columns[i].Values switch
                {
                    int[] whole => group.WriteAsync<int>(fields[i], whole),
                    string[] text => group.WriteAsync(fields[i], text),
                    var numbers => group.WriteAsync<double>(fields[i], (double[])numbers),
                }
            ).ConfigureAwait(false);
        }

        group.CompleteValidate();
        foreach (var column in Footer(group).Columns)
            column.MetaData!.Statistics = null;
    }

    // The library has no setting for it; the footer is written when the writer is disposed of, from this.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_owGroup")]
    private static extern ref RowGroup Footer(ParquetRowGroupWriter writer);

    private static async Task<OrderedDictionary<string, Array>> ReadAsync(Stream stream)
    {
        await using var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        var columns = new OrderedDictionary<string, Array>(StringComparer.Ordinal);
        using var group = reader.OpenRowGroupReader(0);
        if (reader.RowGroupCount != 1)
            throw new RecordException($"it has {reader.RowGroupCount} groups of rows; one was expected");
        foreach (var field in reader.Schema.DataFields)
        {
            // A text's own type is that of a slice of characters.
            var type = field.ClrType == typeof(int) || field.ClrType == typeof(double) ? field.ClrType : typeof(string);
            var values = Array.CreateInstance(type, (int)group.RowCount);
            await (
                values switch
                {
                    int[] whole => group.ReadAsync<int>(field, whole).AsTask(),
                    string[] text => group.ReadAsync(field, text).AsTask(),
                    double[] numbers => group.ReadAsync<double>(field, numbers).AsTask(),
                    _ => throw new UnreachableException($"{field.Name} holds {type}"),
                }
            ).ConfigureAwait(false);
            columns.Add(field.Name, values);
        }

        return columns;
    }
}
