using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Surfaces;

/// <summary>
/// A surface on an affine subspace, y -> L(theta_0 + B y) with the orthonormal columns of B: exactly the loss there, its
/// gradient B^T g and its Hessian B^T H B.
/// </summary>
/// <typeparam name="TVector">The vector type of the whole surface.</typeparam>
internal sealed class RestrictedSurface<TVector> : ISurface<double[]>, IDisposable
{
    private readonly ISurface<TVector> _surface;
    private readonly IVectorBlock<TVector> _basis;
    private readonly TVector _origin,
        _point,
        _direction,
        _result;

    /// <summary>Makes the restriction; neither origin nor basis is copied, and both must stay as they are.</summary>
    public RestrictedSurface(ISurface<TVector> surface, TVector origin, IVectorBlock<TVector> basis)
    {
        (_surface, _origin, _basis, Space) = (surface, origin, basis, new DenseSpace(basis.Capacity));
        var space = surface.Space;
        (_point, _direction, _result) = (space.Create(), space.Create(), space.Create());
    }

    /// <inheritdoc/>
    public IVectorSpace<double[]> Space { get; }

    /// <inheritdoc/>
    public CostLedger Cost => _surface.Cost;

    /// <inheritdoc/>
    public int MaximumOrder => _surface.MaximumOrder;

    /// <inheritdoc/>
    public double LossAndGradient(double[] theta, double[] gradient)
    {
        Lift(theta, _point, fromOrigin: true);
        var loss = _surface.LossAndGradient(_point, _result);
        Project(_result, gradient);
        return loss;
    }

    /// <inheritdoc/>
    public ISurfacePoint<double[]> At(double[] theta)
    {
        Lift(theta, _point, fromOrigin: true);
        return new Point(this, _surface.At(_point));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var vector in new[] { _point, _direction, _result })
            _surface.Space.Release(vector);
    }

    /// <summary>[theta_0 +] B y.</summary>
    private void Lift(double[] reduced, TVector result, bool fromOrigin)
    {
        _surface.Space.Copy(_origin, result);
        if (!fromOrigin)
            _surface.Space.Axpy(-1, _origin, result);
        _basis.Accumulate(reduced, result);
    }

    private void Project(TVector vector, double[] reduced) => _basis.Project(vector, reduced);

    private sealed class Point : ISurfacePoint<double[]>
    {
        private readonly RestrictedSurface<TVector> _whole;
        private readonly ISurfacePoint<TVector> _point;

        public Point(RestrictedSurface<TVector> whole, ISurfacePoint<TVector> point)
        {
            (_whole, _point, Gradient) = (whole, point, whole.Space.Create());
            whole.Project(point.Gradient, Gradient);
        }

        public double Loss => _point.Loss;

        public double[] Gradient { get; }

        public void HessianVector(double[] direction, double[] result)
        {
            _whole.Lift(direction, _whole._direction, fromOrigin: false);
            _point.HessianVector(_whole._direction, _whole._result);
            _whole.Project(_whole._result, result);
        }

        public void DirectionalDerivatives(double[] direction, Span<double> derivatives)
        {
            _whole.Lift(direction, _whole._direction, fromOrigin: false);
            _point.DirectionalDerivatives(_whole._direction, derivatives);
        }

        public void DirectionalGradient(double[] direction, int order, double[] result)
        {
            _whole.Lift(direction, _whole._direction, fromOrigin: false);
            _point.DirectionalGradient(_whole._direction, order, _whole._result);
            _whole.Project(_whole._result, result);
        }

        public void Dispose() => _point.Dispose();
    }
}
