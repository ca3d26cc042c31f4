using System.CommandLine;
using FlatBias.Dynamics.Descent;

namespace FlatBias.Reports.Cli;

/// <summary>The options that say what minibatches are.</summary>
internal sealed class BatchOptions
{
    private readonly Option<int> _size;
    private readonly Option<bool> _replacement = new("--replacement")
    {
        Description = "draws minibatches with replacement",
    };
    private readonly Option<int> _seed = Options.Whole(
        "--batch-seed",
        BatchPlan.DefaultSeed,
        "seeds the draw of minibatches"
    );

    /// <summary>Makes the options.</summary>
    /// <param name="size">What --batch-size does.</param>
    /// <param name="seeds">Further names of the option that seeds the draw.</param>
    public BatchOptions(string size, params IReadOnlyList<string> seeds)
    {
        _size = Options.Whole("--batch-size", 0, size);
        foreach (var seed in seeds)
            _seed.Aliases.Add(seed);
    }

    /// <summary>The option of the size.</summary>
    public Option Size => _size;

    public IEnumerable<Option> All => [_size, _replacement, _seed];

    /// <summary>The minibatches; null for the full batch.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="others">Further options that need minibatches.</param>
    /// <exception cref="ArgumentException">An option of minibatches was given, and there are none.</exception>
    public BatchPlan? Read(ParseResult parsed, params Option[] others)
    {
        var size = parsed.GetValue(_size);
        if (size != 0)
            return Of(parsed, size);
        foreach (var option in (Option[])[_replacement, _seed, .. others])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException(
                    $"{option.Name} has no effect here: there are no minibatches without --batch-size."
                );
        return null;
    }

    /// <summary>Minibatches of a size that is stated elsewhere.</summary>
    public BatchPlan Of(ParseResult parsed, int size) =>
        new(size, parsed.GetValue(_seed), parsed.GetValue(_replacement));
}
