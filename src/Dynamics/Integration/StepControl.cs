namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Proportional-integral step control (Gustafsson 1991): after an accepted step the next is 0.9 e_n^(-0.7/q)
/// e_(n-1)^(0.4/q) times as long, within [0.2, 5] and not longer right after a rejection; after a rejected step 0.9
/// e^(-1/q) times,
/// at least 0.2. e is the error over the tolerance, and q the order of that error in the step. What an error too small
/// to be seen allows is bounded by eq. (10.15).
/// </summary>
internal struct StepControl(int order)
{
    /// <summary>
    /// An error below it is rounding at the usual tolerances (2^-53 over 1e-9 or 1e-10, a few times), and calls for a
    /// step that is longer by more than the 5 allowed: it says nothing about what the longer step will meet.
    /// </summary>
    public const double Unseen = 1e-5;

    private double _last = 1;
    private bool _rejected;

    /// <summary>The next step.</summary>
    /// <param name="error">The error of the accepted step.</param>
    /// <param name="step">The accepted step.</param>
    /// <param name="reach">The length of the span, or of its part between two jumps.</param>
    public double AfterAcceptance(double error, double step, double reach)
    {
        var unseen = error < Unseen;
        error = Math.Max(error, 1e-10);
        var factor = Math.Clamp(
            0.9 * Math.Pow(error, -0.7 / order) * Math.Pow(_last, 0.4 / order),
            0.2,
            _rejected ? 1 : 5
        );
        (_last, _rejected) = (error, false);
        var size = factor * Math.Abs(step);
        if (unseen)
            size = Math.Min(size, Math.Max(Math.Abs(step), reach / 10));
        return Math.CopySign(size, step);
    }

    /// <summary>The factor by which the step shrinks.</summary>
    public double AfterRejection(double error)
    {
        _rejected = true;
        return double.IsFinite(error) ? Math.Max(0.2, 0.9 * Math.Pow(error, -1.0 / order)) : 0.2;
    }
}
