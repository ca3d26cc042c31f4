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
            LayerShare,
            LayerSharpness,
            GroupEigenvalue,
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

    /// <summary>Where in the network the leading eigenvector lies.</summary>
    public static KeyedColumn LayerShare { get; } =
        new("share_", "LAYER", "", "squared norm of the part of $v_1$ that lies in the layer; all layers add up to 1")
        {
            Range = "0 to 1",
            Runs = "networks with `--layers-every`",
            Measured = "the leading eigenvector of the row",
            Error = "that of $v_1$",
        };

    /// <summary>The leading eigenvalue of each layer's diagonal block.</summary>
    public static KeyedColumn LayerSharpness { get; } =
        new(
            "sharpness_",
            "LAYER",
            "",
            "leading eigenvalue of the layer's diagonal block of the Hessian: the sharpness while all else is held; at most $S$"
        )
        {
            Unit = @"that of $1/\eta$",
            Runs = "networks with `--layers-every`",
            Measured = "Lanczos on the block, from scratch, at every n-th measurement",
            Error = "relative residual 0.001, squared over the gap; NaN where it was not measured or did not converge",
        };

    /// <summary>The leading eigenvalues of a chosen diagonal block.</summary>
    public static IndexedColumn GroupEigenvalue { get; } =
        new("group_eigenvalue_", "k", "leading eigenvalues of the diagonal block of the parameters chosen by `--group`")
        {
            Unit = @"that of $1/\eta$",
            Runs = "networks with `--group`",
            Measured = "Lanczos on the block, from scratch at each row",
            Error = "as for the layers",
        };

    /// <summary>How far two routes to H v_1 are apart.</summary>
    public static Column HessianVectorDisagreement { get; } =
        Disagreement("disagreement_hv", "$H v_1$", "linearisation");

    /// <summary>How far two routes to m_3 are apart.</summary>
    public static Column ThirdMomentDisagreement { get; } = Disagreement("disagreement_m3", "$m_3$", "Taylor mode");

    /// <summary>How far two routes to m_4 are apart.</summary>
    public static Column FourthMomentDisagreement { get; } = Disagreement("disagreement_m4", "$m_4$", "Taylor mode");

    /// <summary>The share of the training samples, or of their tokens, whose largest output is the right one.</summary>
    public static Column TrainAccuracy { get; } = Accuracy("train_accuracy", "training");

    /// <summary>The share of the test samples, or of their tokens, whose largest output is the right one.</summary>
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
        new(name, $"share of {images} samples whose largest output is their class, or of the tokens of sequences")
        {
            Range = "0 to 1",
            Runs = "networks",
            Measured = "one forward pass",
            Error = "none",
        };
}
