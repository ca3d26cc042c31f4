using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Surfaces;

/// <summary>
/// A surface in the coordinates of a constant diagonal metric P, z -> L(theta_0 + P^(-1/2) z), (4.27): its gradient is
/// P^(-1/2) g, its Hessian P^(-1/2) H P^(-1/2), and gradient descent on it is preconditioned descent, theta+ = theta -
/// eta P^(-1) g. A component of P^(-1/2) that is 0 stays where it is, as it does under the rule.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class MetricSurface<TVector> : ISurface<TVector>, IDisposable
{
    private readonly ISurface<TVector> _surface;
    private readonly TVector _origin,
        _root,
        _place,
        _scaled;
    private IVectorBlock<TVector>? _block;

    /// <summary>Takes the coordinates; both vectors are copied.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="origin">theta_0, where z = 0.</param>
    /// <param name="root">The diagonal of P^(-1/2), at least 0.</param>
    public MetricSurface(ISurface<TVector> surface, TVector origin, TVector root)
    {
        _surface = surface;
        (_origin, _root, _place, _scaled) = (Space.Create(), Space.Create(), Space.Create(), Space.Create());
        Space.Copy(origin, _origin);
        Space.Copy(root, _root);
    }

    /// <inheritdoc/>
    public IVectorSpace<TVector> Space => _surface.Space;

    /// <inheritdoc/>
    public CostLedger Cost => _surface.Cost;

    /// <inheritdoc/>
    public int MaximumOrder => _surface.MaximumOrder;

    /// <summary>z := P^(1/2) (theta - theta_0).</summary>
    public void Coordinates(TVector theta, TVector z)
    {
        Space.Copy(theta, z);
        Space.Axpy(-1, _origin, z);
        Space.Divide(z, _root, z);
    }

    /// <inheritdoc/>
    public double LossAndGradient(TVector theta, TVector gradient)
    {
        Lift(theta, _place);
        var loss = _surface.LossAndGradient(_place, gradient);
        Space.Multiply(_root, gradient, gradient);
        return loss;
    }

    /// <inheritdoc/>
    public ISurfacePoint<TVector> At(TVector theta) => new Point(this, theta);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var vector in new[] { _origin, _root, _place, _scaled })
            Space.Release(vector);
        _block?.Dispose();
    }

    /// <summary>theta_0 + P^(-1/2) z.</summary>
    private void Lift(TVector z, TVector result)
    {
        Space.Multiply(_root, z, result);
        Space.Axpy(1, _origin, result);
    }

    private IVectorBlock<TVector> Block(int count)
    {
        if (_block?.Capacity >= count)
            return _block;
        _block?.Dispose();
        return _block = Space.CreateBlock(count);
    }

    private sealed class Point : ISurfacePoint<TVector>
    {
        private readonly MetricSurface<TVector> _whole;
        private readonly ISurfacePoint<TVector> _point;

        // Jets have several views at a time, each at a place of its own.
        private readonly TVector _place;

        public Point(MetricSurface<TVector> whole, TVector z)
        {
            (_whole, _place, Gradient) = (whole, whole.Space.Create(), whole.Space.Create());
            whole.Lift(z, _place);
            _point = whole._surface.At(_place);
            Scale(_point.Gradient, Gradient);
        }

        public double Loss => _point.Loss;

        public TVector Gradient { get; }

        public void HessianVector(TVector direction, TVector result)
        {
            Scale(direction, _whole._scaled);
            _point.HessianVector(_whole._scaled, result);
            Scale(result, result);
        }

        public void HessianBlock(IVectorBlock<TVector> directions, IVectorBlock<TVector> results, int count)
        {
            Require.InRange(count, 1, Math.Min(directions.Capacity, results.Capacity));
            var scaled = _whole.Block(count);
            for (var i = 0; i < count; i++)
                Scale(directions[i], scaled[i]);
            _point.HessianBlock(scaled, results, count);
            for (var i = 0; i < count; i++)
                Scale(results[i], results[i]);
        }

        public void DirectionalDerivatives(TVector direction, Span<double> derivatives)
        {
            Scale(direction, _whole._scaled);
            _point.DirectionalDerivatives(_whole._scaled, derivatives);
        }

        public void DirectionalGradient(TVector direction, int order, TVector result)
        {
            Scale(direction, _whole._scaled);
            _point.DirectionalGradient(_whole._scaled, order, result);
            Scale(result, result);
        }

        public void Dispose()
        {
            _point.Dispose();
            _whole.Space.Release(_place);
            _whole.Space.Release(Gradient);
        }

        private void Scale(TVector x, TVector result) => _whole.Space.Multiply(_whole._root, x, result);
    }
}
