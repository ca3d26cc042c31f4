using FlatBias.Dynamics.Maps;
using MathNet.Numerics.LinearAlgebra;

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
        var map = new MemoryMap(jet, _order, stepSize);
        double[] state = new double[map.Dimension], next = new double[map.Dimension];
        double[] displacement = new double[steps + 1], sharpness = new double[steps + 1], loss = new double[steps + 1], rotation = new double[steps + 1], validity = new double[steps + 1];
        for (var t = 0; t <= steps; t++)
        {
            var hessian = map.Hessian(state, _rotation);
            (sharpness[t], rotation[t]) = Top(hessian);
            (displacement[t], loss[t], validity[t]) = (state[0], jet.Loss + map.LossChange(state), Validity(map, state, hessian[0, 0], jet));
            map.Step(state, next);
            (state, next) = (next, state);
        }

        return new Forecast(Name, null, displacement, sharpness, loss, validity) { Rotation = rotation };
    }

    /// <summary>The top eigenvalue, and the angle between its eigenvector and the u axis; NaN once the forecast has left the finite numbers.</summary>
    private static (double Sharpness, double Rotation) Top(Matrix<double> hessian)
    {
        if (hessian.Enumerate().Any(x => !double.IsFinite(x))) return (double.NaN, double.NaN);
        var evd = hessian.Evd(Symmetricity.Symmetric);
        var last = hessian.RowCount - 1;
        var across = 0.0;
        for (var i = 1; i <= last; i++) across += evd.EigenVectors[i, last] * evd.EigenVectors[i, last];
        return (evd.EigenValues[last].Real, Math.Atan2(Math.Sqrt(across), Math.Abs(evd.EigenVectors[0, last])));
    }

    private double Validity(in MemoryMap map, double[] state, double curvature, Jet jet)
    {
        if (_order == 2) return Math.Abs((curvature / jet.Sharpness) - 1);
        var term = map.Moment(_order, state.AsSpan(1));
        for (var k = 1; k <= _order - 2; k++) term *= state[0] / k;
        return Math.Abs(term / curvature);
    }
}
