using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>What tasks on sequences drawn from a seed have in common: words of tokens, each drawn evenly, of which inputs and targets are made.</summary>
internal static class DrawnSequences
{
    private const int Largest = 10_000;

    public static Parameter Length { get; } = new("length", "8", "tokens drawn for each sequence, from 1 to 10,000");

    public static Parameter Vocabulary { get; } =
        new("vocabulary", "8", "how many tokens are drawn from, from 2 to 10,000");

    /// <summary>Training and test sequences: the task makes inputs and targets, equally many, of a word, out of its own number of tokens.</summary>
    public static (LabelledSamples Train, LabelledSamples Test) Draw(
        int train,
        int test,
        int length,
        int vocabulary,
        int seed,
        int tokens,
        Func<int[], (int[] Inputs, int[] Targets)> task
    )
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        Require.InRange(length, 1, Largest);
        Require.InRange(vocabulary, 2, Largest);
        var random = new Random(seed);
        return (Part(train), Part(test));

        LabelledSamples Part(int count)
        {
            var (inputs, targets) = (new List<int>(), new List<int>());
            var word = new int[length];
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < length; j++)
                    word[j] = random.Next(vocabulary);
                var (given, wanted) = task(word);
                inputs.AddRange(given);
                targets.AddRange(wanted);
            }

            var positions = task(word).Inputs.Length;
            return LabelledSamples.Sequences([.. inputs], [.. targets], positions, tokens);
        }
    }
}
