using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Tests.Observables;

public class SeriesTableTests
{
    [Fact]
    public void Set_LateColumn_IsPaddedWithNotANumberBeforeAndAfter()
    {
        var table = new SeriesTable();
        table.AddRow();
        table.Set("a", 1);
        table.AddRow();
        table.Set("b", 2);
        table.AddRow();
        table.Set("a", 3);
        Assert.Equal(["a", "b"], table.Names);
        Assert.Equal(3, table.Rows);
        Assert.Equal([1, double.NaN, 3], table["a"]);
        Assert.Equal([double.NaN, 2, double.NaN], table.Array("b"));
        Assert.True(table.Has("b"));
        Assert.False(table.Has("c"));
    }

    [Fact]
    public void Set_Twice_KeepsTheLastValue()
    {
        var table = new SeriesTable();
        table.AddRow();
        table.Set("a", 1);
        table.Set("a", double.PositiveInfinity);
        Assert.Equal([double.PositiveInfinity], table["a"]);
    }

    [Fact]
    public void Array_Changed_LeavesTheTableAlone()
    {
        var table = SeriesTable.From(("a", [1.0, 2.0]));
        table.Array("a")[0] = 7;
        Assert.Equal([1, 2], table["a"]);
    }

    [Fact]
    public void Indexer_UnknownColumn_ListsTheNames()
    {
        var table = SeriesTable.From(("loss", [1.0]), ("sharpness", [2.0]));
        var error = Assert.Throws<ArgumentException>(() => table["los"]);
        Assert.Contains(
            "There is no column 'los'; there are: loss, sharpness.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Set_NoRow_SaysWhatToDo() =>
        Assert.Equal(
            "Add a row before setting a value.",
            Assert.Throws<InvalidOperationException>(() => new SeriesTable().Set("a", 1)).Message
        );

    [Fact]
    public void From_NoColumns_IsEmpty() => Assert.Equal(0, SeriesTable.From().Rows);

    [Fact]
    public void From_ColumnsThatDoNotFit_NamesTheCulprit()
    {
        Assert.Contains(
            "b has 2 elements; it must have 1",
            Assert.Throws<ArgumentException>(() => SeriesTable.From(("a", [1.0]), ("b", [1.0, 2.0]))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "The column a is given twice",
            Assert.Throws<ArgumentException>(() => SeriesTable.From(("a", [1.0]), ("a", [1.0]))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Columns_Names_AreTheSharedOnes()
    {
        Assert.Equal([Columns.Sharpness, "lambda_2", "lambda_3"], Enumerable.Range(1, 3).Select(Columns.Eigenvalue));
        Assert.Equal("theta_2", Columns.Coordinate[2]);
        Assert.Equal(1, StabilityNumber.Of(0.1, 20));
    }
}
