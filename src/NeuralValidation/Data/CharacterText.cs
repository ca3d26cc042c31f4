using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// Six sonnets of Shakespeare (1609) as characters: the target at each position is the next character. Samples are consecutive pieces of the text that do not overlap, the test pieces those after the training pieces;
/// tokens are the text's characters in the order of their codes.
/// </summary>
public sealed class CharacterText : DataEntry
{
    private static readonly Lazy<string> Sonnets = new(Read);

    /// <inheritdoc/>
    public override string Name => "text";

    /// <inheritdoc/>
    public override string Summary => "six sonnets of Shakespeare, which come with the program: the next character";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [new("length", "32", "characters in a sample, from 1 to 1000")];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Drawn;

    /// <inheritdoc/>
    public override string Normalisation => "none";

    internal override string OriginWithoutPlace => "embedded";

    /// <summary>Loads the first pieces.</summary>
    /// <param name="train">How many training pieces; at least 1.</param>
    /// <param name="test">How many test pieces, those that follow; at least 0.</param>
    /// <param name="length">The number of characters in a piece, from 1 to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">More pieces are asked for than there are, or a number is outside its range.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) Load(int train, int test, int length)
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        Require.InRange(length, 1, 1000);
        var text = Sonnets.Value;
        // The last character is a target only.
        var pieces = (text.Length - 1) / length;
        if ((long)train + test > pieces)
            throw new ArgumentOutOfRangeException(
                nameof(train),
                train,
                $"train + test is {(long)train + test}, but the text holds only {pieces} pieces of {length} characters."
            );
        char[] characters = [.. text.Distinct().Order()];
        int[] tokens = [.. text.Select(c => Array.BinarySearch(characters, c))];
        return (Part(0, train), Part(train, test));

        LabelledSamples Part(int first, int count)
        {
            var (from, to) = (first * length, (first + count) * length);
            return LabelledSamples.Sequences(tokens[from..to], tokens[(from + 1)..(to + 1)], length, characters.Length);
        }
    }

    internal override (int Train, int Test)? Available(DataRequest asked) => null;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Load(train, test, asked.Values.Whole("length"));

    private static string Read()
    {
        using var stream =
            typeof(CharacterText).Assembly.GetManifestResourceStream("sonnets/sonnets.txt")
            ?? throw new InvalidOperationException("The assembly was built without its resource sonnets/sonnets.txt.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
