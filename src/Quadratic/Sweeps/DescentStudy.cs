using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Sweeps;

/// <summary>
/// A descent on a landscape of the catalogue, and what a theory forecasts of it, as a function of named parameters: the ready-made measurement of a sweep.
/// <c>Sweep.Over(Axis.Linear("step-size", 0.001, 0.02, 50)).Run(study.Measure)</c>; the names are those of <see cref="ParameterNames"/>.
/// </summary>
public sealed partial record DescentStudy
{
    // As many as forecasts of networks use; a smaller space closes earlier, and the jet is then exact.
    private const int KrylovVectors = 36;

    /// <summary>The landscape's name.</summary>
    public required string Landscape { get; init; }

    /// <summary>Values of the landscape's own parameters, as written; the rest take their defaults.</summary>
    public IReadOnlyDictionary<string, string> LandscapeParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The start theta_0, or null for the landscape's own.</summary>
    public IReadOnlyList<double>? Start { get; init; }

    /// <summary>The standard deviation of Gaussian noise that the seed adds to every coordinate of the start, at least 0.</summary>
    public double StartNoise { get; init; }

    /// <summary>The step size eta, above 0.</summary>
    public double StepSize { get; init; } = 0.01;

    /// <summary>The largest number of steps, at least 0.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>A run ends as Converged when |g| is at most this, at least 0.</summary>
    public double GradientTolerance { get; init; } = 1e-10;

    /// <summary>The update rule's name.</summary>
    public string Optimiser { get; init; } = OptimiserSpec.GradientDescent.Name;

    /// <summary>
    /// Values of parameters of update rules, as written: each for the rules that have it, so that a sweep can run
    /// over rules and their parameters at once; the rest take their defaults.
    /// </summary>
    public IReadOnlyDictionary<string, string> OptimiserParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Samples a minibatch, for landscapes with data; 0 is the full batch.</summary>
    public int BatchSize { get; init; }

    /// <summary>Seeds the noise of the start and the draw of minibatches.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A theory by name that forecasts the run from its start, or null. Theories are about gradient descent with the full batch.</summary>
    public string? Theory { get; init; }

    /// <summary>Measures a point of a sweep.</summary>
    /// <param name="point">The point; its axes name parameters of this study.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public DescentOutcome Measure(SweepPoint point) => At(point).Run(point.Cancellation);

    /// <summary>Runs the descent.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public DescentOutcome Run(CancellationToken cancellation = default)
    {
        var (landscape, theta) = Build();
        using var rule = Rule().Create(landscape.Space);
        double initial = landscape.Eigenvalues(theta)[0],
            largest = double.NegativeInfinity;
        double[] end = [.. theta];
        var result = DescentLoop.Run(
            landscape,
            rule,
            Require.Positive(StepSize, "step-size"),
            new DescentLimits(Steps, GradientTolerance),
            end,
            [new Observer<double[]>(1, state => largest = Math.Max(largest, state.Loss))],
            Sampler(landscape),
            cancellation: cancellation
        );
        cancellation.ThrowIfCancellationRequested();
        var sharpness = result.Reason == StopReason.Diverged ? double.NaN : landscape.Eigenvalues(end)[0];
        return new DescentOutcome(
            result.Reason,
            result.Steps,
            result.Loss,
            largest,
            initial,
            sharpness,
            end,
            Theory is null ? null : Forecast(landscape, theta, result.Steps)
        );
    }

    /// <summary>The landscape and the start, checked.</summary>
    private (Landscape Landscape, double[] Start) Build()
    {
        var landscape = LandscapeCatalogue.Build(Landscape, LandscapeParameters).Landscape;
        double[] theta = [.. Start ?? DefaultStart];
        Require.Length(theta.Length, landscape.Dimension, "start");
        Require.AllFinite(theta, "start");
        Require.Finite(Require.NotNegative(StartNoise, "start-noise"), "start-noise");
        if (StartNoise == 0)
            return (landscape, theta);
        var random = new Random(Seed);
        var noise = landscape.Space.Create();
        landscape.Space.FillGaussian(noise, random);
        landscape.Space.Axpy(StartNoise, noise, theta);
        return (landscape, theta);
    }

    private OptimiserSpec Rule()
    {
        var rule = OptimiserSpec.Of(Optimiser);
        return OptimiserParameters
            .Where(p => rule.Values.All.ContainsKey(p.Key))
            .Aggregate(rule, (spec, p) => spec.With(p.Key, p.Value));
    }

    private BatchSampler? Sampler(Landscape landscape)
    {
        if (BatchSize == 0)
            return null;
        if (landscape is not IStochasticLandscape data)
            throw new ArgumentException($"batch-size is {BatchSize}, but {Landscape} has no data to draw from.");
        return new BatchSampler(data.Samples, BatchSize, Seed);
    }

    private EndForecast Forecast(Landscape landscape, double[] theta, int steps)
    {
        if (Rule() != OptimiserSpec.GradientDescent || BatchSize != 0)
            throw new ArgumentException(
                $"theory is {Theory}, but theories forecast gradient descent with the full batch only."
            );
        var jet = Jet.Measure(
            landscape,
            theta,
            landscape.MaximumOrder,
            new LanczosOptions(1e-12),
            krylov: KrylovVectors
        );
        var forecast = TheoryCatalogue.All.Find(Theory!).Predict(jet, StepSize, steps);
        return forecast.Declined is null
            ? new EndForecast(
                Last(forecast.Sharpness),
                Last(forecast.Loss),
                forecast.Validity.Length == 0 ? double.NaN : forecast.Validity.Max()
            )
            : new EndForecast(double.NaN, double.NaN, double.NaN);

        static double Last(double[] series) => series.Length == 0 ? double.NaN : series[^1];
    }
}
