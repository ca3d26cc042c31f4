using System.Globalization;
using System.Text.Json.Nodes;

namespace FlatBias.Reports.Records;

/// <summary>A specification as settings by name, so that two can be compared and the difference named.</summary>
internal static class Settings
{
    /// <summary>Every number and word of a specification under its path: training.stepSize, training.batch.size.</summary>
    public static SortedDictionary<string, string> Of(RunSpec spec)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("", JsonNode.Parse(spec.ToJson()));
        return settings;

        void Add(string path, JsonNode? node)
        {
            if (node is not JsonObject members)
            {
                settings[path] = node?.ToJsonString() ?? "null";
                return;
            }

            foreach (var (name, member) in members)
                Add(path.Length == 0 ? name : $"{path}.{name}", member);
        }
    }

    /// <summary>What stands for the value of a setting that one of two does not have.</summary>
    public const string NotSet = "not set";

    /// <summary>The names under which some differ, in order.</summary>
    public static IReadOnlyList<string> Differing(params IReadOnlyList<IReadOnlyDictionary<string, string>> all) =>
        [
            .. all.SelectMany(settings => settings.Keys)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Where(name => all.Any(settings => settings.GetValueOrDefault(name) != all[0].GetValueOrDefault(name))),
        ];

    /// <summary>The names under which two differ, each with both values.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<string, string> there,
        IReadOnlyDictionary<string, string> here
    ) =>
        [
            .. Differing(there, here)
                .Select(name =>
                    $"{name} is {there.GetValueOrDefault(name, NotSet)} there and {here.GetValueOrDefault(name, NotSet)} here"
                ),
        ];

    /// <summary>A number as manifests state it.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
