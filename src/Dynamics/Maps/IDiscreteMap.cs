namespace FlatBias.Dynamics.Maps;

/// <summary>A discrete dynamical system x+ = f(x). Implement it as a struct, so that iteration is compiled for it.</summary>
public interface IDiscreteMap
{
    /// <summary>The number of state variables.</summary>
    int Dimension { get; }

    /// <summary>One step. The two spans do not overlap.</summary>
    /// <param name="current">The state x.</param>
    /// <param name="next">Overwritten with f(x).</param>
    void Step(ReadOnlySpan<double> current, Span<double> next);
}

/// <summary>Iteration of maps on caller-owned memory.</summary>
public static class Orbit
{
    /// <summary>Takes <paramref name="steps"/> steps without allocating.</summary>
    /// <typeparam name="TMap">The map, a struct.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="state">The start; holds the end afterwards.</param>
    /// <param name="scratch">Work space as long as the state.</param>
    /// <param name="steps">The number of steps, at least 0.</param>
    public static void Iterate<TMap>(in TMap map, Span<double> state, Span<double> scratch, long steps)
        where TMap : struct, IDiscreteMap
    {
        Require.Length(state.Length, map.Dimension, nameof(state));
        Require.Length(scratch.Length, map.Dimension, nameof(scratch));
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        long step = 0;
        for (; step + 1 < steps; step += 2)
        {
            map.Step(state, scratch);
            map.Step(scratch, state);
        }

        if (step >= steps)
            return;
        map.Step(state, scratch);
        scratch.CopyTo(state);
    }

    /// <summary>Records an orbit, start included.</summary>
    /// <typeparam name="TMap">The map, a struct.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="start">The start.</param>
    /// <param name="steps">The number of steps, at least 0.</param>
    /// <returns>One array a state variable, each with <paramref name="steps"/> + 1 values.</returns>
    public static double[][] Record<TMap>(in TMap map, ReadOnlySpan<double> start, int steps)
        where TMap : struct, IDiscreteMap
    {
        Require.Length(start.Length, map.Dimension, nameof(start));
        Require.InRange(steps, 0);
        double[] state = start.ToArray(),
            next = new double[start.Length];
        var orbit = new double[start.Length][];
        for (var i = 0; i < orbit.Length; i++)
            orbit[i] = new double[steps + 1];
        for (var t = 0; ; t++)
        {
            for (var i = 0; i < orbit.Length; i++)
                orbit[i][t] = state[i];
            if (t == steps)
                return orbit;
            map.Step(state, next);
            (state, next) = (next, state);
        }
    }
}
