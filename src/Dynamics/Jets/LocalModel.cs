using System.Numerics.Tensors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// A jet as a surface of its own, in the reduced coordinates y = (u, f) of (4.9), u along v and f in the Krylov basis Q of the floor:
/// L(u, f) - L_0 = sum_{k=1..K} (m_k + b_k . f) u^k / k! + g_Q . f + 1/2 f^T T f [ + 1/2 u f^T C f, eq. (4.10) ].
/// A collocation jet (4.11) has the same form with more terms, + 1/4 u^2 f^T C_2 f + 1/6 A[f, f, f]: which jet the numbers come from is not asked here.
/// Theories that need more than a handful of inner products run on it, so that one contract (a jet in, observables out) holds for all. Gradient descent on it is (4.9) and (4.10), exactly.
/// The coordinates are orthonormal, so that gradients, angles and eigenvalues are those of the full space as far as the model reaches. Immutable; no method allocates.
/// </summary>
public sealed class LocalModel
{
    private readonly double[] _moments,
        _slope,
        _hessian;
    private readonly double[][] _gradients;
    private readonly double[]? _coupling;
    private readonly HigherFloor? _higher;

    /// <summary>Makes the model of a jet.</summary>
    /// <param name="jet">The jet; its Krylov part must be there.</param>
    /// <param name="order">The order K at which moments are cut, 2 to that of the jet.</param>
    /// <param name="cubic">Whether the cubic coupling C of (4.10) enters, which the jet must carry then, and with it what a collocation jet has beyond, C_2 and A.</param>
    /// <exception cref="ArgumentException">A part of the jet that is needed is not there.</exception>
    public LocalModel(Jet jet, int order, bool cubic = false)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.InRange(order, 2, jet.Order);
        var krylov = jet.Krylov ?? throw new ArgumentException("The jet has no Krylov part.", nameof(jet));
        (_moments, _gradients) = (jet.Moments[..order], krylov.Gradients[..order]);
        (_slope, _hessian) = (krylov.Slope, [.. krylov.Hessian.Cast<double>()]);
        if (!cubic)
            return;
        _coupling =
        [
            .. (
                krylov.Coupling ?? throw new ArgumentException("The jet has no cubic coupling.", nameof(jet))
            ).Cast<double>(),
        ];
        if (krylov.Bending is not null)
            _higher = new HigherFloor(krylov.Bending, krylov.Cubic);
    }

    /// <summary>The model with everything that a jet holds.</summary>
    /// <param name="jet">The jet; its Krylov part must be there.</param>
    /// <returns>The model of the jet's order, with the cubic coupling where it was measured.</returns>
    public static LocalModel Whole(Jet jet)
    {
        ArgumentNullException.ThrowIfNull(jet);
        return new LocalModel(jet, jet.Order, jet.Krylov?.Coupling is not null);
    }

    /// <summary>The number of coordinates, 1 + r.</summary>
    public int Dimension => _slope.Length + 1;

    /// <summary>The order K.</summary>
    public int Order => _moments.Length;

    /// <summary>m_k + b_k . f, the coefficient of u^k / k!.</summary>
    /// <param name="order">k, from 1 to K.</param>
    /// <param name="floor">f, r numbers.</param>
    /// <returns>The moment on the floor u = 0 at that place.</returns>
    public double Moment(int order, ReadOnlySpan<double> floor) =>
        _moments[order - 1] + TensorPrimitives.Dot(_gradients[order - 1], floor);

    /// <summary>D^k L[v, ..., v] at a point, with v the direction of u: sum_{j>=k} (m_j + b_j . f) u^(j-k)/(j-k)!.</summary>
    /// <param name="order">k, from 1 to K.</param>
    /// <param name="point">(u, f).</param>
    /// <returns>The derivative. The floor's stiffness adds 1/2 f^T (C + u C_2) f for k = 1 and 1/2 f^T C_2 f for k = 2.</returns>
    public double MomentAt(int order, ReadOnlySpan<double> point)
    {
        var (sum, power) = (order == 1 ? Coupled(point[1..], point[1..]) / 2 : 0, 1.0);
        for (var j = order; j <= Order; j++)
        {
            sum += Moment(j, point[1..]) * power;
            power *= point[0] / (j - order + 1);
        }

        if (_higher is not null && order <= 2)
            sum += (order == 1 ? point[0] : 1) * _higher.Bent(point[1..], point[1..]) / 2;
        return sum;
    }

    /// <summary>The loss relative to the reference point.</summary>
    /// <param name="point">(u, f).</param>
    /// <returns>L(u, f) - L_0.</returns>
    public double LossChange(ReadOnlySpan<double> point)
    {
        var u = point[0];
        var f = point[1..];
        var (sum, power) = (u * Coupled(f, f) / 2, 1.0);
        for (var i = 0; i < f.Length; i++)
            sum += f[i] * (_slope[i] + (Row(_hessian, i, f) / 2));
        for (var k = 1; k <= Order; k++)
            sum += Moment(k, f) * (power *= u / k);
        return _higher is null ? sum : sum + _higher.Value(u, f);
    }

    /// <summary>The gradient.</summary>
    /// <param name="point">(u, f).</param>
    /// <param name="gradient">Overwritten, 1 + r numbers; must not overlap the point.</param>
    public void Gradient(ReadOnlySpan<double> point, Span<double> gradient)
    {
        var u = point[0];
        var f = point[1..];
        var floor = gradient[1..];
        var (force, power) = (0.0, 1.0); // u^(k-1)/(k-1)!
        for (var i = 0; i < f.Length; i++)
            floor[i] = _slope[i] + Row(_hessian, i, f);
        if (_coupling is not null)
        {
            for (var i = 0; i < f.Length; i++)
            {
                var row = Row(_coupling, i, f);
                floor[i] += u * row;
                force += f[i] * row / 2;
            }
        }

        for (var k = 1; k <= Order; k++)
        {
            force += Moment(k, f) * power;
            power *= u / k;
            TensorPrimitives.MultiplyAdd(_gradients[k - 1], power, floor, floor);
        }

        gradient[0] = force;
        if (_higher is null)
            return;
        gradient[0] += u * _higher.Bent(f, f) / 2;
        _higher.AddBent(u * u / 2, f, floor);
        _higher.AddCubic(0.5, f, f, floor);
    }

    /// <summary>One step of gradient descent on the model, (4.9), (4.10), (4.13).</summary>
    /// <param name="point">(u, f).</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="next">Overwritten, 1 + r numbers; must not overlap the point.</param>
    public void Descend(ReadOnlySpan<double> point, double stepSize, Span<double> next)
    {
        Gradient(point, next);
        for (var i = 0; i < next.Length; i++)
            next[i] = point[i] - (stepSize * next[i]);
    }

    /// <summary>The Hessian [[ sum_{k>=2} (m_k + b_k . f) u^(k-2)/(k-2)!, c^T ], [ c, T + u C ]], c = sum_k b_k u^(k-1)/(k-1)! + C f; with 1/2 f^T C_2 f, u C_2 f and 1/2 u^2 C_2 + A[f] added to the three blocks of a collocation jet, (4.13).</summary>
    /// <param name="point">(u, f).</param>
    /// <param name="hessian">Overwritten row by row, (1 + r)^2 numbers.</param>
    public void Hessian(ReadOnlySpan<double> point, Span<double> hessian)
    {
        var n = Dimension;
        Require.Length(hessian.Length, n * n, nameof(hessian));
        var r = n - 1;
        var c = hessian[1..n];
        hessian[0] = MomentAt(2, point);
        Turning(point, c);
        for (var i = 0; i < r; i++)
        {
            var row = hessian.Slice((i + 1) * n, n);
            row[0] = c[i];
            _hessian.AsSpan(i * r, r).CopyTo(row[1..]);
            if (_coupling is not null)
                TensorPrimitives.MultiplyAdd(_coupling.AsSpan(i * r, r), point[0], row[1..], row[1..]);
            _higher?.AddRow(i, point[0], point[1..], row[1..]);
        }
    }

    /// <summary>result := H direction, with H the Hessian at a point.</summary>
    /// <param name="point">(u, f).</param>
    /// <param name="direction">(w, psi).</param>
    /// <param name="result">Overwritten; must overlap neither.</param>
    public void HessianVector(ReadOnlySpan<double> point, ReadOnlySpan<double> direction, Span<double> result)
    {
        var (u, w) = (point[0], direction[0]);
        var psi = direction[1..];
        var floor = result[1..];
        Turning(point, floor);
        result[0] = (MomentAt(2, point) * w) + TensorPrimitives.Dot<double>(floor, psi);
        for (var i = 0; i < psi.Length; i++)
            floor[i] = (w * floor[i]) + Row(_hessian, i, psi) + (_coupling is null ? 0 : u * Row(_coupling, i, psi));
        _higher?.AddBent(u * u / 2, psi, floor);
        _higher?.AddCubic(1, point[1..], psi, floor);
    }

    /// <summary>
    /// D^3 L[d, d, .] for d = (w, psi): for a unit eigenvector d the gradient of its eigenvalue, grad S where it leads.
    /// In u: w^2 sum_{k>=3} (m_k + b_k . f) u^(k-3)/(k-3)! + 2 w psi . h + psi^T C psi; in f: w^2 h + 2 w C psi; h = sum_{k>=2} b_k u^(k-2)/(k-2)!.
    /// A collocation jet has C + u C_2 for C and h + C_2 f for h, and A[psi, psi] more in f.
    /// </summary>
    /// <param name="point">(u, f).</param>
    /// <param name="direction">(w, psi), not normalised here.</param>
    /// <param name="result">Overwritten; must overlap neither.</param>
    public void CurvatureGradient(ReadOnlySpan<double> point, ReadOnlySpan<double> direction, Span<double> result)
    {
        var (u, w) = (point[0], direction[0]);
        var psi = direction[1..];
        var floor = result[1..];
        Bundle(2, u, floor);
        result[0] =
            (w * w * (Order >= 3 ? MomentAt(3, point) : 0))
            + (2 * w * TensorPrimitives.Dot<double>(floor, psi))
            + Coupled(psi, psi);
        for (var i = 0; i < psi.Length; i++)
            floor[i] = w * ((w * floor[i]) + (_coupling is null ? 0 : 2 * Row(_coupling, i, psi)));
        if (_higher is null)
            return;
        result[0] += (2 * w * _higher.Bent(psi, point[1..])) + (u * _higher.Bent(psi, psi));
        _higher.AddBent(w * w, point[1..], floor);
        _higher.AddBent(2 * w * u, psi, floor);
        _higher.AddCubic(1, psi, psi, floor);
    }

    /// <summary>c = sum_k b_k u^(k-1)/(k-1)! + C f [ + u C_2 f ], the part of the Hessian that turns v_1.</summary>
    private void Turning(ReadOnlySpan<double> point, Span<double> result)
    {
        Bundle(1, point[0], result);
        if (_coupling is null)
            return;
        for (var i = 0; i < result.Length; i++)
            result[i] += Row(_coupling, i, point[1..]);
        _higher?.AddBent(point[0], point[1..], result);
    }

    /// <summary>sum_{k>=first} b_k u^(k-first)/(k-first)!.</summary>
    private void Bundle(int first, double u, Span<double> result)
    {
        result.Clear();
        var power = 1.0;
        for (var k = first; k <= Order; k++)
        {
            TensorPrimitives.MultiplyAdd(_gradients[k - 1], power, result, result);
            power *= u / (k - first + 1);
        }
    }

    /// <summary>x^T C y, zero without a coupling.</summary>
    private double Coupled(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        if (_coupling is not null)
            for (var i = 0; i < x.Length; i++)
                sum += x[i] * Row(_coupling, i, y);
        return sum;
    }

    private static double Row(double[] matrix, int row, ReadOnlySpan<double> x) =>
        TensorPrimitives.Dot(matrix.AsSpan(row * x.Length, x.Length), x);
}
