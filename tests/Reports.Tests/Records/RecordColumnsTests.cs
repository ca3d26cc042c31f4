using System.Reflection;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Records;

/// <summary>No record is written with a column that is not declared, and none is declared that no record has.</summary>
public class RecordColumnsTests
{
    private static readonly LandscapeChoice Network = LandscapeChoice.Of("two-parameter-network");

    /// <summary>A net and a plan for which the instability comes.</summary>
    private static readonly ForecastPlan Instability = new()
    {
        Training = new TrainingSpec
        {
            Train = 60,
            Test = 1,
            Network = NetworkChoice.FullyConnected([8], Activation.Tanh),
            StepSize = 0.005,
            Precision = "float64",
            Loss = NetworkLoss.MeanSquaredError,
        },
        Approach = 600,
        Push = 2.05,
        Krylov = 8,
        Horizon = 3,
    };

    /// <summary>Small runs that together write all there is to write.</summary>
    private static readonly RunSpec[] Runs =
    [
        new SimulationSpec(Network, [-0.1, 10], 0.011) { Steps = 2 },
        new SimulationSpec(Network, [-0.1, 10], 0.005)
        {
            Steps = 2,
            Optimiser = OptimiserSpec.Of("adam"),
            Observables = ["max-norm-sharpness", "divisor-norm"],
        },
        new SimulationSpec(Network, [-0.1, 10], 0.011)
        {
            Steps = 2,
            Exponents = 2,
            Observables = ["critical-sharpness", "gradient-alignment", "realised-edge", "sharpness-dimension"],
        },
        new SimulationSpec(LandscapeChoice.Of("diagonal-regression"), [1, 1, 1, 0.1, 0.1, 0.1], 0.01)
        {
            Steps = 1,
            Batch = new BatchPlan(2, 1),
            Observables = ["batch-lambda", "batch-sharpness", "gauss-newton-share", "noise-interaction"],
        },
        new NetworkSpec(
            new TrainingSpec
            {
                Train = 30,
                Test = 10,
                LayersEvery = 1,
                Group = "layers.0",
                Network = NetworkChoice.FullyConnected([2], Activation.Relu),
                StepSize = 0.01,
                Steps = 2,
                MeasureEvery = 1,
                Eigenpairs = 2,
                PredictRotation = true,
                MeasureNoise = true,
                TraceProbes = 2,
                CheckRoutes = true,
                Exponents = 1,
                Observables = ["test-loss"],
            }
        ),
        new GridSpec(
            Network,
            [0.005],
            [
                [-0.1, 10],
            ],
            5,
            1e-6
        ),
        new NoiseShareSpec(
            LandscapeChoice.Of("diagonal-regression", ("samples", "8"), ("width", "3")),
            [1, 1, 1, 0.1, 0.1, 0.1],
            0.01,
            2,
            new BatchPlan(1, 1)
        ),
        new ValleyForecastSpec(
            LandscapeChoice.Of("polynomial-valley", ("slope", "-0.05"), ("moments", "4.1"), ("gradients", "1")),
            [0.01, 0],
            4,
            ["moment-map-2"],
            0.5,
            2
        ),
        new CompareSpec(Network, [-0.1, 10], 0.011, 2, 0, [.. TheoryCatalogue.All.Names]),
        new InstabilitySpec(Instability with { Cubic = true }),
        new InstabilitySpec(
            Instability with
            {
                Cubic = true,
                Collocation = new(),
                Predictability = true,
                SpanLimit = true,
            }
        ),
        new InstabilitySpec(
            Instability with
            {
                Taylor = false,
                Collocation = new(),
                Stochastic = new(new BatchPlan(20), 2),
            }
        ),
        new StepScanSpec(
            new StepScanPlan
            {
                Training = Instability.Training,
                Approach = Instability.Approach,
                Horizon = 2,
                Krylov = Instability.Krylov,
                StepSizes = new StepSizeGrid(2.1, 2.2, 2, Pushes: true),
            }
        ),
        new BatchScanSpec(
            new BatchScanPlan(
                Instability with
                {
                    Taylor = false,
                    Collocation = new(),
                    Theories = [],
                },
                [new(new BatchPlan(20), 2)]
            )
        ),
        new MomentumSpec(
            new MomentumPlan(Instability with { Taylor = false, Collocation = new(), Theories = ["rod-flow"] }, 0.3)
        ),
        new RmsPropSpec(
            new RmsPropPlan(Instability with { Taylor = false, Collocation = new(), Theories = [] }, 0.99, 1e-2)
        ),
        new ReanchorSpec(new ReanchorPlan(Instability with { Collocation = new(), Theories = [] }, 8)),
    ];

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, RecordColumns.All.Count)];

    [Fact]
    public void All_EveryKindOfRun_HasItsColumns() =>
        Assert.Equal(
            typeof(RunSpec)
                .GetCustomAttributes<JsonDerivedTypeAttribute>()
                .Select(a => (string)a.TypeDiscriminator!)
                .Order(),
            RecordColumns.All.SelectMany(r => r.Kinds).Order()
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Series_OfRealRuns_HaveTheDeclaredColumnsAndNoOthers(int index)
    {
        var declared = RecordColumns.All[index];
        var context = new RunContext(new RunInputs(), TestContext.Current.CancellationToken);
        var runs = Runs.Where(run => declared.Kinds.Contains(KindOf(run)))
            .Select(run => run.Execute(context).Series)
            .ToArray();
        Assert.True(runs.Length >= declared.Kinds.Length);
        string[] written = [.. runs.SelectMany(series => series.Names).Distinct()];
        Assert.All(written, name => Assert.Single(declared.Columns, column => column.Covers(name)));
        // What a theory forecasts depends on the theory: all of them together are asked by trials alone.
        var expected = declared.Columns.Where(column =>
            column is not KeyedColumn || declared.Kinds.Contains("compare")
        );
        Assert.All(expected, column => Assert.Contains(written, column.Covers));
    }

    private static string KindOf(RunSpec run) =>
        (string)
            typeof(RunSpec)
                .GetCustomAttributes<JsonDerivedTypeAttribute>()
                .Single(a => a.DerivedType == run.GetType())
                .TypeDiscriminator!;
}
