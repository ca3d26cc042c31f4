using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;

namespace FlatBias.Reports.Tests.Sweeps;

public class SweepColumnsTests
{
    [Fact]
    public void Table_OfARealSweep_HasTheDeclaredColumnsInTheirOrder()
    {
        var study = new DescentStudy
        {
            Landscape = "two-parameter-network",
            Start = [-0.1, 10],
            Steps = 3,
        };
        var plan = Sweep.Over(Axis.Linear("step-size", 0.001, 0.02, 2)).And(Axis.List("optimiser", "gd", "momentum"));
        PlacedRow[] rows =
        [
            .. plan.Run(study.Measure)
                .Select((row, i) => new PlacedRow(i, new(row.Status, new LandscapeEnd(row.Value!), row.Error))),
        ];

        string[] written = [.. ParquetTable.Read("sweep", SweepFile.Write(plan, LandscapeValues.Instance, rows)).Keys];

        var declared = written.Select(name => Assert.Single(SweepColumns.All, column => column.Covers(name)).Name);
        Assert.Equal(SweepColumns.All.Select(column => column.Name), declared.Distinct());
    }
}
