namespace FlatBias.Dynamics.Observables;

/// <content>The leading frame, and how it turns.</content>
public static partial class Columns
{
    /// <summary>How far each leading eigenvector turned since the previous measurement, eq. (1.6).</summary>
    public static IndexedColumn Rotation { get; } =
        new(
            "rotation_",
            "k",
            "angle between $v_i$ and the eigenvector that it continues, since the previous *measurement*"
        )
        {
            Label = "angle since the last measurement (degrees)",
            Unit = "degrees",
            Range = "0 to 90",
            Source = "(1.6)",
            Measured = "sine and cosine of the matched pair",
            Error = "`rotation_floor_1` for $v_1$",
        };

    /// <summary>The angle of v_1 with the previous v_1, unmatched.</summary>
    public static Column Turn { get; } =
        new(
            "turn_1",
            "angle between $v_1$ and the previous $v_1$, whatever continues what: differs from `rotation_1` at a crossing, "
                + "and shows turns above 45° where the frame spans the whole space, which matching must take for a crossing"
        )
        {
            Unit = "degrees",
            Range = "0 to 90",
            Measured = "as above, unmatched",
            Error = "as `rotation_1`",
        };

    /// <summary>The angle that could have been noise.</summary>
    public static Column RotationFloor { get; } =
        new("rotation_floor_1", "noise floor of `rotation_1`")
        {
            Unit = "degrees",
            Range = "0 to 180",
            Source = "(10.6)",
            Measured = @"sum of $\arcsin \min(1, r/\delta)$ over the two frames compared",
            Error = @"$\delta$ of (10.6): distance to the nearest known eigenvalue, and to where an unseen one may lie",
        };

    /// <summary>Which pair of the previous frame the leading one continues, from 1.</summary>
    public static Column Predecessor { get; } =
        new("predecessor_1", "which pair of the previous frame the present leading one continues, counted from 1")
        {
            Unit = "index",
            Measured = "assignment on the overlaps",
            Error = "see crossings below",
        };

    /// <summary>The rotation that first-order perturbation expects, eq. (1.7).</summary>
    public static Column PredictedRotation { get; } =
        new("predicted_rotation_1", @"$\lvert dv_1 \rvert$ to first order")
        {
            Unit = "degrees",
            Range = "not bounded by 90",
            Source = "(1.7)",
            Runs = "simulations, and networks with `--predict-rotation`",
            Measured = @"conjugate gradients on $\lambda_1 I - H$",
            Error = @"second order in the angle; infinite where $\lambda_1$ is degenerate within rounding",
        };

    /// <summary>The similarity of the leading j vectors to those of the reference frame, eq. (1.5).</summary>
    public static IndexedColumn Similarity { get; } =
        new(
            "similarity_",
            "k",
            @"$\rho_j$ between the reference frame (the first one measured, or that of `--reference-step`) and this one, "
                + "leading $j$ vectors"
        )
        {
            Label = "similarity ρₖ",
            Range = "0 to 1; NaN before the reference",
            Source = "(1.5)",
            Measured = "principal angles",
            Error = "that of the two frames; no floor is subtracted",
        };
}
