namespace FlatBias.Dynamics.Observables;

/// <content>Means over minibatches that a run measures on request, eqs. (9.4) to (9.6).</content>
public static partial class Columns
{
    private const string OverBatches =
        "independent minibatches until the standard error is 5 % of the mean, 16 to 400 of them";

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
