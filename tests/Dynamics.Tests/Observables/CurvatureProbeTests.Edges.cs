using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Observables;

/// <content>Crossings, one dimension, Hessians that are no numbers, and wrong input.</content>
public partial class CurvatureProbeTests
{
    [Fact]
    public void Measure_EigenvaluesCross_ReportsACrossingAndAFreshSignButNoRotation()
    {
        // H_xx = 1 + z and H_yy = 1.2 trade places as z decays from 0.5; x = y = 0 stay, so no eigenvector turns. The cubic terms along x and y are -0.5 and 0.7:
        // m_3 is made not negative for each direction that newly leads, whatever signs the eigensolver returned.
        var cubic = new double[27];
        (cubic[0], cubic[13]) = (-0.5, 0.7); // xxx, yyy
        cubic[2] = cubic[6] = cubic[18] = 1; // xxz and its permutations
        var surface = new QuarticSurface(
            new double[,]
            {
                { 1, 0, 0 },
                { 0, 1.2, 0 },
                { 0, 0, 0.5 },
            },
            cubic,
            new double[81]
        );
        for (var seed = 0; seed < 20; seed++)
        {
            var probe = new CurvatureProbeOptions(2, new LanczosOptions(1e-10), Seed: seed);
            var series = Recording
                .Run(
                    surface,
                    OptimiserSpec.GradientDescent,
                    0.5,
                    new DescentLimits(6),
                    [0, 0, 0.5],
                    probe,
                    1,
                    cancellation: TestContext.Current.CancellationToken
                )
                .Series;
            var crossing = Array.IndexOf(series.Array("predecessor_1"), 2);
            Assert.Equal(4, crossing); // z_t = 0.5 * 0.75^t is below 0.2 from t = 4 on
            for (var t = 0; t < series.Rows; t++)
            {
                // Third derivatives of order 1 along vectors right to a few u.
                Near.Equal(
                    t < crossing ? 0.5 : 0.7,
                    series["m3"][t],
                    64 * Near.Roundoff / 0.01,
                    $"m3 at {t}: gaps stay above 0.01"
                );
                if (t > 0)
                    Assert.Equal(0, series["rotation_1"][t]);
            }
        }
    }

    [Fact]
    public void Measure_OneDimension_ReportsNoRotation()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var surface = Draw.Surface(new Random(seed), 1);
            var series = Record(surface, [0.7], seed);
            for (var t = 1; t < series.Rows; t++)
                Assert.Equal(0, series["rotation_1"][t]);
            Assert.All(series["similarity_1"], rho => Near.Equal(1, rho, 8 * Near.Roundoff, "similarity"));
        }
    }

    [Fact]
    public void Run_Diverges_StillMeasuresTheHessianWhereThatIsFinite()
    {
        var surface = Draw.Surface(new Random(3), 3, 1, 1);
        var probe = new CurvatureProbeOptions(2, new LanczosOptions(), PredictRotation: true);
        double[] theta = [1, 1, 1];
        var result = Recording.Run(
            surface,
            OptimiserSpec.GradientDescent,
            10,
            new DescentLimits(100, DivergenceFactor: double.PositiveInfinity),
            theta,
            probe,
            1,
            cancellation: TestContext.Current.CancellationToken
        );
        var series = result.Series;
        Assert.Equal(StopReason.Diverged, result.Reason);
        Assert.Equal(result.Steps + 1, series.Rows);
        // The loss is beyond float64 at the end, the Hessian (about 1e261) is not; the oracle gets it scaled exactly.
        var hessian = surface.Hessian(theta);
        for (var i = 0; i < 9; i++)
            hessian[i / 3, i % 3] = Math.ScaleB(hessian[i / 3, i % 3], -800);
        var (values, _) = SymmetricMatrices.Eigen(hessian);
        // Products, Lanczos and the dense solver: a few dozen roundings of the largest eigenvalue in three dimensions.
        var size = values.Max(Math.Abs);
        Near.Equal(values[0], Math.ScaleB(series[Columns.Sharpness][^1], -800), 64 * Near.Roundoff * size, "sharpness");
        Near.Equal(
            values[^1],
            Math.ScaleB(series[Columns.TrailingEigenvalue][^1], -800),
            64 * Near.Roundoff * size,
            "trailing"
        );
    }

    [Property]
    public void Measure_PointAtHand_MeasuresTheSameAndLeavesItsCostOut(Seed seed, Size size)
    {
        var (surface, start) = Instance(seed, size);
        var options = new CurvatureProbeOptions(1, new LanczosOptions(1e-10), Seed: seed.Value);
        using CurvatureProbe<double[]> first = new(surface, options),
            second = new(surface, options);
        SeriesTable alone = new(),
            given = new();
        foreach (var theta in Draw.Trajectory(surface, start, StepSize, 3))
        {
            alone.AddRow();
            first.Measure(theta, StepSize, alone);
            given.AddRow();
            using var point = surface.At(theta);
            second.Measure(point, theta, StepSize, given);
        }

        // A quartic books nothing of its own: all costs are 0.
        Assert.Equal(alone.Names, given.Names);
        foreach (var name in alone.Names)
            Assert.Equal(alone[name], given[name]);
    }

    [Fact]
    public void Measure_HessianNotFinite_ReportsNotANumberWithoutThrowing()
    {
        var surface = Draw.Surface(new Random(3), 3, 1, 1);
        using var probe = new CurvatureProbe<double[]>(
            surface,
            new CurvatureProbeOptions(2, new LanczosOptions(), PredictRotation: true)
        );
        var table = new SeriesTable();
        foreach (var at in (double[])[1, 1e200])
        {
            table.AddRow();
            probe.Measure([at, at, at], 0.1, table);
        }

        foreach (
            var name in (string[])
                [
                    Columns.Sharpness,
                    Columns.TrailingEigenvalue,
                    "rotation_1",
                    "predicted_rotation_1",
                    "similarity_1",
                    "similarity_2",
                    "m3",
                    "m4",
                ]
        )
            Assert.Equal(double.NaN, table[name][^1]);
        Assert.False(probe.Frame.Converged);
    }

    [Fact]
    public void Constructor_MorePairsThanDimensions_NamesTheRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CurvatureProbe<double[]>(
                Draw.Surface(new Random(1), 2),
                new CurvatureProbeOptions(3, new LanczosOptions())
            )
        );
        Assert.Contains(
            "Eigenpairs is 3; it must be a whole number from 1 to 2",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Constructor_NegativeReference_NamesTheRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CurvatureProbe<double[]>(
                Draw.Surface(new Random(1), 2),
                new CurvatureProbeOptions(1, new LanczosOptions()) { ReferenceMeasurement = -1 }
            )
        );
        Assert.Contains("ReferenceMeasurement is -1; it must be", error.Message, StringComparison.Ordinal);
    }
}
