using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The runs of <see cref="JetUses"/>: each of one network from one seed, by one jet or by several.</summary>
internal static class JetUsesRuns
{
    public const int Horizon = InstabilityGroup.Horizon,
        Window = Horizon,
        Draws = StochasticOptions.DefaultDraws;

    public const double FirstPush = 2.05,
        LastPush = 2.6;

    // Nobody had looked at a seed above this one when the limits of the claims were set.
    private const int SeedsSeen = 210;

    private static readonly Activation[] Networks = [Activation.Tanh, Activation.Softplus];

    public static IEnumerable<BatchScanSpec> Batches(ReportSettings settings) =>
        All(settings)
            .Select(run => new BatchScanSpec(
                new BatchScanPlan(
                    Approach(settings, run.Activation, run.Seed) with
                    {
                        Horizon = Horizon,
                        Collocation = new CollocationOptions(Refinements: run.Activation == Activation.Tanh ? 1 : 2),
                    },
                    [.. Sizes(settings).Select(size => new StochasticOptions(new BatchPlan(size, run.Seed), Draws))],
                    settings.Paper ? 5 : 15,
                    settings.Paper ? 1200 : 600
                )
            ));

    public static IEnumerable<StepScanSpec> Scans(ReportSettings settings) =>
        All(settings)
            .Select(run => (run.Activation, Plan: Approach(settings, run.Activation, run.Seed)))
            .Select(run => new StepScanSpec(
                new StepScanPlan
                {
                    Training = run.Plan.Training,
                    Approach = run.Plan.Approach,
                    StepSizes = new StepSizeGrid(FirstPush, LastPush, settings.Paper ? 12 : 6, Pushes: true),
                    Horizon = Horizon,
                    Krylov = run.Plan.Krylov,
                }
            ));

    public static IEnumerable<ReanchorSpec> Anchored(ReportSettings settings) =>
        All(settings)
            .Select(run => new ReanchorSpec(
                new ReanchorPlan(
                    Approach(settings, run.Activation, run.Seed) with
                    {
                        Horizon = (settings.Paper ? 6 : 3) * Window,
                        Collocation = new CollocationOptions(),
                    },
                    Window
                )
            ));

    /// <summary>Batch sizes over a decade, from half of the images down.</summary>
    private static int[] Sizes(ReportSettings settings) => settings.Paper ? [150, 75, 50, 25, 15] : [75, 25, 7];

    private static IEnumerable<(Activation Activation, int Seed)> All(ReportSettings settings) =>
        Networks.SelectMany(activation =>
            Enumerable.Range(SeedsSeen + settings.Seed, settings.Paper ? 2 : 1).Select(seed => (activation, seed))
        );

    /// <summary>The network, images and approach of the chapters before.</summary>
    private static ForecastPlan Approach(ReportSettings settings, Activation activation, int seed) =>
        new()
        {
            Training = new TrainingSpec
            {
                DataHash = settings.DataHash,
                Train = settings.Paper ? 300 : 150,
                Test = 1,
                Network = NetworkChoice.FullyConnected([24, 24], activation),
                Loss = NetworkLoss.MeanSquaredError,
                Precision = "float64",
                StepSize = 0.01,
                Eigenpairs = 1,
                Seed = seed,
                Device = settings.Device,
            },
            Approach = settings.Paper ? 2000 : 1000,
            Push = 2.15,
            Krylov = InstabilityGroup.Krylov,
            Taylor = false,
            Theories = [],
        };
}

/// <summary>The runs of one batch size, with the jet that forecast them.</summary>
internal sealed record BatchSet(string Network, int Seed, double Trust, BatchSizeRows Rows)
{
    public static BatchSet[] Of(BatchScanSpec spec, RunRecord record) =>
        [
            .. BatchSizeRows
                .Of(record.Series, spec.Plan)
                .Select(rows => new BatchSet(
                    JetUses.Name(spec.Plan.Forecast.Training),
                    spec.Plan.Forecast.Training.Seed,
                    record.Series[Columns.TrustPath][0],
                    rows
                )),
        ];

    /// <summary>A difference from 2/eta in per cent of it.</summary>
    public double OfEdge(double gap) => 100 * gap / Rows.Edge;
}

/// <summary>A run with one step size beside the forecast of a jet that served many.</summary>
internal sealed record ScannedRun(string Network, int Seed, SeriesTable Series, int Row)
{
    /// <summary>Whether the model carried to the end.</summary>
    public bool HasForecast => double.IsFinite(Forecast(Columns.PeakLoss));

    public double Push => At(Columns.Push);

    /// <summary>S at the reference point.</summary>
    public double Sharpness => Push / At(Columns.StepSize);

    public double At(string column) => Series[column][Row];

    public double Forecast(string column) => At(Columns.Forecast(Columns.JetForecast, column));

    public double Error(string column) => Math.Abs((Forecast(column) / At(column)) - 1);

    /// <summary>By what part of itself the lowest S would be off if it were 2/eta.</summary>
    public double EdgeError => Math.Abs((2 / At(Columns.StepSize) / At(Columns.LowestSharpness)) - 1);
}

/// <summary>A long run by several jets.</summary>
internal sealed record AnchoredRun(string Network, int Seed, SeriesTable Series)
{
    /// <summary>The mean relative error of a forecast of S; what is lost counts as an error of all of it.</summary>
    public double Error(string column) => Errors(column).Skip(1).Average();

    public IEnumerable<double> Errors(string column) =>
        Enumerable
            .Range(0, Series.Rows)
            .Select(row => Math.Abs((Series[column][row] / Series[Columns.Sharpness][row]) - 1))
            .Select(error => double.IsFinite(error) ? Math.Min(error, 1) : 1);

    /// <summary>What jets and checks cost a step, in gradient-equivalents.</summary>
    public double Cost =>
        (Series[Columns.JetCost].Where(double.IsFinite).Sum() + Series[Columns.PathCost].Where(double.IsFinite).Sum())
        / (Series.Rows - 1);

    /// <summary>What measuring S costs a step.</summary>
    public double MeasurementCost => Series[Columns.MeasurementCost].Average();

    public double[] Anchors => [.. Series[Columns.Anchor].Distinct()];
}
