using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Observables.OnRequest;
using FlatBias.Dynamics.Stability;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Observables;

/// <summary>What holds of all observables on request, and those of few words.</summary>
public class RequestedObservablesTests
{
    private static readonly DiagonalRegression Data = DiagonalRegression.Random(9, 3, 0.5, 3);
    private static readonly double[] Start = [1, -0.5, 0.8, 0.7, 1.2, -0.9];

    public static TheoryData<string, bool> Rules =>
        [.. OptimiserCatalogue.All.Names.SelectMany(name => new[] { (name, false), (name, true) })];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Run_WithAll_HasTheBitsOfARunWithout(string name, bool batches)
    {
        // Whatever state the rule has is given back, and no draw of the run's own is used up.
        var rule = OptimiserSpec.Of(name).With("weight-decay", 0.1).With("gradient-clip", 2).With("sam-radius", 0.1);
        var plan = batches ? new BatchPlan(4, 3) : null;
        string[] all =
        [
            .. ObservableCatalogue
                .All.Where(entry =>
                    !entry.Needs.HasFlag(ObservableNeeds.TestSamples)
                    && !entry.Needs.HasFlag(ObservableNeeds.Exponents)
                    && (batches || !entry.Needs.HasFlag(ObservableNeeds.Minibatches))
                )
                .Select(entry => entry.Name),
        ];
        var (bare, path) = Requested.Run(Data, Start, rule, 0.02, 20, [], plan);
        var (full, other) = Requested.Run(Data, Start, rule, 0.02, 20, all, plan);
        Assert.Equal(path, other);
        foreach (var column in bare.Names.Where(n => !n.StartsWith("measurement_", StringComparison.Ordinal)))
            Assert.Equal(
                bare[column].Select(BitConverter.DoubleToInt64Bits),
                full[column].Select(BitConverter.DoubleToInt64Bits)
            );
        Assert.DoesNotContain(bare.Names, n => Columns.RealisedEdge.Covers(n) || Columns.BatchSharpness.Covers(n));
        Assert.Contains(full.Names, Columns.RealisedEdge.Covers);
    }

    [Fact]
    public void GaussNewtonShare_DiagonalRegression_IsTheHessianWithoutTheSlopes()
    {
        // H = J^T (X^T X / n) J plus the slopes c on the two off-diagonals, which are what the outputs' curvature adds.
        var (series, path) = Requested.Run(Data, Start, OptimiserSpec.GradientDescent, 0.02, 8, ["gauss-newton-share"]);
        for (var t = 0; t < path.Length; t++)
        {
            var hessian = new double[36];
            Data.Hessian(path[t], hessian);
            var slopes = new double[3];
            Data.EffectiveSlopes(path[t], slopes);
            var (sharpness, leading) = Leading(hessian);
            var bent = 2 * Enumerable.Range(0, 3).Sum(i => slopes[i] * leading[i] * leading[3 + i]);
            Near.Equal(
                1 - (bent / sharpness),
                series[Columns.GaussNewtonShare][t],
                // Lanczos over the whole space of 6, and gaps of a tenth of the sharpness or more.
                1e-11,
                $"step {t}"
            );
        }
    }

    [Fact]
    public void GaussNewtonShare_NoOutputs_IsRefusedBeforeAnyStep() =>
        Assert.Equal(
            "observables has gauss-newton-share, which needs a loss of outputs, as networks and sums of squares have it.",
            Assert
                .Throws<ArgumentException>(() =>
                    Requested.Run(
                        QuadraticBowl.WithSpectrum([1]),
                        [1],
                        OptimiserSpec.GradientDescent,
                        0.1,
                        1,
                        ["gauss-newton-share"]
                    )
                )
                .Message
        );

    [Fact]
    public void GradientAlignment_Quadratic_IsTheShareOfTheLeadingComponent()
    {
        var (series, path) = Requested.Run(
            QuadraticBowl.WithSpectrum([2, 1, 0.5]),
            [0.1, 1, -3],
            OptimiserSpec.GradientDescent,
            0.9,
            10,
            ["gradient-alignment"]
        );
        for (var t = 0; t < path.Length; t++)
        {
            double[] gradient = [2 * path[t][0], path[t][1], path[t][2] / 2];
            Near.Equal(
                Math.Abs(gradient[0]) / Math.Sqrt(Requested.Dot(gradient, gradient)),
                series[Columns.GradientAlignment][t],
                // An eigenvector of a diagonal matrix of three rows, exact to some roundoffs over the gap of 1.
                100 * Near.Roundoff,
                $"step {t}"
            );
        }
    }

    [Fact]
    public void SharpnessDimension_Saddle_TendsToThatOfItsExponents()
    {
        // |1 - eta lambda| = 1.5 and 0.5: the exponents tend to ln 1.5 and ln 0.5, their sum is their sum at every step.
        const int steps = 400;
        var (series, _) = Requested.Run(
            QuadraticBowl.WithSpectrum([0.5, -0.5]),
            [1, 1e-200],
            OptimiserSpec.GradientDescent,
            1,
            steps,
            ["sharpness-dimension"],
            exponents: 2
        );
        Assert.True(double.IsNaN(series[Columns.LyapunovDimension][0]));
        for (var t = 1; t <= steps; t++)
        {
            double[] exponents = [series[Columns.Lyapunov[1]][t], series[Columns.Lyapunov[2]][t]];
            Near.Equal(Math.Log(0.75), exponents.Sum(), 1e-13, "sum");
            Assert.Equal(LyapunovDimension.Of(exponents, 2), series[Columns.LyapunovDimension][t]);
            Assert.Equal(
                exponents.Max() <= 0 ? double.PositiveInfinity : 1 / exponents.Max(),
                series[Columns.PredictabilityTime][t]
            );
        }

        // The first frame turns into place within a few steps: a loss of at most ln of its first component, some units,
        // over the steps; the dimension's slope in an exponent is 1/ln 2 squared times their sizes, below 4.
        Near.Equal(
            1 + (Math.Log(1.5) / Math.Log(2)),
            series[Columns.LyapunovDimension][^1],
            4 * 5.0 / steps,
            "dimension"
        );
        Near.Equal(1 / Math.Log(1.5), series[Columns.PredictabilityTime][^1], 7 * 5.0 / steps, "time");
    }

    private static (double Value, double[] Vector) Leading(double[] hessian)
    {
        var dense = Matrix<double>.Build.Dense(6, 6, hessian).Evd(Symmetricity.Symmetric);
        return (dense.EigenValues[5].Real, dense.EigenVectors.Column(5).ToArray());
    }
}
