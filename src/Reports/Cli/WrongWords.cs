using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Cli;

/// <summary>What is wrong with the words of a command, in one sentence.</summary>
internal static class WrongWords
{
    /// <summary>The parser would take the next word for the value of <c>--option=</c>, whatever it is.</summary>
    /// <exception cref="ArgumentException">An option has an empty value.</exception>
    public static void RefuseEmptyValues(string[] args)
    {
        foreach (var word in args.TakeWhile(word => word != "--"))
            if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOfAny(['=', ':']) == word.Length - 1)
                throw new ArgumentException(
                    $"{word[..^1]} is empty; a value must follow '{word[^1]}', or the word after a space."
                );
    }

    /// <summary>What to say; null where nothing is wrong, or help was asked for and the command is there.</summary>
    public static string? In(ParseResult parsed)
    {
        if (StrayOption(parsed) is { } stray)
            return Unknown(stray, parsed.CommandResult.Command);
        if (parsed.Errors.Count == 0 && parsed.Action is not HelpAction)
            return null;
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return Unknown(unknown, parsed.CommandResult.Command);
        if (parsed.Action is HelpAction)
            return null;
        string[] missing = [.. Missing(parsed)];
        // What is there and wrong comes before what is not there.
        return parsed.Errors.FirstOrDefault(error => missing.Length == 0 || IsOfAWord(error))?.Message
            ?? $"{Path(parsed.CommandResult)} needs {Messages.AllOf(missing)}; see flatbias help {Path(parsed.CommandResult)}.";
    }

    /// <summary>
    /// An argument that looks like an option, where a command takes any number of words; behind -- it is what it says.
    /// </summary>
    private static string? StrayOption(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Action != command.Action)
            return null;
        Token[] words = [.. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)];
        return command
            .Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal) && words.Contains(token))
            ?.Value;
    }

    /// <summary>The words of a command, without the program's.</summary>
    private static string Path(CommandResult command) =>
        command.Parent is CommandResult { Command: not RootCommand } parent
            ? $"{Path(parent)} {command.Command.Name}"
            : command.Command.Name;

    private static string Unknown(string word, Command command)
    {
        var names = word.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(listed => listed.Name);
        return $"'{word}' is not a command or option here; see flatbias --help.{Messages.DidYouMean(word, names)}";
    }

    private static IEnumerable<string> Missing(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return
        [
            .. command
                .Arguments.Where(argument =>
                    argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }
                )
                .Select(argument => argument.Name),
            .. command
                .Options.Where(option => option.Required && parsed.GetResult(option)?.IdentifierToken is null)
                .Select(option => option.Name),
        ];
    }

    private static bool IsOfAWord(ParseError error) =>
        error.SymbolResult switch
        {
            OptionResult option => option.IdentifierToken is not null,
            ArgumentResult { Parent: OptionResult option } => option.IdentifierToken is not null,
            ArgumentResult argument => argument.Tokens.Count > 0,
            _ => false,
        };
}
