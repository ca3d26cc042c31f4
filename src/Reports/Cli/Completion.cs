using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;

namespace FlatBias.Reports.Cli;

/// <summary>
/// What the word under the cursor may become, a word a line, for the shells that ask by <c>[suggest] LINE</c>:
/// commands, options where a dash is typed, and the values of whatever has names. What is a file or free text has none,
/// and the shell completes it by itself.
/// </summary>
internal static class Completion
{
    /// <summary>Answers a shell.</summary>
    /// <param name="args">The words of the command.</param>
    /// <returns>Whether a shell was asking.</returns>
    public static bool Answer(string[] args)
    {
        if (args is not ["[suggest]", .. var asked])
            return false;
        foreach (var word in Of(asked is [var line, ..] ? line : ""))
            Console.WriteLine(word);
        return true;
    }

    /// <summary>The words.</summary>
    /// <param name="line">The line up to the cursor, with the name of the program.</param>
    private static IEnumerable<string> Of(string line)
    {
        var words = Words(line);
        if (words.Count < 2)
            return [];
        var root = FlatBiasCommand.Root(CancellationToken.None, words);
        string[] before = [.. words[1..^1]];
        var current = words[^1];
        if (before is ["help", ..])
            return Beginning(current, Named(root.Parse(before[1..]).CommandResult.Command.Subcommands));
        var parsed = root.Parse(before, FlatBiasCommand.Words);
        var command = parsed.CommandResult.Command;
        if (current.StartsWith('-'))
            return current.IndexOf('=', StringComparison.Ordinal) is var equals && equals < 0
                ? Beginning(current, Named(Options(command).Union(root.Options.Where(option => option.Recursive))))
                : Values(Taking(command, current[..equals]), parsed, current[(equals + 1)..], current[..(equals + 1)]);
        if (before is [.., var last] && last.StartsWith('-') && Taking(command, last) is { } option)
            return Values(option, parsed, current, "");
        return
        [
            // Where a file may stand as well, a shell that is told of commands shows no files.
            .. current.Length == 0 && command.Arguments.Count > 0 ? [] : Beginning(current, Named(command.Subcommands)),
            .. Values(Next(parsed.CommandResult), parsed, current, ""),
        ];
    }

    /// <summary>The values of what takes some, which may be a list with commas of which the last is being written.</summary>
    private static IEnumerable<string> Values(Symbol? taking, ParseResult parsed, string current, string before)
    {
        if (taking is null)
            return [];
        // Asked for directly: an option would leave out what does not hold the last word of the line.
        var sources = taking is Option option ? option.CompletionSources : ((Argument)taking).CompletionSources;
        var context = parsed.GetCompletionContext();
        string[] values = [.. sources.SelectMany(source => source(context)).Select(item => item.Label)];
        var list = values.Any(value => value.StartsWith(current, StringComparison.Ordinal))
            ? 0
            : current.LastIndexOf(',') + 1;
        string[] given = current[..list].Split(',');
        return Beginning(current[list..], values.Except(given)).Select(value => $"{before}{current[..list]}{value}");
    }

    /// <summary>The option of a name, where it takes a value.</summary>
    private static Option? Taking(Command command, string name) =>
        Options(command)
            .FirstOrDefault(option =>
                option.ValueType != typeof(bool) && (option.Name == name || option.Aliases.Contains(name))
            );

    /// <summary>The argument that the next word is of.</summary>
    private static Argument? Next(CommandResult given)
    {
        foreach (var argument in given.Command.Arguments)
            if ((given.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MaximumNumberOfValues)
                return argument;
        return null;
    }

    private static IEnumerable<Option> Options(Command command) => command.Options.Where(option => !option.Hidden);

    private static IEnumerable<string> Named(IEnumerable<Symbol> symbols) => symbols.Select(symbol => symbol.Name);

    private static IEnumerable<string> Beginning(string word, IEnumerable<string> words) =>
        words.Where(whole => whole.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The words of a line as a shell takes them apart; the last is the one being written, empty behind a space.</summary>
    private static List<string> Words(string line)
    {
        var (words, word, quote) = (new List<string>(), new StringBuilder(), '\0');
        for (var i = 0; i < line.Length; i++)
            switch (line[i])
            {
                case var end when end == quote:
                    quote = '\0';
                    break;
                case '"' or '\'' when quote == '\0':
                    quote = line[i];
                    break;
                case '\\' when quote == '\0' && i + 1 < line.Length:
                    word.Append(line[++i]);
                    break;
                case var blank when char.IsWhiteSpace(blank) && quote == '\0':
                    if (word.Length > 0)
                        words.Add(word.ToString());
                    word.Clear();
                    break;
                default:
                    word.Append(line[i]);
                    break;
            }

        words.Add(word.ToString());
        return words;
    }
}
