using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>Reads the observables of a forecast off states (u, V, m_1, ..., m_K) of the curvature-moment system. The sharpness forecast is the curvature along the fixed v; the turn of v is left out of it (that needs eq. 4.9).</summary>
internal sealed class MomentForecast
{
    private readonly double _reference;
    private readonly double[] _displacement,
        _sharpness,
        _loss,
        _validity;
    private readonly double[][] _moments;

    /// <summary>Makes an empty forecast.</summary>
    /// <param name="jet">The jet, of the order K of the system.</param>
    /// <param name="steps">The horizon T.</param>
    public MomentForecast(Jet jet, int steps)
    {
        _reference = jet.Sharpness;
        (_displacement, _sharpness, _loss, _validity) = (
            new double[steps + 1],
            new double[steps + 1],
            new double[steps + 1],
            new double[steps + 1]
        );
        _moments = [.. Enumerable.Range(0, jet.Order).Select(_ => new double[steps + 1])];
    }

    /// <summary>Reads the observables of one state.</summary>
    /// <param name="step">t.</param>
    /// <param name="state">(u, V, m_1, ..., m_K).</param>
    /// <param name="change">The theory's own diagnostic there; the share of the last retained moment counts where it is larger.</param>
    public void Read(int step, ReadOnlySpan<double> state, double change = 0)
    {
        (_displacement[step], _loss[step]) = (state[0], CurvatureMomentMap.Loss(state));
        for (var k = 1; k <= _moments.Length; k++)
            _moments[k - 1][step] = CurvatureMomentMap.Moment(state, k);
        _sharpness[step] = _moments[1][step];
        _validity[step] = Math.Max(change, Validity(state));
    }

    /// <summary>The forecast.</summary>
    /// <param name="theory">The theory's name.</param>
    /// <returns>The forecast, made of what was read.</returns>
    public Forecast Build(string theory) =>
        new(theory, null, _displacement, _sharpness, _loss, _validity) { Moments = _moments };

    private double Validity(ReadOnlySpan<double> state)
    {
        if (_moments.Length == 2)
            return Math.Abs((state[3] / _reference) - 1);
        var term = state[^1];
        for (var k = 1; k <= _moments.Length - 2; k++)
            term *= state[0] / k;
        return Math.Abs(term / state[3]);
    }
}
