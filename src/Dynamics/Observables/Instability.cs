namespace FlatBias.Dynamics.Observables;

/// <summary>
/// One instability of a run, eq. (1.8): from the first step with eta S > 2 until eta S is below 2 again and the loss is back below its value at onset.
/// </summary>
/// <param name="Onset">Index of the first measurement with eta S above 2.</param>
/// <param name="Peak">Index of the largest loss within the instability, the first of equals; a loss that is not a number counts as the largest.</param>
/// <param name="Resolution">Index of the first measurement past the end, or null when the run ended first.</param>
public readonly record struct Instability(int Onset, int Peak, int? Resolution)
{
    /// <summary>Cuts a run into its instabilities by the stability number with hysteresis.</summary>
    /// <param name="stepSize">The step size eta at each measurement.</param>
    /// <param name="sharpness">The sharpness S at each measurement; NaN where it was not measured keeps the last state.</param>
    /// <param name="loss">The loss at each measurement.</param>
    /// <returns>The instabilities in order of time; indices refer to the given series.</returns>
    public static IReadOnlyList<Instability> Segment(
        ReadOnlySpan<double> stepSize,
        ReadOnlySpan<double> sharpness,
        ReadOnlySpan<double> loss
    )
    {
        Require.Length(sharpness.Length, stepSize.Length, nameof(sharpness));
        Require.Length(loss.Length, stepSize.Length, nameof(loss));
        var found = new List<Instability>();
        var (onset, peak) = (-1, -1);
        for (var i = 0; i < loss.Length; i++)
        {
            var number = stepSize[i] * sharpness[i];
            if (onset < 0)
            {
                if (number > 2)
                    onset = peak = i;
                continue;
            }

            if (!(loss[i] <= loss[peak]) && !double.IsNaN(loss[peak]))
                peak = i;
            if (number < 2 && loss[i] < loss[onset])
            {
                found.Add(new Instability(onset, peak, i));
                onset = -1;
            }
        }

        if (onset >= 0)
            found.Add(new Instability(onset, peak, null));
        return found;
    }

    /// <summary>
    /// The second, independent segmentation of eq. (1.8): local maxima of the loss that stand above the running median by a factor.
    /// It sees nothing of the curvature.
    /// </summary>
    /// <param name="loss">The loss series; finite.</param>
    /// <param name="window">Half-width of the running median in measurements, at least 1.</param>
    /// <param name="prominence">A peak's height over the running median, as a factor above 1.</param>
    /// <returns>Indices of the peaks, in order. They are taken highest first, and one nearer than the half-width to a peak already taken is left out.</returns>
    public static IReadOnlyList<int> LossPeaks(ReadOnlySpan<double> loss, int window = 10, double prominence = 1.5)
    {
        Require.InRange(window, 1);
        if (!(prominence > 1))
            throw new ArgumentOutOfRangeException(
                nameof(prominence),
                prominence,
                $"prominence is {prominence}; it must be above 1."
            );
        var candidates = new List<int>();
        for (var i = 1; i + 1 < loss.Length; i++)
        {
            if (!(loss[i] >= loss[i - 1] && loss[i] > loss[i + 1]))
                continue;
            var from = Math.Max(0, i - window);
            var around = loss[from..Math.Min(loss.Length, i + window + 1)].ToArray();
            Array.Sort(around);
            if (loss[i] > prominence * around[around.Length / 2])
                candidates.Add(i);
        }

        var heights = loss.ToArray();
        var peaks = new List<int>();
        foreach (var i in candidates.OrderByDescending(i => heights[i]))
            if (peaks.TrueForAll(taken => Math.Abs(taken - i) >= window))
                peaks.Add(i);
        peaks.Sort();
        return peaks;
    }
}
