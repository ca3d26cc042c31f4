using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The runs of one seed of the chapter on rules at their own edges.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="ByRule">The series by run.</param>
/// <param name="Descent">Gradient descent beside them, at η = 0.1.</param>
internal sealed record RuleSeries(int Seed, IReadOnlyDictionary<RuleRun, SeriesTable> ByRule, SeriesTable Descent)
{
    public SeriesTable this[RuleRun run] => ByRule[run];

    public SeriesTable Adam => ByRule[LaterRulesRuns.Adam];

    /// <summary>The spikes of Adam.</summary>
    public IReadOnlyList<LossSpike> Spikes => field ??= LossSpike.Find(Adam);

    /// <summary>The first of them with its forecast; null where there is none.</summary>
    public FirstSpike? First => field ??= FirstSpike.Of(Adam);

    /// <summary>
    /// The median over the second half of the stability number of sign descent in the norm of the largest component,
    /// η S_∞ / (2 |g|₁).
    /// </summary>
    public static double InMaxNorm(SeriesTable series) =>
        series.Has(Columns.MaxNormSharpness)
            ? SecondHalf.Median([
                .. Enumerable
                    .Range(0, series.Rows)
                    .Select(i =>
                        series[Columns.StepSize][i]
                        * series[Columns.MaxNormSharpness][i]
                        / (2 * series[Columns.GradientSum][i])
                    ),
            ])
            : double.NaN;
}
