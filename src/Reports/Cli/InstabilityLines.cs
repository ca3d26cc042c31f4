using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>What flatbias forecast says of an instability, of its jets and of the theories.</summary>
internal static class InstabilityLines
{
    /// <summary>Says so where the run never came to its instability.</summary>
    public static bool NeverCame(RunOutcome outcome)
    {
        if (outcome.Notes is null || !outcome.Notes.TryGetValue(InstabilitySpec.RunNote, out var reason))
            return false;
        Console.Error.WriteLine($"flatbias: {reason}; raise --push, lower --excursion, or approach for longer.");
        return true;
    }

    /// <summary>(4.18).</summary>
    private static string LimitLine(double limit) =>
        double.IsFinite(limit)
            ? string.Create(
                Printed.Numbers,
                $"Predictability limit: the same run started a thousandth of the largest |u| away differs in S by {limit:P2} on average; no forecast can be expected to do better."
            )
            : "Predictability limit: none, since the same run started a thousandth of the largest |u| away diverges.";

    /// <summary>Says what came of it.</summary>
    public static int Print(InstabilitySpec spec, RunOutcome outcome)
    {
        var (series, notes) = (outcome.Series, outcome.Notes!);
        if (NeverCame(outcome))
            return FlatBiasCommand.Failure;
        var (last, stepSize) = (series.Rows - 1, series[Columns.StepSize][0]);
        Console.WriteLine(
            string.Create(
                Printed.Numbers,
                $"Instability {spec.Plan.Instability}, step size {stepSize:G6}, reference after {series[Columns.Reference][0]} steps: eta S / 2 = {stepSize * series[Columns.Sharpness][0] / 2:0.###} there, {stepSize * series[Columns.Sharpness][last] / 2:0.###} after {last} steps{(last < spec.Plan.Horizon ? ", where the run diverges" : "")}; largest |u| = {series[Columns.Displacement].Max(Math.Abs):0.###}, largest rotation {series[Columns.ReferenceRotation].Max():0.#} degrees."
            )
        );
        if (series.Names.Contains(Columns.JetCost))
            PrintTaylor(series, notes);
        if (series.Names.Contains(Columns.CollocationCost))
            CollocationLines.Print(series, spec.Plan.Taylor);
        if (series.Names.Contains(Columns.Predictability))
            Console.WriteLine(LimitLine(series[Columns.Predictability][0]));
        if (series.Names.Contains(Columns.SpanLimit))
            Console.WriteLine(
                string.Create(
                    Printed.Numbers,
                    $"Limit of the span: descent on the exact loss within the span of the jet differs in S by {series[Columns.SpanLimit][0]:P2} on average."
                )
            );
        ForecastTable.Print(series, spec.Plan.Theories, notes);
        if (spec.Plan.Stochastic is { } stochastic)
            StochasticForecastOptions.Print(series, stochastic);
        return FlatBiasCommand.Success;
    }

    private static void PrintTaylor(SeriesTable series, SortedDictionary<string, string> notes)
    {
        var trust = series.Names.Contains(Columns.TrustDistance)
            ? string.Create(
                Printed.Numbers,
                $"; against the surface at u = {series[Columns.TrustDistance][0]:G3} it is off by {series[Columns.TrustCurvature][0]:P1} in the mean curvature, {series[Columns.TrustEnds][0]:P1} in the curvature at the ends and {series[Columns.TrustFeedback][0]:P1} in the push on the floor"
            )
            : "";
        Console.WriteLine(
            string.Create(Printed.Numbers, $"The jet cost {series[Columns.JetCost][0]:F0} gradient-equivalents{trust}.")
        );
        Console.WriteLine(
            notes.TryGetValue(InstabilitySpec.JetNote, out var broken) ? $"The jet does not hold: {broken}."
            : trust.Length > 0 ? "The jet holds along v_1."
            : "The jet was not held against the surface, which needs Krylov vectors and a forecast by memory-map."
        );
        if (series.Names.Contains(Columns.TrustPath))
            Console.WriteLine(CollocationLines.Path(series[Columns.TrustPath][0], series[Columns.PathCost][0]));
    }
}
