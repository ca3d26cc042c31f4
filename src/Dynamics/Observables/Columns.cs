namespace FlatBias.Dynamics.Observables;

/// <summary>The columns of a run on any surface, each declared once.</summary>
public static partial class Columns
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> All =>
        [
            Step,
            StepSize,
            Loss,
            GradientNorm,
            Sharpness,
            NextEigenvalue,
            TrailingEigenvalue,
            Residual,
            TrailingResidual,
            Rotation,
            Turn,
            RotationFloor,
            Predecessor,
            PredictedRotation,
            Similarity,
            ThirdMoment,
            FourthMoment,
            StabilityNumber,
            EffectiveSharpness,
            SpectralMoment,
            Jump,
            ValleyJump,
            OnsetAlignment,
            Coordinate,
            Lyapunov,
            .. OnRequest,
            MeasurementForwardPasses,
            MeasurementGradients,
            MeasurementProducts,
            MeasurementCost,
        ];

    /// <summary>The step t, before which the row was measured; 0 is the start.</summary>
    public static Column Step { get; } =
        new("step", "steps taken so far")
        {
            Label = "step",
            Unit = "count",
            Measured = "the loop",
            Error = "none",
        };

    /// <summary>The step size eta of the coming step.</summary>
    public static Column StepSize { get; } =
        new("step_size", @"$\eta$ of the coming step")
        {
            Label = "step size η",
            Measured = "the loop",
            Error = "none",
        };

    /// <summary>The loss L.</summary>
    public static Column Loss { get; } =
        new("loss", "$L$ at the point, full batch, with the quadratic term (7.6) where the loss has one")
        {
            Label = "loss L",
            Unit = "loss",
            Measured = "one forward pass, or the formula",
            Error = "rounding",
        };

    /// <summary>The norm of the gradient.</summary>
    public static Column GradientNorm { get; } =
        new("gradient_norm", @"$\lvert g \rvert$")
        {
            Unit = "loss units, order 1",
            Measured = "reverse mode, or the formula",
            Error = "rounding",
        };

    /// <summary>eta S_eff over the edge of the run's update rule, eqs. (1.2), (7.1), and with weight decay its share
    /// (7.5): stable below 1.</summary>
    public static Column StabilityNumber { get; } =
        new(
            "stability_number",
            @"$\eta S_{\mathrm{eff}}$ over the edge of the run's own update rule: stable below 1. For gradient descent "
                + @"$\eta S / 2$; with weight decay $w$ plus $\eta w / 2$; NaN for an adaptive rule before its first step"
        )
        {
            Label = "stability number ηS/2",
            Unit = "1",
            Source = "(1.2), (7.1), (7.5)",
            Measured = "from `step_size` and the (effective) sharpness of the row",
            Error = "that of the sharpness",
        };

    /// <summary>The largest eigenvalue of the preconditioned Hessian, eq. (7.1).</summary>
    public static Column EffectiveSharpness { get; } =
        new("effective_sharpness", @"$S_{\mathrm{eff}} = \lambda_{\max}(P^{-1/2} H P^{-1/2})$")
        {
            Unit = @"that of $1/\eta$",
            Source = "(7.1)",
            Runs = "rules with a divisor (`normalised`, `sign`, the adaptive ones, clipped gradients)",
            Measured =
                "Lanczos with the rule's own denominators $P$ as the last step left them, started from the last "
                + "effective eigenvector and $v_1$; NaN before the first step",
            Error = "same tolerance as the sharpness; its residual is not stored",
        };

    /// <summary>Half the displacement along v_1 since the previous measurement, eq. (1.9).</summary>
    public static Column Jump { get; } =
        new(
            "jump_1",
            "half the displacement along $v_1$ since the previous *measurement*, "
                + @"$(\theta - \bar\theta) \cdot v_1$, signed"
        )
        {
            Unit = "length",
            Source = "(1.9)",
            Measured = "inner product with the present $v_1$",
            Error = "that of $v_1$",
        };

    /// <summary>Whether the jump has changed its sign, eq. (1.9).</summary>
    public static Column ValleyJump { get; } =
        new("valley_jump", "1 where `jump_1` has changed its sign since the previous measurement, else 0")
        {
            Range = "0 or 1",
            Source = "(1.9)",
            Measured = "from `jump_1`",
            Error = "see below",
        };

    /// <summary>The part of v_1 that lies along the v_1 of the onset: eq. (3.5) for any surface.</summary>
    public static Column OnsetAlignment { get; } =
        new(
            "onset_alignment",
            @"$\lvert v_1 \cdot e \rvert$, with $e$ the leading eigenvector at the first measurement whose "
                + "`stability_number` exceeds 1; NaN before"
        )
        {
            Range = "0 to 1",
            Source = "after (3.5)",
            Measured = "inner product",
            Error = "that of the two eigenvectors; no floor is subtracted",
        };

    /// <summary>The coordinates of a landscape.</summary>
    public static IndexedColumn Coordinate { get; } =
        new("theta_", "P", "coordinates of the point")
        {
            Runs = "simulations",
            Measured = "the point",
            Error = "none",
        };

    /// <summary>Finite-time Lyapunov exponents of the run itself, a step.</summary>
    public static IndexedColumn Lyapunov { get; } =
        new(
            "lyapunov_",
            "n",
            "finite-time Lyapunov exponents of the run itself, from its start to here: mean logarithm a step by which an "
                + @"orthonormal frame of tangent vectors grows under $v^+ = v - \eta H v$; above 0, nearby runs drift apart"
        )
        {
            Unit = "1/step",
            Runs = "runs with `--lyapunov n`",
            Measured = "the frame is carried along every step, and orthonormalised",
            Error = "the first steps, while the frame still turns into place, weigh on the mean as their share of it",
        };

    /// <summary>Losses evaluated for the row.</summary>
    public static Column MeasurementForwardPasses { get; } =
        Cost("measurement_forward_passes", "losses evaluated for the row");

    /// <summary>Gradients evaluated for the row.</summary>
    public static Column MeasurementGradients { get; } =
        Cost("measurement_gradients", "gradients evaluated for the row");

    /// <summary>Hessian products made for the row.</summary>
    public static Column MeasurementProducts { get; } =
        Cost("measurement_products", "Hessian products made for the row");

    /// <summary>What the measurement of the row cost, in gradient-equivalents.</summary>
    public static Column MeasurementCost { get; } =
        Cost("measurement_cost", "all that the row cost") with
        {
            Unit = "gradient-equivalents",
        };

    private static Column Cost(string name, string meaning) =>
        new(name, meaning)
        {
            Unit = "count",
            Measured = "the surface's ledger",
            Error = "none",
        };
}
