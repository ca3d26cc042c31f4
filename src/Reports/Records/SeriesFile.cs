using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>A series as a Parquet file: one double column a quantity.</summary>
internal static class SeriesFile
{
    public static byte[] Write(SeriesTable series) => ParquetTable.Write(SeriesText.ColumnsOf(series));

    /// <summary>Reads a series.</summary>
    /// <exception cref="RecordException">It is none.</exception>
    public static SeriesTable Read(string file, byte[] bytes)
    {
        var table = ParquetTable.Read(file, bytes);
        return SeriesTable.From([.. table.Keys.Select(name => (name, table.Column<double>(file, name)))]);
    }
}
