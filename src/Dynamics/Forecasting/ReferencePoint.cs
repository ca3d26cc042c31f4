using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>Where a jet was taken, theta_0 and v, and what of a later point refers to it.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class ReferencePoint<TVector> : IDisposable
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IVectorBlock<TVector> _direction;
    private readonly TVector _origin,
        _moved;

    /// <summary>Keeps a copy of the point; the direction is to be set.</summary>
    /// <param name="space">The space.</param>
    /// <param name="theta">theta_0.</param>
    public ReferencePoint(IVectorSpace<TVector> space, TVector theta)
    {
        (_space, _direction) = (space, space.CreateBlock(1));
        (_origin, _moved) = (space.Create(), space.Create());
        space.Copy(theta, _origin);
    }

    /// <summary>v, a unit vector; its sign is that of displacements.</summary>
    public TVector Direction => _direction[0];

    /// <summary>u = v . (theta - theta_0).</summary>
    public double Displacement(TVector theta)
    {
        _space.Copy(theta, _moved);
        _space.Axpy(-1, _origin, _moved);
        return _space.Dot(Direction, _moved);
    }

    /// <summary>moved := theta_0 + shift v.</summary>
    public void Move(double shift, TVector moved)
    {
        _space.Copy(_origin, moved);
        _space.Axpy(shift, Direction, moved);
    }

    /// <summary>
    /// Writes the rotation of v_1 since the reference point, the first of a frame's vectors, in degrees, (1.5).
    /// </summary>
    public void WriteRotation(IVectorBlock<TVector> frame, SeriesTable table)
    {
        const double degrees = 180 / Math.PI;
        var angle = PrincipalAngles.Between(_space, _direction, frame, 1)[0];
        table.Set(Columns.ReferenceRotation, angle * degrees);
    }

    /// <summary>Writes m_3 and m_4 along v, (1.3).</summary>
    public void WriteMoments(ISurfacePoint<TVector> point, SeriesTable table)
    {
        Span<double> moments = stackalloc double[4];
        point.DirectionalDerivatives(Direction, moments);
        for (var k = 3; k <= moments.Length; k++)
            table.Set(Columns.ReferenceMoment[k], moments[k - 1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _direction.Dispose();
        _space.Release(_origin);
        _space.Release(_moved);
    }
}
