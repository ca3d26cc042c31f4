using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A descent of a network, by any update rule, on the full batch or minibatches of it, with its curvature on the full batch measured along the way.</summary>
public static class TrainingRun
{
    /// <summary>Runs a specification.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="train">Training data.</param>
    /// <param name="test">Test data.</param>
    /// <param name="initial">Initial parameters, or null to draw them from the seed.</param>
    /// <param name="progress">Called after each step with the number of steps taken; may be null.</param>
    /// <param name="journal">Keeps the run on disk as it goes, and takes it up where an earlier process left it; may be null.</param>
    /// <param name="hooks">Who is told of rows and spectra as they are measured; may be null.</param>
    /// <param name="cancellation">Ends the run as Cancelled, with all that was measured so far.</param>
    /// <exception cref="ArgumentException">The specification does not fit itself or the data.</exception>
    public static RunOutcome Execute(
        TrainingSpec spec,
        LabelledSamples train,
        LabelledSamples test,
        double[]? initial = null,
        Action<int>? progress = null,
        TrainingJournal? journal = null,
        TrainingHooks? hooks = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        TorchRuntime.EnsureLoaded();
        spec.Validate(train);
        train = train.WithLabelNoise(spec.LabelNoise, spec.Seed);
        var (model, loss) = (spec.Model(train), spec.Loss.Smoothed(spec.LabelSmoothing));
        var type = spec.Precision == "float64" ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        var device = torch.device(spec.Device);
        using var surface = new NetworkSurface(model, loss, train, type, device, spec.Chunk) { L2 = spec.L2 };
        // Accuracy is of classes; images are held back where there are any.
        using var held =
            test.Count > 0 && (surface.HasClasses || spec.Observables is not null)
                ? new NetworkSurface(model, loss, test, type, device, spec.Chunk)
                : null;
        using var theta = surface.Parameters(initial ?? spec.Initialisation.Draw(model.Layout, spec.Seed));
        var probe = new CurvatureProbeOptions(
            spec.Eigenpairs,
            new LanczosOptions(spec.EigenTolerance),
            spec.PredictRotation,
            spec.Seed
        )
        {
            TrailingEvery = spec.TrailingEvery,
            Exponents = spec.Exponents,
            Observables = spec.Observables ?? [],
            ReferenceMeasurement = (spec.ReferenceStep ?? 0) / spec.MeasureEvery,
        };
        return Recording.Run(
            surface,
            spec.Optimiser,
            spec.StepSize,
            new DescentLimits(spec.Steps) { LossTarget = spec.LossTarget ?? double.NegativeInfinity },
            theta,
            probe,
            spec.MeasureEvery,
            (state, frame, table) =>
            {
                if (surface.HasClasses)
                    table.Set(NetworkColumns.TrainAccuracy, surface.Accuracy(state.Theta));
                if (held is { HasClasses: true })
                {
                    table.Set(NetworkColumns.TestAccuracy, held.Accuracy(state.Theta));
                    // Booked where a checkpoint keeps it.
                    surface.Cost.ForwardPasses++;
                }

                if (spec.MeasureNoise)
                    WriteNoise(surface, state.Theta, frame, table);
                if (spec.TraceProbes is { } probes)
                    WriteTrace(DeflatedTrace.Of(surface, state.Theta, frame, probes, new Random(spec.Seed)), table);
                if (spec.LayersEvery is not null || spec.Group is not null)
                    WriteBlocks(surface, state, spec, model.Layout, frame.Vectors[0], table);
                if (spec.CheckRoutes)
                    WriteDisagreement(surface.Disagreement(state.Theta, frame.Vectors[0]), table);
                if (spec.SpectrumSteps?.Contains(state.Step) == true)
                {
                    // Whether anyone listens or not, so that a run costs what it costs.
                    var options = new SpectrumOptions(Seed: spec.Seed);
                    var spectrum = Spectrum.Measure(surface, state.Theta, spec.Eigenpairs, options);
                    hooks?.Spectrum?.Invoke(state.Step, spectrum);
                }

                hooks?.Measured?.Invoke(table);
            },
            progress,
            spec.Batch?.Sampler(train.Count),
            journal,
            held,
            cancellation
        );
    }

    private static void WriteNoise(
        NetworkSurface surface,
        torch.Tensor theta,
        EigenFrame<torch.Tensor> frame,
        SeriesTable table
    )
    {
        var covariance = surface.GradientNoise(theta, frame.Vectors);
        for (var i = 0; i < frame.Count; i++)
            table.Set(NetworkColumns.GradientNoise[i + 1], covariance[i, i]);
    }

    private static void WriteTrace(Estimate trace, SeriesTable table)
    {
        table.Set(NetworkColumns.Trace, trace.Value);
        table.Set(NetworkColumns.TraceError, trace.StandardError);
    }

    private static void WriteBlocks(
        NetworkSurface surface,
        DescentState<torch.Tensor> state,
        TrainingSpec spec,
        ParameterLayout layout,
        torch.Tensor leading,
        SeriesTable table
    )
    {
        using var point = surface.At(state.Theta);
        // The same starts at every measurement, so that a run taken up has the same bits.
        var random = new Random(spec.Seed);
        var measures = state.Step / spec.MeasureEvery % (spec.LayersEvery ?? 1) == 0;
        foreach (var layer in spec.LayersEvery is null ? [] : layout.Layers)
        {
            table.Set(NetworkColumns.LayerShare[layer.Name], DiagonalBlock.Share(leading, layer));
            using var pair = measures ? Pairs(layer, 1) : null;
            table.Set(
                NetworkColumns.LayerSharpness[layer.Name],
                pair is { Converged: true } ? pair.Values[0] : double.NaN
            );
        }

        if (spec.Group is null)
            return;
        using var pairs = Pairs(layout.Group(spec.Group), spec.Eigenpairs);
        for (var i = 0; i < pairs.Count; i++)
            table.Set(NetworkColumns.GroupEigenvalue[i + 1], pairs.Converged ? pairs.Values[i] : double.NaN);

        EigenFrame<torch.Tensor> Pairs(ParameterGroup group, int count) =>
            DiagonalBlock.LeadingPairs(
                point,
                (TensorSpace)surface.Space,
                group,
                count,
                new LanczosOptions(spec.EigenTolerance),
                random
            );
    }

    private static void WriteDisagreement(RouteDisagreement routes, SeriesTable table)
    {
        table.Set(NetworkColumns.HessianVectorDisagreement, routes.HessianVector);
        table.Set(NetworkColumns.ThirdMomentDisagreement, routes.ThirdDerivative);
        table.Set(NetworkColumns.FourthMomentDisagreement, routes.FourthDerivative);
    }
}
