using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>The leading Hessian eigenpair followed from step to step on any surface, with displacement, rotation and moments relative to a reference point.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class LeadingPair<TVector> : IDisposable
{
    private readonly ISurface<TVector> _surface;
    private readonly LanczosEigensolver<TVector> _solver;
    private readonly EigenFrame<TVector> _frame;
    private readonly TVector _start, _direction, _origin, _work;
    private readonly Random _random;
    private bool _warm;

    /// <summary>Makes a follower.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="tolerance">The residual of the pair relative to |H|: the sharpness is then good to the residual squared over the gap, the angle to the residual over the gap.</param>
    /// <param name="seed">Seeds the random part of the eigensolver's starts.</param>
    public LeadingPair(ISurface<TVector> surface, double tolerance, int seed)
    {
        ArgumentNullException.ThrowIfNull(surface);
        _surface = surface;
        _solver = new LanczosEigensolver<TVector>(surface.Space, new LanczosOptions(tolerance, Trailing: false));
        _frame = new EigenFrame<TVector>(surface.Space, 1);
        (_start, _direction, _origin, _work) = (surface.Space.Create(), surface.Space.Create(), surface.Space.Create(), surface.Space.Create());
        _random = new Random(seed);
    }

    /// <summary>The sharpness at the last point measured.</summary>
    public double Sharpness => _frame.Values[0];

    /// <summary>The loss at the last point measured.</summary>
    public double Loss { get; private set; }

    /// <summary>|g . v_1| / S at the last point measured: how far it is from the floor along v_1.</summary>
    public double Excursion { get; private set; }

    /// <summary>v_1 of the reference point.</summary>
    public TVector Direction => _direction;

    /// <summary>Measures a point.</summary>
    /// <param name="point">The surface there.</param>
    public void Measure(ISurfacePoint<TVector> point)
    {
        ArgumentNullException.ThrowIfNull(point);
        Loss = point.Loss;
        if (_warm) _surface.Space.Copy(_frame.Vectors[0], _start);
        else _surface.Space.FillGaussian(_start, _random);
        // One pair needs no search for copies: whatever the iteration has not told from it has the same value.
        _solver.Iterate(point.HessianVector, _start, _random, _frame, trailing: false, default);
        _warm = true;
        Excursion = Math.Abs(_surface.Space.Dot(point.Gradient, _frame.Vectors[0])) / _frame.Values[0];
    }

    /// <summary>Makes this point the reference, and v_1 there, as measured by a solver of one's own.</summary>
    /// <param name="theta">The point.</param>
    /// <param name="direction">v_1, a unit vector; its sign is the sign of displacements.</param>
    public void SetReference(TVector theta, TVector direction)
    {
        _surface.Space.Copy(theta, _origin);
        _surface.Space.Copy(direction, _direction);
    }

    /// <summary>u = v . (theta - theta_0), with v and theta_0 of the reference.</summary>
    /// <param name="theta">The point.</param>
    /// <returns>u.</returns>
    public double Displacement(TVector theta)
    {
        _surface.Space.Copy(theta, _work);
        _surface.Space.Axpy(-1, _origin, _work);
        return _surface.Space.Dot(_direction, _work);
    }

    /// <summary>The angle in radians between v_1 of the last measurement and that of the reference, 0 to pi/2.</summary>
    /// <returns>The angle.</returns>
    public double Rotation() => _surface.Space.AngleOfLines(_direction, _frame.Vectors[0], _work);

    /// <inheritdoc/>
    public void Dispose()
    {
        _solver.Dispose();
        _frame.Dispose();
        foreach (var vector in new[] { _start, _direction, _origin, _work }) _surface.Space.Release(vector);
    }
}
