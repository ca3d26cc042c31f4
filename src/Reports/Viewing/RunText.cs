using System.Diagnostics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Viewing;

/// <summary>
/// What came of a descent, in sentences: the same at the end of its command and whenever it is shown.
/// </summary>
internal static class RunText
{
    // More are counted, not named.
    private const int MostNamed = 3;

    /// <summary>How a run ended.</summary>
    public static string Ending(StopReason reason) =>
        reason switch
        {
            StopReason.StepLimit => "Done",
            StopReason.Converged => "Converged",
            StopReason.LossReached => "Loss reached",
            StopReason.Diverged => "Diverged (an outcome, not an error)",
            StopReason.Cancelled => "Interrupted",
            _ => throw new UnreachableException($"reason is {reason}"),
        };

    /// <summary>
    /// Sharpness beside its edge, loss and accuracies from start to end, and the instabilities; nothing of what was not
    /// measured.
    /// </summary>
    public static IEnumerable<string> Result(RunSpec spec, SeriesTable series)
    {
        if (series.Rows == 0)
            yield break;
        string[] parts =
        [
            .. Sharpness(spec, series),
            .. Change(series, Columns.Loss, "loss", Number),
            .. Change(series, NetworkColumns.TrainAccuracy, "training accuracy", Percent),
            .. Change(series, NetworkColumns.TestAccuracy, "test accuracy", Percent),
        ];
        if (parts.Length > 0)
            yield return $"{string.Join("; ", parts)}.";
        if (series.Has(Columns.StabilityNumber) && series.Has(Columns.Loss))
            yield return Instabilities(series);
    }

    /// <summary>Four digits.</summary>
    public static string Number(double value) => Printed.Text(value, "G4");

    private static string Percent(double share) => Printed.Text(share, "P1");

    private static IEnumerable<string> Sharpness(RunSpec spec, SeriesTable series)
    {
        var edge = Edge.Of(spec);
        if (!series.Has(edge.Sharpness))
            yield break;
        var values = series[edge.Sharpness];
        // An adaptive rule has none before its first step.
        var first = Enumerable.Range(0, values.Count).FirstOrDefault(row => double.IsFinite(values[row]), -1);
        if (first < 0)
            yield break;
        var (name, edges) = (edge.Sharpness == Columns.Sharpness.Name ? "S" : "effective S", edge.Along(series));
        var changes = edges[first] != edges[^1] && double.IsFinite(edges[^1]);
        var at = double.IsFinite(edges[^1])
            ? $" beside the edge {(changes ? $"{Number(edges[first])} -> " : "")}{Number(edges[^1])}"
            : "";
        var number = series.Has(Columns.StabilityNumber)
            ? $", stability number {Number(series[Columns.StabilityNumber][^1])}"
            : "";
        yield return $"{name} {Number(values[first])} -> {Number(values[^1])}{at}{number}";
    }

    private static IEnumerable<string> Change(SeriesTable series, string column, string name, Func<double, string> text)
    {
        if (series.Has(column))
            yield return $"{name} {text(series[column][0])} -> {text(series[column][^1])}";
    }

    /// <summary>
    /// The instabilities (1.8), for any rule by its own edge: twice the stability number is above 2 where eta S_eff is
    /// above E.
    /// </summary>
    private static string Instabilities(SeriesTable series)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, series.Rows)],
            twice = [.. series[Columns.StabilityNumber].Select(number => 2 * number)];
        var found = Instability.Segment(ones, twice, series.Array(Columns.Loss));
        if (found.Count == 0)
            return "No instability was seen: the stability number is nowhere above 1.";
        var steps = series[Columns.Step];
        var named = found
            .Take(MostNamed)
            .Select(i =>
                $"onset at step {steps[i.Onset]}, peak at {steps[i.Peak]} (loss {Number(series[Columns.Loss][i.Peak])}), "
                + (i.Resolution is { } end ? $"over at {steps[end]}" : "not over at the end")
            );
        var rest = found.Count > MostNamed ? $"; and {found.Count - MostNamed} more" : "";
        return string.Create(
            Printed.Numbers,
            $"{found.Count} instabilit{(found.Count == 1 ? "y" : "ies")}, as far as the measured steps show: {string.Join("; ", named)}{rest}."
        );
    }
}
