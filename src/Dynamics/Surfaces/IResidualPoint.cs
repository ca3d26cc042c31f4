namespace FlatBias.Dynamics.Surfaces;

/// <summary>
/// A point of a surface that is half a sum of squares, L = 1/2 |z(theta)|^2 with z in R^D: theories of the residual, eqs. (6.3) and (6.6), see more of it than L shows.
/// A surface offers it by returning such a point from <see cref="ISurface{TVector}.At"/>.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IResidualPoint<TVector> : ISurfacePoint<TVector>
{
    /// <summary>z at this point, D numbers, D at least 1.</summary>
    IReadOnlyList<double> Residuals { get; }

    /// <summary>Whether every z_d is a polynomial of degree at most 2, so that its curvature is the same everywhere.</summary>
    bool AreQuadratic { get; }

    /// <summary>result := grad z_d, row d of the Jacobian J.</summary>
    /// <param name="index">d, from 0.</param>
    /// <param name="result">Overwritten, P components.</param>
    void ResidualGradient(int index, TVector result);

    /// <summary>result := Q_d direction, with Q_d the Hessian of z_d at this point.</summary>
    /// <param name="index">d, from 0.</param>
    /// <param name="direction">Any vector, P components.</param>
    /// <param name="result">Overwritten.</param>
    void ResidualHessianVector(int index, TVector direction, TVector result);
}
