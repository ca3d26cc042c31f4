using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Which spectra are shown, from made-up runs at the edge 20 with a spectrum every 8 steps.</summary>
public class SpectrumFigureTests
{
    [Theory]
    [InlineData("16, 24, 40", 20, 38, 24)] // an instability from 20 to 38: the last before, the sharpest, the first after
    [InlineData("0, 64, 96", 2, 96, 64)] // not over at the end
    [InlineData("0, 0, 96", 97, 97, 0)] // none at all: the sharpest is the first
    public void Of_Run_ShowsSpectraAroundTheInstability(string expected, int onset, int over, int sharpest)
    {
        using var folder = new TemporaryFolder();
        var spec = SpectrumFigure.Run(StandIns.Settings);
        double[] steps = [.. Enumerable.Range(0, (spec.Training.Steps / 2) + 1).Select(i => 2.0 * i)];
        var series = SeriesTable.From([
            (Columns.Step, steps),
            (Columns.StepSize, [.. steps.Select(_ => 0.1)]),
            (Columns.Sharpness, [.. steps.Select(s => (s >= onset && s < over ? 21 : 10) + (s == sharpest ? 1 : 0.0))]),
            (Columns.Loss, [.. steps.Select(s => 2 - (s / 100))]),
        ]);
        MadeUpSpectrum.WriteAll(folder.Path, spec);
        var record = RunRecord.Save(
            folder.Path,
            spec,
            new RunOutcome(series, StopReason.StepLimit, spec.Training.Steps, 0),
            1,
            0
        );

        var figure = SpectrumFigure.Of(record);

        Assert.Equal(
            expected,
            string.Join(", ", new[] { "before", "inside", "after" }.Select(name => figure.Values[name]))
        );
        Assert.NotEmpty(new RealNetwork().Caption(figure));
        Assert.Equal(2, figure.Plots.Count);
    }
}
