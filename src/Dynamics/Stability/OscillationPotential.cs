using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Surfaces;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Stability;

/// <summary>A period-2 orbit of gradient descent about a minimum, to leading order in its size, eq. (4.29).</summary>
/// <param name="Amplitudes">a_i, half the distance of its two points along each leading eigenvector.</param>
/// <param name="First">One point.</param>
/// <param name="Second">The other.</param>
/// <param name="Stable">Whether the amplitudes are a minimum of the potential: what leaves the minimum ends there.</param>
public sealed record PeriodTwoOrbit(double[] Amplitudes, double[] First, double[] Second, bool Stable);

/// <summary>
/// The potential that the amplitudes of an oscillation along one or two leading eigenvectors descend, eq. (4.29):
/// Psi(a) = 1/2 sum_i (2/eta - lambda_i) a_i^2 - q(a), q(a) = D^4 L[d^4]/24 - c . H^(-1) c/8 with d = sum_i a_i v_i and
/// c = D^3 L[d, d, .]. Its critical points are the period-2 orbits near a minimum, its minima the stable ones: for one
/// direction the flip normal form (4.6) with the response of all others, for two the criterion which of them oscillate.
/// </summary>
public sealed class OscillationPotential
{
    // What of a coefficient is rounding: a sum of a few hundred products.
    private const double Rounding = 1e-13;

    private readonly double[] _point,
        _values,
        _quartic;
    private readonly Vector<double>[] _vectors;
    private readonly Matrix<double> _inverse;
    private readonly ISurface<double[]> _surface;

    /// <summary>Measures the potential at a minimum.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="point">The minimum, whose Hessian has no eigenvalue of 0.</param>
    /// <param name="directions">How many leading eigenvectors oscillate: 1 or 2, at most the dimension.</param>
    /// <exception cref="ArgumentOutOfRangeException">More directions than the surface has, or than two.</exception>
    /// <exception cref="ArgumentException">An eigenvalue of the Hessian is 0 within rounding: along a flat floor the centre of the oscillation drifts, (4.2).</exception>
    public OscillationPotential(ISurface<double[]> surface, double[] point, int directions)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(point);
        var n = surface.Space.Dimension;
        Require.Length(point.Length, n, nameof(point));
        Require.InRange(directions, 1, Math.Min(2, n));
        (_surface, _point) = (surface, [.. point]);
        using var view = surface.At(_point);
        var hessian = Hessian(view, n);
        var (values, vectors) = DenseEigen.Symmetric(hessian);
        if (values.Any(value => !(Math.Abs(value) > n * Rounding * values.Max(Math.Abs))))
            throw new ArgumentException(
                "the Hessian has an eigenvalue of 0 within rounding; along a flat floor the centre of an oscillation drifts, and there is no orbit to find.",
                nameof(point)
            );
        _values = [.. Enumerable.Range(1, directions).Select(i => values[n - i])];
        _vectors = [.. Enumerable.Range(1, directions).Select(i => vectors.Column(n - i))];
        var inverse = Vector<double>.Build.Dense(n, i => 1 / values[i]);
        _inverse = vectors * Matrix<double>.Build.DenseOfDiagonalVector(inverse) * vectors.Transpose();
        _quartic = directions == 1 ? [Quartic(view, [1])] : Forms(view);
    }

    /// <summary>lambda_i of the directions, the largest first.</summary>
    public IReadOnlyList<double> Curvatures => _values;

    /// <summary>q(a), which is homogeneous of order 4; below 0 in a direction, an oscillation along it is bounded.</summary>
    /// <param name="amplitudes">a, one number a direction.</param>
    public double QuarticForm(ReadOnlySpan<double> amplitudes)
    {
        Require.Length(amplitudes.Length, _values.Length, nameof(amplitudes));
        return _values.Length == 1 ? _quartic[0] * Math.Pow(amplitudes[0], 4) : Form(amplitudes[0], amplitudes[1]);
    }

    /// <summary>All period-2 orbits near the minimum at a step size, to leading order; a and -a are one orbit.</summary>
    /// <param name="stepSize">eta, above 0; the orbits are small where every eta lambda_i is near 2.</param>
    /// <returns>None where there are none: below the edge with q below 0 everywhere.</returns>
    public IReadOnlyList<PeriodTwoOrbit> Orbits(double stepSize)
    {
        Require.Positive(stepSize);
        double[] slack = [.. _values.Select(value => (2 / stepSize) - value)];
        using var view = _surface.At(_point);
        return
        [
            .. Directions(slack)
                .Select(n => (Direction: n, Squared: Quadratic(slack, n) / (4 * QuarticForm(n))))
                .Where(found => found.Squared > 0 && double.IsFinite(found.Squared))
                .Select(found => Orbit(view, slack, [.. found.Direction.Select(x => x * Math.Sqrt(found.Squared))])),
        ];
    }

    private PeriodTwoOrbit Orbit(ISurfacePoint<double[]> view, double[] slack, double[] amplitudes)
    {
        var swing = Direction(amplitudes);
        var centre = Vector<double>.Build.DenseOfArray(_point) - (0.5 * _inverse * Third(view, swing));
        return new PeriodTwoOrbit(
            amplitudes,
            (centre + swing).ToArray(),
            (centre - swing).ToArray(),
            IsMinimum(slack, amplitudes)
        );
    }

    /// <summary>Where sum_i mu_i a_i d/da_i and dq agree in direction: for two, roots of a quartic in a_2 / a_1.</summary>
    private List<double[]> Directions(double[] slack)
    {
        if (_values.Length == 1)
            return
            [
                [1],
            ];
        var (c, m1, m2) = (_quartic, slack[0], slack[1]);
        // mu_1 x q_y - mu_2 y q_x, by powers of y / x.
        double[] form =
        [
            m1 * c[1],
            (2 * m1 * c[2]) - (4 * m2 * c[0]),
            (3 * m1 * c[3]) - (3 * m2 * c[1]),
            (4 * m1 * c[4]) - (2 * m2 * c[2]),
            -m2 * c[3],
        ];
        var scale = Rounding * c.Max(Math.Abs) * Math.Max(Math.Abs(m1), Math.Abs(m2));
        var (low, high) = (0, 4);
        while (low <= 4 && !(Math.Abs(form[low]) > scale))
            low++;
        while (high > low && !(Math.Abs(form[high]) > scale))
            high--;
        if (low > 4)
            return [];
        var found = new List<double[]>();
        if (low > 0)
            found.Add([1, 0]);
        if (high < 4)
            found.Add([0, 1]);
        if (high > low)
            found.AddRange(
                FindRoots
                    .Polynomial(form[low..(high + 1)])
                    .Where(root => Math.Abs(root.Imaginary) <= 1e-6 * root.Magnitude)
                    .Select(root => Polished(form.AsSpan(low, high - low + 1), root.Real))
                    .Select(root => Unit(1, root))
            );
        return found;
    }

    /// <summary>A root by Newton's method from where the companion matrix has it, which is to half of the digits.</summary>
    private static double Polished(ReadOnlySpan<double> coefficients, double root)
    {
        for (var round = 0; round < 3; round++)
        {
            var (value, slope) = (0.0, 0.0);
            for (var k = coefficients.Length - 1; k >= 0; k--)
                (value, slope) = ((value * root) + coefficients[k], (slope * root) + value);
            if (slope != 0)
                root -= value / slope;
        }

        return root;
    }

    private static double[] Unit(double x, double y)
    {
        var length = Math.Sqrt((x * x) + (y * y));
        return [x / length, y / length];
    }

    private static double Quadratic(double[] slack, double[] n) => slack.Zip(n, (m, x) => m * x * x).Sum();

    private bool IsMinimum(double[] slack, double[] a)
    {
        if (a.Length == 1)
            return slack[0] - (12 * _quartic[0] * a[0] * a[0]) > 0;
        var (c, x, y) = (_quartic, a[0], a[1]);
        double xx = slack[0] - ((12 * c[0] * x * x) + (6 * c[1] * x * y) + (2 * c[2] * y * y)),
            xy = -((3 * c[1] * x * x) + (4 * c[2] * x * y) + (3 * c[3] * y * y)),
            yy = slack[1] - ((2 * c[2] * x * x) + (6 * c[3] * x * y) + (12 * c[4] * y * y));
        return xx > 0 && (xx * yy) - (xy * xy) > 0;
    }

    private double Form(double x, double y)
    {
        var c = _quartic;
        return (((((((c[4] * y) + (c[3] * x)) * y) + (c[2] * x * x)) * y) + (c[1] * x * x * x)) * y)
            + (c[0] * x * x * x * x);
    }

    /// <summary>The five coefficients of q(x, y), x^4 first, from five directions.</summary>
    private double[] Forms(ISurfacePoint<double[]> view)
    {
        double x4 = Quartic(view, [1, 0]),
            y4 = Quartic(view, [0, 1]),
            plus = Quartic(view, [1, 1]),
            minus = Quartic(view, [1, -1]),
            oblique = Quartic(view, [2, 1]);
        var even = ((plus + minus) / 2) - x4 - y4;
        var odd = (plus - minus) / 2;
        // 16 x4 + 8 c1 + 4 c2 + 2 c3 + y4 at (2, 1), with c1 + c3 known.
        var c1 = (oblique - (16 * x4) - (4 * even) - y4 - (2 * odd)) / 6;
        return [x4, c1, even, odd - c1, y4];
    }

    private double Quartic(ISurfacePoint<double[]> view, double[] amplitudes)
    {
        var swing = Direction(amplitudes);
        var derivatives = new double[4];
        view.DirectionalDerivatives(swing.ToArray(), derivatives);
        var third = Third(view, swing);
        return (derivatives[3] / 24) - (third * (_inverse * third) / 8);
    }

    private static Vector<double> Third(ISurfacePoint<double[]> view, Vector<double> swing)
    {
        var third = new double[swing.Count];
        view.DirectionalGradient(swing.ToArray(), 2, third);
        return Vector<double>.Build.Dense(third);
    }

    private Vector<double> Direction(double[] amplitudes)
    {
        var swing = amplitudes[0] * _vectors[0];
        return amplitudes.Length == 1 ? swing : swing + (amplitudes[1] * _vectors[1]);
    }

    private static Matrix<double> Hessian(ISurfacePoint<double[]> view, int n)
    {
        var hessian = Matrix<double>.Build.Dense(n, n);
        double[] axis = new double[n],
            column = new double[n];
        for (var j = 0; j < n; j++)
        {
            axis[j] = 1;
            view.HessianVector(axis, column);
            axis[j] = 0;
            hessian.SetColumn(j, column);
        }

        return (hessian + hessian.Transpose()) / 2;
    }
}
