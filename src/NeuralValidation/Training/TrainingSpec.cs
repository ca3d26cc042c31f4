using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Training;

/// <summary>All that a network run depends on, apart from the machine.</summary>
public sealed record TrainingSpec
{
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

    /// <summary>Widths of the hidden layers, at least one.</summary>
    public IReadOnlyList<int> HiddenWidths { get; init; } = [32, 32, 32];

    /// <summary>The nonlinearity.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The loss.</summary>
    public NetworkLoss Loss { get; init; } = NetworkLoss.CrossEntropy;

    /// <summary>The step size eta of full-batch gradient descent.</summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>Number of steps.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Measures before every n-th step, and at the end.</summary>
    public int MeasureEvery { get; init; } = 4;

    /// <summary>Number of leading eigenpairs.</summary>
    public int Eigenpairs { get; init; } = 6;

    /// <summary>Residual at which an eigenpair counts as converged, relative to the largest |eigenvalue|.</summary>
    public double EigenTolerance { get; init; } = 1e-3;

    /// <summary>float32 or float64.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>cpu or cuda.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Seeds the initial weights and the random part of the eigensolver's starts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>SHA-256 of the file that the initial weights came from; null when they are drawn from the seed.</summary>
    public string? InitialWeights { get; init; }

    /// <summary>The network for data of the given shape.</summary>
    /// <param name="features">Input width.</param>
    /// <param name="classes">Output width.</param>
    /// <returns>The architecture.</returns>
    public Architecture Architecture(int features, int classes) => new([features, .. HiddenWidths, classes], Activation, Loss);

    /// <summary>Checks every number against the data's shape, before any work.</summary>
    /// <param name="features">Input width.</param>
    /// <param name="classes">Output width.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(int features, int classes)
    {
        Require.InRange(Train, 1, name: "train");
        Require.InRange(Test, 1, name: "test");
        Require.InRange(HiddenWidths.Count, 1, name: "number of hidden widths");
        for (var i = 0; i < HiddenWidths.Count; i++) Require.InRange(HiddenWidths[i], 1, name: $"widths[{i + 1}]");
        Require.Positive(StepSize, "step-size");
        Require.InRange(Steps, 0, name: "steps");
        Require.InRange(MeasureEvery, 1, name: "measure-every");
        Require.InRange(Eigenpairs, 1, Architecture(features, classes).ParameterCount, "eigenpairs");
        Require.Positive(EigenTolerance, "eigen-tolerance");
        if (Precision is not ("float32" or "float64")) throw new ArgumentException($"dtype is '{Precision}'; it must be float32 or float64.");
    }
}
