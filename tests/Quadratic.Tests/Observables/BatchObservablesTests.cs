using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Observables;

/// <summary>Means over minibatches (9.4) to (9.6) against sums over all of them with dense Hessians.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class BatchObservablesTests
{
    private static readonly string[] All = ["batch-sharpness", "noise-interaction", "batch-lambda"];

    private static readonly DiagonalRegression Data = DiagonalRegression.Random(9, 3, 0.5, 3);
    private static readonly double[] Start = [1, -0.5, 0.8, 0.7, 1.2, -0.9];

    [Property]
    public void Batch_AnySamples_IsTheirMeanLossWithItsOwnDerivatives(Seed seed, Size samples, Size width, Size size)
    {
        var random = seed.Random();
        var data = DiagonalRegression.Random(samples.Value, width.Value, 0.5, seed.Value);
        int[] batch = [.. Enumerable.Range(0, size.Value).Select(_ => random.Next(samples.Value))];
        var theta = RandomLandscapes.Vector(random, 2 * width.Value, 1);
        var surface = data.Batch(batch);
        double[] expected = new double[theta.Length],
            gradient = new double[theta.Length],
            product = new double[theta.Length];
        var loss = data.BatchLossAndGradient(theta, batch, expected);
        // Sums of at most 8 samples of 8 terms, in another order.
        var tolerance = 200 * Near.Roundoff * Near.Scale(expected) * Near.Scale(loss);
        Near.Equal(loss, surface.LossAndGradient(theta, gradient), tolerance, "loss");
        Near.Equal(expected, gradient, tolerance, "gradient");
        Assert.Equal((0L, 1L), (data.Cost.Gradients, surface.Cost.Gradients));
        // The Hessian of a mean is the mean of Hessians, each of a landscape of one sample.
        var direction = RandomLandscapes.Vector(random, theta.Length, 1);
        using var point = surface.At(theta);
        point.HessianVector(direction, product);
        var mean = new double[theta.Length];
        foreach (var sample in batch)
        {
            double[] one = new double[theta.Length];
            using var alone = data.Batch([sample]).At(theta);
            alone.HessianVector(direction, one);
            for (var i = 0; i < one.Length; i++)
                mean[i] += one[i] / batch.Length;
        }

        Near.Equal(mean, product, 200 * Near.Roundoff * Near.Scale(mean) * size.Value, "Hessian product");
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void Measure_SmallBatches_AreWithinTheirErrorOfTheMeanOverAllBatches(int size, bool replacement)
    {
        var (series, path) = Run(new BatchPlan(size, 2, replacement), 3);
        for (var t = 0; t < path.Length; t++)
        {
            var (sharpness, interaction, lambda, largest) = Exact(path[t], size, replacement);
            Within(sharpness, Columns.BatchSharpness, Columns.BatchSharpnessError, Columns.BatchSharpnessBatches);
            Within(
                interaction,
                Columns.NoiseInteraction,
                Columns.NoiseInteractionError,
                Columns.NoiseInteractionBatches
            );
            Within(lambda, Columns.BatchLambda, Columns.BatchLambdaError, Columns.BatchLambdaBatches);
            Assert.InRange(series[Columns.BatchLambdaLargest][t], series[Columns.BatchLambda][t], largest * (1 + 1e-9));

            void Within(double expected, string mean, string error, string batches)
            {
                // Five standard errors: 16 or more draws, twelve comparisons and fixed seeds.
                Near.Equal(expected, series[mean][t], 5 * series[error][t], $"{mean}, step {t}");
                Assert.InRange(series[batches][t], 16, 400);
                Assert.True(
                    series[error][t] <= 0.05 * Math.Abs(series[mean][t]) || series[batches][t] == 400,
                    $"{mean} stopped at an error of {series[error][t]}"
                );
            }
        }
    }

    [Fact]
    public void Measure_AllSamplesInABatch_HasNoErrorAndIsThatOfTheFullLoss()
    {
        var (series, path) = Run(new BatchPlan(9), 2);
        for (var t = 0; t < path.Length; t++)
        {
            var gradient = Requested.Gradient(Data, path[t]);
            var quotient = Requested.Form(Data, path[t], gradient, gradient) / Requested.Dot(gradient, gradient);
            // Sums over 9 samples in the order of the batch.
            Near.Equal(quotient, series[Columns.BatchSharpness][t], 1e-12 * Math.Abs(quotient), "batch sharpness");
            Near.Equal(quotient, series[Columns.NoiseInteraction][t], 1e-12 * Math.Abs(quotient), "interaction");
            var sharpness = Data.Eigenvalues(path[t])[0];
            Near.Equal(sharpness, series[Columns.BatchLambda][t], 1e-12 * sharpness, "lambda_1");
            Near.Equal(sharpness, series[Columns.BatchLambdaLargest][t], 1e-12 * sharpness, "largest lambda_1");
            Assert.Equal(16, series[Columns.BatchSharpnessBatches][t]);
            Assert.InRange(series[Columns.BatchSharpnessError][t], 0, 1e-13 * Math.Abs(quotient));
        }
    }

    [Fact]
    public void Measure_BatchesWithoutGradient_AreNotDefined()
    {
        // Every sample is fitted.
        var data = new DiagonalRegression(
            new double[,]
            {
                { 1 },
                { 2 },
            },
            [1, 2]
        );
        var (series, _) = Requested.Run(
            data,
            [1, 1],
            OptimiserSpec.GradientDescent,
            0.1,
            1,
            ["batch-sharpness", "noise-interaction"],
            new BatchPlan(1)
        );
        foreach (var column in new[] { Columns.BatchSharpness, Columns.NoiseInteraction, Columns.BatchSharpnessError })
            Assert.All(series[column], value => Assert.True(double.IsNaN(value), column));
    }

    [Fact]
    public void Measure_WorkOnBatches_IsBookedAsTheirShareOfAllSamples()
    {
        var (series, _) = Requested.Run(
            Data,
            Start,
            OptimiserSpec.GradientDescent,
            0.01,
            0,
            ["batch-sharpness"],
            new BatchPlan(3)
        );
        var (bare, _) = Requested.Run(Data, Start, OptimiserSpec.GradientDescent, 0.01, 0, [], new BatchPlan(3));
        // A gradient and a product on a third of the samples for each batch; the ledger rounds to thirds.
        Near.Equal(
            series[Columns.BatchSharpnessBatches][0] * (1 + (4.0 / 3)) / 3,
            series[Columns.MeasurementCost][0] - bare[Columns.MeasurementCost][0],
            1.0 / 3,
            "gradient-equivalents"
        );
    }

    private static (SeriesTable Series, double[][] Path) Run(BatchPlan batch, int steps) =>
        Requested.Run(Data, Start, OptimiserSpec.GradientDescent, 0.01, steps, All, batch);

    /// <summary>The means over all batches there are, each as likely as any other.</summary>
    private static (double Sharpness, double Interaction, double Lambda, double Largest) Exact(
        double[] theta,
        int size,
        bool replacement
    )
    {
        var full = Requested.Gradient(Data, theta);
        List<(double Quotient, double Form, double Lambda)> values = [];
        foreach (var batch in Batches(size).Where(b => replacement || b.Distinct().Count() == size))
        {
            var surface = (DiagonalRegression)((IStochasticSurface<double[]>)Data).Batch(batch);
            var gradient = Requested.Gradient(surface, theta);
            values.Add(
                (
                    Requested.Form(surface, theta, gradient, gradient) / Requested.Dot(gradient, gradient),
                    Requested.Form(Data, theta, gradient, gradient) / Requested.Dot(full, full),
                    surface.Eigenvalues(theta)[0]
                )
            );
        }

        return (
            values.Average(v => v.Quotient),
            values.Average(v => v.Form),
            values.Average(v => v.Lambda),
            values.Max(v => v.Lambda)
        );
    }

    private static IEnumerable<int[]> Batches(int size) =>
        size == 0
            ?
            [
                [],
            ]
            : Batches(size - 1).SelectMany(b => Enumerable.Range(0, 9).Select(i => (int[])[.. b, i]));
}
