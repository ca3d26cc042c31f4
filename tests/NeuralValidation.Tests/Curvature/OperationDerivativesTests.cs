using FlatBias.NeuralValidation.Curvature;
using FlatBias.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>The default route through each operation that networks are made of, against differences of the gradient in float64; a failure names the operation.</summary>
public class OperationDerivativesTests
{
    // The distance of the nodes, for arguments and directions of order 1; see Differentiated.
    private const double H = 0.02;

    // Central formulas for the derivatives of order 1 to 4 on the nodes 0, h, 2h, ...: of nine nodes (errors of order h^8, h^8, h^6, h^6), and of seven (h^6, h^6, h^4, h^4).
    private static readonly double[][] Nine =
    [
        [0, 4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280],
        [-205.0 / 72, 8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560],
        [0, -61.0 / 30, 169.0 / 120, -3.0 / 10, 7.0 / 240],
        [91.0 / 8, -122.0 / 15, 169.0 / 60, -2.0 / 5, 7.0 / 240],
    ];

    private static readonly double[][] Seven =
    [
        [0, 3.0 / 4, -3.0 / 20, 1.0 / 60],
        [-49.0 / 18, 3.0 / 2, -3.0 / 20, 1.0 / 90],
        [0, -13.0 / 8, 1, -1.0 / 8],
        [28.0 / 3, -13.0 / 2, 2, -1.0 / 6],
    ];

    public static TheoryData<string> Names => [.. Operation.BuiltIn.Concat(Operation.Library).Select(o => o.Name)];

    public static TheoryData<string> WrongNames => [.. Operation.Wrong.Select(pair => pair.Fused.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_OfAnOperation_AreDifferencesOfTheGradient(string name) =>
        Check(Operation.BuiltIn.Concat(Operation.Library).Single(o => o.Name == name));

    /// <summary>
    /// What docs/curvature.md warns of. Where this fails because a fused form has become right, the warning is to go.
    /// </summary>
    [Theory]
    [MemberData(nameof(WrongNames))]
    public void Derivatives_OfAFusedNormalisation_AreRightToTheSecondAndWrongFromTheThird(string name)
    {
        var (fused, plain) = Operation.Wrong.Single(pair => pair.Fused.Name == name);
        using var place = new Place(fused);
        place.Check(1);
        for (var k = 2; k <= 3; k++)
        {
            var (expected, tolerance) = place.Difference(k);
            var error = Distance(expected, place.Gradient(k));
            Assert.True(
                error > 0.01 * expected.Max(Math.Abs) && error > 100 * tolerance,
                $"{name}: D^{k + 1} L[v^{k}, .] is off by {error}, with differences good to {tolerance}"
            );
        }

        Check(plain);
    }

    private static void Check(Operation operation)
    {
        using var place = new Place(operation);
        place.CheckMoments();
        for (var k = 1; k <= 4; k++)
            place.Check(k);
    }

    private static double Distance(double[] x, double[] y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Max();

    /// <summary>An operation at a point, with a direction and gradients along it.</summary>
    private sealed class Place : IDisposable
    {
        private readonly Operation _operation;
        private readonly FunctionSurface _surface;
        private readonly Tensor _theta,
            _direction;
        private readonly NetworkPoint _point;
        private readonly double[][] _gradients = new double[9][];
        private readonly double[] _losses = new double[9];

        public Place(Operation operation)
        {
            _operation = operation;
            _surface = new FunctionSurface(operation.ParameterCount, operation.Loss);
            var random = new Random(1);
            // Between 0.5 and 2 in magnitude, and directions up to 1: on nodes to 4 h no component comes near the kink of relu.
            double[] Draw(double low, double high) =>
                [
                    .. Enumerable
                        .Range(0, operation.ParameterCount)
                        .Select(_ => (low + ((high - low) * random.NextDouble())) * ((2 * random.Next(2)) - 1)),
                ];
            (_theta, _direction) = (_surface.Parameters(Draw(0.5, 2)), _surface.Parameters(Draw(0, 1)));
            _point = _surface.At(_theta);
            for (var i = -4; i <= 4; i++)
            {
                using var moved = _theta.add(_direction, (i * H).ToScalar());
                using var gradient = _surface.Space.Create();
                _losses[i + 4] = _surface.LossAndGradient(moved, gradient);
                _gradients[i + 4] = _surface.Space.ToArray(gradient);
            }
        }

        /// <summary>D^(k+1) L[v^k, .] by the route.</summary>
        public double[] Gradient(int k)
        {
            using var result = _surface.Space.Create();
            _point.DirectionalGradient(_direction, k, result);
            return _surface.Space.ToArray(result);
        }

        /// <summary>The same from the gradients at nine nodes, and how far that is right.</summary>
        public (double[] Value, double Tolerance) Difference(int k)
        {
            var (fine, coarse) = (Combination(Nine[k - 1], k), Combination(Seven[k - 1], k));
            // What the finer formula cuts off is far less than the two differ by, since it is better by two orders of h. A gradient is right to some 100 roundings of its terms, which are at most 10 times what they leave.
            var largest = _gradients.Max(g => g.Max(Math.Abs));
            var weights = (2 * Nine[k - 1].Skip(1).Sum(Math.Abs)) + Math.Abs(Nine[k - 1][0]);
            var rounding = 1000 * Near.Roundoff * Math.Max(1, largest) * weights / Math.Pow(H, k);
            return (fine, Distance(fine, coarse) + rounding);
        }

        /// <summary>Throws unless the route's D^(k+1) L[v^k, .] is that by differences.</summary>
        public void Check(int k)
        {
            var (expected, tolerance) = Difference(k);
            // Else an error of a percent could hide in it; where nothing is left of large terms, it is one of what a derivative of order 1 would be.
            Assert.InRange(tolerance, 0, 0.01 * Near.Scale(expected));
            Near.Equal(expected, Gradient(k), tolerance, $"{_operation}: D^{k + 1} L[v^{k}, .]");
        }

        /// <summary>Throws unless the route's gradient and D^k L[v^k] are those by differences.</summary>
        public void CheckMoments()
        {
            // As for the gradients below: the finer formula, by how much the coarser one differs, and rounding.
            var slope = Enumerable.Range(1, 4).Sum(i => Nine[0][i] * (_losses[4 + i] - _losses[4 - i])) / H;
            var coarse = Enumerable.Range(1, 3).Sum(i => Seven[0][i] * (_losses[4 + i] - _losses[4 - i])) / H;
            var rounding = 1000 * Near.Roundoff * Near.Scale(_losses) / H;
            var derivatives = new double[4];
            _point.DirectionalDerivatives(_direction, derivatives);
            Near.Equal(slope, derivatives[0], Math.Abs(slope - coarse) + rounding, $"{_operation}: g . v");
            double[] direction = _surface.Space.ToArray(_direction);
            for (var k = 2; k <= 4; k++)
            {
                var (gradient, tolerance) = Difference(k - 1);
                var expected = gradient.Zip(direction, (g, v) => g * v).Sum();
                Near.Equal(
                    expected,
                    derivatives[k - 1],
                    tolerance * direction.Sum(Math.Abs),
                    $"{_operation}: D^{k} L[v^{k}]"
                );
            }
        }

        public void Dispose()
        {
            foreach (var item in new IDisposable[] { _point, _theta, _direction, _surface })
                item.Dispose();
        }

        private double[] Combination(double[] weights, int k)
        {
            var sum = new double[_operation.ParameterCount];
            var sign = k % 2 == 0 ? 1 : -1;
            for (var j = 0; j < sum.Length; j++)
            {
                sum[j] = weights[0] * _gradients[4][j];
                for (var i = 1; i < weights.Length; i++)
                    sum[j] += weights[i] * (_gradients[4 + i][j] + (sign * _gradients[4 - i][j]));
                sum[j] /= Math.Pow(H, k);
            }

            return sum;
        }
    }
}
