using System.Diagnostics;
using System.Globalization;

namespace FlatBias.Benchmarks;

/// <summary>What the tables of costs share: medians of times, and rows.</summary>
internal static class Costs
{
    /// <summary>The seconds that an action takes.</summary>
    public static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The median seconds of actions that take turns, after one turn that is not counted.</summary>
    public static double[] Median(int repetitions, params Action[] actions)
    {
        var times = actions.Select(_ => new List<double>()).ToArray();
        for (var turn = 0; turn <= repetitions; turn++)
        for (var i = 0; i < actions.Length; i++)
        {
            var seconds = Time(actions[i]);
            if (turn > 0)
                times[i].Add(seconds);
        }

        return [.. times.Select(list => Median(list))];
    }

    /// <summary>A row of a table.</summary>
    public static string Row(params string[] cells) => $"| {string.Join(" | ", cells)} |";

    /// <summary>A number as text.</summary>
    public static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
