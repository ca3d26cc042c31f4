using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;

namespace FlatBias.Testing;

/// <summary>
/// Schedules and update rules drawn over all that they may be: what is added to a catalogue gets a row here.
/// </summary>
public static class DescentDraws
{
    /// <summary>A schedule of each kind that there is, for runs of at least 100 steps.</summary>
    public static IEnumerable<StepSizeSchedule> Schedules(Random random) =>
        ScheduleCatalogue.All.Select(entry =>
            entry.Name switch
            {
                "constant" => (StepSizeSchedule)Positive(random),
                "drop" => new DroppedStepSize(Positive(random), Positive(random), random.Next(1, 100)),
                "warm-up" => new WarmedUpStepSize(Positive(random), random.Next(1, 100)),
                "cyclic" => new CyclicStepSize([
                    .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Positive(random)),
                ]),
                var other => throw new NotSupportedException($"The schedule {other} has no row here."),
            }
        );

    /// <summary>Each update rule that there is, with all its parameters drawn.</summary>
    public static IEnumerable<OptimiserSpec> Rules(Random random) =>
        OptimiserCatalogue.All.Select(entry =>
            entry.Parameters.Aggregate(
                OptimiserSpec.Of(entry.Name),
                (rule, parameter) =>
                    parameter.IsSwitch
                        ? rule.With(parameter.Name, random.Next(2) == 0 ? Parameter.On : Parameter.Off)
                        : rule.With(parameter.Name, Value(parameter.Name, random))
            )
        );

    private static double Value(string parameter, Random random) =>
        parameter switch
        {
            "momentum" or "second-decay" => random.Next(4) == 0 ? 0 : 1 - Math.Pow(10, -12 * random.NextDouble()),
            "epsilon" or "weight-decay" or "gradient-clip" or "sam-radius" => random.Next(4) == 0
                ? 0
                : Positive(random),
            "clip" => Positive(random),
            _ => throw new NotSupportedException($"The parameter {parameter} has no row here."),
        };

    /// <summary>A number of any digits from 1e-12 to 1e12.</summary>
    private static double Positive(Random random) => Math.Pow(10, (24 * random.NextDouble()) - 12);
}
