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

    /// <summary>The names under which two differ, each with both values.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<string, string> there,
        IReadOnlyDictionary<string, string> here
    ) =>
        [
            .. there
                .Keys.Union(here.Keys)
                .Order(StringComparer.Ordinal)
                .Where(name => there.GetValueOrDefault(name) != here.GetValueOrDefault(name))
                .Select(name =>
                    $"{name} is {there.GetValueOrDefault(name, "not set")} there and {here.GetValueOrDefault(name, "not set")} here"
                ),
        ];

    /// <summary>A number as manifests state it.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
