using FlatBias.Dynamics.Observables;

namespace FlatBias.NeuralValidation.Training;

/// <summary>The columns that only a network's run has, beside those of <see cref="Columns"/>.</summary>
public static class NetworkColumns
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> All =>
        [
            Trace,
            TraceError,
            GradientNoise,
            HessianVectorDisagreement,
            ThirdMomentDisagreement,
            FourthMomentDisagreement,
            TrainAccuracy,
            TestAccuracy,
        ];

    /// <summary>The trace of the Hessian, P times M_1 of eq. (1.4).</summary>
    public static Column Trace { get; } =
        new("trace", @"$\operatorname{tr} H$, $P$ times $M_1$")
        {
            Label = "trace of the Hessian",
            Unit = @"that of $1/\eta$",
            Source = "(1.4)",
            Runs = "networks with `--trace-probes`",
            Measured =
                "the leading pairs of the row, and Hutchinson's estimator for what they leave; the same probes at "
                + "every row",
            Error = "`trace_error`; no bias from pairs that have not converged",
        };

    /// <summary>The standard error of the trace.</summary>
    public static Column TraceError { get; } =
        new("trace_error", "standard error of `trace`")
        {
            Unit = @"that of $1/\eta$",
            Runs = "networks with `--trace-probes`",
            Measured = "scatter of the probes",
            Error = "itself an estimate",
        };

    /// <summary>Variances over the samples of the gradient along the leading eigenvectors, eq. (3.12).</summary>
    public static IndexedColumn GradientNoise { get; } =
        new(
            "gradient_noise_",
            "k",
            "variance over the samples of the gradient's component along $v_i$, the noise of (3.12) per sample"
        )
        {
            Unit = "(loss per length)²",
            Source = "(3.12)",
            Runs = "networks with `--measure-noise`",
            Measured = "one forward pass of tangents along the eigenvectors of the row",
            Error = "that of $v_i$",
        };

    /// <summary>How far two routes to H v_1 are apart.</summary>
    public static Column HessianVectorDisagreement { get; } =
        Disagreement("disagreement_hv", "$H v_1$", "linearisation");

    /// <summary>How far two routes to m_3 are apart.</summary>
    public static Column ThirdMomentDisagreement { get; } = Disagreement("disagreement_m3", "$m_3$", "Taylor mode");

    /// <summary>How far two routes to m_4 are apart.</summary>
    public static Column FourthMomentDisagreement { get; } = Disagreement("disagreement_m4", "$m_4$", "Taylor mode");

    /// <summary>The share of the training images whose largest output is their label.</summary>
    public static Column TrainAccuracy { get; } = Accuracy("train_accuracy", "training");

    /// <summary>The share of the test images whose largest output is their label.</summary>
    public static Column TestAccuracy { get; } = Accuracy("test_accuracy", "test");

    private static Column Disagreement(string name, string quantity, string route) =>
        new(name, $"relative difference of two independent routes to {quantity}")
        {
            Unit = "1",
            Runs = "networks with `--check-routes`",
            Measured = $"{route} against nested reverse mode",
            Error = "some hundred roundoffs are to be expected",
        };

    private static Column Accuracy(string name, string images) =>
        new(name, $"share of {images} images whose largest output is their label")
        {
            Range = "0 to 1",
            Runs = "networks",
            Measured = "one forward pass",
            Error = "none",
        };
}
