using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
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

    private static readonly HashSet<string> TheoryNames =
    [
        .. TheoryCatalogue.All.Select(theory => theory.Name),
        Columns.JetForecast,
    ];

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

    /// <summary>
    /// The quantities that can be drawn, the usual ones first: what the runs have, and what theories forecast of them.
    /// </summary>
    public static IReadOnlyList<string> Available(IReadOnlyList<Dropped> records)
    {
        string[] all =
        [
            .. records
                .SelectMany(record => record.Series.Names)
                .Select(name => Forecast(name)?.Quantity ?? name)
                .Distinct()
                .Where(name => name != Columns.Step),
        ];
        return [.. First.Where(all.Contains), .. all.Except(First)];
    }

    /// <summary>The theories whose forecasts the records hold.</summary>
    public static IReadOnlyList<string> Theories(IReadOnlyList<Dropped> records) =>
        [
            .. records
                .SelectMany(record => record.Series.Names)
                .Select(name => Forecast(name)?.Theory)
                .OfType<string>()
                .Distinct(),
        ];

    /// <summary>Those drawn when nothing is said.</summary>
    public static IReadOnlyList<string> Usual(IReadOnlyList<Dropped> records)
    {
        var all = Available(records);
        string[] usual = [.. First.Where(all.Contains)];
        return usual.Length > 0 ? usual : [.. all.Take(4)];
    }

    /// <summary>A chart of a quantity over the steps, with the edge where it is the sharpness.</summary>
    /// <param name="column">The quantity.</param>
    /// <param name="records">One record, or two.</param>
    /// <param name="theories">Whose forecasts of it are drawn over the runs.</param>
    public static Figure Of(string column, IReadOnlyList<Dropped> records, IReadOnlyList<string> theories)
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
            foreach (var (theory, j) in theories.Select((theory, j) => (theory, j)))
                if (series.Has(Columns.Forecast(theory, column)))
                    curves.Add(
                        new(
                            Label(theory, record, records),
                            steps,
                            series[Columns.Forecast(theory, column)],
                            "line",
                            Curve.TheoryColour(j)
                        )
                    );
        }

        return new Figure(column, "step", column, curves) { Group = Group, LogY = column == Columns.Loss };
    }

    /// <summary>A name, and of which record where there are two.</summary>
    public static string Label(string name, Dropped record, IReadOnlyList<Dropped> records) =>
        records.Count > 1 ? $"{name} of {record.Name}" : name;

    /// <summary>The theory and the quantity of a column that is a forecast; null where it is none.</summary>
    private static (string Theory, string Quantity)? Forecast(string column)
    {
        var at = column.IndexOf('_', StringComparison.Ordinal);
        return at > 0 && TheoryNames.Contains(column[..at]) ? (column[..at], column[(at + 1)..]) : null;
    }
}
