using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>
/// The spectrum of a network before, in and after an instability, from a run that measures whole spectra along the way.
/// </summary>
internal static class SpectrumFigure
{
    private const int Steps = 96,
        Every = 8;

    /// <summary>
    /// The run: the paper's network on a fifth of its images, since a spectrum takes some nine hundred Hessian products.
    /// </summary>
    public static NetworkSpec Run(ReportSettings settings) =>
        new(
            new TrainingSpec
            {
                DataHash = settings.DataHash,
                Train = 200,
                Test = 0,
                Steps = Steps,
                MeasureEvery = 2,
                TrailingEvery = Every,
                Eigenpairs = 4,
                SpectrumSteps = [.. Enumerable.Range(0, (Steps / Every) + 1).Select(i => i * Every)],
                Seed = settings.Seed,
                Device = settings.Device,
            }
        );

    /// <summary>The figure.</summary>
    /// <param name="record">The record of the run.</param>
    public static ChapterFigure Of(RunRecord record)
    {
        var (series, spectra) = (record.Series, record.Spectra());
        var edge = 2 / ((NetworkSpec)record.Manifest.Specification).Training.StepSize.At(0);
        int[] steps = [.. series.Array(Columns.Step).Select(step => (int)step)];
        var sharpness = series.Array(Columns.Sharpness);
        var (before, inside, after) = Around(steps, series, [.. spectra.Keys.Order()]);
        var run = PlotStyle
            .Create("The run", Columns.Step.Label, "ηλ/2")
            .AddLine("ηS/2 (leading)", series.Array(Columns.Step), [.. sharpness.Select(s => s / edge)])
            .AddHorizontal("edge of stability", 1);
        (string Name, int Step)[] shown = [("before", before), ("in it", inside), ("after", after)];
        foreach (var (name, step) in shown)
            run.AddVertical(name, step);
        var densities = Plot.Density([
            .. shown.Select(s =>
                (
                    $"{s.Name}, step {s.Step}",
                    spectra[s.Step].Density,
                    spectra[s.Step].Leading.Concat(spectra[s.Step].Trailing).ToArray(),
                    spectra[s.Step].Dimension
                )
            ),
        ]);
        densities.Title = "Density of the spectrum";
        densities.AddVertical("edge 2/η", edge);
        string Sharpness(int step) => Claim.Format(sharpness[Array.IndexOf(steps, step)]);
        return new ChapterFigure("network-spectrum", [run, densities], 95)
        {
            Values = new Dictionary<string, string>
            {
                ["before"] = $"{before}",
                ["inside"] = $"{inside}",
                ["after"] = $"{after}",
                ["edge"] = Claim.Format(edge),
                ["s-before"] = Sharpness(before),
                ["s-inside"] = Sharpness(inside),
                ["s-after"] = Sharpness(after),
            },
        };
    }

    /// <summary>
    /// Of the steps with a spectrum the sharpest, the last before the onset of its instability (1.8), and the first
    /// after its end; the last of all where it was not over.
    /// </summary>
    private static (int Before, int Inside, int After) Around(int[] steps, SeriesTable series, int[] measured)
    {
        var sharpness = series.Array(Columns.Sharpness);
        var inside = measured.MaxBy(step => sharpness[Array.IndexOf(steps, step)]);
        var instability = Instability
            .Segment(series.Array(Columns.StepSize), sharpness, series.Array(Columns.Loss))
            .LastOrDefault(i => steps[i.Onset] <= inside, new Instability(Array.IndexOf(steps, inside), 0, null));
        var (onset, over) = (steps[instability.Onset], instability.Resolution is { } end ? steps[end] : int.MaxValue);
        return (
            measured.LastOrDefault(step => step < onset, measured[0]),
            inside,
            measured.FirstOrDefault(step => step >= over, measured[^1])
        );
    }
}
