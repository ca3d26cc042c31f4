namespace FlatBias.Dynamics.Observables;

/// <content>What a run measures on request only, section 9 of docs/theory.md.</content>
public static partial class Columns
{
    /// <summary>zeta of the coming step, eq. (9.1).</summary>
    public static Column RealisedEdge { get; } =
        new(
            "realised_edge",
            @"$\zeta = B / A$ of the coming step: the loss falls at it where this is below 1 ($A \gt 0$)"
        )
        {
            Label = "realised edge ζ",
            Unit = "1",
            Source = "(9.1)",
            Runs = Request("realised-edge"),
            Measured =
                "the rule's own step taken aside, with the coming minibatch where there are any; one forward pass at its end",
            Error = "`realised_edge_error`; NaN where $g \\cdot u = 0$",
        };

    /// <summary>eta S Gamma / 2, eq. (9.2).</summary>
    public static Column RealisedEdgeAlongLeading { get; } =
        new("realised_edge_1", @"$\eta S \Gamma / 2$, what $\zeta$ would be if the step lay along $v_1$ of a quadratic")
        {
            Unit = "1",
            Source = "(9.2)",
            Runs = Request("realised-edge"),
            Measured = "from the same step and the sharpness of the row",
            Error = "that of the sharpness",
        };

    /// <summary>The rounding of zeta, eq. (9.1).</summary>
    public static Column RealisedEdgeError { get; } =
        new("realised_edge_error", "rounding of `realised_edge`")
        {
            Unit = "1",
            Source = "(9.1)",
            Runs = Request("realised-edge"),
            Measured = "to first order from the unit roundoff, the two losses and the sizes of gradient and parameters",
            Error = "itself an estimate",
        };

    /// <summary>lambda_c, eq. (9.3).</summary>
    public static Column CriticalSharpness { get; } =
        new(
            "critical_sharpness",
            @"$\lambda_c = 2 / \eta_c$, with $\eta_c$ the step size from which the loss rises at the coming step"
        )
        {
            Label = "critical sharpness λc",
            Unit = @"that of $1/\eta$",
            Source = "(9.3)",
            Runs = Request("critical-sharpness"),
            Measured =
                "line search along the coming step, doubling or halving from the run's own step size, then bisection",
            Error = "1/30 of a crossing; NaN where the step goes uphill to begin with, or nothing is bracketed",
        };

    /// <summary>lambda_c over the (effective) sharpness, eq. (9.3).</summary>
    public static Column CriticalRatio { get; } =
        new(
            "critical_ratio",
            "`critical_sharpness` over the sharpness, or over `effective_sharpness` where the rule has one"
        )
        {
            Unit = "1",
            Source = "(9.3)",
            Runs = Request("critical-sharpness"),
            Measured = "from the columns of the row",
            Error = "that of both",
        };

    /// <summary>Forward passes of the search for lambda_c.</summary>
    public static Column CriticalPasses { get; } =
        new("critical_passes", "forward passes of the search for `critical_sharpness`")
        {
            Unit = "count",
            Source = "(9.3)",
            Runs = Request("critical-sharpness"),
            Measured = "counted",
            Error = "none",
        };

    /// <summary>The batch sharpness, eq. (9.4).</summary>
    public static Column BatchSharpness { get; } =
        new(
            "batch_sharpness",
            @"$\mathbb{E}[g_B \cdot H_B g_B / \lvert g_B \rvert^2]$ over minibatches as the run draws them"
        )
        {
            Label = "batch sharpness",
            Unit = @"that of $1/\eta$",
            Source = "(9.4)",
            Runs = Request("batch-sharpness"),
            Measured = OverBatches,
            Error = "`batch_sharpness_error`; NaN where a batch has no gradient",
        };

    /// <summary>The standard error of the batch sharpness.</summary>
    public static Column BatchSharpnessError { get; } =
        ErrorOf("batch_sharpness", "batch-sharpness", @"that of $1/\eta$", "(9.4)");

    /// <summary>Batches drawn for the batch sharpness.</summary>
    public static Column BatchSharpnessBatches { get; } = BatchesOf("batch_sharpness", "batch-sharpness", "(9.4)");

    /// <summary>The gradient-noise interaction, eq. (9.5).</summary>
    public static Column NoiseInteraction { get; } =
        new(
            "noise_interaction",
            @"$\mathbb{E}[g_B \cdot H g_B] / \lvert g \rvert^2$: below $2/\eta$ a step of stochastic descent lowers the loss in the mean"
        )
        {
            Label = "gradient-noise interaction",
            Unit = @"that of $1/\eta$",
            Source = "(9.5)",
            Runs = Request("noise-interaction"),
            Measured = OverBatches,
            Error = "`noise_interaction_error`; NaN where there is no gradient",
        };

    /// <summary>The standard error of the gradient-noise interaction.</summary>
    public static Column NoiseInteractionError { get; } =
        ErrorOf("noise_interaction", "noise-interaction", @"that of $1/\eta$", "(9.5)");

    /// <summary>Batches drawn for the gradient-noise interaction.</summary>
    public static Column NoiseInteractionBatches { get; } =
        BatchesOf("noise_interaction", "noise-interaction", "(9.5)");

    /// <summary>The mean leading eigenvalue of the batch Hessian, eq. (9.6).</summary>
    public static Column BatchLambda { get; } =
        new("batch_lambda_1", @"mean of $\lambda_1(H_B)$ over minibatches as the run draws them; at least $S$")
        {
            Unit = @"that of $1/\eta$",
            Source = "(9.6)",
            Runs = Request("batch-lambda"),
            Measured = OverBatches + "; Lanczos on each, started from $v_1$ with random direction mixed in",
            Error = "`batch_lambda_1_error`, and the tolerance of the eigenpairs; NaN where one did not converge",
        };

    /// <summary>The standard error of the mean leading eigenvalue of the batch Hessian.</summary>
    public static Column BatchLambdaError { get; } =
        ErrorOf("batch_lambda_1", "batch-lambda", @"that of $1/\eta$", "(9.6)");

    /// <summary>Batches drawn for their leading eigenvalues.</summary>
    public static Column BatchLambdaBatches { get; } = BatchesOf("batch_lambda_1", "batch-lambda", "(9.6)");

    /// <summary>The largest leading eigenvalue of the batches drawn, eq. (9.6).</summary>
    public static Column BatchLambdaLargest { get; } =
        new("batch_lambda_1_largest", @"the largest $\lambda_1(H_B)$ of those batches")
        {
            Unit = @"that of $1/\eta$",
            Source = "(9.6)",
            Runs = Request("batch-lambda"),
            Measured = "as above",
            Error = "it grows with the number of batches",
        };

    /// <summary>The Gauss-Newton share of the sharpness, eq. (9.7).</summary>
    public static Column GaussNewtonShare { get; } =
        new(
            "gauss_newton_share",
            @"$v_1 \cdot G v_1 / \lambda_1$: above 1 where the curvature of the outputs lowers the sharpness"
        )
        {
            Label = "Gauss-Newton share of the sharpness",
            Unit = "1",
            Source = "(9.7)",
            Runs = Request("gauss-newton-share"),
            Measured = "one Gauss–Newton product; on sums of squares one gradient of each residual",
            Error = "that of $v_1$",
        };

    /// <summary>The alignment of the gradient with v_1, eq. (9.7).</summary>
    public static Column GradientAlignment { get; } =
        new("gradient_alignment", @"$\lvert g \cdot v_1 \rvert / \lvert g \rvert$")
        {
            Label = "alignment of g with v₁",
            Range = "0 to 1",
            Source = "(9.7)",
            Runs = Request("gradient-alignment"),
            Measured = "inner product; nothing more is evaluated",
            Error = "that of $v_1$; NaN where there is no gradient",
        };

    /// <summary>The dimension of Kaplan and Yorke of the run, eq. (9.8).</summary>
    public static Column SharpnessDimension { get; } =
        new(
            "sharpness_dimension",
            "the sharpness dimension with the finite-time Lyapunov exponents of the run: at most the sharpness dimension by its definition"
        )
        {
            Label = "sharpness dimension",
            Unit = "1",
            Range = "0 to $P$",
            Source = "(9.8)",
            Runs = Request("sharpness-dimension"),
            Measured = "from `lyapunov_1` … `lyapunov_n`",
            Error = "that of the exponents; NaN where $n$ of them do not reach its end, so that it is at least $n$",
        };

    /// <summary>The steps in which nearby runs drift apart by the factor e, eq. (9.9).</summary>
    public static Column PredictabilityTime { get; } =
        new(
            "predictability_time",
            @"$1 / \Lambda_1$, the steps in which nearby runs drift apart by the factor $\mathrm e$"
        )
        {
            Unit = "steps",
            Range = "above 0; infinite where they do not",
            Source = "(9.9)",
            Runs = Request("sharpness-dimension"),
            Measured = "from `lyapunov_1`",
            Error = "that of the exponent",
        };

    /// <summary>The loss of the samples held back.</summary>
    public static Column TestLoss { get; } =
        new("test_loss", "$L$ of the test samples at the point, without the quadratic term (7.6)")
        {
            Label = "test loss",
            Unit = "loss",
            Runs = "networks with `--observables test-loss`",
            Measured = "one forward pass",
            Error = "rounding",
        };

    private const string OverBatches =
        "independent minibatches until the standard error is 5 % of the mean, 16 to 400 of them";

    /// <summary>All of them, in the order of the page.</summary>
    internal static IReadOnlyList<DeclaredColumn> OnRequest =>
        [
            RealisedEdge,
            RealisedEdgeAlongLeading,
            RealisedEdgeError,
            CriticalSharpness,
            CriticalRatio,
            CriticalPasses,
            BatchSharpness,
            BatchSharpnessError,
            BatchSharpnessBatches,
            NoiseInteraction,
            NoiseInteractionError,
            NoiseInteractionBatches,
            BatchLambda,
            BatchLambdaError,
            BatchLambdaBatches,
            BatchLambdaLargest,
            GaussNewtonShare,
            GradientAlignment,
            SharpnessDimension,
            PredictabilityTime,
            TestLoss,
        ];

    private static string Request(string name) => $"runs with `--observables {name}`";

    private static Column ErrorOf(string column, string observable, string unit, string source) =>
        new(column + "_error", $"standard error of `{column}`")
        {
            Unit = unit,
            Source = source,
            Runs = Request(observable),
            Measured = "scatter of the batches",
            Error = "itself an estimate",
        };

    private static Column BatchesOf(string column, string observable, string source) =>
        new(column + "_batches", $"batches drawn for `{column}`")
        {
            Unit = "count",
            Source = source,
            Runs = Request(observable),
            Measured = "counted",
            Error = "none",
        };
}
