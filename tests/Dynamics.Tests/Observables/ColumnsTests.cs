using System.Reflection;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Tests.Observables;

public sealed class ColumnsTests
{
    [Fact]
    public void Lists_EveryDeclaration_StandInOne()
    {
        var declared = typeof(Columns)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType.IsAssignableTo(typeof(DeclaredColumn)))
            .Select(p => ((DeclaredColumn)p.GetValue(null)!).Name);
        string[] listed =
        [
            .. Columns
                .All.Concat(Columns.Trial)
                .Concat(Columns.FixedDirectionTrial)
                .Concat(Columns.StepScan)
                .Concat(Columns.Reanchored)
                .Concat(Columns.BatchScan)
                .Concat(Columns.MomentumTrial)
                .Concat(Columns.RmsPropTrial)
                .Select(c => (Column: c, c.Name))
                // What theories forecast is declared with the list alone.
                .Where(c => c.Column is not KeyedColumn { Key: "THEORY" })
                .Where(c => !c.Name.StartsWith(Columns.Forecast(Columns.JetForecast, ""), StringComparison.Ordinal))
                .Where(c => !c.Name.StartsWith(Columns.Forecast(Columns.Frozen, ""), StringComparison.Ordinal))
                .Where(c => !c.Name.StartsWith(Columns.Forecast(Columns.RodForecast, ""), StringComparison.Ordinal))
                .Select(c => c.Name)
                .Distinct(),
        ];
        Assert.Equal(declared.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Covers_NameOfEachColumn_IsMeantByNoOther()
    {
        foreach (
            var list in new[]
            {
                Columns.All,
                Columns.Trial,
                Columns.FixedDirectionTrial,
                Columns.StepScan,
                Columns.Reanchored,
                Columns.BatchScan,
                Columns.MomentumTrial,
                Columns.RmsPropTrial,
            }
        )
            Assert.All(list, column => Assert.Equal([column], list.Where(c => c.Covers(Example(column)))));

        static string Example(DeclaredColumn column) =>
            column switch
            {
                IndexedColumn indexed => indexed[indexed.First],
                KeyedColumn keyed => keyed["moment-map-2"],
                _ => column.Name,
            };
    }

    [Theory]
    [InlineData("rotation_1", true)]
    [InlineData("rotation_12", true)]
    [InlineData("rotation_", false)]
    [InlineData("rotation_0", false)]
    [InlineData("rotation_01", false)]
    [InlineData("rotation_+1", false)]
    [InlineData("rotation_1 ", false)]
    [InlineData("rotation_floor_1", false)]
    [InlineData("predicted_rotation_1", false)]
    [InlineData("rotation_99999999999", false)]
    [InlineData("", false)]
    public void Covers_IndexedColumn_TakesStemAndPlainNumber(string name, bool covered) =>
        Assert.Equal(covered, Columns.Rotation.Covers(name));

    [Fact]
    public void Covers_LeadingEigenvalues_BeginWithTheSecond()
    {
        Assert.False(Columns.NextEigenvalue.Covers("lambda_1"));
        Assert.True(Columns.NextEigenvalue.Covers("lambda_2"));
        Assert.False(Columns.NextEigenvalue.Covers("lambda_min"));
    }

    [Theory]
    [InlineData("a_b_end", true)]
    [InlineData("a_x_y_end", true)]
    [InlineData("a__end", false)]
    [InlineData("a_end", false)]
    [InlineData("b_x_end", false)]
    [InlineData("a_x_ended", false)]
    public void Covers_KeyedColumn_TakesAnyNameBetween(string name, bool covered) =>
        Assert.Equal(covered, new KeyedColumn("a_", "KEY", "_end", "").Covers(name));

    [Fact]
    public void Names_OfSeveral_AreThoseOfFirstAndLast()
    {
        Assert.Equal("`lambda_2` … `lambda_k`", Columns.NextEigenvalue.Heading);
        Assert.Equal("`a_KEY_end`", new KeyedColumn("a_", "KEY", "_end", "").Heading);
        Assert.Equal("a_x_end", new KeyedColumn("a_", "KEY", "_end", "")["x"]);
        Assert.Equal("`sharpness`", Columns.Sharpness.Heading);
        Assert.Equal("sharpness", Columns.Sharpness.ToString());
        Assert.Throws<ArgumentNullException>(() => (string)(Column)null!);
    }
}
