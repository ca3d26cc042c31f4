using System.Text.Json.Serialization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Observables.OnRequest;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Reports.Records;

/// <summary>A landscape by name, with every parameter's value.</summary>
/// <param name="Name">The landscape's name.</param>
/// <param name="Parameters">All its parameters as written.</param>
public sealed record LandscapeChoice(string Name, SortedDictionary<string, string> Parameters)
{
    /// <summary>Fills in the defaults and checks every value.</summary>
    /// <param name="name">The landscape's name.</param>
    /// <param name="given">The values given.</param>
    /// <exception cref="ArgumentException">The name or a parameter is unknown, or a value is out of range.</exception>
    public static LandscapeChoice Of(string name, params IReadOnlyList<(string Name, string Value)> given)
    {
        var (_, values) = LandscapeCatalogue.Build(name, given.ToDictionary(p => p.Name, p => p.Value));
        return new LandscapeChoice(
            name,
            new SortedDictionary<string, string>(values.All.ToDictionary(), StringComparer.Ordinal)
        );
    }

    /// <summary>Builds the landscape.</summary>
    public Landscape Build() => LandscapeCatalogue.Build(Name, Parameters).Landscape;
}

/// <summary>Descent on a landscape with its curvature measured along the way.</summary>
/// <param name="Landscape">The landscape.</param>
/// <param name="Start">The start.</param>
/// <param name="StepSize">The step size eta as a function of the step.</param>
public sealed record SimulationSpec(LandscapeChoice Landscape, double[] Start, StepSizeSchedule StepSize) : RunSpec
{
    /// <summary>Number of steps.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Measures before every n-th step, and at the end.</summary>
    public int MeasureEvery { get; init; } = 1;

    /// <summary>The update rule.</summary>
    public OptimiserSpec Optimiser { get; init; } = OptimiserSpec.GradientDescent;

    /// <summary>The minibatches of stochastic descent; null for the full batch, which draws nothing.</summary>
    public BatchPlan? Batch { get; init; }

    /// <summary>The number of Lyapunov exponents of the run that are carried along, up to the dimension; null for none. Full-batch gradient descent only.</summary>
    public int? Exponents { get; init; }

    /// <summary>Names of the observables on request that are measured at every row (<see cref="ObservableCatalogue"/>), each once; null for none.</summary>
    public IReadOnlyList<string>? Observables { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => Landscape.Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Steps;

    internal override RunCost Expected => new(Steps * RunCost.LandscapeRow, 0);

    /// <summary>Checks every number before any work.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate()
    {
        var landscape = Landscape.Build();
        Require.Length(Start.Length, landscape.Dimension, "start");
        Require.AllFinite(Start, "start");
        Require.InRange(Steps, 0, name: "steps");
        Require.InRange(MeasureEvery, 1, name: "measure-every");
        StepSize.Validate(Steps);
        Sampler(landscape);
        var loss = landscape.Loss(Start);
        if (!double.IsFinite(loss))
            throw new ArgumentException($"start gives a loss of {loss}; it must be finite.");
        if (Exponents is { } exponents)
        {
            Require.InRange(exponents, 1, landscape.Dimension, "lyapunov");
            if (Optimiser != OptimiserSpec.GradientDescent || Batch is not null)
                throw new ArgumentException(
                    "lyapunov is for full-batch gradient descent; leave out --optimiser, --weight-decay and --batch-size."
                );
        }

        ObservableCatalogue.Check(
            Observables ?? [],
            (landscape.At(Start) is IGaussNewtonPoint<double[]> ? ObservableNeeds.Outputs : ObservableNeeds.None)
                | (Optimiser.Divides ? ObservableNeeds.Divisor : ObservableNeeds.None)
                | (Batch is null ? ObservableNeeds.None : ObservableNeeds.Minibatches)
                | (Exponents is null ? ObservableNeeds.None : ObservableNeeds.Exponents)
        );
    }

    internal override bool GoesOnFrom(RunSpec other) =>
        other is SimulationSpec shorter
        && shorter.Steps < Steps
        && (shorter with { Steps = Steps }).ToJson() == ToJson();

    internal override RunOutcome Execute(RunContext context)
    {
        Validate();
        var landscape = Landscape.Build();
        // Analytic curvature costs microseconds, so every pair that the usual plots show is measured, to rounding.
        var probe = new CurvatureProbeOptions(
            Math.Min(landscape.Dimension, 6),
            new LanczosOptions(1e-12),
            PredictRotation: true
        )
        {
            Exponents = Exponents ?? 0,
            Observables = Observables ?? [],
        };
        return Recording.Run(
            landscape,
            Optimiser,
            StepSize,
            new DescentLimits(Steps),
            (double[])Start.Clone(),
            probe,
            MeasureEvery,
            (state, _, table) =>
            {
                for (var i = 0; i < state.Theta.Length; i++)
                    table.Set(Columns.Coordinate[i + 1], state.Theta[i]);
            },
            context.Progress,
            Sampler(landscape),
            cancellation: context.Cancellation
        );
    }

    private BatchSampler? Sampler(Landscape landscape)
    {
        if (Batch is null)
            return null;
        if (landscape is not IStochasticSurface<double[]> data)
            throw new ArgumentException($"batch-size is {Batch.Size}, but {Landscape.Name} has no data to draw from.");
        return Batch.Sampler(data.Samples);
    }
}
