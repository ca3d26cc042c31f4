using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Reads the observables of a forecast off a path y_0, y_1, ... in the coordinates of a <see cref="LocalModel"/>: displacement, loss, sharpness as the top eigenvalue of the model's Hessian, the angle of its eigenvector
/// from v, and the moments D^k L[v^k] along the fixed v.
/// </summary>
internal sealed class ModelForecast
{
    private readonly LocalModel _model;
    private readonly Jet _jet;
    private readonly bool _rotation;
    private readonly double[] _displacement,
        _sharpness,
        _loss,
        _angle,
        _validity,
        _hessian;
    private readonly double[][] _moments;

    /// <summary>Makes an empty forecast.</summary>
    /// <param name="model">The model.</param>
    /// <param name="jet">The jet that the model was made of.</param>
    /// <param name="steps">The horizon T.</param>
    /// <param name="rotation">Whether v_1 may turn; without, the part of the Hessian that couples u and f is dropped.</param>
    public ModelForecast(LocalModel model, Jet jet, int steps, bool rotation = true)
    {
        (_model, _jet, _rotation) = (model, jet, rotation);
        (_displacement, _sharpness, _loss, _angle, _validity) = (
            new double[steps + 1],
            new double[steps + 1],
            new double[steps + 1],
            new double[steps + 1],
            new double[steps + 1]
        );
        _moments = [.. Enumerable.Range(0, model.Order).Select(_ => new double[steps + 1])];
        _hessian = new double[model.Dimension * model.Dimension];
    }

    /// <summary>Reads the observables of one point.</summary>
    /// <param name="step">t.</param>
    /// <param name="point">y_t.</param>
    public void Read(int step, ReadOnlySpan<double> point)
    {
        (_displacement[step], _loss[step]) = (point[0], _jet.Loss + _model.LossChange(point));
        for (var k = 1; k <= _model.Order; k++)
            _moments[k - 1][step] = _model.MomentAt(k, point);
        _model.Hessian(point, _hessian);
        (_sharpness[step], _angle[step]) = Top();
        _validity[step] = Validity(point);
    }

    /// <summary>The forecast.</summary>
    /// <param name="theory">The theory's name.</param>
    /// <param name="own">The theory's own diagnostic, T + 1 numbers; the share of the last retained moment in the curvature along v (for K = 2, its change relative to the reference) counts where it is larger. Null for that share alone.</param>
    /// <returns>The forecast, made of what was read.</returns>
    public Forecast Build(string theory, double[]? own = null) =>
        new(theory, null, _displacement, _sharpness, _loss, own is null ? _validity : [.. _validity.Zip(own, Math.Max)])
        {
            Rotation = _angle,
            Moments = _moments,
        };

    /// <summary>The top eigenvalue, and the angle between its eigenvector and the u axis; NaN once the forecast has left the finite numbers.</summary>
    private (double Sharpness, double Angle) Top()
    {
        var n = _model.Dimension;
        if (!_rotation)
            for (var i = 1; i < n; i++)
                _hessian[i] = _hessian[i * n] = 0;
        return SymmetricEigen.Leading(_hessian, n);
    }

    private double Validity(ReadOnlySpan<double> point)
    {
        if (_model.Order == 2)
            return Math.Abs((_hessian[0] / _jet.Sharpness) - 1);
        var term = _model.Moment(_model.Order, point[1..]);
        for (var k = 1; k <= _model.Order - 2; k++)
            term *= point[0] / k;
        return Math.Abs(term / _hessian[0]);
    }
}
