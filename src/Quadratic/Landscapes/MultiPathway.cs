using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// Loss and gradient of P scalar chains of depth N in parallel: with e = sum_p Theta_p - y and Theta_p = prod_l theta_pl,
/// L = e^2 / 2 and dL/dtheta_pi = e prod_{l != i} theta_pl.
/// </summary>
public readonly struct MultiPathwayModel : IResidualModel
{
    /// <summary>Makes the model.</summary>
    /// <param name="depth">N, at least 1.</param>
    /// <param name="target">y, finite.</param>
    public MultiPathwayModel(int depth, double target) =>
        (Depth, Target) = (Require.InRange(depth, 1, ScalarProduct.DeepestDepth), Require.Finite(target));

    /// <summary>N.</summary>
    public int Depth { get; }

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
        where T : struct, IReal<T> => Partials(theta, Residual(theta, 0), gradient);

    /// <inheritdoc/>
    public T Residual<T>(ReadOnlySpan<T> theta, int index)
        where T : struct, IReal<T>
    {
        T sum = -Target;
        for (var begin = 0; begin < theta.Length; begin += Depth)
            sum += ProductChain.Product(theta.Slice(begin, Depth));
        return sum;
    }

    /// <inheritdoc/>
    public void ResidualGradient<T>(ReadOnlySpan<T> theta, int index, Span<T> gradient)
        where T : struct, IReal<T> => Partials(theta, 1.0, gradient);

    private void Partials<T>(ReadOnlySpan<T> theta, T scale, Span<T> partials)
        where T : struct, IReal<T>
    {
        for (var begin = 0; begin < theta.Length; begin += Depth)
            ProductChain.Partials(theta.Slice(begin, Depth), scale, partials.Slice(begin, Depth));
    }
}

/// <summary>
/// P scalar chains of depth N in parallel, eq. (3.13): L = 1/2 (Theta_1 + ... + Theta_P - y)^2, Theta_p = theta_p1 ...
/// theta_pN, theta path by path, defined everywhere. Gradient e P_pi with P_pi = prod_{l != i} theta_pl and e the sum less
/// y; a polynomial of degree 2 N.
/// Minima: e = 0, where H is the outer product of the P_pi with themselves and S = sum P_pi^2 >= N sum_p |Theta_p|^(2 -
/// 2/N), with equality where each path is balanced; from N = 3 on that is least where the paths share y equally, by the
/// factor P^(2/N - 1) of what one path alone has.
/// One step multiplies theta_pi^2 - theta_pj^2 by 1 - eta^2 e^2 Q^2, Q = prod_{l != i, j} theta_pl.
/// </summary>
public sealed class MultiPathway : ResidualLandscape<MultiPathwayModel>
{
    /// <summary>Makes the network.</summary>
    /// <param name="paths">P, from 1.</param>
    /// <param name="depth">N, from 1; P N is at most <see cref="ScalarProduct.DeepestDepth"/>.</param>
    /// <param name="target">y, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range or the target is not finite.</exception>
    public MultiPathway(int paths, int depth, double target = 1)
        : base(
            "multi-pathway",
            new MultiPathwayModel(depth, target),
            Require.InRange(paths, 1, ScalarProduct.DeepestDepth / depth) * depth
        ) { }

    /// <summary>N.</summary>
    public int Depth => Model.Depth;

    /// <summary>P.</summary>
    public int Paths => Dimension / Depth;

    /// <inheritdoc/>
    public override bool HasQuadraticResiduals => Depth <= 2;

    /// <summary>y.</summary>
    public double Target => Model.Target;

    /// <summary>Theta_p: what a path contributes.</summary>
    /// <param name="theta">The point, P N components.</param>
    /// <param name="path">p, from 0.</param>
    public double Product(ReadOnlySpan<double> theta, int path)
    {
        var own = Path(theta, path);
        var product = 1.0;
        foreach (var factor in own)
            product *= factor;
        return product;
    }

    /// <summary>The factor 1 - eta^2 e^2 Q^2 by which one step of gradient descent multiplies the imbalance theta_pi^2 -
    /// theta_pj^2 within a path, eq. (3.13); gradient flow conserves it.</summary>
    /// <param name="theta">The point, P N components.</param>
    /// <param name="path">p, from 0.</param>
    /// <param name="i">The first index within the path, from 0.</param>
    /// <param name="j">The second index, from 0; not i.</param>
    /// <param name="stepSize">eta.</param>
    public double ImbalanceFactor(ReadOnlySpan<double> theta, int path, int i, int j, double stepSize)
    {
        Require.InRange(i, 0, Depth - 1);
        Require.InRange(j, 0, Depth - 1);
        if (i == j)
            throw new ArgumentException($"j is {j}; it must differ from i.", nameof(j));
        var q = stepSize * Residual(theta, 0) * ProductChain.Without(Path(theta, path), i, j);
        return 1 - (q * q);
    }

    /// <summary>sum P_pi^2: the sharpness S at a minimum, and the largest eigenvalue of the Gauss-Newton matrix
    /// anywhere.</summary>
    /// <param name="theta">The point, P N components.</param>
    public double MinimumSharpness(ReadOnlySpan<double> theta)
    {
        var sum = 0.0;
        for (var path = 0; path < Paths; path++)
            sum += ProductChain.SquaredGradient(Path(theta, path));
        return sum;
    }

    /// <summary>The sharpness of the minimum at which this many balanced paths share y equally and the others are 0, N |y|^(2 - 2/N)
    /// P^(2/N - 1): with all of them the least of any minimum.</summary>
    /// <param name="sharing">How many paths share, from 1 to P.</param>
    public double SharedSharpness(int sharing)
    {
        Require.InRange(sharing, 1, Paths);
        var exponent = 2.0 / Depth;
        return Depth * Math.Pow(Math.Abs(Target), 2 - exponent) * Math.Pow(sharing, exponent - 1);
    }

    private ReadOnlySpan<double> Path(ReadOnlySpan<double> theta, int path)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        return theta.Slice(Require.InRange(path, 0, Paths - 1) * Depth, Depth);
    }
}
