using FlatBias.Dynamics.Observables;
using Parquet;
using Parquet.Schema;

namespace FlatBias.Reports.Records;

/// <summary>A series as a Parquet file: one double column a quantity.</summary>
internal static class SeriesFile
{
    public static byte[] Write(SeriesTable series)
    {
        using var stream = new MemoryStream();
        WriteAsync(series, stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public static SeriesTable Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return ReadAsync(stream).GetAwaiter().GetResult();
    }

    private static async Task WriteAsync(SeriesTable series, Stream stream)
    {
        DataField[] fields = [.. series.Names.Select(name => new DataField<double>(name))];
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        foreach (var field in fields) await group.WriteAsync<double>(field, series.Array(field.Name)).ConfigureAwait(false);
        group.CompleteValidate();
    }

    private static async Task<SeriesTable> ReadAsync(Stream stream)
    {
        await using var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        var columns = new List<(string, double[])>();
        using var group = reader.OpenRowGroupReader(0);
        foreach (var field in reader.Schema.DataFields)
        {
            var values = new double[group.RowCount];
            await group.ReadAsync<double>(field, values).ConfigureAwait(false);
            columns.Add((field.Name, values));
        }

        return SeriesTable.From([.. columns]);
    }
}
