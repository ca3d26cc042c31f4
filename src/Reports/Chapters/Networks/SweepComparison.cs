using FlatBias.Dynamics.Descent;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>How the runs of a sweep of step sizes are held against each other.</summary>
/// <param name="Name">What was learnt, for figures and tables.</param>
/// <param name="Figures">What the names of its figures begin with.</param>
/// <param name="Seeds">A row for each seed, a column for each step size, the smallest first.</param>
/// <param name="Resampling">Seeds the bootstrap.</param>
internal sealed record SweepComparison(string Name, string Figures, IReadOnlyList<ComparedRun[]> Seeds, int Resampling)
{
    /// <summary>Compares the runs of some samples.</summary>
    public static SweepComparison Of(SweptSamples samples, ReportSettings settings, RunRecords records) =>
        new(
            samples.Name,
            samples.Figures,
            [.. samples.Runs(settings).Select(seed => ComparedRun.OfSeed([.. seed.Select(spec => records[spec])]))],
            settings.Seed
        );

    /// <summary>Judges that nine tenths or more of the runs on one side of the threshold are of a kind: the share of each seed, seeds as replicates.</summary>
    public Claim ShareOf(Statement statement, Func<ComparedRun, bool> side, Func<ComparedRun, bool> kind) =>
        Mean(
            statement,
            Relation.AtLeast,
            0.9,
            0,
            "as stated",
            "share of runs",
            "",
            QuantityKind.Share,
            seed =>
                Average(
                    Compared(seed, side).Where(run => !double.IsNaN(run.Similarity)).Select(run => kind(run) ? 1.0 : 0)
                )
        );

    /// <summary>Judges the mean gain in test accuracy over the seed's smallest step size.</summary>
    public Claim Gain(
        Statement statement,
        Relation relation,
        double tolerance,
        string basis,
        Func<ComparedRun, bool> side
    ) =>
        Mean(
            statement,
            relation,
            0,
            tolerance,
            basis,
            "gain in test accuracy over the smallest step size",
            "points",
            QuantityKind.Points,
            seed => Average(Compared(seed[1..], side).Select(run => run.Gain))
        );

    /// <summary>Judges what the test loss past the threshold is above that at the seed's smallest step size.</summary>
    public Claim LossGain(Statement statement) =>
        Mean(
            statement,
            Relation.AtMost,
            0,
            0,
            "as stated",
            "test loss less that at the smallest step size",
            "",
            QuantityKind.Difference,
            seed => Average(Compared(seed[1..], run => run.Past).Select(run => run.LossGain))
        );

    /// <summary>Judges whether accuracy gains more past the threshold than in other runs of the same seeds.</summary>
    public Claim GainsMore(Statement statement, SweepComparison other)
    {
        var others = other.Seeds.ToDictionary(seed => seed[0].Seed, GainPast);
        return Mean(
            statement,
            Relation.AtLeast,
            0,
            0,
            "as stated",
            "gain in test accuracy past the threshold less that of the seed's other runs",
            "points",
            QuantityKind.Points,
            seed => GainPast(seed) - others[seed[0].Seed]
        );
    }

    /// <summary>Judges the largest step size, trained or not, against the others past the threshold.</summary>
    public Claim Largest(Statement statement) =>
        Mean(
            statement,
            Relation.AtMost,
            0,
            0,
            "as stated",
            "test accuracy at the largest step size less the mean of the others past the threshold",
            "points",
            QuantityKind.Points,
            seed => seed[^1].Accuracy - Average(Compared(seed[..^1], run => run.Past).Select(run => run.Accuracy))
        );

    /// <summary>Judges the sign of a rank correlation over the runs that reached the loss.</summary>
    public Claim Rank(
        Statement statement,
        Relation relation,
        Func<ComparedRun, bool> side,
        Func<ComparedRun, double> x,
        Func<ComparedRun, double> y,
        string quantity
    )
    {
        var found = SpearmanBootstrap.Of(
            [.. Seeds.Select(seed => Compared(seed, side).Select(run => (x(run), y(run))).ToArray())],
            Resampling
        );
        return double.IsNaN(found.Low)
            ? statement.NotRun("too few runs reached the loss")
            : statement.Judge(
                relation,
                0,
                found.Interval,
                0,
                "as stated",
                $"Spearman correlation of {quantity}, {Seeds.Count} seeds, 95 % cluster bootstrap"
            );
    }

    /// <summary>What was found, a paragraph each.</summary>
    public IEnumerable<string> Findings()
    {
        ComparedRun[] all = [.. Seeds.SelectMany(seed => seed)];
        var thresholds = Seeds.Select(seed => seed[0].StepSize / seed[0].Relative).ToArray();
        yield return $"{Name}: the threshold lies between {Claim.Format(thresholds.Min())} and {Claim.Format(thresholds.Max())} over {Seeds.Count} seeds. Of {all.Length} runs {all.Count(r => r.Trained)} reached the loss, {all.Count(r => r.Reason == StopReason.Diverged)} diverged, {all.Count(r => r.Reason == StopReason.StepLimit)} did not get there in time.";
        ComparedRun[] past = [.. all.Where(r => r.Trained && r.Past && !double.IsNaN(r.Similarity))];
        var (kept, lost) = (
            past.Where(r => r.Similarity > ComparedRun.StableSimilarity).ToArray(),
            past.Where(r => r.Similarity <= ComparedRun.StableSimilarity).ToArray()
        );
        if (kept.Length > 0 && lost.Length > 0)
            yield return $"Past the threshold {kept.Length} of {past.Length} runs keep the stable flag, up to {Claim.Format(kept.Max(r => r.Relative))} times the threshold; {lost.Length} have lost it, from {Claim.Format(lost.Min(r => r.Relative))} times on.";
    }

    /// <summary>The ends of the runs by step size.</summary>
    public ChapterTable Table() =>
        ChapterTable.Of(
            $"{Name}: ends of the runs that reached the loss, means over seeds.",
            "η",
            Enumerable.Range(0, Seeds[0].Length),
            stepSize => Claim.Format(Seeds[0][stepSize].StepSize),
            ("runs", stepSize => $"{Column(stepSize).Length} of {Seeds.Count}"),
            ("test accuracy, %", stepSize => Mean(stepSize, run => run.Accuracy)),
            ("test loss", stepSize => Mean(stepSize, run => run.TestLoss)),
            ("S", stepSize => Mean(stepSize, run => run.Sharpness)),
            ("tr H", stepSize => Mean(stepSize, run => run.Trace)),
            ("angle, °", stepSize => Mean(stepSize, run => run.Turn))
        );

    /// <summary>The runs of one step size that reached the loss.</summary>
    public ComparedRun[] Column(int stepSize) => [.. Seeds.Select(seed => seed[stepSize]).Where(run => run.Trained)];

    private static double GainPast(ComparedRun[] seed) =>
        Average(Compared(seed[1..], run => run.Past).Select(run => run.Gain));

    private static IEnumerable<ComparedRun> Compared(IEnumerable<ComparedRun> runs, Func<ComparedRun, bool> side) =>
        runs.Where(run => run.Trained && side(run));

    private static double Average(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();

    private string Mean(int stepSize, Func<ComparedRun, double> measure) =>
        ChapterTable.Number(Average(Column(stepSize).Select(measure).Where(double.IsFinite)));

    private Claim Mean(
        Statement statement,
        Relation relation,
        double predicted,
        double tolerance,
        string basis,
        string quantity,
        string unit,
        QuantityKind kind,
        Func<ComparedRun[], double> measure
    )
    {
        double[] values = [.. Seeds.Select(measure).Where(double.IsFinite)];
        return values.Length < 2
            ? statement.NotRun("fewer than two seeds have runs to compare")
            : statement.Judge(
                relation,
                predicted,
                kind.Of(values),
                tolerance,
                basis,
                $"{quantity}, {kind.Mean} of {values.Length} seeds with 95 % interval",
                unit
            );
    }
}
