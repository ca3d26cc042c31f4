using System.Globalization;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Benchmarks;

/// <summary>
/// What a report would save if runs that begin alike shared the beginning: the same training (network, data, seed,
/// what is measured) with the same step sizes up to some step, which for a forecast is the end of its approach.
/// </summary>
internal static class SharedBeginnings
{
    /// <summary>Writes a line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="runs">The runs with their records.</param>
    public static void Write(TextWriter output, IEnumerable<(RunSpec Spec, RunRecord Record)> runs)
    {
        Beginning[] all = [.. runs.Where(run => run.Spec.Network is not null).Select(Of)];
        var saved = all.GroupBy(run => run.Key).SelectMany(Repeated).ToArray();
        FormattableString line =
            $"Runs of networks that begin as another does: {saved.Length} of {all.Length}; sharing the beginnings would save at most {saved.Sum():F1} s of {all.Sum(run => run.Seconds):F1} s.";
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static Beginning Of((RunSpec Spec, RunRecord Record) run)
    {
        var training = run.Spec.Network!;
        var manifest = run.Record.Manifest;
        int? approach = run.Spec switch
        {
            InstabilitySpec { Plan: var plan } => plan.Approach,
            StepScanSpec { Plan: var plan } => plan.Approach,
            BatchScanSpec { Plan.Forecast: var plan } => plan.Approach,
            ReanchorSpec { Plan.Forecast: var plan } => plan.Approach,
            MomentumSpec { Plan.Forecast: var plan } => plan.Approach,
            RmsPropSpec { Plan.Forecast: var plan } => plan.Approach,
            _ => null,
        };
        // A step of an approach is a gradient; one of a training has its share of the measurements too.
        var step = manifest.Seconds / (approach is null ? Math.Max(1, manifest.Steps) : manifest.GradientEquivalents);
        return new(
            training with
            {
                StepSize = 1,
                Steps = 1,
            },
            [.. Enumerable.Range(0, approach ?? manifest.Steps).Select(training.StepSize.At)],
            step,
            manifest.Seconds
        );
    }

    /// <summary>Seconds of each run of a group for the steps that it has in common with another: sorted, its neighbour has the most.</summary>
    private static IEnumerable<double> Repeated(IEnumerable<Beginning> group)
    {
        Beginning[] sorted = [.. group.Order()];
        return sorted
            .Skip(1)
            .Zip(sorted, (run, before) => run.Step * run.StepSizes.AsSpan().CommonPrefixLength(before.StepSizes))
            .Where(seconds => seconds > 0);
    }

    private sealed record Beginning(TrainingSpec Key, double[] StepSizes, double Step, double Seconds)
        : IComparable<Beginning>
    {
        public int CompareTo(Beginning? other) => StepSizes.AsSpan().SequenceCompareTo(other!.StepSizes);
    }
}
