using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// Sequences of tokens drawn evenly, to be repeated once they have been seen: a word and as many blanks as it has tokens; the target is a blank while the word is read, and the word after it.
/// So the copying task of Graves, Wayne and Danihelka (2014), the first blank being their delimiter. Every target is determined by what stands before it, so that a causal network can learn it too.
/// </summary>
public sealed class Copying : DataEntry
{
    /// <inheritdoc/>
    public override string Name => "copying";

    /// <inheritdoc/>
    public override string Summary => "drawn: sequences of tokens, to be repeated after as many blanks";

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
    /// <param name="length">The length of a word, at least 1; a sample has twice as many positions.</param>
    /// <param name="vocabulary">The number of tokens of words, at least 2; the blank is one more, the last.</param>
    /// <param name="seed">The seed.</param>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        int length,
        int vocabulary,
        int seed
    ) =>
        DrawnSequences.Draw(
            train,
            test,
            length,
            vocabulary,
            seed,
            vocabulary + 1,
            word =>
            {
                var blanks = Enumerable.Repeat(vocabulary, length);
                return ([.. word, .. blanks], [.. blanks, .. word]);
            }
        );

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Draw(train, test, asked.Values.Whole("length"), asked.Values.Whole("vocabulary"), asked.Values.Whole("seed"));
}
