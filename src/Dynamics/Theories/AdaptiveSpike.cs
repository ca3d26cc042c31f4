namespace FlatBias.Dynamics.Theories;

/// <summary>When the loss of an adaptive rule on a parabola spikes, eq. (7.14), in steps from the state that it is forecast from.</summary>
/// <param name="Edge">Steps until eta S_eff passes the edge of the rule.</param>
/// <param name="Spike">Steps until |g| has grown back to the root of the second moment, which then rises: the spike.</param>
/// <param name="Depth">ln of the least |g| / r on the way, below 0: where e to this power times r is no number of the type, or r falls to eps, the forecast is of a run that cannot be made.</param>
public sealed record AdaptiveSpike(double Edge, double Spike, double Depth)
{
    // The mesh in ln s: the logarithm of a multiplier that passes 0 at a node is integrated to ln 2 of this.
    private const double Mesh = 1e-4;

    /// <summary>
    /// Forecasts the spike of RMSProp or Adam, eq. (7.14), from two numbers of one state in which the second moment has
    /// lost touch with the squared gradient: while |g| is small beside r = sqrt v, r falls by sqrt b2 a step whatever
    /// the run does, eta S_eff rises by as much, and |g| follows the multiplier of the rule at that sharpness.
    /// </summary>
    /// <param name="effective">s = eta S_eff now, above 0.</param>
    /// <param name="ratio">|g| / r now, above 0 and below 1, meant to be a tenth or less.</param>
    /// <param name="firstDecay">b1, in [0, 1): 0 for RMSProp.</param>
    /// <param name="secondDecay">b2, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static AdaptiveSpike Forecast(double effective, double ratio, double firstDecay, double secondDecay)
    {
        Require.Positive(effective);
        Require.Positive(ratio);
        Require.Decay(firstDecay, "momentum");
        Require.Decay(secondDecay, "second-decay");
        Require.Positive(secondDecay, "second-decay");
        if (!(ratio < 1))
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, $"ratio is {ratio}; it must be below 1.");
        var fall = -Math.Log(secondDecay) / 2;
        var edge = 2 * (1 + firstDecay) / (1 - firstDecay);
        var (s, log, deepest, gain, width) = (Math.Log(effective), Math.Log(ratio), Math.Log(ratio), 0.0, 0.0);
        // Nodes are multiples of the mesh, so that s = 1, where the multiplier of RMSProp passes 0, is one of them.
        for (var node = Math.Floor(s / Mesh) + 1; !(s > Math.Log(edge) && log >= 0); node++)
        {
            width = (node * Mesh) - s;
            // A step lasts fall in ln s; |g| / r changes by the multiplier and by what r falls.
            gain = (Growth(Math.Exp(s + (width / 2)), firstDecay) / fall * width) + width;
            (s, log) = (node * Mesh, log + gain);
            deepest = Math.Min(deepest, log);
        }

        // Linear within the last piece of the mesh.
        var over = gain > 0 ? Math.Min(1, log / gain) : 0;
        var passed = s - (over * width) - Math.Log(effective);
        return new(Math.Max(0, Math.Log(edge / effective) / fall), passed / fall, deepest);
    }

    /// <summary>ln of the larger |mu| with mu^2 - (1 + b - s (1 - b)) mu + b = 0, the multipliers of (7.1).</summary>
    private static double Growth(double s, double b)
    {
        var half = (1 + b - (s * (1 - b))) / 2;
        var discriminant = (half * half) - b;
        return discriminant <= 0 ? Math.Log(b) / 2 : Math.Log(Math.Abs(half) + Math.Sqrt(discriminant));
    }
}

/// <summary>The stages of a loss spike of an adaptive rule, after arXiv 2506.04805: rows of a series, or its length where one does not come.</summary>
/// <param name="Decoupled">The first row at which |g| is below a tenth of the divisor r, and eta S_eff within the edge: from here r follows its own past.</param>
/// <param name="Unstable">The first row after it at which eta S_eff is past the edge.</param>
/// <param name="Growing">The row of the least |g| from the decoupling on until the spike: from here it grows.</param>
/// <param name="Spike">The first row after the edge at which |g| is no less than r, which takes notice of it.</param>
/// <param name="Over">The first row after that at which eta S_eff is within the edge again.</param>
public sealed record SpikeStages(int Decoupled, int Unstable, int Growing, int Spike, int Over)
{
    /// <summary>Finds the first spike of a series that begins with one step at least.</summary>
    /// <param name="gradient">|g| of each row.</param>
    /// <param name="divisor">r of each row, NaN before the first step.</param>
    /// <param name="stability">eta S_eff over the edge of the rule, NaN before the first step.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static SpikeStages Find(
        IReadOnlyList<double> gradient,
        IReadOnlyList<double> divisor,
        IReadOnlyList<double> stability
    )
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(divisor);
        ArgumentNullException.ThrowIfNull(stability);
        Require.Length(divisor.Count, gradient.Count, nameof(divisor));
        Require.Length(stability.Count, gradient.Count, nameof(stability));
        var decoupled = First(0, i => gradient[i] < divisor[i] / 10 && stability[i] < 1);
        var unstable = First(decoupled, i => stability[i] >= 1);
        var spike = First(unstable, i => gradient[i] >= divisor[i]);
        var growing = decoupled;
        for (var i = decoupled; i < spike; i++)
            if (gradient[i] < gradient[growing])
                growing = i;
        return new(decoupled, unstable, growing, spike, First(spike, i => stability[i] < 1));

        int First(int from, Func<int, bool> holds)
        {
            var i = from;
            while (i < gradient.Count && !holds(i))
                i++;
            return i;
        }
    }
}
