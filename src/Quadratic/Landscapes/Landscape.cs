using FlatBias.Dynamics;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// A loss in closed form over R^P in float64, with its gradient, Hessian and directional derivatives to order 6, all from formulas, none from differences.
/// Spans go in and out; nothing is allocated by any of these members. A landscape is immutable apart from its cost ledger and not for use by several threads at once.
/// </summary>
public abstract class Landscape : ISurface<double[]>
{
    /// <summary>The order to which directional derivatives are given.</summary>
    public const int HighestOrder = 6;

    /// <summary>The largest dimension: its dense Hessian takes 128 MiB.</summary>
    public const int LargestDimension = 4096;

    /// <summary>Sets the dimension.</summary>
    /// <param name="dimension">P, from 1 to <see cref="LargestDimension"/>.</param>
    protected Landscape(int dimension) => Space = new DenseSpace(Require.InRange(dimension, 1, LargestDimension));

    /// <summary>The name used in records and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The number of parameters P.</summary>
    public int Dimension => Space.Dimension;

    /// <inheritdoc/>
    public IVectorSpace<double[]> Space { get; }

    /// <inheritdoc/>
    public CostLedger Cost { get; } = new();

    /// <inheritdoc/>
    public int MaximumOrder => HighestOrder;

    /// <summary>L(theta).</summary>
    /// <param name="theta">The point, P components.</param>
    public abstract double Loss(ReadOnlySpan<double> theta);

    /// <summary>The gradient g(theta).</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="gradient">Overwritten, P components.</param>
    public abstract void Gradient(ReadOnlySpan<double> theta, Span<double> gradient);

    /// <summary>The Hessian H(theta).</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="hessian">Overwritten, P x P row by row.</param>
    public abstract void Hessian(ReadOnlySpan<double> theta, Span<double> hessian);

    /// <summary>derivatives[k-1] := D^k L[v^k] for k = 1 .. derivatives.Length, at most 6; eq. (1.3).</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="direction">The direction v, P components, any length.</param>
    /// <param name="derivatives">Overwritten.</param>
    public abstract void DirectionalDerivatives(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        Span<double> derivatives
    );

    /// <summary>gradient := D^(order+1) L[v^order, .].</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="direction">The direction v, P components, any length.</param>
    /// <param name="order">From 1 to 6.</param>
    /// <param name="gradient">Overwritten, P components.</param>
    public abstract void DirectionalGradient(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        int order,
        Span<double> gradient
    );

    /// <summary>All eigenvalues of the Hessian by a dense solver: the independent route beside Lanczos.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <returns>P eigenvalues, largest first.</returns>
    public double[] Eigenvalues(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        var hessian = new double[Dimension * Dimension];
        Hessian(theta, hessian);
        var (values, _) = DenseEigen.Symmetric(Matrix<double>.Build.Dense(Dimension, Dimension, hessian));
        Array.Reverse(values);
        return values;
    }

    /// <inheritdoc/>
    public double LossAndGradient(double[] theta, double[] gradient)
    {
        Cost.Gradients++;
        Gradient(theta, gradient);
        return Loss(theta);
    }

    double ISurface<double[]>.Loss(double[] theta)
    {
        Cost.ForwardPasses++;
        return Loss(theta);
    }

    /// <inheritdoc/>
    public ISurfacePoint<double[]> At(double[] theta) =>
        this is IResidualLandscape { Outputs: > 0 } residuals
            ? new ResidualPoint(this, residuals, theta)
            : new LandscapePoint(this, theta);
}
