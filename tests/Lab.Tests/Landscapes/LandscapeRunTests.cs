using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Drawing;
using FlatBias.Lab.Landscapes;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Lab.Tests.Landscapes;

public class LandscapeRunTests
{
    public static TheoryData<string> Names => [.. LandscapeCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_EveryLandscapeOfTheCatalogue_HasRunMapAndCharts(string name)
    {
        var run = LandscapeRun.Make(LandscapeSettings.Beginning(name));

        Assert.True(run.Series.Rows > 1);
        Assert.Equal(run.Start, run.PointAt(0));
        // The flow starts where the run does.
        Assert.Equal(run.Start, run.Flow.Select(coordinate => coordinate[0]));
        var map = ContourMap.Of(run, null, keepRange: false);
        Assert.NotNull(map.Raster);
        Assert.InRange(run.Start[run.X], map.Range[0], map.Range[1]);
        Assert.InRange(run.Start[run.Y], map.Range[2], map.Range[3]);
        Assert.All(
            LandscapeFigures.Of(run),
            chart => Assert.All(chart.Figure.Curves, curve => Assert.Equal(run.Series.Rows, curve.Y.Count))
        );
    }

    [Fact]
    public void Make_TwoParameterNetwork_HasTheColumnsOfSectionThree()
    {
        var run = LandscapeRun.Make(new());
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(2));
        var state = network.State(run.PointAt(7));

        Assert.Equal(state.Imbalance, run.Series[OwnColumns.Imbalance][7]);
        Assert.Equal(state.Polarity(0.011), run.Series[OwnColumns.Polarity][7]);
        // 2 (1 / eta) has one rounding more than 2 / eta.
        Assert.Equal(2 / 0.011, run.Series[OwnColumns.Edge][7], 2 / 0.011 * 1e-15);
    }

    [Fact]
    public void Make_MomentumWithDecay_HasItsOwnEdge()
    {
        // (7.1) with beta = 0.5: 2 (1 + 0.5), and (7.5) with w = 0.2: less eta w / 2 of it.
        var settings = new LandscapeSettings
        {
            Optimiser = "momentum",
            OptimiserParameters = new() { ["momentum"] = "0.5", ["weight-decay"] = "0.2" },
        };
        var run = LandscapeRun.Make(settings);

        Assert.Equal(3 * (1 - (0.011 * 0.2 / 2)) / 0.011, run.Series[OwnColumns.Edge][0], 1e-9);
    }

    [Theory]
    [InlineData("landscape", "nowhere", "landscape")]
    [InlineData("landscape.link", "cubic", "landscape.link")]
    [InlineData("landscape.exponent", "1.5", "landscape.exponent")]
    [InlineData("landscape.coefficient", "-1", "landscape.coefficient")]
    [InlineData("start", "1,x", "start")]
    [InlineData("start", "1,2,3", "start")]
    [InlineData("start", "1e200,1e200", "start")]
    [InlineData("step-size", "-1", "step-size")]
    [InlineData("step-size", "drop:1,2", "step-size")]
    [InlineData("step-size", "drop:0.01,0.02,100", "step-size")]
    [InlineData("steps", "-1", "steps")]
    [InlineData("steps", "1e3", "steps")]
    [InlineData("steps", "10001", "steps")]
    [InlineData("optimiser", "sgd", "optimiser")]
    [InlineData("optimiser.weight-decay", "-1", "optimiser.weight-decay")]
    [InlineData("optimiser.nonsense", "1", "optimiser.nonsense")]
    [InlineData("x", "3", "x")]
    [InlineData("y", "0", "y")]
    public void Make_WhatCannotBeUsed_NamesItsField(string name, string value, string field)
    {
        var settings = LandscapeSettings.From(new FlatBias.Lab.Addresses.Address().Set(name, value));

        var error = Assert.Throws<FieldException>(() => LandscapeRun.Make(settings));

        Assert.Equal(field, error.Field);
        Assert.DoesNotContain("Parameter '", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_LandscapeTooLarge_SaysTheLimit()
    {
        var settings = new LandscapeSettings
        {
            Landscape = "catapult",
            Parameters = new() { ["width"] = "200" },
        };

        var error = Assert.Throws<FieldException>(() => LandscapeRun.Make(settings));

        Assert.Contains($"at most {LandscapeRun.LargestDimension}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_DivergingRun_IsDrawnAsFarAsItGoes()
    {
        var run = LandscapeRun.Make(new() { StepSize = "0.03", Steps = "500" });

        Assert.Equal(StopReason.Diverged, run.Reason);
        Assert.Contains("diverged after", LandscapeFigures.Ending(run), StringComparison.Ordinal);
        var map = ContourMap.Of(run, null, keepRange: false);
        Assert.All(map.Range, edge => Assert.True(Math.Abs(edge) < 1e4, $"{edge}"));
    }

    [Fact]
    public void Of_OneParameter_DrawsTheLossAlongIt()
    {
        var run = LandscapeRun.Make(
            new()
            {
                Landscape = "quadratic",
                Parameters = new() { ["eigenvalues"] = "2" },
                Start = "1",
                StepSize = "0.9",
            }
        );

        var map = ContourMap.Of(run, null, keepRange: false);

        Assert.Null(map.Raster);
        Assert.Equal(run.Series[Columns.Loss], map.Curves[1].Y);
        Assert.All(map.Curves[0].X.Zip(map.Curves[0].Y), p => Assert.Equal(p.First * p.First, p.Second, 1e-12));
    }

    [Fact]
    public void Csv_Series_ReadsBackToTheSameNumbers()
    {
        var run = LandscapeRun.Make(new());
        var lines = Csv.Of(run.Series).TrimEnd('\n').Split('\n');

        Assert.Equal(run.Series.Rows + 1, lines.Length);
        Assert.Equal(run.Series.Names, lines[0].Split(','));
        Assert.Equal(
            run.Series.Names.Select(name => run.Series[name][3]),
            lines[4].Split(',').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))
        );
    }
}
