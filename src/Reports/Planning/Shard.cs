using System.Globalization;
using System.Text.Json.Serialization;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Planning;

/// <summary>A share of the points of a sweep, or of the runs of a report: the i-th of n.</summary>
/// <param name="Index">i, from 1.</param>
/// <param name="Count">n.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>What the folders of shards are called, as a pattern.</summary>
    public const string Folders = "shard-*";

    /// <summary>All of it.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>The folder of this shard below the sweep's.</summary>
    [JsonIgnore]
    public string Folder => $"shard-{Index}-of-{Count}";

    /// <summary>Finds the shard: from the option --shard i/n, or else from a scheduler's variables.</summary>
    /// <param name="option">The value of --shard, or null.</param>
    /// <param name="count">The value of --shards, or null: how many there are where the scheduler only says which.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="ArgumentException">They contradict one another, or the shard is out of range.</exception>
    public static Shard Find(string? option, int? count, Func<string, string?> variable)
    {
        if (option is not null && count is not null)
            throw new ArgumentException("--shard and --shards cannot be given both: --shard i/n says all.");
        if (option is not null)
            return Parse(option);
        if (variable("SLURM_ARRAY_TASK_ID") is { } task)
            return Slurm(task, count, variable);
        if (variable("JOB_COMPLETION_INDEX") is { } completion)
        {
            var n =
                count
                ?? throw new ArgumentException(
                    "JOB_COMPLETION_INDEX is set, but not how many indices there are; give --shards n, the job's completions."
                );
            return new(
                Require.InRange(
                    Number("JOB_COMPLETION_INDEX", completion),
                    0,
                    Require.InRange(n, 1, name: "--shards") - 1,
                    "JOB_COMPLETION_INDEX"
                ) + 1,
                n
            );
        }

        return count is null
            ? Whole
            : throw new ArgumentException(
                "--shards is given, but no scheduler's variable (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX) says which shard this is; give --shard i/n."
            );
    }

    /// <summary>The points of a sweep that are this shard's: one of n contiguous ranges whose lengths differ by one at most.</summary>
    /// <param name="points">The number of points of the sweep.</param>
    public (int First, int Length) Range(int points)
    {
        var first = (int)((long)points * (Index - 1) / Count);
        return (first, (int)((long)points * Index / Count) - first);
    }

    private static Shard Parse(string text)
    {
        var parts = text.Split('/');
        if (
            parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index >= 1
            && index <= count
        )
            return new(index, count);
        throw new ArgumentException($"--shard is '{text}'; it must be i/n with 1 <= i <= n.");
    }

    private static Shard Slurm(string task, int? count, Func<string, string?> variable)
    {
        int Value(string name, int? fallback = null) =>
            variable(name) is { } text
                ? Number(name, text)
                : fallback
                    ?? throw new ArgumentException($"SLURM_ARRAY_TASK_ID is set, but {name} is not; give --shard i/n.");
        var (id, first, last, n) = (
            Number("SLURM_ARRAY_TASK_ID", task),
            Value("SLURM_ARRAY_TASK_MIN"),
            Value("SLURM_ARRAY_TASK_MAX"),
            Value("SLURM_ARRAY_TASK_COUNT")
        );
        var step = Require.InRange(Value("SLURM_ARRAY_TASK_STEP", 1), 1, name: "SLURM_ARRAY_TASK_STEP");
        if ((last - first) / step + 1 != n || (last - first) % step != 0)
            throw new ArgumentException(
                $"The SLURM array has {n} tasks from {first} to {last} in steps of {step}: it has gaps, so the shards cannot be counted; use a range such as --array=1-{n}, or give --shard i/n."
            );
        if (count is not null && count != n)
            throw new ArgumentException($"--shards is {count}, but the SLURM array has {n} tasks.");
        Require.InRange(id, first, last, "SLURM_ARRAY_TASK_ID");
        return (id - first) % step == 0
            ? new((id - first) / step + 1, n)
            : throw new ArgumentException(
                $"SLURM_ARRAY_TASK_ID is {id}; it is not one of {first} to {last} in steps of {step}."
            );
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ArgumentException($"{name} is '{text}'; it must be a whole number of at least 0.");
}
