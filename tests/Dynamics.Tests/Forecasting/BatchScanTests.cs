using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>(4.19): forecasts of many batch sizes from one jet, and the runs beside them.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class BatchScanTests
{
    private const int Steps = 8,
        Samples = 12;

    // The model is the valley to this (CollocationJetTests); a step multiplies what a step before differed by by at
    // most 1 + 2.05 and the couplings' share, below 4.
    private const double OfTheModel = 64 * 2 * 120 * 4 * 12 * Near.Roundoff;

    [Property]
    public void Run_AllSamplesInEachBatch_ForecastsTheRunsThemselves(Seed seed, Size size)
    {
        var (surface, stepSize) = Instance(seed, size);
        var scan = Run(
            surface,
            stepSize,
            new BatchScanOptions([Of(Samples)], Steps, size.Value, Line, Tolerance: 1e-10)
        );
        Assert.Equal(2 * (Steps + 1), scan.Rows);
        for (var row = 0; row < scan.Rows; row++)
        {
            // The sign of v is the solver's, for run and forecast alike. The noise of all is the rounding of their mean.
            var tolerance = 10 * OfTheModel * Math.Pow(4, scan[Columns.Step][row]);
            foreach (var column in (Column[])[Columns.Displacement, Columns.Sharpness, Columns.Loss])
                Near.Equal(
                    scan[column][row],
                    scan[Columns.ForecastMean[column]][row],
                    tolerance + 1e-9,
                    $"{column.Name} at {scan[Columns.Step][row]}"
                );
        }
    }

    [Fact]
    public void Run_SeveralSizes_HasTheRunsThatEachAloneHas()
    {
        SeriesTable both = Scan(Of(6), Of(3)),
            alone = Scan(Of(3));
        int[] rows = [.. Enumerable.Range(0, both.Rows).Where(row => both[Columns.BatchSize][row] == 3)];
        Assert.Equal(alone.Rows, rows.Length);
        foreach (var name in alone.Names)
            Assert.Equal(alone.Array(name), rows.Select(row => both[name][row]));

        SeriesTable Scan(params StochasticOptions[] batches)
        {
            // A ledger of its own, of which costs are differences.
            var (surface, stepSize) = Instance(new Seed(3), new Size(2));
            return Run(surface, stepSize, new BatchScanOptions(batches, Steps, 2, Line));
        }
    }

    [Fact]
    public void Run_EveryThirdStepAndOnward_AreTheSameRunsSeenMoreRarelyAndForLonger()
    {
        var (surface, stepSize) = Instance(new Seed(3), new Size(2));
        var options = new BatchScanOptions([Of(4) with { Draws = 3 }], Steps, 2, Line, Tolerance: 1e-10);
        SeriesTable all = Run(surface, stepSize, options),
            some = Run(surface, stepSize, options with { Every = 3, Onward = 10 });
        // Two runs to step 10, one to step 8, at 0, 3, 6 and so on, and at their end.
        Assert.Equal([0, 3, 6, 9, 10, 0, 3, 6, 9, 10, 0, 3, 6, 8], some.Array(Columns.Step));
        Assert.Equal([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3], some.Array(Columns.Draw));
        var seen = 0;
        for (var row = 0; row < some.Rows; row++)
        {
            var same = Enumerable
                .Range(0, all.Rows)
                .Where(r =>
                    all[Columns.Draw][r] == some[Columns.Draw][row] && all[Columns.Step][r] == some[Columns.Step][row]
                )
                .ToArray();
            Assert.Equal(some[Columns.Step][row] > Steps, double.IsNaN(some[Columns.ForecastMean["loss"]][row]));
            foreach (var at in same)
            {
                seen++;
                Assert.Equal(all[Columns.Loss][at], some[Columns.Loss][row]);
                Assert.Equal(all[Columns.ForecastUpper["loss"]][at], some[Columns.ForecastUpper["loss"]][row]);
                // The eigensolver starts from another vector: the residual, squared over the gap.
                Near.Equal(all[Columns.Sharpness][at], some[Columns.Sharpness][row], 1e-9, "S");
            }
        }

        Assert.Equal(10, seen);
    }

    [Theory]
    [InlineData("number of batch sizes is 0", new int[0], 1, 0)]
    [InlineData("batch size 4 is given twice", new[] { 4, 6, 4 }, 1, 0)]
    [InlineData("batch-size is 13", new[] { 4, 13 }, 1, 0)]
    [InlineData("batch-size is 0", new[] { 0 }, 1, 0)]
    [InlineData("measure-every is 0", new[] { 4 }, 0, 0)]
    [InlineData("measure-every is 9", new[] { 4 }, 9, 0)]
    [InlineData("onward is 7", new[] { 4 }, 1, 7)]
    [InlineData("onward is -1", new[] { 4 }, 1, -1)]
    public void Run_NumbersOutOfRange_Throws(string words, int[] sizes, int every, int onward)
    {
        var (surface, stepSize) = Instance(new Seed(3), new Size(2));
        var options = new BatchScanOptions([.. sizes.Select(Of)], Steps, 2, Line, every, onward);
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(() => Run(surface, stepSize, options)).Message);
    }

    [Fact]
    public void Run_SurfaceWithoutSamples_Throws()
    {
        var surface = QuarticSurface.Random(new Random(1), [3, 1], 0, 0);
        var options = new BatchScanOptions([Of(2)], Steps, 1, Line);
        Assert.Contains(
            "mean over samples",
            Assert.Throws<ArgumentException>(() => BatchScan.Run(surface, new double[2], 0.7, options)).Message
        );
    }

    private static readonly CollocationOptions Line = new(Columns: int.MaxValue, Knots: false);

    private static StochasticOptions Of(int size) => new(new BatchPlan(size, 1), 2);

    private static SeriesTable Run(SampledValley surface, double stepSize, BatchScanOptions options) =>
        BatchScan.Run(surface, new double[surface.Space.Dimension], stepSize, options);

    private static (SampledValley Surface, double StepSize) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var jet = RandomJets.Draw(random, 6, size.Value, 0.3);
        jet.Moments[0] = 0.02;
        var valley = new ModelSurface(LocalModel.Whole(RandomJets.Collocated(random, jet, 0.3, knots: false)));
        return (new SampledValley(valley, random, Samples, 1e-3), 2.05 / 3);
    }
}
