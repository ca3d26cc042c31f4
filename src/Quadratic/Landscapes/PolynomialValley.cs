using System.Numerics.Tensors;
using FlatBias.Dynamics;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The polynomial valley of section 4: L(u, phi) = V(phi) + sum_{k=2..K} m_k(phi) u^k / k!, with V = V_0 + g . phi + 1/2 phi^T H phi and m_k = m_k0 + b_k . phi affine in phi.
/// Parameters (u, phi_1, ..., phi_d). With H = 0 gradient descent in all 1 + d dimensions is exactly the curvature-moment map (4.1), (4.2), with G_jk = b_j . b_k and a_k = - b_k . g; with any H (a relaxing valley) it is exactly
/// the map with memory (4.8), (4.9).
/// Along v = (w, psi): D^n L = [n = 1] (g + H phi) . psi + [n = 2] psi . H psi + sum_k [ m_k w^n u^(k-n)/(k-n)! + n (b_k . psi) w^(n-1) u^(k-n+1)/(k-n+1)! ].
/// Unbounded below unless g and every b_k are zero, or H holds them; the floor u = 0 is critical in u everywhere.
/// </summary>
public sealed class PolynomialValley : Landscape
{
    private readonly double _floor;
    private readonly double[] _slope,
        _moments;
    private readonly double[]? _stiffness;
    private readonly double[][] _gradients;

    /// <summary>Makes a valley.</summary>
    /// <param name="floor">V_0.</param>
    /// <param name="slope">g, d components, d at least 1.</param>
    /// <param name="moments">m_20 .. m_K0; between 1 and 5 of them, so K is 2 to 6.</param>
    /// <param name="gradients">b_2 .. b_K, each d components.</param>
    /// <param name="stiffness">H, d x d and symmetric, or null for a floor that is flat but for its slope.</param>
    /// <exception cref="ArgumentException">Lengths do not agree, a number is not finite, or H is not symmetric.</exception>
    public PolynomialValley(
        double floor,
        double[] slope,
        double[] moments,
        double[][] gradients,
        double[,]? stiffness = null
    )
        : base(1 + (slope?.Length ?? throw new ArgumentNullException(nameof(slope))))
    {
        ArgumentNullException.ThrowIfNull(moments);
        ArgumentNullException.ThrowIfNull(gradients);
        Require.InRange(slope.Length, 1, name: nameof(slope));
        Require.InRange(moments.Length, 1, HighestOrder - 1, nameof(moments));
        Require.Length(gradients.Length, moments.Length, nameof(gradients));
        Require.AllFinite(slope);
        Require.AllFinite(moments);
        foreach (var b in gradients)
        {
            Require.Length(b.Length, slope.Length, nameof(gradients));
            Require.AllFinite(b, nameof(gradients));
        }

        _floor = Require.Finite(floor);
        (_slope, _moments) = ((double[])slope.Clone(), (double[])moments.Clone());
        _gradients = [.. gradients.Select(b => (double[])b.Clone())];
        _stiffness = stiffness is null ? null : SymmetricTensor.Flatten(stiffness, slope.Length, nameof(stiffness));
    }

    /// <inheritdoc/>
    public override string Name => "polynomial-valley";

    /// <summary>The order K, 2 to 6.</summary>
    public int Order => _moments.Length + 1;

    /// <summary>m_k at a point, k from 2 to K.</summary>
    /// <param name="k">The order.</param>
    /// <param name="theta">The point (u, phi).</param>
    public double Moment(int k, ReadOnlySpan<double> theta)
    {
        Require.InRange(k, 2, Order);
        return _moments[k - 2] + TensorPrimitives.Dot(_gradients[k - 2], theta[1..]);
    }

    /// <summary>The unit vector along u, the unstable coordinate.</summary>
    /// <returns>(1, 0, ..., 0).</returns>
    public double[] UnstableDirection()
    {
        var v = new double[Dimension];
        v[0] = 1;
        return v;
    }

    /// <inheritdoc/>
    public override double Loss(ReadOnlySpan<double> theta)
    {
        var sum = _floor + TensorPrimitives.Dot(_slope, theta[1..]) + (Stiff(theta[1..], theta[1..]) / 2);
        for (var k = 2; k <= Order; k++)
            sum += Moment(k, theta) * Scaled(theta[0], k);
        return sum;
    }

    /// <inheritdoc/>
    public override void Gradient(ReadOnlySpan<double> theta, Span<double> gradient)
    {
        _slope.CopyTo(gradient[1..]);
        gradient[0] = 0;
        AddStiff(theta[1..], gradient[1..]);
        for (var k = 2; k <= Order; k++)
        {
            gradient[0] += Moment(k, theta) * Scaled(theta[0], k - 1);
            TensorPrimitives.MultiplyAdd(_gradients[k - 2], Scaled(theta[0], k), gradient[1..], gradient[1..]);
        }
    }

    /// <inheritdoc/>
    public override void Hessian(ReadOnlySpan<double> theta, Span<double> hessian)
    {
        hessian.Clear();
        var n = Dimension;
        for (var k = 2; k <= Order; k++)
        {
            hessian[0] += Moment(k, theta) * Scaled(theta[0], k - 2);
            var coupling = Scaled(theta[0], k - 1);
            for (var i = 1; i < n; i++)
                hessian[i] += coupling * _gradients[k - 2][i - 1];
        }

        for (var i = 1; i < n; i++)
        {
            hessian[i * n] = hessian[i];
            if (_stiffness is not null)
                _stiffness.AsSpan((i - 1) * (n - 1), n - 1).CopyTo(hessian[((i * n) + 1)..]);
        }
    }

    /// <inheritdoc/>
    public override void DirectionalDerivatives(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        Span<double> derivatives
    )
    {
        var (u, w) = (theta[0], direction[0]);
        var psi = direction[1..];
        for (var n = 1; n <= derivatives.Length; n++)
        {
            var sum = n switch
            {
                1 => TensorPrimitives.Dot(_slope, psi) + Stiff(psi, theta[1..]),
                2 => Stiff(psi, psi),
                _ => 0,
            };
            for (var k = Math.Max(2, n - 1); k <= Order; k++)
            {
                if (k >= n)
                    sum += Moment(k, theta) * Power(w, n) * Scaled(u, k - n);
                sum += n * TensorPrimitives.Dot(_gradients[k - 2], psi) * Power(w, n - 1) * Scaled(u, k - n + 1);
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
        var (u, w, n) = (theta[0], direction[0], order);
        var psi = direction[1..];
        gradient.Clear();
        if (n == 1)
            AddStiff(psi, gradient[1..]);
        for (var k = Math.Max(2, n - 1); k <= Order; k++)
        {
            if (k > n)
                gradient[0] += Moment(k, theta) * Power(w, n) * Scaled(u, k - n - 1);
            if (k >= n)
                gradient[0] += n * TensorPrimitives.Dot(_gradients[k - 2], psi) * Power(w, n - 1) * Scaled(u, k - n);
            if (k >= n)
                TensorPrimitives.MultiplyAdd(
                    _gradients[k - 2],
                    Power(w, n) * Scaled(u, k - n),
                    gradient[1..],
                    gradient[1..]
                );
        }
    }

    /// <summary>x . H y.</summary>
    private double Stiff(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        if (_stiffness is not null)
            for (var i = 0; i < x.Length; i++)
                sum += x[i] * TensorPrimitives.Dot(_stiffness.AsSpan(i * x.Length, x.Length), y);
        return sum;
    }

    /// <summary>result := result + H x.</summary>
    private void AddStiff(ReadOnlySpan<double> x, Span<double> result)
    {
        if (_stiffness is null)
            return;
        for (var i = 0; i < x.Length; i++)
            result[i] += TensorPrimitives.Dot(_stiffness.AsSpan(i * x.Length, x.Length), x);
    }

    /// <summary>u^n / n!.</summary>
    private static double Scaled(double u, int n)
    {
        var result = 1.0;
        for (var i = 1; i <= n; i++)
            result *= u / i;
        return result;
    }

    private static double Power(double x, int n)
    {
        var result = 1.0;
        for (var i = 0; i < n; i++)
            result *= x;
        return result;
    }
}
