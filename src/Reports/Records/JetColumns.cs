using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>What a jet of a trial cost, and how far it agrees with the surface, as columns constant in every row.</summary>
internal static class JetColumns
{
    /// <summary>A series with those of a collocation jet, where there is one.</summary>
    public static SeriesTable Beside(SeriesTable series, TrialJet? collocation) =>
        collocation is null
            ? series
            : SeriesTable.From([
                .. series.Names.Select(name => (name, series.Array(name))),
                .. OfCollocation(collocation, series.Rows),
            ]);

    /// <summary>Those of a Taylor jet; none for null.</summary>
    public static IEnumerable<(string Name, double[] Values)> OfTaylor(TrialJet? jet, int rows) =>
        Of(jet, rows, Columns.JetCost, Columns.TrustPath, Columns.PathCost);

    /// <summary>Those of a collocation jet; none for null.</summary>
    public static IEnumerable<(string Name, double[] Values)> OfCollocation(TrialJet? jet, int rows) =>
        Of(jet, rows, Columns.CollocationCost, Columns.CollocationPath, Columns.CollocationPathCost);

    private static IEnumerable<(string Name, double[] Values)> Of(
        TrialJet? jet,
        int rows,
        Column cost,
        Column pathError,
        Column pathCost
    )
    {
        if (jet is null)
            yield break;
        yield return Constant(cost, jet.Cost);
        if (jet.Trust is { } trust)
        {
            yield return Constant(Columns.TrustDistance, trust.Distance);
            yield return Constant(Columns.TrustCurvature, trust.Curvature);
            yield return Constant(Columns.TrustFeedback, trust.Feedback);
            yield return Constant(Columns.TrustEnds, trust.Ends);
        }

        if (jet.Path is { } path)
        {
            yield return Constant(pathError, path.Error);
            yield return Constant(pathCost, path.Cost);
        }

        if (jet.Swing is { } swing)
        {
            yield return Constant(Columns.SwingLow, swing.Low);
            yield return Constant(Columns.SwingHigh, swing.High);
            yield return Constant(Columns.SwingTurning, swing.Turning);
        }

        (string, double[]) Constant(string name, double value) => (name, [.. Enumerable.Repeat(value, rows)]);
    }
}
