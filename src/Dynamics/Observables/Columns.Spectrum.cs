namespace FlatBias.Dynamics.Observables;

/// <content>The spectrum at a point.</content>
public static partial class Columns
{
    private const string OrderTwo = "loss units, order 2";

    /// <summary>The sharpness S, eq. (1.2).</summary>
    public static Column Sharpness { get; } =
        new("sharpness", @"$S = \lambda_1$")
        {
            Label = "sharpness S",
            Unit = OrderTwo,
            Source = "(1.2)",
            Measured = "Lanczos, see below",
            Error = "at most `residual_1`",
        };

    /// <summary>The leading eigenvalues after the first.</summary>
    public static IndexedColumn NextEigenvalue { get; } =
        new("lambda_", "k", "the next leading eigenvalues, signed, largest first")
        {
            First = 2,
            Unit = OrderTwo,
            Measured = "as above",
            Error = "at most `residual_i`",
        };

    /// <summary>The smallest eigenvalue lambda_P.</summary>
    public static Column TrailingEigenvalue { get; } =
        new("lambda_min", @"$\lambda_P$, the smallest eigenvalue; $\lambda_{\mathrm{neg}}$ where negative")
        {
            Unit = OrderTwo,
            Measured = "the other end of the same Lanczos run",
            Error = "at most `residual_min`",
        };

    /// <summary>Residuals of the leading pairs.</summary>
    public static IndexedColumn Residual { get; } =
        new("residual_", "k", @"$\lvert H v - \lambda v \rvert$ of the leading pairs")
        {
            Unit = OrderTwo,
            Measured = ResidualMeasured,
            Error = "itself an estimate",
        };

    /// <summary>The residual of the trailing pair.</summary>
    public static Column TrailingResidual { get; } =
        new("residual_min", "the same of the trailing pair")
        {
            Unit = OrderTwo,
            Measured = "as above",
            Error = "itself an estimate",
        };

    /// <summary>The third derivative along v_1, eq. (1.3).</summary>
    public static Column ThirdMoment { get; } =
        new("m3", "$D^3 L[v_1^3]$")
        {
            Unit = "loss units, order 3",
            Source = "(1.3)",
            Measured = "closed form, or one Taylor-mode pass through the layers",
            Error = "rounding, plus the error of $v_1$",
        };

    /// <summary>The fourth derivative along v_1, eq. (1.3).</summary>
    public static Column FourthMoment { get; } =
        new("m4", "$D^4 L[v_1^4]$")
        {
            Unit = "loss units, order 4",
            Source = "(1.3)",
            Measured = "as above",
            Error = "as above",
        };

    /// <summary>The means of powers of all eigenvalues, eq. (1.4).</summary>
    public static IndexedColumn SpectralMoment { get; } =
        new(
            "spectral_moment_",
            "4",
            @"$M_k = \mathrm{tr}(H^k) / P$; only where all $P$ eigenvalues are measured, that is on landscapes with "
                + @"$P \le 6$"
        )
        {
            Unit = "loss units, order 2, to the power $k$",
            Source = "(1.4)",
            Measured = "sums of powers of the eigenvalues of the row",
            Error = "that of the eigenvalues",
        };

    private const string ResidualMeasured =
        "last Lanczos coefficient times last component of the Ritz vector, never below its rounding error";

    /// <summary>The column of the i-th leading eigenvalue: the sharpness for 1, lambda_i after that.</summary>
    /// <param name="index">From 1.</param>
    public static string Eigenvalue(int index) => index == 1 ? Sharpness : NextEigenvalue[index];
}
