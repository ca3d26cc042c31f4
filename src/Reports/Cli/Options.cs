using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Cli;

/// <summary>Options with messages that name the option, the value and what is wanted.</summary>
internal static class Options
{
    /// <summary>The most CPU threads that --threads takes.</summary>
    public const int MostThreads = 1024;

    private const string WholeNumber = "a whole number, at most 2147483647";

    public static Option<int> Whole(string name, int? fallback, string description) =>
        Parsed(
            name,
            fallback,
            description,
            WholeNumber,
            text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var v) ? v : null
        );

    public static Option<int?> WholeOrNone(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result =>
                int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var v)
                    ? v
                    : Fail<int?>(result, name, WholeNumber),
        };

    /// <summary>A number of things, from one to a million.</summary>
    public static Option<int?> CountOrNone(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result =>
                int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 1 and <= 1_000_000
                    ? n
                    : Fail<int?>(result, name, "a whole number from 1 to 1000000"),
        };

    public static Option<double?> NumberOrNone(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result =>
                WrittenNumber.Read(result.Tokens[0].Value) ?? Fail<double?>(result, name, WrittenNumber.Wanted),
        };

    public static Option<double> Number(string name, double? fallback, string description) =>
        Parsed(name, fallback, description, WrittenNumber.Wanted, WrittenNumber.Read);

    public static Option<string> Text(string name, string? fallback, string description)
    {
        var option = new Option<string>(name) { Description = description };
        if (fallback is not null)
            option.DefaultValueFactory = _ => fallback;
        return option;
    }

    /// <summary>The folder that a command cannot do without.</summary>
    public static Option<string> Folder(string description)
    {
        var option = Required("--out", description);
        option.HelpName = "folder";
        return option;
    }

    public static Option<string> Required(string name, string description) =>
        new(name) { Description = description, Required = true };

    public static Option<string> Choice(string name, string fallback, string description, params string[] choices) =>
        Checked(
                Text(name, fallback, $"{description} ({string.Join(", ", choices)})"),
                choices.Contains,
                Messages.OneOf(choices),
                choices
            )
            .Completing(() => choices);

    public static Option<string> Choice<T>(string name, string fallback, string description, Catalogue<T> catalogue)
        where T : INamed => Choice(name, fallback, description, [.. catalogue.Names]);

    /// <summary>
    /// Words that a shell completes the option's value by, beside what else it may be; asked for only then. Help would
    /// show them all in place of the option's name.
    /// </summary>
    public static Option<T> Completing<T>(this Option<T> option, Func<IEnumerable<string>> words) =>
        option.Completing(_ => words());

    /// <summary>The same where the words depend on what else was given.</summary>
    public static Option<T> Completing<T>(this Option<T> option, Func<ParseResult, IEnumerable<string>> words)
    {
        option.HelpName ??= option.Name.TrimStart('-');
        option.CompletionSources.Add(context => words(context.ParseResult));
        return option;
    }

    /// <summary>The same for an argument.</summary>
    public static Argument<T> Completing<T>(this Argument<T> argument, Func<ParseResult, IEnumerable<string>> words)
    {
        argument.HelpName = argument.Name;
        argument.CompletionSources.Add(context => words(context.ParseResult));
        return argument;
    }

    /// <summary>The only word given for an argument or option so far; null where there is none.</summary>
    public static string? Word(this ParseResult parsed, Argument argument) =>
        parsed.GetResult(argument) is { Tokens: [var token] } ? token.Value : null;

    /// <summary>An option that is given once for each name, as NAME=VALUE.</summary>
    public static Option<string[]> Assignments(string name, string description) =>
        new(name)
        {
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };

    /// <summary>What such an option says.</summary>
    /// <exception cref="ArgumentException">Something has no name, or a name is given twice.</exception>
    public static (string Name, string Value)[] Assigned(ParseResult parsed, Option<string[]> option)
    {
        (string Name, string Value)[] given = [.. (parsed.GetValue(option) ?? []).Select(Assignment)];
        return given.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new ArgumentException($"{option.Name} {twice.Key} is given twice.")
            : given;

        (string, string) Assignment(string text)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            return equals > 0
                ? (text[..equals], text[(equals + 1)..])
                : throw new ArgumentException($"{option.Name} is '{text}'; it must be name=value.");
        }
    }

    public static Option<string> Device() =>
        Device(
            "auto",
            "where networks are computed: auto (a GPU when there is one), cpu, cuda, or cuda:N for the N-th GPU from 0"
        );

    public static Option<string> Device(string fallback, string description) =>
        Checked(Text("--device", fallback, description), Devices.IsRequest, Devices.Requests, [])
            .Completing(() => ["auto", "cpu", "cuda"]);

    public static Option<int?> Threads(
        string fallback = "torch's own choice",
        string description = "number of CPU threads; results are bit-identical only at the same number"
    ) =>
        new("--threads")
        {
            Description = $"{description} [default: {fallback}]",
            CustomParser = result =>
                int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n)
                && n is >= 1 and <= MostThreads
                    ? n
                    : Fail<int?>(result, "--threads", $"a whole number from 1 to {MostThreads}"),
        };

    private static Option<T> Parsed<T>(
        string name,
        T? fallback,
        string description,
        string wanted,
        Func<string, T?> parse
    )
        where T : struct
    {
        var option = new Option<T>(name) { Description = description, Required = fallback is null };
        option.CustomParser = result => parse(result.Tokens[0].Value) ?? Fail<T>(result, name, wanted);
        if (fallback is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    private static Option<string> Checked(
        Option<string> option,
        Func<string, bool> holds,
        string wanted,
        string[] choices
    )
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !holds(result.Tokens[0].Value))
                result.AddError(
                    $"{option.Name} is '{result.Tokens[0].Value}'; it must be {wanted}.{Messages.DidYouMean(result.Tokens[0].Value, choices)}"
                );
        });
        return option;
    }

    private static T? Fail<T>(ArgumentResult result, string name, string wanted)
    {
        result.AddError($"{name} is '{result.Tokens[0].Value}'; it must be {wanted}.");
        return default;
    }
}
