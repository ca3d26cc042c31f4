using System.Numerics.Tensors;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A landscape at one point: the Hessian is evaluated once and kept.</summary>
internal class LandscapePoint : ISurfacePoint<double[]>
{
    private readonly Landscape _landscape;
    private readonly double[] _theta,
        _hessian;

    public LandscapePoint(Landscape landscape, double[] theta)
    {
        Require.Length(theta.Length, landscape.Dimension, nameof(theta));
        (_landscape, _theta) = (landscape, theta);
        Gradient = new double[landscape.Dimension];
        Loss = landscape.LossAndGradient(theta, Gradient);
        _hessian = new double[landscape.Dimension * landscape.Dimension];
        landscape.Hessian(theta, _hessian);
    }

    public double Loss { get; }

    public double[] Gradient { get; }

    public void HessianVector(double[] direction, double[] result)
    {
        _landscape.Cost.HessianVectorProducts++;
        var n = result.Length;
        for (var i = 0; i < n; i++)
            result[i] = TensorPrimitives.Dot(_hessian.AsSpan(i * n, n), direction);
    }

    public void DirectionalDerivatives(double[] direction, Span<double> derivatives)
    {
        Require.InRange(derivatives.Length, 1, Landscape.HighestOrder, nameof(derivatives));
        _landscape.Cost.AddTaylorPass(derivatives.Length, differentiated: false);
        _landscape.DirectionalDerivatives(_theta, direction, derivatives);
    }

    public void DirectionalGradient(double[] direction, int order, double[] result)
    {
        Require.InRange(order, 1, Landscape.HighestOrder);
        _landscape.Cost.AddTaylorPass(order, differentiated: true);
        _landscape.DirectionalGradient(_theta, direction, order, result);
    }

    public void Dispose() => GC.SuppressFinalize(this);
}
