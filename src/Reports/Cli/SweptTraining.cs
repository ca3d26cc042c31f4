using System.CommandLine;

namespace FlatBias.Reports.Cli;

/// <summary>The options of flatbias train as a sweep gives them: by name and value.</summary>
internal static class SweptTraining
{
    // A sweep keeps a table of its own, and shares out the processors among its points.
    private static readonly string[] Refused = ["--out", "--save-weights", "--checkpoint-every", "--threads", "--help"];

    // Options that are given once for each name: set.channels.
    private static readonly string[] Assignments = ["--set", "--rename"];

    /// <summary>What would be typed.</summary>
    /// <param name="command">The command.</param>
    /// <param name="options">Names without their dashes, and values; true or false for an option without a value.</param>
    /// <exception cref="ArgumentException">There is no such option, or it has no meaning in a sweep.</exception>
    public static IEnumerable<string> Arguments(Command command, IReadOnlyList<KeyValuePair<string, string>> options) =>
        options.SelectMany(given => Arguments(command, given.Key, given.Value));

    private static string[] Arguments(Command command, string name, string value)
    {
        foreach (var option in Assignments)
            if (name.StartsWith($"{option[2..]}.", StringComparison.Ordinal) && name.Length > option.Length - 1)
                return [option, $"{name[(option.Length - 1)..]}={value}"];
        var known = command.Options.FirstOrDefault(option =>
            option.Name == $"--{name}" || option.Aliases.Contains($"--{name}")
        );
        if (known is null || Refused.Contains(known.Name) || Assignments.Contains(known.Name))
            throw new ArgumentException($"There is no option '{name}' here; there are: {Names(command)}.");
        if (known.ValueType != typeof(bool))
            return [$"{known.Name}={value}"];
        return value switch
        {
            "true" => [known.Name],
            "false" => [],
            _ => throw new ArgumentException($"{name} is '{value}'; it must be true or false."),
        };
    }

    private static string Names(Command command) =>
        string.Join(
            ", ",
            command
                .Options.Select(option => option.Name)
                .Except(Refused)
                .Select(name => Assignments.Contains(name) ? $"{name[2..]}.NAME" : name[2..])
        );
}
