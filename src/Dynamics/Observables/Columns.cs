namespace FlatBias.Dynamics.Observables;

/// <summary>The names of the columns that more than one place reads or writes.</summary>
public static class Columns
{
    /// <summary>The step t, before which the row was measured; 0 is the start.</summary>
    public const string Step = "step";

    /// <summary>The step size eta of the coming step.</summary>
    public const string StepSize = "step_size";

    /// <summary>eta S_eff over the edge of the run's update rule, eqs. (1.2), (7.1): stable below 1.</summary>
    public const string StabilityNumber = "stability_number";

    /// <summary>The loss L.</summary>
    public const string Loss = "loss";

    /// <summary>The norm of the gradient.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>The sharpness S, eq. (1.2).</summary>
    public const string Sharpness = "sharpness";

    /// <summary>The smallest eigenvalue lambda_P.</summary>
    public const string TrailingEigenvalue = "lambda_min";

    /// <summary>What the measurement of the row cost, in gradient-equivalents.</summary>
    public const string MeasurementCost = "measurement_cost";

    /// <summary>u = v . (theta - theta_0): theta_0 a reference point, v the unit direction of the jet there.</summary>
    public const string Displacement = "displacement";

    /// <summary>The angle in degrees between v_1 and that of a reference point, (1.5), whatever lies between.</summary>
    public const string ReferenceRotation = "reference_rotation_1";

    /// <summary>
    /// The column of D^k L[v^k], (1.3), along the v of a reference point, as <c>m3</c> is along the v_1 of the row.
    /// </summary>
    /// <param name="order">k.</param>
    /// <returns>The column's name.</returns>
    public static string ReferenceMoment(int order) => $"reference_m{order}";

    /// <summary>The column of what a theory forecasts of another column.</summary>
    /// <param name="theory">The theory's name.</param>
    /// <param name="column">What it forecasts.</param>
    /// <returns>The column's name.</returns>
    public static string Forecast(string theory, string column) => $"{theory}_{column}";

    /// <summary>The column of the i-th leading eigenvalue: the sharpness for 1, lambda_i after that.</summary>
    /// <param name="index">From 1.</param>
    /// <returns>The column's name.</returns>
    public static string Eigenvalue(int index) => index == 1 ? Sharpness : $"lambda_{index}";

    /// <summary>The column of the i-th coordinate of a landscape.</summary>
    /// <param name="index">From 1.</param>
    /// <returns>The column's name.</returns>
    public static string Coordinate(int index) => $"theta_{index}";
}
