using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// Loss and gradient of the scalar network of depth N: with e = prod_l theta_l - y, L = e^2 / 2 and dL/dtheta_i = e prod_{l != i} theta_l.
/// </summary>
public readonly struct ScalarProductModel : IResidualModel
{
    /// <summary>Makes the model.</summary>
    /// <param name="target">y, finite.</param>
    public ScalarProductModel(double target) => Target = Require.Finite(target);

    /// <summary>y.</summary>
    public double Target { get; }

    /// <inheritdoc/>
    public int Outputs => 1;

    /// <inheritdoc/>
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        var error = Residual(theta, 0);
        return (T)0.5 * error * error;
    }

    /// <inheritdoc/>
    public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T> => ProductChain.Partials(theta, Residual(theta, 0), gradient);

    /// <inheritdoc/>
    public T Residual<T>(ReadOnlySpan<T> theta, int index)
        where T : struct, IReal<T> => ProductChain.Product(theta) - Target;

    /// <inheritdoc/>
    public void ResidualGradient<T>(ReadOnlySpan<T> theta, int index, Span<T> gradient)
        where T : struct, IReal<T> => ProductChain.Partials(theta, 1.0, gradient);
}

/// <summary>
/// The scalar network of depth N, eq. (3.9): L = 1/2 (Theta - y)^2, Theta = theta_1 ... theta_N, defined everywhere. With P_i = prod_{l != i} theta_l:
/// gradient (Theta - y) P_i; Hessian P_i P_j + (Theta - y) prod_{l != i, j} theta_l off the diagonal, P_i^2 on it; a polynomial of degree 2 N.
/// Minima: Theta = y, where H = P P^T and S = sum_i P_i^2, which for y = 1 is sum_i 1 / theta_i^2 >= N, with equality if and only if all |theta_i| = 1.
/// One step multiplies theta_i^2 - theta_j^2 by 1 - eta^2 (Theta - y)^2 Q^2, Q = prod_{l != i, j} theta_l, which is (3.9) without its division.
/// </summary>
public sealed class ScalarProduct : ResidualLandscape<ScalarProductModel>
{
    /// <summary>The greatest depth.</summary>
    public const int DeepestDepth = 1024;

    /// <summary>Makes the network.</summary>
    /// <param name="depth">N, from 1 to <see cref="DeepestDepth"/>.</param>
    /// <param name="target">y, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is out of range or the target is not finite.</exception>
    public ScalarProduct(int depth, double target = 1)
        : base("scalar-product", new ScalarProductModel(target), Require.InRange(depth, 1, DeepestDepth)) { }

    /// <summary>N.</summary>
    public int Depth => Dimension;

    /// <inheritdoc/>
    public override bool HasQuadraticResiduals => Depth <= 2;

    /// <summary>y.</summary>
    public double Target => Model.Target;

    /// <summary>Theta, the product of all parameters.</summary>
    /// <param name="theta">The point, N components.</param>
    public double Product(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Depth, nameof(theta));
        return ProductChain.Product(System.Runtime.InteropServices.MemoryMarshal.Cast<double, Scalar>(theta)).Value;
    }

    /// <summary>The imbalance theta_i^2 - theta_j^2, conserved by gradient flow.</summary>
    /// <param name="theta">The point, N components.</param>
    /// <param name="i">The first index, from 0.</param>
    /// <param name="j">The second index, from 0.</param>
    public double Imbalance(ReadOnlySpan<double> theta, int i, int j)
    {
        RequirePair(theta, i, j);
        return (theta[i] - theta[j]) * (theta[i] + theta[j]);
    }

    /// <summary>The factor 1 - eta^2 z'^2 Q^2 by which one step of gradient descent multiplies an imbalance, eq. (3.9).</summary>
    /// <param name="theta">The point, N components.</param>
    /// <param name="i">The first index, from 0.</param>
    /// <param name="j">The second index, from 0; not i.</param>
    /// <param name="stepSize">eta.</param>
    public double ImbalanceFactor(ReadOnlySpan<double> theta, int i, int j, double stepSize)
    {
        RequirePair(theta, i, j);
        var q = stepSize * (Product(theta) - Target) * ProductChain.Without(theta, i, j);
        return 1 - (q * q);
    }

    /// <summary>sum_i P_i^2: the sharpness S at a minimum, and the largest eigenvalue of the Gauss-Newton matrix anywhere.</summary>
    /// <param name="theta">The point, N components.</param>
    /// <returns>The sum; sum_i 1 / theta_i^2 where Theta = 1.</returns>
    public double MinimumSharpness(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Depth, nameof(theta));
        return ProductChain.SquaredGradient(theta);
    }

    /// <summary>The flattest minimum: all |theta_i| = |y|^(1/N), theta_1 with the sign of y. Its sharpness is N |y|^(2 - 2/N).</summary>
    /// <returns>The point, N components.</returns>
    public double[] BalancedMinimum()
    {
        var minimum = new double[Depth];
        Array.Fill(minimum, Math.Pow(Math.Abs(Target), 1.0 / Depth));
        if (Target < 0)
            minimum[0] = -minimum[0];
        return minimum;
    }

    /// <summary>Gradient descent on the balanced line theta = (u, ..., u): the map u+ = u - eta (u^N - y) u^(N-1), unimodal in u > 0 for N >= 2 and y > 0.</summary>
    /// <typeparam name="T">The number type: <c>Dual&lt;Scalar&gt;</c> gives the multiplier as well.</typeparam>
    /// <param name="u">Where on the line.</param>
    /// <param name="stepSize">eta.</param>
    public T BalancedStep<T>(T u, double stepSize)
        where T : struct, IReal<T>
    {
        var power = T.Power(u, Depth - 1);
        return u - ((T)stepSize * ((power * u) - Target) * power);
    }

    private void RequirePair(ReadOnlySpan<double> theta, int i, int j)
    {
        Require.Length(theta.Length, Depth, nameof(theta));
        Require.InRange(i, 0, Depth - 1);
        Require.InRange(j, 0, Depth - 1);
        if (i == j)
            throw new ArgumentException($"j is {j}; it must differ from i.", nameof(j));
    }
}
