using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Sweeps;
using FlatBias.NeuralValidation.Training;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using FlatBias.Testing;
using Parquet;

namespace FlatBias.Reports.Tests.Records;

public class ParquetTableTests
{
    private static readonly double[] Odd =
    [
        1,
        double.NaN,
        -0.0,
        0,
        double.PositiveInfinity,
        double.NegativeInfinity,
        5e-324,
        -double.MaxValue,
        BitConverter.Int64BitsToDouble(0x7FF8000000000123),
    ];

    [Fact]
    public void Write_OddNumbersAndTexts_ComeBackWithTheirBits()
    {
        string[] texts = ["", "größer", "\ud83d\ude00", "\ufffd", "a\nb", "\"", ",", "x", "x"];
        int[] whole = [int.MinValue, -1, 0, 1, int.MaxValue, 2, 3, 4, 5];
        var table = ParquetTable.Read("table", ParquetTable.Write([("odd", Odd), ("texts", texts), ("whole", whole)]));

        Assert.Equal(
            Odd.Select(BitConverter.DoubleToInt64Bits),
            table.Column<double>("table", "odd").Select(BitConverter.DoubleToInt64Bits)
        );
        Assert.Equal(texts, table.Column<string>("table", "texts"));
        Assert.Equal(whole, table.Column<int>("table", "whole"));
        Assert.Contains(
            "no column 'odd' of type Int32",
            Assert.Throws<RecordException>(() => table.Column<int>("table", "odd")).Message
        );
    }

    [Fact]
    public void Write_ManyRows_ComeBack()
    {
        // Long runs of the same, which are stored in a fraction of their size, are no sign of damage.
        double[] same = new double[200_000];
        Assert.Equal(
            same,
            ParquetTable.Read("table", ParquetTable.Write([("same", same)])).Column<double>("table", "same")
        );
        Assert.Empty(
            ParquetTable
                .Read("table", ParquetTable.Write([("none", Array.Empty<double>())]))
                .Column<double>("table", "none")
        );
    }

    /// <summary>A minimum and a maximum that pass over NaN, or put 0 for -0, let readers skip rows that a query asks for; no file has any.</summary>
    [Fact]
    public void EveryTable_Statistics_HoldNoMinimumAndNoMaximum()
    {
        using var folder = new TemporaryFolder();
        RunRecord.Save(
            folder.Path,
            new NetworkSpec(new TrainingSpec()),
            new RunOutcome(SeriesTable.From([("odd", Odd)]), StopReason.StepLimit, 2, 3.5),
            1,
            0.5
        );
        var sweep = SweepFile.Write(
            Sweep.Over(Axis.Linear("step-size", 1, 2, 2)),
            LandscapeValues.Instance,
            [
                new PlacedRow(
                    0,
                    new(
                        SweepStatus.Done,
                        new LandscapeEnd(
                            new DescentOutcome(StopReason.Converged, 5, double.NaN, 1, 2, -0.0, [1, 2], null)
                        ),
                        null
                    )
                ),
            ]
        );

        foreach (
            var bytes in new[]
            {
                File.ReadAllBytes(folder.File("series.parquet")),
                sweep,
                ParquetTable.Write([
                    ("whole", new[] { 1, 2 }),
                    ("text", new[] { "a", "é" }),
                    ("finite", new[] { 1.0, 2 }),
                ]),
            }
        )
        {
            var columns = Columns(bytes);
            Assert.NotEmpty(columns);
            Assert.All(
                columns,
                column =>
                    Assert.True(
                        column.Statistics is null or { Min: null, Max: null, MinValue: null, MaxValue: null },
                        string.Join('.', column.PathInSchema)
                    )
            );
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public void Read_PartOfAFile_IsRefusedByName(int length) =>
        Assert.StartsWith(
            "table is not a table that can be read: ",
            Assert
                .Throws<RecordException>(() => ParquetTable.Read("table", ParquetTable.Write([("odd", Odd)])[..length]))
                .Message
        );

    private static Parquet.Meta.ColumnMetaData[] Columns(byte[] bytes)
    {
        using var reader = new Footer(bytes);
        return reader.Columns;
    }

    private sealed class Footer(byte[] bytes) : IDisposable
    {
        private readonly ParquetReader _reader = ParquetReader
            .CreateAsync(new MemoryStream(bytes))
            .GetAwaiter()
            .GetResult();

        public Parquet.Meta.ColumnMetaData[] Columns =>
            [.. _reader.Metadata!.RowGroups.SelectMany(group => group.Columns).Select(column => column.MetaData!)];

        public void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
