namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system with memory (4.9) as a forecast: from one jet, displacement, loss, sharpness, and the rotation of v_1 away from the reference, by the top eigenpair of the forecast Hessian.
/// Without rotation the coupling c is dropped from that Hessian: v_1 then stays where it is as long as it leads.
/// Validity: the share of the last retained moment in the forecast curvature along v, as in <see cref="CurvatureMomentTheory"/>.
/// </summary>
public sealed class MemoryTheory : ITheory
{
    private readonly int _order;
    private readonly bool _rotation;

    /// <summary>Makes the theory.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    /// <param name="rotation">Whether v_1 may turn.</param>
    public MemoryTheory(int order, bool rotation = true) => (_order, _rotation) = (Require.InRange(order, 2, 6), rotation);

    /// <inheritdoc/>
    public string Name => _rotation ? $"memory-map-{_order}" : $"memory-map-{_order}-fixed";

    /// <inheritdoc/>
    public string Summary => $"curvature-moment map with K = {_order} and memory in Krylov form, {(_rotation ? "v_1 free to turn" : "rotation removed")}, eq. (4.9)";

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.Positive(stepSize);
        Require.InRange(steps, 0);
        if (jet.Krylov is null) return Forecast.Decline(Name, "the jet has no Krylov part");
        if (jet.Order < _order) return Forecast.Decline(Name, $"the jet has order {jet.Order}; order {_order} is needed");
        if (jet.Gap <= 1e-8 * Math.Abs(jet.Sharpness)) return Forecast.Decline(Name, "the leading eigenvalue is degenerate: v_1 is not defined");
        var model = new LocalModel(jet, _order);
        var map = new MemoryMap(model, stepSize);
        var forecast = new ModelForecast(model, jet, steps, _rotation);
        double[] state = new double[map.Dimension], next = new double[map.Dimension];
        for (var t = 0; t <= steps; t++)
        {
            forecast.Read(t, state);
            map.Step(state, next);
            (state, next) = (next, state);
        }

        return forecast.Build(Name);
    }
}
