using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Lab.Addresses;
using FlatBias.Lab.Landscapes;
using FlatBias.Lab.Planes;
using FlatBias.Lab.Tests.Scripts;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Quadratic.Sweeps;
using OxyPlot;

namespace FlatBias.Lab.Tests.Planes;

public class PlaneJobTests
{
    public static TheoryData<string> Kinds => [.. PlaneSettings.Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_EveryKindAsItBegins_HasValuesAndAPicture(string kind)
    {
        var settings = Small(kind);
        var job = PlaneJob.Of(settings);
        double[]?[] rows = [.. Enumerable.Range(0, job.Rows).Select(job.Row)];

        Assert.Contains(rows, row => row!.Any(double.IsFinite));
        var figure = PlaneFigure.Of(settings, rows);
        Assert.True(figure.Raster is not null || figure.Curves.Count == 3);
        // A header and a line for each point.
        Assert.Equal(1 + rows.Sum(row => row!.Length), PlaneCsv.Of(settings, rows).Count(c => c == '\n'));
    }

    [Fact]
    public void Row_Sharpness_IsThatOfTheStudy()
    {
        var settings = Small(PlaneSettings.Sharpness);
        var study = new DescentStudy { Landscape = "two-parameter-network", Steps = 500 };
        // The second column of the third row: 0.005 + 0.02 / 4, and 7 + 5 * 2 / 3.
        var expected = (study with { StepSize = 0.005 + (0.02 * 1 / 4), Start = [-0.1, 7 + (5.0 * 2 / 3)] }).Run();

        Assert.Equal(expected.Sharpness, PlaneJob.Of(settings).Row(2)[1]);
    }

    [Fact]
    public void Row_Orbits_AreThoseOfTheNetworksOwnMap()
    {
        var settings = PlaneSettings.Beginning(PlaneSettings.Orbits) with { XRange = "0.9,1.2", Size = "4,8" };
        var map = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1)).AsMap(1.2);
        var orbit = Orbit.Record(map, [0.7, 0.7], 308);

        // Written in another order of the same operations, and on a two-cycle, which contracts what that leaves.
        Assert.All(
            orbit[0][301..].Zip(PlaneJob.Of(settings).Row(3)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-12)
        );
    }

    [Fact]
    public void Row_Exponent_BelowTheFlipIsThatOfTheMultiplier()
    {
        // At the minimum of the double well without transverse directions the multiplier is 1 - eta S.
        var settings = PlaneSettings.Beginning(PlaneSettings.Exponent) with
        {
            Landscape = "double-well",
            Parameters = new() { ["transverse"] = "none" },
            Start = "1",
            X = "step-size",
            Y = "landscape.height",
            XRange = "0.1,0.2",
            YRange = "0.25,0.5",
            Size = "2,2",
        };
        var sharpness = new DoubleWell(0.25, 1, 0.5, []).Eigenvalues([1.0])[0];

        Assert.Equal(Math.Log(1 - (0.1 * sharpness)), PlaneJob.Of(settings).Row(0)[0], 1e-12);
    }

    [Fact]
    public void Cycle_JustPastTheFlip_IsTheAmplitudeOfTheOrbit()
    {
        var network = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1));
        var flip = FlipAmplitude.At(network, [0.7, 0.7], 0)!;
        Assert.Equal(2, flip.Sharpness, 1e-6);
        const double excess = 1e-3,
            stepSize = 1 + (excess / 2);
        // The cycle attracts by 1 - 2 eps in two steps: after 40 / eps steps e^-40 of the way is left.
        double[] state = [0.7, 0.7],
            scratch = new double[2];
        var map = network.AsMap(stepSize);
        Orbit.Iterate(map, state, scratch, 40_000);
        var first = state[0];
        Orbit.Iterate(map, state, scratch, 1);

        var (low, high) = flip.Cycle(stepSize);

        // The normal form leaves out what is smaller by a factor of eps; ten times that covers its coefficient.
        Assert.Equal(Math.Abs(first - state[0]) / 2, (high - low) / 2, 10 * excess * (high - low));
    }

    [Theory]
    [InlineData("x", "nothing", "x")]
    [InlineData("x", "start-2", "y")] // both the same
    [InlineData("y", "landscape.exponent", "y")] // whole numbers only
    [InlineData("x-range", "1", "x-range")]
    [InlineData("x-range", "2,1", "x-range")]
    [InlineData("x-range", "1,1.0000000000001", "x-range")] // too narrow
    [InlineData("x-range", "-1,1", "x")]
    [InlineData("size", "1000,10", "size")]
    [InlineData("size", "10", "size")]
    [InlineData("steps", "0", "steps")]
    [InlineData("steps", "1000001", "steps")]
    [InlineData("start", "1", "start")]
    [InlineData("step-size", "x", "step-size")]
    [InlineData("landscape.link", "x", "landscape")]
    [InlineData("kind", "nonsense", "kind")]
    public void Of_WhatCannotBeUsed_NamesItsField(string name, string value, string field)
    {
        var address = PlaneSettings.Beginning(PlaneSettings.Sharpness).ToAddress().Set(name, value);

        var error = Assert.Throws<FieldException>(() =>
            PlaneJob.Of(PlaneSettings.From(Address.Parse(address.ToString())))
        );

        Assert.Equal(field, error.Field);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ToAddress_EveryKind_IsReadBack(string kind)
    {
        var link = PlaneSettings.Beginning(kind).ToAddress().ToString();

        Assert.Equal(link, PlaneSettings.From(Address.Parse(link)).ToAddress().ToString());
    }

    [Theory]
    [InlineData(0.01, 0.0101)]
    [InlineData(1, 1 + 1e-12)]
    [InlineData(-1e-9, 1e9)]
    public void Written_RangeOfAZoom_KeepsItsEndsApart(double low, double high)
    {
        var (readLow, readHigh) = PlaneSettings.Range("x-range", PlaneSettings.Written(low, high));

        // A thousandth of the width is what a hand can aim at.
        Assert.Equal(low, readLow, 1e-3 * (high - low));
        Assert.Equal(high, readHigh, 1e-3 * (high - low));
    }

    [Fact]
    public void Of_Point_IsTheLandscapeViewThere()
    {
        var settings = PlaneSettings.Beginning(PlaneSettings.Sharpness);

        var view = LandscapeSettings.From(Address.Parse(PointAddress.Of(settings, 0.0123, 8.5)));

        Assert.Equal(("0.0123", "-0.1,8.5", "500"), (view.StepSize, view.Start, view.Steps));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Script_EveryKind_DrawsIt(string kind) =>
        Assert.NotEmpty((await LabScript.Run<PlotModel>(PlaneScript.Of(Small(kind)), "plot")).Series);

    [Fact]
    public async Task Script_Sharpness_HasTheValuesOfThePlane()
    {
        var settings = Small(PlaneSettings.Sharpness);
        var job = PlaneJob.Of(settings);

        var table = await LabScript.Run<SweepTable<DescentOutcome>>(PlaneScript.Of(settings), "table");

        // The last axis, y, runs fastest.
        for (var i = 0; i < table.Count; i++)
            Assert.Equal(job.Row(i % 4)[i / 4], table[i].Value!.Sharpness);
    }

    private static PlaneSettings Small(string kind) => PlaneSettings.Beginning(kind) with { Size = "5,4" };
}
