using System.Globalization;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Contents;

/// <summary>How a report was made: from the records of its runs alone, so that a report that is only redrawn says the same, and by what build where another drew it.</summary>
internal static class Made
{
    public static IEnumerable<string> Of(ReportSettings settings, IReadOnlyCollection<RunManifest> runs)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{runs.Count} runs, {runs.Sum(run => (long)run.Steps):N0} steps and {runs.Sum(run => run.GradientEquivalents):N0} gradient-equivalents, in {TimeSpan.FromSeconds(Math.Round(runs.Sum(run => run.Seconds)))} of computing, several at a time{Days(runs)}. Every number can be traced to the series that it came from: the folder of this report holds a record of each run, and claims.json all digits of the verdicts."
        );
        yield return $"Software: {Different(runs.Select(run => run.Versions))}.";
        if (runs.Any(run => run.Versions.GetValueOrDefault("build") != Software.Build))
            yield return $"Runs were made by another build than this report: judged and drawn by build {Software.Build}, flatbias {Software.Version}.";
        yield return $"Machine: {Different(runs.Select(run => run.Machine))}.";
        yield return $"Data: Fashion-MNIST, {(settings.DataHash is { } hash ? $"full set, hash of its first images {hash}" : "the images that come with the program")}"
            + (settings.CifarHash is { } cifar ? $"; CIFAR-10, {Images(runs)}, hash of the images used {cifar}." : ".");
        yield return $"flatbias report --profile {settings.Profile} --seed {settings.Seed} makes it again; the same machine, software and threads give the same bits.";
    }

    /// <summary>On what days, as far as the records say.</summary>
    private static string Days(IEnumerable<RunManifest> runs)
    {
        var made = runs.Select(run => run.Made).OfType<DateTimeOffset>().Order().Select(Day).Distinct().ToArray();
        return made switch
        {
            [] => "",
            [var day] => $", on {day}",
            [var first, .., var last] => $", from {first} to {last}",
        };

        static string Day(DateTimeOffset time) =>
            time.ToUniversalTime().ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>How many images of CIFAR-10 the runs used.</summary>
    private static string Images(IEnumerable<RunManifest> runs) =>
        string.Join(
            " or ",
            runs.Select(run => run.Specification.Network)
                .OfType<TrainingSpec>()
                .Where(training => training.Data == RunInputs.Cifar)
                .Select(training =>
                    string.Create(CultureInfo.InvariantCulture, $"{training.Train:N0} + {training.Test:N0} images")
                )
                .Distinct()
        );

    /// <summary>Each name with its value, or its values where runs differ.</summary>
    private static string Different(IEnumerable<SortedDictionary<string, string>> all) =>
        string.Join(
            ", ",
            all.SelectMany(each => each)
                .GroupBy(pair => pair.Key, pair => pair.Value)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} {string.Join(" or ", group.Distinct().Order(StringComparer.Ordinal))}")
        );
}
