using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using MathNet.Numerics.Distributions;

namespace FlatBias.NeuralValidation.Data;

/// <summary>What data sets drawn from a seed have in common: they are drawn in float64 by .NET's generator, so that the same seed gives the same numbers everywhere.</summary>
internal static class DrawnSamples
{
    private const double LargestNoise = 1e30;

    public static Parameter Features { get; } = new("features", "20", "input width, from 1 to 1,000,000");

    public static Parameter Classes { get; } = new("classes", "4", "number of classes, from 2 to 10,000");

    public static Parameter Noise { get; } =
        new("noise", "0.1", "standard deviation of the noise in each coordinate, from 0 to 1e30");

    public static Parameter Seed { get; } = new("seed", "1", "seeds all that is drawn");

    public static void Check(int train, int test, int features, int classes)
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        Require.InRange(features, 1, 1_000_000);
        Require.InRange(classes, 2, 10_000);
    }

    /// <summary>Points of two curves in the plane, one a class, with normal noise; class and parameter of the curve, from 0 to 1, are drawn evenly.</summary>
    public static (LabelledSamples Train, LabelledSamples Test) Curves(
        int train,
        int test,
        double noise,
        int seed,
        Func<int, double, (double X, double Y)> curve
    )
    {
        Check(train, test, 2, 2);
        if (!(Require.NotNegative(noise) <= LargestNoise))
            throw new ArgumentOutOfRangeException(
                nameof(noise),
                noise,
                FormattableString.Invariant($"noise is {noise}; it must be from 0 to {LargestNoise}.")
            );
        var random = new Random(seed);
        return Draw(
            train,
            test,
            2,
            2,
            random,
            input =>
            {
                var label = random.Next(2);
                var (x, y) = curve(label, random.NextDouble());
                (input[0], input[1]) = (x + (noise * input[0]), y + (noise * input[1]));
                return label;
            }
        );
    }

    /// <summary>Training and test samples: each a standard normal input that <paramref name="label"/> may move and gives its class.</summary>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        int features,
        int classes,
        Random random,
        Func<double[], int> label
    )
    {
        return (Part(train), Part(test));

        LabelledSamples Part(int count)
        {
            var (values, labels, input) = (new float[checked(count * features)], new int[count], new double[features]);
            for (var i = 0; i < count; i++)
            {
                Normal.Samples(random, input, 0, 1);
                labels[i] = label(input);
                for (var j = 0; j < features; j++)
                    values[(i * features) + j] = (float)input[j];
            }

            return new LabelledSamples(values, labels, features, classes);
        }
    }
}
