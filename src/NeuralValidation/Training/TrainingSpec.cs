using System.Text.Json.Serialization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Observables.OnRequest;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Training;

/// <summary>All that a network run depends on, apart from the machine.</summary>
public sealed record TrainingSpec
{
    // A standard error of a hundredth of the spread; more would go on for hours.
    private const int MostProbes = 10_000;

    /// <summary>The data set, as <see cref="NeuralValidation.Data.DataCatalogue.Load"/> reads it.</summary>
    public string Data { get; init; } = "fashion-mnist";

    /// <summary>A hash of the images and labels used, or null for those that come with the program.</summary>
    public string? DataHash { get; init; }

    /// <summary>What was done to the inputs, or null for the data that come with the program.</summary>
    public string? Normalisation { get; init; }

    /// <summary>Number of training images, the first of the official order.</summary>
    public int Train { get; init; } = 1000;

    /// <summary>Number of test images, the first of the official order.</summary>
    public int Test { get; init; } = 200;

    /// <summary>The chance of each training label to be redrawn from the seed, see <see cref="LabelledSamples.WithLabelNoise"/>: from 0, none, to 1. Test labels stay as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelNoise { get; init; }

    /// <summary>The network.</summary>
    public NetworkChoice Network { get; init; } = NetworkChoice.Of("mlp");

    /// <summary>How its initial weights are drawn.</summary>
    public Initialisation Initialisation { get; init; } = Initialisation.LeCun;

    /// <summary>The loss.</summary>
    public NetworkLoss Loss { get; init; } = NetworkLoss.CrossEntropy;

    /// <summary>The smoothing of the loss's targets, see <see cref="NetworkLoss.Smoothed"/>: from 0, none, to below
    /// 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelSmoothing { get; init; }

    /// <summary>The factor of the loss's quadratic term, see <see cref="Curvature.TorchSurface.L2"/>: at least
    /// 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }

    /// <summary>The step size eta as a function of the step.</summary>
    public StepSizeSchedule StepSize { get; init; } = 0.1;

    /// <summary>The update rule.</summary>
    public OptimiserSpec Optimiser { get; init; } = OptimiserSpec.GradientDescent;

    /// <summary>The minibatches of stochastic descent; null for the full batch, which draws nothing.</summary>
    public BatchPlan? Batch { get; init; }

    /// <summary>Number of steps.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Ends the run at the first step whose loss is at most this, above 0, so that runs can be compared at equal loss; null to take all steps. With minibatches it is the batch's loss.</summary>
    public double? LossTarget { get; init; }

    /// <summary>Measures before every n-th step, and at the end.</summary>
    public int MeasureEvery { get; init; } = 4;

    /// <summary>Number of leading eigenpairs.</summary>
    public int Eigenpairs { get; init; } = 6;

    /// <summary>The trailing pair is measured at the first measurement and every n-th after that; it costs far more than the leading ones.</summary>
    public int TrailingEvery { get; init; } = 1;

    /// <summary>
    /// The measured step whose leading frame the similarities of (1.5) compare with, the early frame of (8.2): a multiple of <see cref="MeasureEvery"/> within the run; null for the first.
    /// The similarities are NaN before it.
    /// </summary>
    public int? ReferenceStep { get; init; }

    /// <summary>Residual at which an eigenpair counts as converged, relative to the largest |eigenvalue|.</summary>
    public double EigenTolerance { get; init; } = 1e-3;

    /// <summary>The number of Lyapunov exponents of the training map itself, averaged from the start; one Hessian product a step for each. Full-batch gradient descent only.</summary>
    public int Exponents { get; init; }

    /// <summary>Whether the rotation to first order, eq. (1.7), is evaluated beside the measured one; some tens of Hessian products a measurement.</summary>
    public bool PredictRotation { get; init; }

    /// <summary>The most images to pass through the network at once, so that memory is bounded whatever their number; null for all. Sums in chunks round differently.</summary>
    public int? Chunk { get; init; }

    /// <summary>Whether the variance over the samples of the gradient's component along each leading eigenvector is measured, the noise of (3.12).</summary>
    public bool MeasureNoise { get; init; }

    /// <summary>Random probes for the trace of the Hessian at every measurement, at least 2, see <see cref="FlatBias.Dynamics.Observables.DeflatedTrace"/>; null not to measure it.</summary>
    public int? TraceProbes { get; init; }

    /// <summary>
    /// Measured steps at which the whole spectrum is measured as well, <see cref="Spectrum"/> with <see
    /// cref="Eigenpairs"/> pairs at
    /// each end, some thousand Hessian products each: multiples of <see cref="MeasureEvery"/>, or the last step; null
    /// for none.
    /// </summary>
    public IReadOnlyList<int>? SpectrumSteps { get; init; }

    /// <summary>
    /// Measures where in the network v_1 lives: each layer's share of it at every measurement, and at the first and every n-th after that the sharpness of the layer's diagonal block of the Hessian, some tens of products a layer; null for neither.
    /// </summary>
    public int? LayersEvery { get; init; }

    /// <summary>A layer, or what the names of several begin with, whose leading eigenvalues are measured, as many as <see cref="Eigenpairs"/>; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Names of the observables on request that are measured at every row (<see cref="ObservableCatalogue"/>), each once; null for none.</summary>
    public IReadOnlyList<string>? Observables { get; init; }

    /// <summary>Whether the two independent routes to H v_1, m_3 and m_4 are compared at every measurement.</summary>
    public bool CheckRoutes { get; init; }

    /// <summary>float32 or float64.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>cpu, cuda or cuda:N, as <see cref="Devices.Resolve"/> returns it.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Seeds the initial weights and the random part of the eigensolver's starts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>SHA-256 of the file that the initial weights came from; null when they are drawn from the seed.</summary>
    public string? InitialWeights { get; init; }

    /// <summary>Names of the network's tensors by names of those of the file that the initial weights came from, where neither names nor order told which is which; null for none.</summary>
    public IReadOnlyDictionary<string, string>? RenamedWeights { get; init; }

    /// <summary>The network for samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <exception cref="ArgumentException">A parameter of the network is out of range, or it does not take such samples.</exception>
    public NetworkModel Model(LabelledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Network.Build(samples.Form with { Outputs = Loss.OutputsFor(samples.Form) });
    }

    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        Require.InRange(Train, 1, name: "train");
        Require.InRange(Test, 0, name: "test");
        var model = Model(samples);
        var parameters = model.Layout.ParameterCount;
        samples.CheckLabelNoise(LabelNoise);
        Loss.Smoothed(LabelSmoothing).Check(samples.Numbers);
        Require.NotNegative(Require.Finite(L2, "l2"), "l2");
        Require.InRange(Steps, 0, name: "steps");
        if (LossTarget is { } target)
            Require.Positive(target, "loss-target");
        Require.InRange(MeasureEvery, 1, name: "measure-every");
        Require.InRange(Eigenpairs, 1, parameters, "eigenpairs");
        if (LayersEvery is { } layersEvery)
            Require.InRange(layersEvery, 1, name: "layers-every");
        if (Group is not null)
            Require.InRange(Eigenpairs, 1, model.Layout.Group(Group).Length, $"eigenpairs of {Group}");
        Require.InRange(TrailingEvery, 1, name: "trailing-every");
        if (ReferenceStep is { } reference)
        {
            Require.InRange(reference, 0, Steps, "reference-step");
            if (reference % MeasureEvery != 0)
                throw new ArgumentException(
                    $"reference-step is {reference}; it must be a multiple of measure-every, {MeasureEvery}."
                );
        }

        Require.Positive(EigenTolerance, "eigen-tolerance");
        Require.InRange(Exponents, 0, parameters, "lyapunov");
        if (Exponents > 0 && (Optimiser != OptimiserSpec.GradientDescent || Batch is not null))
            throw new ArgumentException(
                "lyapunov is for full-batch gradient descent; leave out --optimiser, --weight-decay and --batch-size."
            );
        if (TraceProbes is { } probes)
            Require.InRange(probes, 2, MostProbes, "trace-probes");
        foreach (var step in SpectrumSteps ?? [])
        {
            Require.InRange(step, 0, Steps, "spectra");
            if (step % MeasureEvery != 0 && step != Steps)
                throw new ArgumentException(
                    $"spectra is {step}; it must be a multiple of measure-every, {MeasureEvery}, or the last step."
                );
        }

        if (Chunk is { } chunk)
            Require.InRange(chunk, 1, name: "chunk");
        StepSize.Validate(Steps);
        if (Batch is not null)
            Require.InRange(Batch.Size, 1, Train, "batch-size");
        if (model.TiesSamples && (Chunk is not null || Batch is not null || MeasureNoise))
            throw new ArgumentException(
                $"{(Chunk is not null ? "chunk" : Batch is not null ? "batch-size" : "measure-noise")} is given; {NetworkSurface.TiedSamples}"
            );
        ObservableCatalogue.Check(
            Observables ?? [],
            ObservableNeeds.Outputs
                | (Optimiser.Divides ? ObservableNeeds.Divisor : ObservableNeeds.None)
                | (Batch is null ? ObservableNeeds.None : ObservableNeeds.Minibatches)
                | (Exponents == 0 ? ObservableNeeds.None : ObservableNeeds.Exponents)
                | (Test == 0 ? ObservableNeeds.None : ObservableNeeds.TestSamples)
        );
        if (CheckRoutes && model is not FullyConnectedNetwork)
            throw new ArgumentException(
                $"check-routes is for mlp; there is but one route to the curvature of {Network.Name}, which the tests hold against differences."
            );
        if (Precision is not ("float32" or "float64"))
            throw new ArgumentException($"dtype is '{Precision}'; it must be float32 or float64.");
    }
}
