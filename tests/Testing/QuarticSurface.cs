using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Testing;

/// <summary>
/// L = 1/2 A[x^2] + 1/6 C[x^3] + 1/24 T[x^4] with dense symmetric tensors: the general smooth surface to fourth order about its critical point 0,
/// every derivative exact. Made for a handful of dimensions. Tensors are stored flat, last index fastest.
/// </summary>
public sealed class QuarticSurface : ISurface<double[]>
{
    private readonly int _n;

    public QuarticSurface(double[,] quadratic, double[] cubic, double[] quartic)
    {
        _n = quadratic.GetLength(0);
        (Quadratic, Cubic, Quartic) = ([.. quadratic.Cast<double>()], cubic, quartic);
        Space = new DenseSpace(_n);
    }

    /// <summary>A, n x n.</summary>
    public double[] Quadratic { get; }

    /// <summary>C, n x n x n.</summary>
    public double[] Cubic { get; }

    /// <summary>T, n x n x n x n: the fourth derivative everywhere.</summary>
    public double[] Quartic { get; }

    public IVectorSpace<double[]> Space { get; }

    public CostLedger Cost { get; } = new();

    public int MaximumOrder => 6;

    /// <summary>A with the given eigenvalues in a random basis; entries of C and T uniform within +-cubic and +-quartic.</summary>
    public static QuarticSurface Random(Random random, double[] spectrum, double cubic, double quartic) =>
        new(
            SymmetricMatrices.WithSpectrum(random, spectrum),
            Symmetric(random, spectrum.Length, 3, cubic),
            Symmetric(random, spectrum.Length, 4, quartic)
        );

    /// <summary>The same surface in the coordinates x' = Q x.</summary>
    public QuarticSurface Rotated(double[,] q)
    {
        var a = Turned(Quadratic, 2, q);
        var matrix = new double[_n, _n];
        for (var i = 0; i < _n; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = matrix[j, i] = a[(i * _n) + j];
        return new QuarticSurface(matrix, Turned(Cubic, 3, q), Turned(Quartic, 4, q));
    }

    /// <summary>The same surface with x' = length x and L' = loss L.</summary>
    public QuarticSurface InUnits(double length, double loss)
    {
        double[] Scaled(double[] tensor, int order) => [.. tensor.Select(x => loss * x / Math.Pow(length, order))];
        var quadratic = new double[_n, _n];
        Buffer.BlockCopy(Scaled(Quadratic, 2), 0, quadratic, 0, sizeof(double) * _n * _n);
        return new QuarticSurface(quadratic, Scaled(Cubic, 3), Scaled(Quartic, 4));
    }

    /// <summary>Allocates nothing.</summary>
    public double LossAndGradient(double[] theta, double[] gradient)
    {
        var loss = 0.0;
        for (var i = 0; i < _n; i++)
        {
            var (value, slope) = (0.0, 0.0);
            for (var j = 0; j < _n; j++)
            {
                var ij = (i * _n) + j;
                var (valueHere, slopeHere) = (Quadratic[ij] / 2, Quadratic[ij]);
                for (var k = 0; k < _n; k++)
                {
                    var ijk = (ij * _n) + k;
                    var fourth = 0.0;
                    for (var l = 0; l < _n; l++)
                        fourth += Quartic[(ijk * _n) + l] * theta[l];
                    valueHere += theta[k] * ((Cubic[ijk] / 6) + (fourth / 24));
                    slopeHere += theta[k] * ((Cubic[ijk] / 2) + (fourth / 6));
                }

                value += theta[j] * valueHere;
                slope += theta[j] * slopeHere;
            }

            loss += theta[i] * value;
            gradient[i] = slope;
        }

        return loss;
    }

    public double Loss(double[] theta) => LossAndGradient(theta, new double[_n]);

    public double[] Gradient(double[] theta)
    {
        var gradient = new double[_n];
        LossAndGradient(theta, gradient);
        return gradient;
    }

    /// <summary>The dense Hessian A + C[x] + 1/2 T[x, x].</summary>
    public double[,] Hessian(double[] theta)
    {
        var linear = Contracted(Cubic, theta);
        var square = Contracted(Contracted(Quartic, theta), theta);
        var matrix = new double[_n, _n];
        for (var i = 0; i < _n; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = matrix[j, i] = Quadratic[(i * _n) + j] + linear[(i * _n) + j] + (square[(i * _n) + j] / 2);
        return matrix;
    }

    /// <summary>The dense third derivative C + T[x].</summary>
    public double[] Third(double[] theta) => [.. Cubic.Zip(Contracted(Quartic, theta), (c, t) => c + t)];

    public ISurfacePoint<double[]> At(double[] theta) => new Point(this, theta);

    /// <summary>Contracts the last index with x.</summary>
    public static double[] Contracted(double[] tensor, double[] x)
    {
        var result = new double[tensor.Length / x.Length];
        for (var i = 0; i < tensor.Length; i++)
            result[i / x.Length] += tensor[i] * x[i % x.Length];
        return result;
    }

    private static double[] Symmetric(Random random, int n, int order, double range)
    {
        var tensor = new double[(int)Math.Pow(n, order)];
        for (var flat = 0; flat < tensor.Length; flat++)
        {
            // The sorted permutation of an index has the smallest flat position, so it has been drawn already when another permutation asks for it.
            var sorted = Digits(flat, n, order).Order().Aggregate(0, (position, digit) => (position * n) + digit);
            tensor[flat] = sorted == flat ? range * ((2 * random.NextDouble()) - 1) : tensor[sorted];
        }

        return tensor;
    }

    private static IEnumerable<int> Digits(int flat, int n, int order)
    {
        for (var i = 0; i < order; i++, flat /= n)
            yield return flat % n;
    }

    private double[] Turned(double[] tensor, int order, double[,] q)
    {
        // Each pass turns the last index and moves it to the front; after as many passes as there are indices all are turned and in place.
        for (var pass = 0; pass < order; pass++)
        {
            var rest = tensor.Length / _n;
            var next = new double[tensor.Length];
            for (var a = 0; a < _n; a++)
            for (var i = 0; i < rest; i++)
            for (var l = 0; l < _n; l++)
                next[(a * rest) + i] += q[a, l] * tensor[(i * _n) + l];
            tensor = next;
        }

        return tensor;
    }

    private sealed class Point(QuarticSurface surface, double[] theta) : ISurfacePoint<double[]>
    {
        private readonly double[] _hessian = [.. surface.Hessian(theta).Cast<double>()];
        private readonly double[] _third = surface.Third(theta);

        public double Loss { get; } = surface.Loss(theta);

        public double[] Gradient { get; } = surface.Gradient(theta);

        public void HessianVector(double[] direction, double[] result) => DirectionalGradient(direction, 1, result);

        public void DirectionalDerivatives(double[] direction, Span<double> derivatives)
        {
            for (var k = 0; k < derivatives.Length; k++)
                derivatives[k] = SymmetricMatrices.Dot(direction, Form(direction, k));
        }

        public void DirectionalGradient(double[] direction, int order, double[] result) =>
            Form(direction, order).CopyTo(result, 0);

        public void Dispose() { }

        /// <summary>D^(order+1) L[v^order, .].</summary>
        private double[] Form(double[] v, int order)
        {
            if (order > 3)
                return new double[v.Length];
            double[][] tensors = [Gradient, _hessian, _third, surface.Quartic];
            var form = tensors[order];
            for (var i = 0; i < order; i++)
                form = Contracted(form, v);
            return form;
        }
    }
}
