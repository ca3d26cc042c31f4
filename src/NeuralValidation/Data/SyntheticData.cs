using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Networks;
using MathNet.Numerics.Distributions;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Data sets drawn from a seed, in float64 by .NET's generator, so that the same seed gives the same numbers everywhere.</summary>
public static class SyntheticData
{
    private const double LargestSeparation = 1e30;

    /// <summary>A Gaussian mixture: class c has mean s mu_c with mu_c a random unit vector, and unit covariance; classes are drawn evenly at random.</summary>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <param name="features">The input width, at least 1.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="separation">s, from 0 to 1e30, which single precision holds: the distance of a class's mean from the origin, in units of the noise's standard deviation.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Training and test samples.</returns>
    public static (LabelledImages Train, LabelledImages Test) GaussianMixture(int train, int test, int features, int classes, double separation, int seed)
    {
        Check(train, test, features, classes);
        if (!(Require.NotNegative(separation) <= LargestSeparation)) throw new ArgumentOutOfRangeException(nameof(separation), separation, FormattableString.Invariant($"separation is {separation}; it must be from 0 to {LargestSeparation}."));
        var random = new Random(seed);
        var means = new double[classes][];
        for (var c = 0; c < classes; c++)
        {
            means[c] = new double[features];
            Normal.Samples(random, means[c], 0, 1);
            var norm = Math.Sqrt(means[c].Sum(x => x * x));
            for (var j = 0; j < features; j++) means[c][j] *= separation / norm;
        }

        return Draw(train, test, features, classes, random, input =>
        {
            var label = random.Next(classes);
            for (var j = 0; j < features; j++) input[j] += means[label][j];
            return label;
        });
    }

    /// <summary>Teacher and student: standard normal inputs, each labelled by the largest output of a random tanh network with one hidden layer, LeCun-normal weights and no biases.</summary>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <param name="features">The input width, at least 1.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="width">The width of the teacher's hidden layer, at least 1.</param>
    /// <param name="seed">The seed of teacher and inputs.</param>
    /// <returns>Training and test samples.</returns>
    public static (LabelledImages Train, LabelledImages Test) TeacherStudent(int train, int test, int features, int classes, int width, int seed)
    {
        Check(train, test, features, classes);
        Require.InRange(width, 1);
        var teacher = Initialisation.LeCunNormal(new Architecture([features, width, classes], Activation.Tanh, NetworkLoss.CrossEntropy), seed);
        // The inputs have a generator of their own: the teacher's seed would repeat the numbers that its weights were made of.
        return Draw(train, test, features, classes, new Random(unchecked(seed ^ 0x5bd1e995)), input => Label(teacher, input, width, classes));
    }

    private static int Label(double[] teacher, double[] input, int width, int classes)
    {
        var (best, largest) = (0, double.NegativeInfinity);
        var hidden = new double[width];
        for (var h = 0; h < width; h++) hidden[h] = Math.Tanh(System.Numerics.Tensors.TensorPrimitives.Dot(teacher.AsSpan(h * input.Length, input.Length), (ReadOnlySpan<double>)input));
        var offset = (width * input.Length) + width;
        for (var c = 0; c < classes; c++)
        {
            var output = System.Numerics.Tensors.TensorPrimitives.Dot(teacher.AsSpan(offset + (c * width), width), (ReadOnlySpan<double>)hidden);
            if (output > largest) (best, largest) = (c, output);
        }

        return best;
    }

    private static (LabelledImages Train, LabelledImages Test) Draw(int train, int test, int features, int classes, Random random, Func<double[], int> label)
    {
        return (Part(train), Part(test));

        LabelledImages Part(int count)
        {
            var (values, labels, input) = (new float[checked(count * features)], new int[count], new double[features]);
            for (var i = 0; i < count; i++)
            {
                Normal.Samples(random, input, 0, 1);
                labels[i] = label(input);
                for (var j = 0; j < features; j++) values[(i * features) + j] = (float)input[j];
            }

            return new LabelledImages(values, labels, features, classes);
        }
    }

    private static void Check(int train, int test, int features, int classes)
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        Require.InRange(features, 1, 1_000_000);
        Require.InRange(classes, 2, 10_000);
    }
}
