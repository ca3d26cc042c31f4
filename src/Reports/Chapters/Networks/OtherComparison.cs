using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>One seed of a subject: the run at the larger step size, beside the one at the smaller where there is one.</summary>
internal sealed class OtherComparison
{
    /// <summary>The level at which two runs are compared: the lowest loss that both reach.</summary>
    private readonly double _level;

    private OtherComparison(RunRecord large, RunRecord? small)
    {
        (Large, Small) = (large, small);
        _level = Math.Max(Lowest(large), small is null ? 0 : Lowest(small));
    }

    /// <summary>The run at the larger step size.</summary>
    public RunRecord Large { get; }

    /// <summary>The run at the smaller one.</summary>
    public RunRecord? Small { get; }

    /// <summary>Whether the runs came to their ends.</summary>
    public bool Ended => Ends(Large) && (Small is null || Ends(Small));

    /// <summary>The median of eta S / 2 over the second half of the rows.</summary>
    public double Hovering => HoveringOf(Large);

    /// <summary>The same at the smaller step size.</summary>
    public double SmallHovering => HoveringOf(Small!);

    /// <summary>Sharpness at the larger step size over that at the smaller, at equal loss.</summary>
    public double Flattening =>
        EqualLoss.At(Large.Series, _level, Columns.Sharpness) / EqualLoss.At(Small!.Series, _level, Columns.Sharpness);

    /// <summary>The largest similarity of the last leading frame to that of a quarter of the run, k = 1 to 4.</summary>
    public double Similarity => SimilarityOf(Large);

    /// <summary>How much less similar the frames of the larger step size are than those of the smaller, after the same time.</summary>
    public double TurnsFurther => SimilarityOf(Small!) - Similarity;

    /// <summary>The layers of the network.</summary>
    public string[] Layers => [.. LayersOf(Large.Series)];

    /// <summary>The largest sharpness of a layer's own block, over that of the whole, at the end.</summary>
    public double LargestBlock =>
        Layers.Max(layer => Large.Series[NetworkColumns.LayerSharpness[layer]][^1])
        / Large.Series[Columns.Sharpness][^1];

    /// <summary>The part of v_1 that changed its layer between the first row past the edge and the last: half the sum of the changes of the shares. NaN where the edge was not passed.</summary>
    public double Moved
    {
        get
        {
            var first = FirstPastTheEdge(Large.Series);
            return first < 0 ? double.NaN : Layers.Sum(layer => Math.Abs(Share(layer, ^1) - Share(layer, first))) / 2;
        }
    }

    /// <summary>The comparison from the records of the runs.</summary>
    public static OtherComparison Of(OtherSubject subject, ReportSettings settings, RunRecords records, int seed) =>
        new(
            records[subject.Run(settings, large: true, seed)],
            subject.Compared ? records[subject.Run(settings, large: false, seed)] : null
        );

    /// <summary>A layer's share of v_1.</summary>
    public double Share(string layer, Index row) => Large.Series.Array(NetworkColumns.LayerShare[layer])[row];

    /// <summary>The first row at which eta S / 2 is above 1 once the step size is that of the run; -1 for none.</summary>
    public static int FirstPastTheEdge(SeriesTable series)
    {
        var (number, stepSize) = (series.Array(Columns.StabilityNumber), series.Array(Columns.StepSize));
        return Enumerable.Range(0, number.Length).FirstOrDefault(i => number[i] > 1 && stepSize[i] == stepSize[^1], -1);
    }

    private static IEnumerable<string> LayersOf(SeriesTable series)
    {
        var (before, after) = (NetworkColumns.LayerShare.Before, NetworkColumns.LayerShare.After);
        return series
            .Names.Where(NetworkColumns.LayerShare.Covers)
            .Select(name => name[before.Length..(name.Length - after.Length)]);
    }

    private static double HoveringOf(RunRecord run)
    {
        var number = run.Series.Array(Columns.StabilityNumber);
        return number[(number.Length / 2)..].Median();
    }

    private static double SimilarityOf(RunRecord run) =>
        Enumerable.Range(1, 4).Max(k => run.Series.Array(Columns.Similarity[k])[^1]);

    private static double Lowest(RunRecord run) => run.Series.Array(Columns.Loss)[1..].Min();

    private static bool Ends(RunRecord run) => run.Manifest.Reason == StopReason.StepLimit;
}
