namespace FlatBias.Reports.Claims;

/// <summary>Statements judged by the mean over seeds.</summary>
internal static class Replicates
{
    /// <summary>Judges a statement by the mean of a measurement over replicates, with its 95 % interval for the uncertainty.</summary>
    public static Claim JudgeMean<T>(
        this Statement statement, Relation relation, double predicted, IReadOnlyList<T> replicates, Func<T, double> measure, string quantity, double tolerance = 0, string basis = "as stated", string unit = "")
    {
        var (mean, width) = Axes.MeanWithInterval([.. replicates.Select(measure)]);
        return statement.Judge(relation, predicted, mean, tolerance, basis, $"{quantity}, mean of {replicates.Count} seeds with 95 % interval", width, unit);
    }
}
