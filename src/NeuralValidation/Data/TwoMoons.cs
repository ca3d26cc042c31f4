using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Two interleaved half circles, (cos t, sin t) and (1 - cos t, 1/2 - sin t), the curves of scikit-learn's make_moons; t is drawn evenly from 0 to pi, the class evenly, and normal noise is added to both coordinates.</summary>
public sealed class TwoMoons : DataEntry
{
    /// <inheritdoc/>
    public override string Name => "two-moons";

    /// <inheritdoc/>
    public override string Summary => "drawn: two interleaved half circles in the plane";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [DrawnSamples.Noise, DrawnSamples.Seed];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Drawn;

    /// <inheritdoc/>
    public override string Normalisation => "none";

    /// <summary>Draws it.</summary>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <param name="noise">Standard deviation of the noise in each coordinate, from 0 to 1e30.</param>
    /// <param name="seed">The seed.</param>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(int train, int test, double noise, int seed) =>
        DrawnSamples.Curves(
            train,
            test,
            noise,
            seed,
            (moon, u) =>
            {
                var (sine, cosine) = Math.SinCos(Math.PI * u);
                return moon == 0 ? (cosine, sine) : (1 - cosine, 0.5 - sine);
            }
        );

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Draw(train, test, asked.Values.Number("noise"), asked.Values.Whole("seed"));
}
