using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;
using MathNet.Numerics.Distributions;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The general quartic without a linear term, the Taylor polynomial of any surface at a critical point: L = 1/2 theta^T A theta + 1/6 C[theta^3] + 1/24 T[theta^4]
/// with C[x^3] = sum_r c_r (a_r . x)^3 and T[x^4] = sum_r t_r (b_r . x)^4. Nothing is lost by that form: the powers (a . x)^k of all vectors a span the symmetric tensors of order k.
/// Gradient A theta + 1/2 sum_r c_r (a_r . theta)^2 a_r + 1/6 sum_r t_r (b_r . theta)^3 b_r; Hessian A + sum_r c_r (a_r . theta) a_r a_r^T + 1/2 sum_r t_r (b_r . theta)^2 b_r b_r^T.
/// The origin is critical with Hessian A, so a minimum with sharpness lambda_max(A) where A is positive definite; there m_3 = C[v^3] and m_4 = T[v^4], eq. (1.3).
/// Separable (A diagonal, all directions along axes): P quartics in one variable, whose minima <see cref="CoordinateMinima"/> gives; evaluation is O(P) then.
/// Domain R^P; bounded below if every t_r is above 0 and the b_r span R^P, and in general unbounded without.
/// </summary>
public sealed class Quartic : ModelLandscape<Quartic.Formula>
{
    /// <summary>Makes a quartic.</summary>
    /// <param name="matrix">A, symmetric, finite, P x P with P at least 1.</param>
    /// <param name="cubic">The terms c_r, a_r; may be empty.</param>
    /// <param name="quartic">The terms t_r, b_r; may be empty.</param>
    /// <exception cref="ArgumentException">A is not square or not symmetric, a direction has not P components, or a number is not finite.</exception>
    public Quartic(double[,] matrix, IReadOnlyList<RankOneTerm> cubic, IReadOnlyList<RankOneTerm> quartic)
        : base("quartic", new Formula(matrix, cubic, quartic), matrix.GetLength(0)) { }

    /// <summary>L = sum_i (1/2 a_i x_i^2 + 1/6 c_i x_i^3 + 1/24 t_i x_i^4).</summary>
    /// <param name="eigenvalues">a_i, at least one, finite.</param>
    /// <param name="cubic">c_i, as many.</param>
    /// <param name="quartic">t_i, as many.</param>
    public static Quartic Separable(
        ReadOnlySpan<double> eigenvalues,
        ReadOnlySpan<double> cubic,
        ReadOnlySpan<double> quartic
    )
    {
        // Before the matrix is made, whose memory grows with the square.
        var n = Require.InRange(eigenvalues.Length, 1, LargestDimension, "dimension");
        Require.Length(cubic.Length, n, nameof(cubic));
        Require.Length(quartic.Length, n, nameof(quartic));
        var matrix = new double[n, n];
        RankOneTerm[] third = new RankOneTerm[n],
            fourth = new RankOneTerm[n];
        for (var i = 0; i < n; i++)
        {
            matrix[i, i] = eigenvalues[i];
            var axis = new double[n];
            axis[i] = 1;
            (third[i], fourth[i]) = (new(cubic[i], axis), new(quartic[i], axis));
        }

        return new Quartic(matrix, third, fourth);
    }

    /// <summary>A random quartic: A with the given spectrum in a uniformly random basis, unit directions, c_r uniform in [-strength, strength], and t_r too unless bounded below.</summary>
    /// <param name="eigenvalues">The spectrum of A, at least one number, finite.</param>
    /// <param name="cubicTerms">The number of cubic terms, at least 0.</param>
    /// <param name="quarticTerms">The number of quartic terms, at least 0, and at least P if bounded below.</param>
    /// <param name="strength">The largest weight, above 0.</param>
    /// <param name="boundedBelow">Makes every t_r lie in [strength / 10, strength], and the first P directions b_r an orthonormal basis.</param>
    /// <param name="random">The generator.</param>
    public static Quartic Random(
        ReadOnlySpan<double> eigenvalues,
        int cubicTerms,
        int quarticTerms,
        double strength,
        bool boundedBelow,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(random);
        // Before the matrix is made, whose memory grows with the square.
        var n = Require.InRange(eigenvalues.Length, 1, LargestDimension, "dimension");
        Require.AllFinite(eigenvalues);
        Require.InRange(cubicTerms, 0);
        Require.InRange(quarticTerms, boundedBelow ? n : 0);
        Require.Positive(strength);
        var matrix = RandomBasis.Symmetric(eigenvalues, random);
        RankOneTerm[] cubic = [.. Enumerable.Range(0, cubicTerms).Select(_ => new RankOneTerm(Uniform(-1), Unit()))];
        var basis = RandomBasis.Orthogonal(n, random);
        RankOneTerm[] quartic =
        [
            .. Enumerable
                .Range(0, quarticTerms)
                .Select(r =>
                    boundedBelow
                        ? new RankOneTerm(Uniform(0.1), r < n ? basis.Column(r).ToArray() : Unit())
                        : new RankOneTerm(Uniform(-1), Unit())
                ),
        ];
        return new Quartic(matrix, cubic, quartic);

        double Uniform(double low) => strength * (low + ((1 - low) * random.NextDouble()));

        double[] Unit()
        {
            var direction = new double[n];
            Normal.Samples(random, direction, 0, 1);
            var norm = Math.Sqrt(direction.Sum(a => a * a));
            return [.. direction.Select(a => a / norm)];
        }
    }

    /// <summary>The minima of 1/2 a x^2 + 1/6 c x^3 + 1/24 t x^4: x = 0 where a is above 0, and the roots of t x^2/6 + c x/2 + a = 0 with curvature x (c/2 + t x/3) above 0.</summary>
    /// <param name="a">The coefficient a.</param>
    /// <param name="c">The coefficient c.</param>
    /// <param name="t">The coefficient t, above 0.</param>
    /// <returns>One or two positions, each with the curvature there; none where a = c = 0, whose minimum at 0 is not quadratic.</returns>
    public static (double Position, double Curvature)[] CoordinateMinima(double a, double c, double t)
    {
        Require.Finite(a);
        Require.Finite(c);
        Require.Positive(t);
        List<(double Position, double Curvature)> minima = a > 0 ? [(0, a)] : [];
        // Half of the middle coefficient; the root of larger size first, the other from the product of the roots, so that neither cancels.
        var (half, discriminant) = (c / 4, (c * c / 16) - (a * t / 6));
        if (discriminant <= 0)
            return [.. minima];
        var larger = -(half + Math.CopySign(Math.Sqrt(discriminant), half));
        minima.AddRange(
            new[] { larger / (t / 6), a / larger }.Select(x => (x, x * ((c / 2) + (t * x / 3)))).Where(m => m.Item2 > 0)
        );
        return [.. minima];
    }

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IModel
    {
        private readonly double[] _coupling;
        private readonly (double Linear, double Square, double Cube)[] _slopes;
        private readonly SymmetricForm _diagonal,
            _cubic,
            _quartic;

        internal Formula(double[,] matrix, IReadOnlyList<RankOneTerm> cubic, IReadOnlyList<RankOneTerm> quartic)
        {
            ArgumentNullException.ThrowIfNull(matrix);
            ArgumentNullException.ThrowIfNull(cubic);
            ArgumentNullException.ThrowIfNull(quartic);
            var n = Require.InRange(matrix.GetLength(0), 1, name: nameof(matrix));
            _coupling = SymmetricTensor.Flatten(matrix, n, nameof(matrix));
            var diagonal = Axes(n);
            for (var i = 0; i < n; i++)
                (diagonal[i], _coupling[i * (n + 1)]) = (diagonal[i] with { Weight = _coupling[i * (n + 1)] }, 0);
            if (!_coupling.AsSpan().ContainsAnyExcept(0.0))
                _coupling = [];
            _diagonal = new(2, diagonal, n, nameof(matrix));
            (_cubic, _quartic) = (new(3, cubic, n, nameof(cubic)), new(4, quartic, n, nameof(quartic)));
            _slopes = [.. _diagonal.AxisSlopes().Zip(_cubic.AxisSlopes(), _quartic.AxisSlopes())];
        }

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            T sum = 0.0;
            if (_coupling.Length > 0)
                for (var i = 0; i < theta.Length; i++)
                    sum += theta[i] * Coupling(i, theta);
            return ((T)0.5 * sum) + _diagonal.Value(theta) + _cubic.Value(theta) + _quartic.Value(theta);
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            // What lies along the axes in one pass, by Horner's rule; a separable quartic has nothing else.
            var slopes = _slopes.AsSpan(0, theta.Length);
            for (var i = 0; i < slopes.Length && i < gradient.Length; i++)
            {
                var (x, slope) = (theta[i], slopes[i]);
                gradient[i] = x * ((T)slope.Linear + (x * ((T)slope.Square + (x * (T)slope.Cube))));
            }

            if (_coupling.Length > 0)
                for (var i = 0; i < theta.Length; i++)
                    gradient[i] += Coupling(i, theta);
            _cubic.AddOtherGradient(theta, gradient);
            _quartic.AddOtherGradient(theta, gradient);
        }

        private static RankOneTerm[] Axes(int n)
        {
            var terms = new RankOneTerm[n];
            for (var i = 0; i < n; i++)
                (terms[i] = new(0, new double[n])).Direction[i] = 1;
            return terms;
        }

        /// <summary>Row i of A without its diagonal, times theta.</summary>
        private T Coupling<T>(int i, ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            T sum = 0.0;
            for (var j = 0; j < theta.Length; j++)
                sum += (T)_coupling[(i * theta.Length) + j] * theta[j];
            return sum;
        }
    }
}
