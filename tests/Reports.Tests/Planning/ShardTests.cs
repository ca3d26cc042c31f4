using FlatBias.Reports.Planning;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Planning;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class ShardTests
{
    [Property]
    public void Range_AnyShards_PartThePointsEvenlyInOrder(Seed seed)
    {
        var random = seed.Random();
        var (points, count) = (random.Next(1, 100_000), random.Next(1, 500));
        var next = 0;
        for (var i = 1; i <= count; i++)
        {
            var (first, length) = new Shard(i, count).Range(points);
            Assert.Equal(next, first);
            Assert.InRange(length, points / count, (points / count) + 1);
            next += length;
        }

        Assert.Equal(points, next);
    }

    [Theory]
    [InlineData(1, 1, null, null, "")]
    [InlineData(3, 7, "3/7", null, "SLURM_ARRAY_TASK_ID=9")]
    [InlineData(
        1,
        10,
        null,
        null,
        "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=9 SLURM_ARRAY_TASK_COUNT=10"
    )]
    [InlineData(
        10,
        10,
        null,
        10,
        "SLURM_ARRAY_TASK_ID=10 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=10 SLURM_ARRAY_TASK_COUNT=10"
    )]
    [InlineData(
        3,
        4,
        null,
        null,
        "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_STEP=2"
    )]
    [InlineData(1, 3, null, 3, "JOB_COMPLETION_INDEX=0")]
    [InlineData(3, 3, null, 3, "JOB_COMPLETION_INDEX=2")]
    public void Find_OptionsAndVariables_GiveTheShard(
        int index,
        int count,
        string? shard,
        int? shards,
        string variables
    ) => Assert.Equal(new Shard(index, count), Shard.Find(shard, shards, Reader(variables)));

    [Theory]
    [InlineData(
        "it has gaps",
        null,
        "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=3"
    )]
    [InlineData("SLURM_ARRAY_TASK_MIN is not", null, "SLURM_ARRAY_TASK_ID=3")]
    [InlineData(
        "--shards is 9, but the SLURM array has 2 tasks",
        9,
        "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=2 SLURM_ARRAY_TASK_COUNT=2"
    )]
    [InlineData(
        "SLURM_ARRAY_TASK_ID is 3",
        null,
        "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=2 SLURM_ARRAY_TASK_COUNT=2"
    )]
    [InlineData("give --shards n", null, "JOB_COMPLETION_INDEX=0")]
    [InlineData("JOB_COMPLETION_INDEX is 3; it must be a whole number from 0 to 2", 3, "JOB_COMPLETION_INDEX=3")]
    [InlineData("JOB_COMPLETION_INDEX is 'x'", 3, "JOB_COMPLETION_INDEX=x")]
    public void Find_VariablesThatDoNotFit_SayWhy(string words, int? shards, string variables) =>
        Assert.Contains(
            words,
            Assert.ThrowsAny<ArgumentException>(() => Shard.Find(null, shards, Reader(variables))).Message,
            StringComparison.Ordinal
        );

    private static Func<string, string?> Reader(string variables)
    {
        var pairs = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => pairs.GetValueOrDefault(name);
    }
}
