using FlatBias.Dynamics.Observables;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>The columns of stochastic descent whose contraction of imbalances is split as under (3.12).</summary>
public static class NoiseShareColumns
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> All =>
        [
            Columns.Step with
            {
                Measured = "",
                Error = "",
            },
            Columns.Loss with
            {
                Meaning = "full-batch loss",
                Measured = "",
                Error = "",
            },
            Imbalance,
            Contraction,
            FullBatchContraction,
            IdentityError,
        ];

    /// <summary>The sizes of the imbalances, summed.</summary>
    public static Column Imbalance { get; } = new("imbalance", @"$\sum_i \lvert u_i^2 - v_i^2 \rvert$");

    /// <summary>The logarithms of all factors so far, eq. (3.12).</summary>
    public static Column Contraction { get; } =
        new(
            "contraction",
            @"$\sum \log \lvert 1 - \eta^2 z_{B,i}'^2 \rvert$ with the slopes of the minibatches, 0 at the start and "
                + "negative where imbalances shrink"
        )
        {
            Source = "(3.12)",
        };

    /// <summary>The same with full-batch slopes: the instability's part.</summary>
    public static Column FullBatchContraction { get; } =
        new("contraction_full", "the same with the full-batch slopes at the same points") { Source = "(3.12)" };

    /// <summary>How far the identity (3.12) is off, in units of rounding.</summary>
    public static Column IdentityError { get; } =
        new(
            "identity_error",
            @"largest deviation so far of $D_i^+$ from $D_i (1 - \eta^2 z_{B,i}'^2)$, in units of the roundoff times the "
                + "size of the numbers that enter"
        )
        {
            Source = "(3.12)",
        };
}
