using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// A Chebyshev polynomial T_n, to be learnt as a function: at equally spaced points of [-1, 1], both ends included, as in Cohen, Kaur, Li, Kolter and Talwalkar (2021), who take the degrees 3 to 5 at 20 points.
/// The test samples are the points half way between.
/// </summary>
public sealed class Chebyshev : DataEntry
{
    /// <inheritdoc/>
    public override string Name => "chebyshev";

    /// <inheritdoc/>
    public override string Summary =>
        "computed: a Chebyshev polynomial at equally spaced points, to be learnt as a function";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("degree", "4", "degree of the polynomial, from 0 to 1000"),
        new("points", "20", "how many training points there are, from 2 to 1,000,000"),
    ];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Drawn;

    /// <inheritdoc/>
    public override string Normalisation => "none";

    internal override string OriginWithoutPlace => "computed";

    /// <summary>Computes it.</summary>
    /// <param name="train">How many training samples, from the left; from 1 to <paramref name="points"/>.</param>
    /// <param name="test">How many test samples, from the left; from 0 to <paramref name="points"/> - 1.</param>
    /// <param name="degree">n, from 0 to 1000.</param>
    /// <param name="points">The number of points from -1 to 1, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) Compute(int train, int test, int degree, int points)
    {
        Require.InRange(degree, 0, 1000);
        Require.InRange(points, 2, 1_000_000);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        if (train > points || test > points - 1)
            throw new ArgumentOutOfRangeException(
                nameof(train),
                train,
                $"train is {train} and test is {test}, but chebyshev with points={points} has {points} training points and {points - 1} between them."
            );
        return (Part(train, 0), Part(test, 1));

        LabelledSamples Part(int count, int shift)
        {
            double[] x =
            [
                .. Enumerable.Range(0, count).Select(i => ((4.0 * i) + (2 * shift)) / (2.0 * (points - 1)) - 1),
            ];
            return LabelledSamples.Regression(
                Array.ConvertAll(x, value => (float)value),
                Array.ConvertAll(x, value => (float)Math.Cos(degree * Math.Acos(value))),
                [1],
                1
            );
        }
    }

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Compute(train, test, asked.Values.Whole("degree"), asked.Values.Whole("points"));
}
