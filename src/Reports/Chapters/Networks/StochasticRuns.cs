using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The runs of (8.4) from one seed: SGD at one step size by batch size, and for each the control that has its noise and not its instabilities.</summary>
/// <param name="Sgd">SGD in the order of <see cref="Batches"/>; the last is full-batch descent.</param>
/// <param name="Controls">The controls in the order of <see cref="Controlled"/>; the last has neither noise nor instabilities.</param>
internal sealed record StochasticRuns(RunRecord[] Sgd, RunRecord[] Controls)
{
    public const double StepSize = 0.1;

    /// <summary>The training loss at which runs are compared.</summary>
    public const double Target = 0.05;

    /// <summary>A control's step is this much smaller than that of its run, and its batch too: eta/B, and so the noise of (3.12) in a unit of time, is the same.</summary>
    public const int Scale = 8;

    /// <summary>Each minibatch run that has a control, with it.</summary>
    public IEnumerable<(RunRecord Sgd, RunRecord Control)> Pairs => Sgd[^Controls.Length..^1].Zip(Controls);

    public static int Seeds(ReportSettings settings) => settings.Paper ? 18 : 3;

    public static int Train(ReportSettings settings) => EqualLoss.Network(settings, 0).Train;

    /// <summary>Time, eta times steps, between measurements of SGD and controls alike.</summary>
    public const int Cadence = 5;

    /// <summary>Batch sizes in growing order; the last is all images.</summary>
    public static int[] Batches(ReportSettings settings) =>
        settings.Paper ? [8, 32, 128, 512, Train(settings)] : [8, 32, 128, Train(settings)];

    /// <summary>The batch sizes that have a control, whose batch must hold one image at least.</summary>
    public static int[] Controlled(ReportSettings settings) => [.. Batches(settings).Where(b => b >= Scale)];

    public static IEnumerable<RunSpec> Specs(ReportSettings settings) =>
        AllSeeds(settings).SelectMany(seed => Sgds(settings, seed).Concat(ControlsOf(settings, seed)));

    /// <summary>The records of <see cref="Specs"/>, one group a seed.</summary>
    public static StochasticRuns[] Of(ReportSettings settings, RunRecords records) =>
        [
            .. AllSeeds(settings)
                .Select(seed => new StochasticRuns(
                    [.. Sgds(settings, seed).Select(spec => records[spec])],
                    [.. ControlsOf(settings, seed).Select(spec => records[spec])]
                )),
        ];

    /// <summary>A column where a run first reaches the target loss.</summary>
    public static double At(RunRecord run, string column) => EqualLoss.At(run.Series, Target, column);

    /// <summary>The largest similarity of the leading frame to the early one there.</summary>
    public static double Similarity(RunRecord run) => EqualLoss.Similarity(run.Series, Target);

    /// <summary>How much of the flattening ln(S_0/S) of a minibatch run its control has, with S_0 that of the run without noise and instabilities.</summary>
    public double NoiseShare((RunRecord Sgd, RunRecord Control) pair)
    {
        var sharpest = At(Controls[^1], Columns.Sharpness);
        return Math.Log(sharpest / At(pair.Control, Columns.Sharpness))
            / Math.Log(sharpest / At(pair.Sgd, Columns.Sharpness));
    }

    private static IEnumerable<int> AllSeeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed, Seeds(settings));

    private static IEnumerable<NetworkSpec> Sgds(ReportSettings settings, int seed) =>
        Batches(settings).Select(batch => new NetworkSpec(Training(settings, seed, batch, 1)));

    private static IEnumerable<NetworkSpec> ControlsOf(ReportSettings settings, int seed) =>
        Controlled(settings).Select(batch => new NetworkSpec(Training(settings, seed, batch, Scale)));

    private static TrainingSpec Training(ReportSettings settings, int seed, int batch, int scale)
    {
        int Steps(int time) => (int)Math.Round(time * scale / StepSize);
        var full = batch == Train(settings);
        // Noise and instabilities slow training down: time enough for each to reach the target loss.
        var time =
            (settings.Paper ? 4 : 1) * (scale == 1 ? 40 + (full ? 0 : 480 / batch) : 20 + (full ? 0 : 320 / batch));
        return EqualLoss.Network(settings, seed) with
        {
            // The initial sharpness is beyond the edge of a control too, unless its first steps are smaller.
            StepSize = scale == 1 ? StepSize : new WarmedUpStepSize(StepSize / scale, Steps(1)),
            Batch = full ? null : new BatchPlan(batch / scale, seed, Replacement: true),
            Steps = Steps(time),
            MeasureEvery = Steps(Cadence),
            ReferenceStep = Steps(5),
            MeasureNoise = true,
        };
    }
}
