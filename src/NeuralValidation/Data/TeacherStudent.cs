using System.Numerics.Tensors;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Teacher and student: standard normal inputs, each labelled by the largest output of a random tanh network with one hidden layer, LeCun-normal weights and no biases.</summary>
public sealed class TeacherStudent : DataEntry
{
    /// <inheritdoc/>
    public override string Name => "teacher-student";

    /// <inheritdoc/>
    public override string Summary => "drawn: normal inputs labelled by a random network";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        DrawnSamples.Features,
        DrawnSamples.Classes,
        new("width", "16", "width of the teacher's hidden layer, at least 1"),
        DrawnSamples.Seed,
    ];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Drawn;

    /// <inheritdoc/>
    public override string Normalisation => "none";

    /// <summary>Draws it.</summary>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <param name="features">The input width, at least 1.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="width">The width of the teacher's hidden layer, at least 1.</param>
    /// <param name="seed">The seed of teacher and inputs.</param>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        int features,
        int classes,
        int width,
        int seed
    )
    {
        DrawnSamples.Check(train, test, features, classes);
        Require.InRange(width, 1);
        var teacher = Initialisation.LeCun.Draw(
            new Architecture([features, width, classes], Activation.Tanh, NetworkLoss.CrossEntropy).Layout,
            seed
        );
        // The inputs have a generator of their own: the teacher's seed would repeat the numbers that its weights were made of.
        return DrawnSamples.Draw(
            train,
            test,
            features,
            classes,
            new Random(unchecked(seed ^ 0x5bd1e995)),
            input => Label(teacher, input, width, classes)
        );
    }

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Draw(
            train,
            test,
            asked.Values.Whole("features"),
            asked.Values.Whole("classes"),
            asked.Values.Whole("width"),
            asked.Values.Whole("seed")
        );

    private static int Label(double[] teacher, double[] input, int width, int classes)
    {
        var (best, largest) = (0, double.NegativeInfinity);
        var hidden = new double[width];
        for (var h = 0; h < width; h++)
            hidden[h] = Math.Tanh(
                TensorPrimitives.Dot(teacher.AsSpan(h * input.Length, input.Length), (ReadOnlySpan<double>)input)
            );
        var offset = (width * input.Length) + width;
        for (var c = 0; c < classes; c++)
        {
            var output = TensorPrimitives.Dot(
                teacher.AsSpan(offset + (c * width), width),
                (ReadOnlySpan<double>)hidden
            );
            if (output > largest)
                (best, largest) = (c, output);
        }

        return best;
    }
}
