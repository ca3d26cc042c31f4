using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>The tables of columns in docs/ are the declarations of the columns.</summary>
public class ColumnTableTests
{
    [Fact]
    public void ObservablesPage_IsWhatTheColumnsDeclare() =>
        GeneratedPage.Check(
            "observables.md",
            RecordColumns.All.Aggregate(
                GeneratedPage.Read("observables.md"),
                (page, kind) => GeneratedTable.Replace(page, kind.Heading, Table(kind.Columns))
            )
        );

    [Fact]
    public void SweepsPage_IsWhatTheColumnsDeclare() =>
        GeneratedPage.Check(
            "sweeps.md",
            GeneratedTable.Replace(GeneratedPage.Read("sweeps.md"), "The table", Table(SweepColumns.All))
        );

    /// <summary>One row a declaration; what no row has anything to say of has no column.</summary>
    private static string Table(IReadOnlyList<DeclaredColumn> columns)
    {
        (string Head, Func<DeclaredColumn, string> Cell)[] all =
        [
            ("column", c => c.Heading),
            ("meaning", c => c.Runs.Length == 0 ? c.Meaning : $"{c.Meaning}; {c.Runs} only"),
            ("unit", c => string.Join(", ", new[] { c.Unit, c.Range }.Where(text => text.Length > 0))),
            ("how measured", c => c.Measured),
            ("error", c => c.Error),
            ("source", c => c.Source),
        ];
        var said = all.Where(part => columns.Any(column => part.Cell(column).Length > 0)).ToArray();
        return GeneratedTable.Of(
            [.. said.Select(part => part.Head)],
            columns.Select(c => said.Select(part => part.Cell(c)).ToArray())
        );
    }
}
