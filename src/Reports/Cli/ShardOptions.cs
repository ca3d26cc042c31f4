using System.CommandLine;
using FlatBias.Reports.Planning;

namespace FlatBias.Reports.Cli;

/// <summary>The options that say which share of the work a process does.</summary>
/// <param name="does">What it does with it: "measures".</param>
internal sealed class ShardOptions(string does)
{
    private readonly Option<string?> _shard = new("--shard")
    {
        Description =
            $"{does} the i-th of n shares only: --shard i/n [default: from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX, otherwise everything]",
    };
    private readonly Option<int?> _shards = Options.CountOrNone(
        "--shards",
        "the number of shards of a Kubernetes indexed job, whose variables do not say it"
    );

    public void AddTo(Command command)
    {
        command.Options.Add(_shard);
        command.Options.Add(_shards);
    }

    /// <summary>The shard.</summary>
    /// <exception cref="ArgumentException">Options and variables contradict one another, or it is out of range.</exception>
    public Shard Read(ParseResult parsed) =>
        Shard.Find(parsed.GetValue(_shard), parsed.GetValue(_shards), Environment.GetEnvironmentVariable);
}
