using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A landscape that is half a sum of squares, L = 1/2 |z(theta)|^2, and gives the derivatives of z: what theories of the residual start from, eqs. (6.3) and (6.6).</summary>
public interface IResidualLandscape
{
    /// <summary>The number D of residuals; 0 where this instance is no sum of squares.</summary>
    int Outputs { get; }

    /// <summary>Whether every z_d is a polynomial of degree at most 2.</summary>
    bool HasQuadraticResiduals { get; }

    /// <summary>z_d at a point.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="index">d, from 0 to D - 1.</param>
    double Residual(ReadOnlySpan<double> theta, int index);

    /// <summary>grad z_d.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="index">d, from 0 to D - 1.</param>
    /// <param name="gradient">Overwritten, P components.</param>
    void ResidualGradient(ReadOnlySpan<double> theta, int index, Span<double> gradient);

    /// <summary>result := Q_d direction, with Q_d the Hessian of z_d.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="index">d, from 0 to D - 1.</param>
    /// <param name="direction">Any vector, P components.</param>
    /// <param name="result">Overwritten, P components.</param>
    void ResidualHessianVector(
        ReadOnlySpan<double> theta,
        int index,
        ReadOnlySpan<double> direction,
        Span<double> result
    );
}

/// <summary>A model whose loss is half a sum of squares; <see cref="ResidualLandscape{TModel}"/> derives the rest.</summary>
public interface IResidualModel : IModel
{
    /// <summary>The number D of residuals, at least 1.</summary>
    int Outputs { get; }

    /// <summary>z_d at theta.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="theta">The point.</param>
    /// <param name="index">d, from 0.</param>
    T Residual<T>(ReadOnlySpan<T> theta, int index)
        where T : struct, IReal<T>;

    /// <summary>grad z_d at theta.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="theta">The point.</param>
    /// <param name="index">d, from 0.</param>
    /// <param name="gradient">Overwritten, as long as theta.</param>
    void ResidualGradient<T>(ReadOnlySpan<T> theta, int index, Span<T> gradient)
        where T : struct, IReal<T>;
}
