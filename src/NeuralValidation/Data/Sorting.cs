using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Sequences of tokens drawn evenly, to be sorted: the target at position j is the token that stands there in ascending order. A network that is to learn it must see all positions at once.</summary>
public sealed class Sorting : DataEntry
{
    /// <inheritdoc/>
    public override string Name => "sorting";

    /// <inheritdoc/>
    public override string Summary => "drawn: sequences of tokens, to be sorted";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [DrawnSequences.Length, DrawnSequences.Vocabulary, DrawnSamples.Seed];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Drawn;

    /// <inheritdoc/>
    public override string Normalisation => "none";

    /// <summary>Draws it.</summary>
    /// <param name="train">How many training sequences; at least 1.</param>
    /// <param name="test">How many test sequences; at least 0.</param>
    /// <param name="length">The length of a sequence, at least 1.</param>
    /// <param name="vocabulary">The number of tokens, at least 2.</param>
    /// <param name="seed">The seed.</param>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        int length,
        int vocabulary,
        int seed
    ) => DrawnSequences.Draw(train, test, length, vocabulary, seed, vocabulary, word => (word, [.. word.Order()]));

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Draw(train, test, asked.Values.Whole("length"), asked.Values.Whole("vocabulary"), asked.Values.Whole("seed"));
}
