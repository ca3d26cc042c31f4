using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>Samples that the network of (8.2) learns with every step size of a grid.</summary>
/// <param name="Name">Their name in figures and tables.</param>
/// <param name="Figures">What the names of their figures begin with.</param>
internal sealed record SweptSamples(string Name, string Figures)
{
    // The smallest step size reaches the loss by a time of 14 (400 images) or 28 (1,000), and by 50 where labels were redrawn; 0.16, far past the threshold, by about twice that.
    private const double Loss = 0.05,
        EarlyTime = 5,
        Time = 60,
        NoisyTime = 150,
        Redrawn = 0.2;

    private static readonly double[] Quick = [0.01, 0.015, 0.03, 0.06, 0.12, 0.24, 0.48];
    private static readonly double[] Paper = [.. Enumerable.Range(0, 8).Select(i => 0.005 * Math.Pow(2, i))];

    private TrainingSpec Training { get; init; } = new();

    private int Seeds { get; init; }

    /// <summary>Images of Fashion-MNIST.</summary>
    public static SweptSamples Fashion(ReportSettings settings) =>
        new("Fashion-MNIST", "sweep")
        {
            Seeds = settings.Paper ? 21 : 5,
            Training = new TrainingSpec
            {
                DataHash = settings.DataHash,
                Train = settings.Paper ? 1000 : 400,
                Test = settings.TestImages,
            },
        };

    /// <summary>The same images with a fifth of the training labels redrawn; null in the quick profile.</summary>
    public static SweptSamples? Noisy(ReportSettings settings)
    {
        var clean = Fashion(settings);
        return !settings.Paper
            ? null
            : clean with
            {
                Name = "Fashion-MNIST, a fifth of the labels redrawn",
                Figures = "sweep-noisy",
                Seeds = 10,
                Training = clean.Training with { LabelNoise = Redrawn },
            };
    }

    /// <summary>Images of CIFAR-10, whose runs take several times as long; null in the quick profile, and where it is not found.</summary>
    public static SweptSamples? Cifar(ReportSettings settings) =>
        !settings.Paper || settings.CifarHash is null
            ? null
            : new SweptSamples("CIFAR-10", "sweep-cifar")
            {
                Seeds = 5,
                Training = new TrainingSpec
                {
                    Data = RunInputs.Cifar,
                    DataHash = settings.CifarHash,
                    Train = 2000,
                    Test = ReportSettings.CommonTestImages,
                },
            };

    /// <summary>The runs: for each seed one at each step size, the smallest first.</summary>
    public IEnumerable<NetworkSpec[]> Runs(ReportSettings settings) =>
        Enumerable
            .Range(settings.Seed, Seeds)
            .Select(seed =>
                (settings.Paper ? Paper : Quick)
                    .Select(stepSize => new NetworkSpec(Run(settings, stepSize, seed)))
                    .ToArray()
            );

    private TrainingSpec Run(ReportSettings settings, double stepSize, int seed)
    {
        var every = (int)Math.Round(EarlyTime / 2 / stepSize);
        return Training with
        {
            StepSize = stepSize,
            Steps = (int)Math.Round((Training.LabelNoise > 0 ? NoisyTime : Time) / stepSize),
            LossTarget = Loss,
            MeasureEvery = every,
            ReferenceStep = 2 * every,
            Eigenpairs = 4,
            TrailingEvery = int.MaxValue,
            TraceProbes = 8,
            Observables = ["test-loss"],
            Seed = seed,
            Device = settings.Device,
        };
    }
}
