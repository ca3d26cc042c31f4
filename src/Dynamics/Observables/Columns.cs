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

    /// <summary>The column of the i-th leading eigenvalue: the sharpness for 1, lambda_i after that.</summary>
    /// <param name="index">From 1.</param>
    /// <returns>The column's name.</returns>
    public static string Eigenvalue(int index) => index == 1 ? Sharpness : $"lambda_{index}";

    /// <summary>The column of the i-th coordinate of a landscape.</summary>
    /// <param name="index">From 1.</param>
    /// <returns>The column's name.</returns>
    public static string Coordinate(int index) => $"theta_{index}";
}
