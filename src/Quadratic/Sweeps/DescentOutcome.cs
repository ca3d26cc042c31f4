using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Sweeps;

namespace FlatBias.Quadratic.Sweeps;

/// <summary>What a descent of a study came to.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Loss">The loss at the end.</param>
/// <param name="LargestLoss">The largest loss on the way, both ends included.</param>
/// <param name="InitialSharpness">The sharpness S at the start, eq. (1.2), by a dense solver.</param>
/// <param name="Sharpness">The sharpness at the end; NaN where the run diverged.</param>
/// <param name="End">The coordinates of the end.</param>
/// <param name="Forecast">What the study's theory said, or null where there is none.</param>
public sealed record DescentOutcome(
    StopReason Reason,
    int Steps,
    double Loss,
    double LargestLoss,
    double InitialSharpness,
    double Sharpness,
    double[] End,
    EndForecast? Forecast = null
) : ISweepOutcome
{
    /// <inheritdoc/>
    public bool Diverged => Reason == StopReason.Diverged;
}

/// <summary>What a theory said, from the start alone, of the point at which the descent ended.</summary>
/// <param name="Sharpness">Its sharpness there; NaN where it declined.</param>
/// <param name="Loss">Its loss there; NaN where it declined.</param>
/// <param name="Validity">The largest of its own diagnostic up to there: small compared with 1 while it may be believed; NaN where it declined.</param>
public sealed record EndForecast(double Sharpness, double Loss, double Validity);
