using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Two circles about the origin, of radius 1 (class 0) and a smaller one (class 1), the curves of scikit-learn's make_circles; the angle is drawn evenly, the class evenly, and normal noise is added to both coordinates.</summary>
public sealed class Circles : DataEntry
{
    /// <inheritdoc/>
    public override string Name => "circles";

    /// <inheritdoc/>
    public override string Summary => "drawn: one circle inside another in the plane";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("factor", "0.5", "radius of the inner circle over that of the outer, from 0 to 1"),
        DrawnSamples.Noise,
        DrawnSamples.Seed,
    ];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Drawn;

    /// <inheritdoc/>
    public override string Normalisation => "none";

    /// <summary>Draws it.</summary>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <param name="factor">Radius of the inner circle, from 0 to 1.</param>
    /// <param name="noise">Standard deviation of the noise in each coordinate, from 0 to 1e30.</param>
    /// <param name="seed">The seed.</param>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        double factor,
        double noise,
        int seed
    )
    {
        if (!(Require.NotNegative(factor) <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(factor),
                factor,
                FormattableString.Invariant($"factor is {factor}; it must be from 0 to 1.")
            );
        return DrawnSamples.Curves(
            train,
            test,
            noise,
            seed,
            (circle, u) =>
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * u);
                var radius = circle == 0 ? 1 : factor;
                return (radius * cosine, radius * sine);
            }
        );
    }

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Draw(train, test, asked.Values.Number("factor"), asked.Values.Number("noise"), asked.Values.Whole("seed"));
}
