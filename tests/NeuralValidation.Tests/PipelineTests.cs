using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests;

/// <summary>One measurement code: the same surface over double[] and over tensors gives the same record.</summary>
public class PipelineTests
{
    public static TheoryData<string> Cases => ["network, instability", "valley", "quadratic"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Record_SameSurfaceBothWays_SameNumbers(string name)
    {
        var (landscape, start, stepSize, pairs) = Case(name);
        var probe = new CurvatureProbeOptions(pairs, new LanczosOptions(1e-12), PredictRotation: true, Seed: 5)
        {
            Observables = ["realised-edge", "critical-sharpness", "gradient-alignment"],
        };
        var denseRun = Recording.Run(
            landscape,
            OptimiserSpec.GradientDescent,
            stepSize,
            new DescentLimits(40),
            (double[])start.Clone(),
            probe,
            1
        );
        var wrapped = new LandscapeOnTensors(landscape);
        using var theta = ((TensorSpace)wrapped.Space).Create(start);
        var tensorRun = Recording.Run(
            wrapped,
            OptimiserSpec.GradientDescent,
            stepSize,
            new DescentLimits(40),
            theta,
            probe,
            1
        );
        var (dense, tensors) = (denseRun.Series, tensorRun.Series);
        Assert.Equal(denseRun.Reason, tensorRun.Reason);
        Assert.Equal(dense.Names, tensors.Names);
        foreach (
            var column in dense.Names.Where(n =>
                !n.StartsWith("residual", StringComparison.Ordinal)
                && !n.StartsWith("rotation_floor", StringComparison.Ordinal)
                && n != Columns.RealisedEdgeError
            )
        )
        {
            var scale = Near.Scale([.. dense[column].Where(double.IsFinite)]);
            for (var row = 0; row < dense.Rows; row++)
            {
                var (expected, actual) = (dense[column][row], tensors[column][row]);
                if (double.IsNaN(expected))
                    Assert.True(double.IsNaN(actual), $"{column} row {row}");
                else
                    Near.Equal(expected, actual, 1e-10 * scale, $"{column} row {row}");
            }
        }
    }

    private static (Landscape Landscape, double[] Start, double StepSize, int Pairs) Case(string name) =>
        name switch
        {
            // The valley's Hessian has rank 2: beyond the first, its eigenvectors have no identity to compare.
            "valley" => (
                new PolynomialValley(
                    0,
                    [-0.05, 0.02, 0.01],
                    [2.05, 0.7, -1.5],
                    [
                        [1, 0.2, -0.3],
                        [0.4, -0.5, 0.2],
                        [-0.3, 0.1, 0.6],
                    ]
                ),
                [0.02, 0.1, 0, 0.05],
                1,
                1
            ),
            "quadratic" => (QuadraticBowl.WithSpectrum([3, 1, 0.2, -0.1], seed: 2), [1, -1, 0.5, 0.2], 0.5, 4),
            _ => (new TwoParameterNetwork<PowerLink>(new PowerLink(2)), [-0.1, 10], 0.011, 2),
        };
}
