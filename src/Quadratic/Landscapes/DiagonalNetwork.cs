using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Loss and gradient of the independent diagonal network; parameters layer by layer, theta_{l,i} at index l d + i.</summary>
public readonly struct DiagonalNetworkModel : IModel
{
    private readonly double[] _weights,
        _targets;

    internal DiagonalNetworkModel(double[] weights, double[] targets) => (_weights, _targets) = (weights, targets);

    /// <inheritdoc/>
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var i = 0; i < _targets.Length; i++)
        {
            var error = ProductChain.Product(theta[i..], _targets.Length) - _targets[i];
            sum += (T)(0.5 * _weights[i]) * error * error;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T>
    {
        for (var i = 0; i < _targets.Length; i++)
            ProductChain.Partials(theta[i..], Slope(theta, i), gradient[i..], _targets.Length);
    }

    /// <summary>a_i (prod_l theta_{l,i} - y_i), the derivative by the i-th product.</summary>
    internal T Slope<T>(ReadOnlySpan<T> theta, int i)
        where T : struct, IReal<T> =>
        (T)_weights[i] * (ProductChain.Product(theta[i..], _targets.Length) - _targets[i]);
}

/// <summary>
/// The diagonal linear network of d independent coordinates and depth N, eq. (3.10): L = 1/2 sum_i a_i (Theta_i - y_i)^2, Theta_i = prod_l theta_{l,i}, a_i > 0, defined everywhere.
/// With c_i = a_i (Theta_i - y_i) the gradient is c_i prod_{m != l} theta_{m,i}; the Hessian has one N x N block a coordinate, a_i times that of <see cref="ScalarProduct"/>; degree 2 N.
/// Minima: Theta = y, with sharpness max_i a_i sum_l prod_{m != l} theta_{m,i}^2.
/// (3.9) holds per coordinate with c_i for z'; for N = 2 that is (3.1): (theta_{2,i}^2 - theta_{1,i}^2)+ = (theta_{2,i}^2 - theta_{1,i}^2) (1 - eta^2 c_i^2).
/// </summary>
public sealed class DiagonalNetwork : ModelLandscape<DiagonalNetworkModel>
{
    private readonly double[] _weights;

    /// <summary>Makes the network.</summary>
    /// <param name="depth">N, at least 1.</param>
    /// <param name="weights">a, finite and above 0, at least one.</param>
    /// <param name="targets">y, finite, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a number is out of range.</exception>
    public DiagonalNetwork(int depth, double[] weights, double[] targets)
        : this(depth, weights, targets, Checked(depth, weights, targets)) { }

    private DiagonalNetwork(int depth, double[] weights, double[] targets, int dimension)
        : base("diagonal-network", new DiagonalNetworkModel([.. weights], [.. targets]), dimension) =>
        (Depth, Width, _weights) = (depth, weights.Length, [.. weights]);

    /// <summary>N.</summary>
    public int Depth { get; }

    /// <summary>d.</summary>
    public int Width { get; }

    /// <summary>slopes[i] := c_i = dL/dTheta_i, what (3.9) has for z' in coordinate i.</summary>
    /// <param name="theta">The point, N d components, layer by layer.</param>
    /// <param name="slopes">Overwritten, d components.</param>
    public void EffectiveSlopes(ReadOnlySpan<double> theta, Span<double> slopes)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        Require.Length(slopes.Length, Width, nameof(slopes));
        var point = System.Runtime.InteropServices.MemoryMarshal.Cast<double, Scalar>(theta);
        for (var i = 0; i < Width; i++)
            slopes[i] = Model.Slope(point, i).Value;
    }

    /// <summary>The factor 1 - eta^2 c_i^2 Q^2 by which one step multiplies theta_{l,i}^2 - theta_{m,i}^2, eq. (3.9), Q the product of the coordinate's other factors.</summary>
    /// <param name="theta">The point, N d components.</param>
    /// <param name="coordinate">i, from 0.</param>
    /// <param name="first">The layer l, from 0.</param>
    /// <param name="second">The layer m, from 0; not l.</param>
    /// <param name="stepSize">eta.</param>
    public double ImbalanceFactor(ReadOnlySpan<double> theta, int coordinate, int first, int second, double stepSize)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        Require.InRange(coordinate, 0, Width - 1);
        Require.InRange(first, 0, Depth - 1);
        Require.InRange(second, 0, Depth - 1);
        if (first == second)
            throw new ArgumentException($"second is {second}; it must differ from first.", nameof(second));
        var slope = Model
            .Slope(System.Runtime.InteropServices.MemoryMarshal.Cast<double, Scalar>(theta), coordinate)
            .Value;
        var q = stepSize * slope * ProductChain.Without(theta[coordinate..], first * Width, second * Width, Width);
        return 1 - (q * q);
    }

    /// <summary>The sharpness at a minimum: max_i a_i sum_l prod_{m != l} theta_{m,i}^2.</summary>
    /// <param name="theta">The point, N d components.</param>
    /// <returns>S where every Theta_i = y_i.</returns>
    public double MinimumSharpness(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        var largest = 0.0;
        for (var i = 0; i < Width; i++)
            largest = Math.Max(largest, _weights[i] * ProductChain.SquaredGradient(theta[i..], Width));
        return largest;
    }

    private static int Checked(int depth, double[] weights, double[] targets)
    {
        Require.InRange(depth, 1, ScalarProduct.DeepestDepth);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(targets);
        Require.InRange(weights.Length, 1, name: nameof(weights));
        Require.Length(targets.Length, weights.Length, nameof(targets));
        for (var i = 0; i < weights.Length; i++)
            Require.Positive(weights[i], $"{nameof(weights)}[{i}]");
        Require.AllFinite(targets);
        return checked(depth * weights.Length);
    }
}
