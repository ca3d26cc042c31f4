using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system with memory in Krylov form, eq. (4.9), with the terms k = 1 of (4.7), and with or without the cubic coupling (4.10): gradient descent on a <see cref="LocalModel"/>,
/// u+ = u - eta ( sum_k (m_k + b_k . f) u^(k-1)/(k-1)! [ + 1/2 f^T C f ] ),   f+ = f - eta ( g_Q + T f + sum_k b_k u^k/k! [ + u C f ] ).
/// State: (u, f_1, ..., f_r). On a valley with quadratic V and affine moments it is gradient descent itself once the Krylov space has closed.
/// </summary>
/// <param name="Model">The local model.</param>
/// <param name="StepSize">The step size eta.</param>
public readonly record struct MemoryMap(LocalModel Model, double StepSize) : IDiscreteMap
{
    /// <inheritdoc/>
    public int Dimension => Model.Dimension;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) => Model.Descend(current, StepSize, next);
}

/// <summary>
/// The curvature-moment system with memory (4.9) as a forecast, with or without the cubic coupling (4.10): from one jet, displacement, loss, moments, sharpness, and the rotation of v_1 away from the reference, by the top eigenpair
/// of the forecast Hessian. Without rotation the coupling c is dropped from that Hessian: v_1 then stays where it is as long as it leads.
/// Validity: the share of the last retained moment in the forecast curvature along v, as in <see cref="CurvatureMomentTheory"/>.
/// </summary>
public sealed class MemoryTheory : ITheory
{
    private readonly int _order;
    private readonly bool _rotation,
        _cubic;

    /// <summary>Makes the theory.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    /// <param name="rotation">Whether v_1 may turn.</param>
    /// <param name="cubic">Whether the cubic coupling C enters.</param>
    public MemoryTheory(int order, bool rotation = true, bool cubic = false) =>
        (_order, _rotation, _cubic) = (Require.InRange(order, 2, 6), rotation, cubic);

    /// <inheritdoc/>
    public string Name => $"memory-map-{_order}{(_cubic ? "-cubic" : "")}{(_rotation ? "" : "-fixed")}";

    /// <inheritdoc/>
    public string Summary =>
        $"curvature-moment map with K = {_order} and memory in Krylov form{(_cubic ? ", cubic coupling" : "")}, {(_rotation ? "v_1 free to turn" : "rotation removed")}, {(_cubic ? "eqs. (4.9), (4.10)" : "eq. (4.9)")}";

    /// <inheritdoc/>
    public JetNeeds Needs => new(_order, Krylov: true, Coupling: _cubic, Cut: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.CurvatureMoments, TheoryOrigin.Ours, "derived here", Role);

    private TheoryRole Role =>
        !_rotation ? TheoryRole.Ablation
        : _order == CurvatureMomentTheory.StandardOrder ? TheoryRole.Main
        : TheoryRole.Variant;

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var model = new LocalModel(jet, _order, _cubic);
        var map = new MemoryMap(model, stepSize);
        var forecast = new ModelForecast(model, jet, steps, _rotation);
        double[] state = new double[map.Dimension],
            next = new double[map.Dimension];
        for (var t = 0; t <= steps; t++)
        {
            forecast.Read(t, state);
            map.Step(state, next);
            (state, next) = (next, state);
        }

        return forecast.Build(Name);
    }
}
