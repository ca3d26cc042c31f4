using FlatBias.Dynamics.Integration;

namespace FlatBias.Dynamics.Theories;

/// <summary>Follows a flow whose unit of time is one step of descent, and stops at every whole step.</summary>
internal static class ModelFlow
{
    // Far below the error of any theory, which is of the order of the change in one step. The rates are of order 1 a step unless the forecast diverges, and a few dozen steps of the integrator then do.
    private static readonly IntegrationOptions Options = new(1e-10, 1e-12, 2000);

    /// <summary>Integrates from 0 to T.</summary>
    /// <typeparam name="TFlow">The flow, a struct.</typeparam>
    /// <param name="flow">The flow, time in steps.</param>
    /// <param name="state">The start; holds the end afterwards.</param>
    /// <param name="steps">The horizon T.</param>
    /// <param name="visit">Called with t = 0 .. T and the state there; the state is NaN from the first step that could not be integrated.</param>
    public static void Follow<TFlow>(in TFlow flow, double[] state, int steps, Action<int, double[]> visit)
        where TFlow : struct, IFlow
    {
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, Options);
        var time = 0.0;
        visit(0, state);
        for (var t = 1; t <= steps; t++)
        {
            // A start, or what a visit makes of a state, may lie outside the numbers already.
            var isLost = state.AsSpan().ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
            if (isLost || integrator.Integrate(flow, ref time, t, state) != IntegrationEnd.Reached)
                Array.Fill(state, double.NaN);
            visit(t, state);
        }
    }
}
