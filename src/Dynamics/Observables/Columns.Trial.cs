namespace FlatBias.Dynamics.Observables;

/// <content>A run beside what the theories said of it from one reference point.</content>
public static partial class Columns
{
    /// <summary>Those of a trial along v_1 of the reference point, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> Trial =>
        [
            .. OfTheRun(Step, Displacement, Sharpness, Loss),
            ReferenceRotation,
            ReferenceMoment,
            .. Forecasts,
            .. OfTheRun(StepSize, GradientNorm, TrailingEigenvalue),
            Residual,
            TrailingResidual,
            Rotation,
            Turn,
            RotationFloor,
            Predecessor,
            Similarity,
            ThirdMoment,
            FourthMoment,
            StabilityNumber,
            Jump,
            ValleyJump,
            OnsetAlignment,
            MeasurementForwardPasses,
            MeasurementGradients,
            MeasurementProducts,
            MeasurementCost,
            Reference,
            JetCost,
            TrustDistance,
            TrustCurvature,
            TrustFeedback,
            TrustEnds,
            TrustPath,
            PathCost,
            CollocationCost,
            CollocationPath,
            CollocationPathCost,
            SwingLow,
            SwingHigh,
            SwingTurning,
            Predictability,
            SpanLimit,
            .. Stochastic,
        ];

    /// <summary>Those of a trial along a direction that is given, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> FixedDirectionTrial =>
        [.. OfTheRun(Step, Displacement, Curvature, Loss), .. Forecasts];

    /// <summary>u, the way from the reference point along the direction of the jet.</summary>
    public static Column Displacement { get; } =
        new(
            "displacement",
            @"$u = v \cdot (\theta - \theta_0)$, with $\theta_0$ the reference point and $v$ the direction of the jet"
        )
        {
            Unit = "length",
        };

    /// <summary>The second derivative along the direction of the jet.</summary>
    public static Column Curvature { get; } =
        new("curvature", "second derivative along the direction of the jet; *not* the leading eigenvalue")
        {
            Label = "curvature ∂²L/∂u²",
            Unit = OrderTwo,
        };

    /// <summary>The angle between v_1 and that of the reference point, eq. (1.5).</summary>
    public static Column ReferenceRotation { get; } =
        new("reference_rotation_1", "angle between $v_1$ and that of the reference point, whatever lies between")
        {
            Unit = "degrees",
            Range = "0 to 90",
            Source = "(1.5)",
        };

    /// <summary>Derivatives along the reference direction, eq. (1.3).</summary>
    public static IndexedColumn ReferenceMoment { get; } =
        new(
            "reference_m",
            "4",
            "$D^k L[v^k]$ along the $v$ of the reference point, as `m3` is along the $v_1$ of the row"
        )
        {
            First = 3,
            Unit = "loss units, order $k$",
            Source = "(1.3)",
        };

    private const string Networks = "`flatbias forecast`";

    /// <summary>How many steps lie before the reference point.</summary>
    public static Column Reference { get; } =
        new("reference", "steps before the reference point, in every row") { Unit = "count", Runs = Networks };

    /// <summary>What the jet cost.</summary>
    public static Column JetCost { get; } =
        new(
            "jet_cost",
            "what the jet cost, its eigenpair included, in every row; in a trial of theories the Taylor jet"
        )
        {
            Unit = "gradient-equivalents",
            Runs = Networks,
        };

    /// <summary>Where the jet was held against the surface.</summary>
    public static Column TrustDistance { get; } =
        new(
            "trust_distance",
            @"$\lvert u \rvert$ at which the jet was held against the surface along $v_1$, in every row"
        )
        {
            Unit = "length",
            Runs = Networks,
        };

    /// <summary>How far the jet's mean curvature is off there.</summary>
    public static Column TrustCurvature { get; } =
        new("trust_curvature", "relative error there of the curvature averaged over the swing") { Runs = Networks };

    /// <summary>How far the jet's push on the floor is off there.</summary>
    public static Column TrustFeedback { get; } =
        new("trust_feedback", @"relative error there of the push of $u$ on the floor along $\nabla m_2$")
        {
            Runs = Networks,
        };

    /// <summary>How far the jet's curvature at the ends of the swing is off there.</summary>
    public static Column TrustEnds { get; } =
        new("trust_ends", "relative error there of the curvature at the two ends of the swing") { Runs = Networks };

    /// <summary>How far the jet's sharpness is off along the path that it forecasts, eq. (4.16).</summary>
    public static Column TrustPath { get; } =
        new("trust_path", "largest relative difference of the two sharpnesses along the path forecast, in every row")
        {
            Source = "(4.16)",
            Runs = Networks,
        };

    /// <summary>What holding the jet against the surface along the path cost.</summary>
    public static Column PathCost { get; } =
        new("path_cost", "what that check cost, not counted with the jet")
        {
            Unit = "gradient-equivalents",
            Runs = Networks,
        };

    /// <summary>What the collocation jet cost.</summary>
    public static Column CollocationCost { get; } =
        new("collocation_cost", "what the collocation jet cost, likewise")
        {
            Unit = "gradient-equivalents",
            Source = "(4.11)",
            Runs = Networks,
        };

    /// <summary>How far the sharpness of a collocation jet is off along the path that it forecasts, eq. (4.16).</summary>
    public static Column CollocationPath { get; } =
        new("collocation_path", "`trust_path` of the collocation jet") { Source = "(4.16)", Runs = Networks };

    /// <summary>What holding a collocation jet against the surface along the path cost.</summary>
    public static Column CollocationPathCost { get; } =
        new("collocation_path_cost", "`path_cost` of the collocation jet")
        {
            Unit = "gradient-equivalents",
            Runs = Networks,
        };

    /// <summary>The lower end of the swing of a collocation jet, eq. (4.14).</summary>
    public static Column SwingLow { get; } =
        new("swing_low", "the lowest $u$ at which a collocation jet looked at the surface, in every row")
        {
            Unit = "length",
            Source = "(4.14)",
            Runs = Networks,
        };

    /// <summary>The upper end.</summary>
    public static Column SwingHigh { get; } =
        new("swing_high", "the highest, likewise")
        {
            Unit = "length",
            Source = "(4.14)",
            Runs = Networks,
        };

    /// <summary>How far the swing turns v_1.</summary>
    public static Column SwingTurning { get; } =
        new(
            "swing_turning",
            @"$\lvert P_\perp H v \rvert / (\lambda_1 - \lambda_2)$ at the worse of the two ends: above 1, $v_1$ is no direction of its own over the swing"
        )
        {
            Source = "(4.11)",
            Runs = Networks,
        };

    /// <summary>The predictability limit, eq. (4.18).</summary>
    public static Column Predictability { get; } =
        new(
            "predictability",
            @"mean relative difference of $S$ between the run and one started a thousandth of the largest $\lvert u \rvert$ away, in every row"
        )
        {
            Source = "(4.18)",
            Runs = Networks,
        };

    /// <summary>What the span of a jet leaves out, eq. (4.22).</summary>
    public static Column SpanLimit { get; } =
        new(
            "span_limit",
            "mean relative difference of $S$ between the run and gradient descent on the exact loss restricted to the span of the jet, in every row"
        )
        {
            Source = "(4.22)",
            Runs = Networks,
        };

    /// <summary>The size of the oscillation of u that a theory forecasts, where it knows no single steps.</summary>
    public const string Amplitude = "amplitude";

    /// <summary>How far a theory trusts its own forecast: small against 1 while it may be believed.</summary>
    public const string Validity = "validity";

    /// <summary>The column of what a theory forecasts of another column.</summary>
    /// <param name="theory">The theory's name.</param>
    /// <param name="column">What it forecasts.</param>
    public static string Forecast(string theory, string column) => $"{theory}_{column}";

    private static IReadOnlyList<DeclaredColumn> Forecasts =>
        [
            Of(Displacement, "the theory's $u_t$, if it forecasts one", Displacement.Unit),
            Of(
                Sharpness,
                @"its forecast of the curvature along the jet's direction (moment maps), or of $\lambda_1$",
                Sharpness.Unit
            ),
            Of(Loss, "its forecast of the loss", Loss.Unit),
            Of(ReferenceRotation, "its forecast of the turn of $v_1$, if it has one", ReferenceRotation.Unit),
            Of(
                Amplitude,
                "the size of the oscillation of $u$, of a theory that knows its envelope alone",
                Displacement.Unit
            ),
            Of(
                ReferenceMoment[3],
                "its forecast of the third derivative along the jet's direction, if it has one",
                "loss units, order 3"
            ),
            Of(ReferenceMoment[4], "the same of the fourth", "loss units, order 4"),
            Of(Validity, "its own diagnostic, small against 1 while it may be believed"),
        ];

    /// <summary>Columns of the run itself, measured as everywhere.</summary>
    private static IEnumerable<Column> OfTheRun(params Column[] columns) =>
        columns.Select(column => column with { Measured = "", Error = "" });

    private static KeyedColumn Of(string column, string meaning, string unit = "") =>
        new("", "THEORY", Forecast("", column), meaning) { Unit = unit };
}
