using FlatBias.Dynamics.Jets;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>
/// Forecasts of instabilities that differ in their seed alone, which two chapters read: each from a Taylor jet and, at the
/// same point, from a collocation jet. Images and approach are those of the quick profile.
/// </summary>
internal sealed record InstabilityGroup(
    string Name,
    NetworkChoice Network,
    double Push = 2.15,
    int Instability = 1,
    int Quick = 5,
    int Paper = 20
)
{
    public const int Krylov = 28,
        Horizon = 150;

    // Nobody had looked at a seed above this one when the limits of the claims were set.
    private const int SeedsSeen = 200;

    public static InstabilityGroup First { get; } = new("tanh", Tanh(24));

    public static InstabilityGroup Softplus { get; } =
        new("softplus", NetworkChoice.FullyConnected([24, 24], Activation.Softplus), Paper: 40);

    public static InstabilityGroup Pushed { get; } = new("tanh, push 2.3", Tanh(24), Push: 2.3, Paper: 10);

    public static InstabilityGroup Second { get; } = new("tanh, second", Tanh(24), Instability: 2, Quick: 3, Paper: 10);

    public static InstabilityGroup Wide { get; } = new("tanh 200-200", Tanh(200), Quick: 0, Paper: 4);

    public static InstabilityGroup Relu { get; } =
        new("relu", NetworkChoice.FullyConnected([24, 24], Activation.Relu), Quick: 4, Paper: 10);

    /// <summary>Fully connected networks under squared error.</summary>
    public static IReadOnlyList<InstabilityGroup> FullyConnected { get; } =
    [
        First,
        Softplus,
        Pushed,
        Second,
        Wide,
        new("tanh 48-48", Tanh(48), Quick: 0, Paper: 4),
        new("tanh 96-96", Tanh(96), Quick: 0, Paper: 4),
        Relu,
    ];

    /// <summary>What else the paper profile has, for the collocation jet, which asks a network for no more than Hessian products.</summary>
    public static IReadOnlyList<InstabilityGroup> Others { get; } =
    [
        new("tanh, cross-entropy", Tanh(24), Quick: 0, Paper: 2) { Loss = NetworkLoss.CrossEntropy },
        new("cnn", NetworkChoice.Of("cnn").With("channels", "4,8").With("strides", "2,1"), Quick: 0, Paper: 2),
    ];

    public NetworkLoss Loss { get; init; } = NetworkLoss.MeanSquaredError;

    public string Data { get; init; } = new TrainingSpec().Data;

    public int Seeds(ReportSettings settings) => settings.Paper ? Paper : Quick;

    public IEnumerable<InstabilitySpec> Runs(ReportSettings settings) =>
        Enumerable
            .Range(SeedsSeen + settings.Seed, Seeds(settings))
            .Select(seed => new InstabilitySpec(
                new ForecastPlan
                {
                    Approach = settings.Paper ? 2000 : 1000,
                    Push = Push,
                    Instability = Instability,
                    Horizon = Horizon,
                    Theories = ComparedTheories.Asked,
                    Krylov = Krylov,
                    Cubic = true,
                    Collocation = new CollocationOptions(),
                    Predictability = true,
                    SpanLimit = this == Relu,
                    Training = new TrainingSpec
                    {
                        Data = Data,
                        DataHash = Data == new TrainingSpec().Data ? settings.DataHash : null,
                        Train = settings.Paper ? 300 : 150,
                        Test = 1,
                        Network = Network,
                        Loss = Loss,
                        Precision = "float64",
                        StepSize = 0.01,
                        Eigenpairs = 1,
                        Seed = seed,
                        Device = settings.Device,
                    },
                }
            ));

    /// <summary>The runs of groups with their records.</summary>
    public static InstabilityTrial[] Trials(
        IEnumerable<InstabilityGroup> groups,
        ReportSettings settings,
        RunRecords records
    ) =>
        [
            .. groups.SelectMany(group =>
                group.Runs(settings).Select(spec => new InstabilityTrial(group, records[spec]))
            ),
        ];

    private static NetworkChoice Tanh(int width) => NetworkChoice.FullyConnected([width, width], Activation.Tanh);
}
