using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;
using Size = FlatBias.Testing.Size;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Spectral descent of matrices, (7.12) and (7.13), against dense singular values and its closed form.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class SpectralDescentTests
{
    [Property]
    public void Polar_MatricesOfAnyShapeRankAndScale_IsThatOfTheDenseSvd(Seed seed, Size rows, Size columns, Real scale)
    {
        var random = seed.Random();
        var (m, n) = (rows.Value, columns.Value);
        // A kernel of convolution is a matrix of its outputs; a bias is a column.
        ParameterSlot[] layout =
        [
            new("conv.weight", [m, n, 2], 0),
            new("conv.bias", [m], 2 * m * n),
            new("out.weight", [n, m], (2 * m * n) + m),
        ];
        var power = Math.ScaleB(1, (int)(300 * scale.Value));
        var rank = random.Next(1, n + 1);
        var kernel = Gaussian(random, m, 2 * n);
        var bias = Gaussian(random, m, 1);
        // Of lower rank: a product through fewer dimensions.
        var low = Gaussian(random, n, rank) * Gaussian(random, rank, m);
        var space = new TensorSpace((3 * m * n) + m, ScalarType.Float64, CPU, layout);
        using var x = space.Create([.. Rows(kernel * power), .. Rows(bias * power), .. Rows(low * power)]);
        using var before = x.clone();
        space.Polar(x);
        var sum = space.Dot(before, x);
        var actual = space.ToArray(x);
        var (expected, total) = (new List<double>(), 0.0);
        foreach (var matrix in new[] { kernel, bias, low })
        {
            var svd = matrix.Svd();
            var values = svd.S.ToArray();
            // Rounding leaves 1e-15 where the rank ends; Gaussian factors of this size have nothing else below 1e-9.
            var kept = values.Count(s => s > 1e-11 * values[0]);
            expected.AddRange(
                Rows(svd.U.SubMatrix(0, svd.U.RowCount, 0, kept) * svd.VT.SubMatrix(0, kept, 0, svd.VT.ColumnCount))
            );
            total += values.Sum();
            // The polar factor moves by a rounding of the matrix over its smallest singular value that counts.
            Near.Equal(
                [.. expected],
                actual[..expected.Count],
                1e4 * Near.Roundoff * values[0] / values[kept - 1],
                "polar factor"
            );
        }

        Near.Equal(total * power, sum, 1e-12 * total * power, "sum of singular values");
    }

    [Property]
    public void Apply_SumOfSquares_EverySingularValueSwingsByItself(Seed seed, Size size)
    {
        // (7.12): from s = k + r steps of eta, after k steps s is r and then r - 1 in turns.
        var random = seed.Random();
        var n = size.Value;
        var (u, v) = (Gaussian(random, n, n).QR().Q, Gaussian(random, n, n).QR().Q);
        double[] rest = [.. Enumerable.Range(0, n).Select(i => (i + 0.2 + (0.6 * random.NextDouble())) / n)],
            count = [.. rest.Select(_ => (double)random.Next(1, 5))];
        const double stepSize = 0.5;
        Matrix<double> With(Func<int, double> values) =>
            u * Matrix<double>.Build.DenseDiagonal(n, n, i => stepSize * values(i)) * v;
        var space = new TensorSpace(n * n, ScalarType.Float64, CPU, [new("weight", [n, n], 0)]);
        using var theta = space.Create(Rows(With(i => count[i] + rest[i])));
        using var rule = OptimiserSpec.Of("muon").With("momentum", 0).Create(space);
        for (var t = 1; t <= 7; t++)
        {
            using var gradient = theta.clone();
            rule.Apply(stepSize, gradient, theta);
            var at = t;
            // Differences of singular values of size r / n at the least turn vectors by n^2 roundings a step.
            Near.Equal(
                Rows(
                    With(i =>
                        at <= count[i] ? count[i] + rest[i] - at
                        : (at - (int)count[i]) % 2 == 0 ? rest[i]
                        : rest[i] - 1
                    )
                ),
                space.ToArray(theta),
                1e-10,
                $"step {t}"
            );
        }
    }

    [Fact]
    public void Run_LinearNetworkOfUncorrelatedInputs_SharpnessOfTheNormIsKnown()
    {
        // Inputs +-e_i: the Hessian is a on the 2 x 3 weights and b on the 2 biases, and max d.Hd over the unit ball is
        // a times the smaller side of the matrix, and b: at d = any polar factor of full rank.
        var model = new FullyConnectedNetwork([3, 2], Activation.Tanh);
        float[] inputs = [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1];
        var architecture = new Architecture([3, 2], Activation.Tanh, NetworkLoss.MeanSquaredError);
        using var surface = new NetworkSurface(architecture, inputs, [0, 1, 0, 0, 1, 1], ScalarType.Float64, CPU);
        Assert.Equal(8, model.Layout.ParameterCount);
        double[] start = [0.3, -0.2, 0.5, 0.1, 0.7, -0.4, 0.2, -0.1];
        using var theta = surface.Parameters(start);
        using var gradient = surface.Space.Create();
        surface.LossAndGradient(theta, gradient);
        var (a, b) = (Curvature(surface, start, 0), Curvature(surface, start, 7));
        var g = surface.Space.ToArray(gradient);
        var weights = Matrix<double>.Build.Dense(2, 3, (i, j) => g[(3 * i) + j]);
        var dual = weights.Svd().S.Sum() + Math.Sqrt((g[6] * g[6]) + (g[7] * g[7]));
        var series = Recording
            .Run(
                surface,
                OptimiserSpec.Of("muon").With("momentum", 0),
                0.01,
                DescentLimits.AllOf(1),
                theta,
                new CurvatureProbeOptions(1, new LanczosOptions(1e-8)),
                1
            )
            .Series;
        Assert.True(double.IsNaN(series["effective_sharpness"][0]));
        // The iteration ends once a round gains less than 1e-4, and it is there after one: all polar factors are equal.
        Near.Equal(((2 * a) + b) / dual, series["effective_sharpness"][1], 1e-6, "S of the norm");
        Near.Equal(0.005 * ((2 * a) + b) / dual, series["stability_number"][1], 1e-8, "stability number");
    }

    private static double Curvature(NetworkSurface surface, double[] start, int component)
    {
        using var theta = surface.Parameters(start);
        using var point = surface.At(theta);
        using var direction = surface.Parameters([.. Enumerable.Range(0, 8).Select(i => i == component ? 1.0 : 0)]);
        using var product = surface.Space.Create();
        point.HessianVector(direction, product);
        return surface.Space.ToArray(product)[component];
    }

    private static Matrix<double> Gaussian(Random random, int rows, int columns) =>
        Matrix<double>.Build.Random(rows, columns, new MathNet.Numerics.Distributions.Normal(0, 1, random));

    private static double[] Rows(Matrix<double> matrix) => matrix.ToRowMajorArray();
}
