using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Drawing;

namespace FlatBias.Lab.Records;

/// <summary>A series that was dropped.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Series">What it holds.</param>
internal sealed record Dropped(string Name, SeriesTable Series);

/// <summary>The charts of one record, or of two side by side.</summary>
internal static class RecordFigures
{
    public const string Group = "records";

    // What most people look at first, where it is there.
    private static readonly string[] First =
    [
        Columns.Sharpness,
        Columns.Loss,
        Columns.StabilityNumber,
        Columns.Rotation[1],
        "train_accuracy",
        Columns.ThirdMoment,
        Columns.FourthMoment,
        Columns.TrailingEigenvalue,
    ];

    /// <summary>The columns that can be drawn, the usual ones first.</summary>
    public static IReadOnlyList<string> Available(IReadOnlyList<Dropped> records)
    {
        string[] all =
        [
            .. records.SelectMany(record => record.Series.Names).Distinct().Where(name => name != Columns.Step),
        ];
        return [.. First.Where(all.Contains), .. all.Except(First)];
    }

    /// <summary>Those drawn when nothing is said.</summary>
    public static IReadOnlyList<string> Usual(IReadOnlyList<Dropped> records)
    {
        var all = Available(records);
        string[] usual = [.. First.Where(all.Contains)];
        return usual.Length > 0 ? usual : [.. all.Take(4)];
    }

    /// <summary>A chart of a column over the steps, with the edge where it is the sharpness.</summary>
    public static Figure Of(string column, IReadOnlyList<Dropped> records)
    {
        List<Curve> curves = [];
        foreach (var (record, i) in records.Select((record, i) => (record, i)))
        {
            var (series, steps) = (record.Series, record.Series[Columns.Step]);
            if (series.Has(column))
                curves.Add(new(record.Name, steps, series[column], "line", i));
            if (column == Columns.Sharpness && series.Has(Columns.StepSize))
                curves.Add(
                    new($"2/η of {record.Name}", steps, [.. series[Columns.StepSize].Select(eta => 2 / eta)], "dash", i)
                );
        }

        return new Figure(column, "step", column, curves) { Group = Group, LogY = column == Columns.Loss };
    }
}
