using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using MathNet.Numerics.Distributions;

namespace FlatBias.NeuralValidation.Data;

/// <summary>A Gaussian mixture: class c has mean s mu_c with mu_c a random unit vector, and unit covariance; classes are drawn evenly at random.</summary>
public sealed class GaussianMixture : DataEntry
{
    private const double LargestSeparation = 1e30;

    /// <inheritdoc/>
    public override string Name => "gaussian-mixture";

    /// <inheritdoc/>
    public override string Summary => "drawn: one Gaussian cloud a class";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        DrawnSamples.Features,
        DrawnSamples.Classes,
        new(
            "separation",
            "3",
            "distance of a class's mean from the origin over the noise's standard deviation, from 0 to 1e30"
        ),
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
    /// <param name="separation">s, from 0 to 1e30, which single precision holds: the distance of a class's mean from the origin, in units of the noise's standard deviation.</param>
    /// <param name="seed">The seed.</param>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        int features,
        int classes,
        double separation,
        int seed
    )
    {
        DrawnSamples.Check(train, test, features, classes);
        if (!(Require.NotNegative(separation) <= LargestSeparation))
            throw new ArgumentOutOfRangeException(
                nameof(separation),
                separation,
                FormattableString.Invariant($"separation is {separation}; it must be from 0 to {LargestSeparation}.")
            );
        var random = new Random(seed);
        var means = new double[classes][];
        for (var c = 0; c < classes; c++)
        {
            means[c] = new double[features];
            Normal.Samples(random, means[c], 0, 1);
            var norm = Math.Sqrt(means[c].Sum(x => x * x));
            for (var j = 0; j < features; j++)
                means[c][j] *= separation / norm;
        }

        return DrawnSamples.Draw(
            train,
            test,
            features,
            classes,
            random,
            input =>
            {
                var label = random.Next(classes);
                for (var j = 0; j < features; j++)
                    input[j] += means[label][j];
                return label;
            }
        );
    }

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Draw(
            train,
            test,
            asked.Values.Whole("features"),
            asked.Values.Whole("classes"),
            asked.Values.Number("separation"),
            asked.Values.Whole("seed")
        );
}
