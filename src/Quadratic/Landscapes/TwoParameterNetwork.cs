using FlatBias.Dynamics;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The two-parameter network of section 3: L = z(Theta), Theta = theta_1 theta_2.
/// Gradient z' (theta_2, theta_1); Hessian (3.4). Along v the argument is the quadratic Theta + c1 t + c2 t^2 with c1 = theta_1 v_2 + theta_2 v_1, c2 = v_1 v_2, hence (Faa di Bruno)
/// D^n L[v^n] = n! sum_j z^(n-j)(Theta) c1^(n-2j) c2^j / ((n-2j)! j!), and its gradient follows from dTheta = (theta_2, theta_1), dc1 = (v_2, v_1).
/// Minima: the hyperbola Theta = argmin z, with sharpness z''(Theta*) (theta_1^2 + theta_2^2).
/// </summary>
/// <typeparam name="TLink">The link z, a struct.</typeparam>
public sealed class TwoParameterNetwork<TLink> : Landscape, IResidualLandscape
    where TLink : struct, ILink
{
    private readonly TLink _link;
    private readonly (double Scale, double Target)? _square;

    /// <summary>Makes the network.</summary>
    /// <param name="link">The link z.</param>
    public TwoParameterNetwork(TLink link)
        : base(2) => (_link, _square) = (link, (link as IResidualLink)?.Square);

    /// <inheritdoc/>
    public override string Name => "two-parameter-network";

    /// <summary>The link z.</summary>
    public TLink Link => _link;

    /// <summary>1 where the link is a square, as in z = Theta^2 and the squared error; else 0.</summary>
    public int Outputs => _square is null ? 0 : 1;

    /// <inheritdoc/>
    public bool HasQuadraticResiduals => _square is not null;

    /// <summary>Gradient descent on this network as a map, compiled for the link.</summary>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    public TwoParameterMap<TLink> AsMap(double stepSize) => new(_link, Require.Positive(stepSize));

    /// <summary>The invariants and the link's slope at a point.</summary>
    /// <param name="theta">The point, 2 components.</param>
    public TwoParameterState State(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, 2, nameof(theta));
        Span<double> z = stackalloc double[3];
        _link.Derivatives(theta[0] * theta[1], z);
        return new TwoParameterState(theta[0], theta[1], z[1], z[2]);
    }

    /// <inheritdoc/>
    public override double Loss(ReadOnlySpan<double> theta)
    {
        Span<double> z = stackalloc double[1];
        _link.Derivatives(theta[0] * theta[1], z);
        return z[0];
    }

    /// <inheritdoc/>
    public override void Gradient(ReadOnlySpan<double> theta, Span<double> gradient)
    {
        var slope = _link.Slope(theta[0] * theta[1]);
        gradient[0] = slope * theta[1];
        gradient[1] = slope * theta[0];
    }

    /// <inheritdoc/>
    public override void Hessian(ReadOnlySpan<double> theta, Span<double> hessian)
    {
        Span<double> z = stackalloc double[3];
        var product = theta[0] * theta[1];
        _link.Derivatives(product, z);
        hessian[0] = theta[1] * theta[1] * z[2];
        hessian[1] = hessian[2] = z[1] + (product * z[2]);
        hessian[3] = theta[0] * theta[0] * z[2];
    }

    /// <inheritdoc/>
    public override void DirectionalDerivatives(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        Span<double> derivatives
    )
    {
        Span<double> z = stackalloc double[HighestOrder + 1];
        _link.Derivatives(theta[0] * theta[1], z[..(derivatives.Length + 1)]);
        var (c1, c2) = Argument(theta, direction);
        for (var n = 1; n <= derivatives.Length; n++)
        {
            var (sum, weight) = (0.0, 1.0); // weight = n! / ((n-2j)! j!)
            for (var j = 0; 2 * j <= n; j++)
            {
                sum += weight * z[n - j] * Power(c1, n - (2 * j)) * Power(c2, j);
                weight *= (n - (2 * j)) * (double)(n - (2 * j) - 1) / (j + 1);
            }

            derivatives[n - 1] = sum;
        }
    }

    /// <inheritdoc/>
    public override void DirectionalGradient(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        int order,
        Span<double> gradient
    )
    {
        Span<double> z = stackalloc double[HighestOrder + 2];
        _link.Derivatives(theta[0] * theta[1], z[..(order + 2)]);
        var (c1, c2) = Argument(theta, direction);
        var (byProduct, byLinear, weight) = (0.0, 0.0, 1.0);
        for (var j = 0; 2 * j <= order; j++)
        {
            var m = order - (2 * j);
            byProduct += weight * z[order - j + 1] * Power(c1, m) * Power(c2, j);
            if (m > 0)
                byLinear += weight * z[order - j] * m * Power(c1, m - 1) * Power(c2, j);
            weight *= m * (double)(m - 1) / (j + 1);
        }

        gradient[0] = (byProduct * theta[1]) + (byLinear * direction[1]);
        gradient[1] = (byProduct * theta[0]) + (byLinear * direction[0]);
    }

    /// <summary>z_0 = a (Theta - y), eq. (6.3) with n = 1/a^2.</summary>
    /// <param name="theta">The point, 2 components.</param>
    /// <param name="index">0.</param>
    public double Residual(ReadOnlySpan<double> theta, int index)
    {
        Require.Length(theta.Length, 2, nameof(theta));
        return Scale(index) * ((theta[0] * theta[1]) - _square!.Value.Target);
    }

    /// <inheritdoc/>
    public void ResidualGradient(ReadOnlySpan<double> theta, int index, Span<double> gradient) =>
        ResidualHessianVector(theta, index, theta, gradient);

    /// <inheritdoc/>
    public void ResidualHessianVector(
        ReadOnlySpan<double> theta,
        int index,
        ReadOnlySpan<double> direction,
        Span<double> result
    )
    {
        Require.Length(direction.Length, 2, nameof(direction));
        (result[0], result[1]) = (Scale(index) * direction[1], Scale(index) * direction[0]);
    }

    private double Scale(int index) => Require.InRange(index, 0, Outputs - 1) == 0 ? _square!.Value.Scale : 0;

    private static (double Linear, double Square) Argument(ReadOnlySpan<double> theta, ReadOnlySpan<double> v) =>
        ((theta[0] * v[1]) + (theta[1] * v[0]), v[0] * v[1]);

    private static double Power(double x, int n)
    {
        var result = 1.0;
        for (var i = 0; i < n; i++)
            result *= x;
        return result;
    }
}
