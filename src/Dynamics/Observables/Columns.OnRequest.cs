namespace FlatBias.Dynamics.Observables;

/// <content>What a run measures on request only, section 9 of docs/theory.md.</content>
public static partial class Columns
{
    /// <summary>zeta of the coming step, eq. (9.1).</summary>
    public static Column RealisedEdge { get; } =
        new(
            "realised_edge",
            @"$\zeta = B / A$ of the coming step: the loss falls at it where this is below 1 " + @"($A \gt 0$)"
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
    public static Column LyapunovDimension { get; } =
        new(
            "lyapunov_dimension",
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

    /// <summary>S_inf, eq. (9.10).</summary>
    public static Column MaxNormSharpness { get; } =
        new(
            "max_norm_sharpness",
            @"$S_\infty = \max\, d \cdot H d$ over $\lvert d_i \rvert \le 1$, the sharpness in the norm of the largest component"
        )
        {
            Label = "sharpness in the norm of the largest component",
            Unit = "loss units, order 2, times squared length",
            Range = "at least 0",
            Source = "(9.10)",
            Runs = Request("max-norm-sharpness"),
            Measured = @"the iteration $d \leftarrow \mathrm{sign}(H d)$ from the signs of $g$ and of $v_1$",
            Error = "a maximum nearby: a bound from below",
        };

    /// <summary>|g|_1, eq. (9.10).</summary>
    public static Column GradientSum { get; } =
        new(
            "gradient_sum",
            @"$\lvert g \rvert_1$, the sum of $\lvert g_i \rvert$: what the loss falls by a unit of step size under sign descent, to first order"
        )
        {
            Unit = "loss",
            Source = "(9.10)",
            Runs = Request("max-norm-sharpness"),
            Measured = "inner product of the gradient and its signs",
            Error = "rounding",
        };

    /// <summary>|P|, eq. (9.11).</summary>
    public static Column DivisorNorm { get; } =
        new(
            "divisor_norm",
            @"$\lvert P \rvert$, the norm of what the rule divides by, component by component; `gradient_norm` well below it no longer enters it"
        )
        {
            Label = "norm of the divisor",
            Unit = "that of the gradient, for the adaptive rules",
            Source = "(9.11)",
            Runs = Request("divisor-norm"),
            Measured = "from the rule's own denominators as the last step left them",
            Error = "rounding; NaN before the first step, and for `muon`",
        };

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
            LyapunovDimension,
            PredictabilityTime,
            TestLoss,
            MaxNormSharpness,
            GradientSum,
            DivisorNorm,
        ];

    private static string Request(string name) => $"runs with `--observables {name}`";
}
