using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Cli;

/// <summary>What is wrong with the words of a command, in one sentence.</summary>
internal static class WrongWords
{
    /// <summary>
    /// Nothing has an empty name or value, and the parser would take the next word for the value of <c>--option=</c>,
    /// whatever it is.
    /// </summary>
    /// <exception cref="ArgumentException">A word or the value of an option is empty.</exception>
    public static void RefuseEmptyWords(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
            if (string.IsNullOrWhiteSpace(args[i]))
                throw new ArgumentException(
                    i > 0 && args[i - 1].StartsWith("--", StringComparison.Ordinal)
                        ? $"{args[i - 1]} is empty; a value must follow."
                        : $"word {i + 1} of the command is empty."
                );
        foreach (var word in args.TakeWhile(word => word != "--"))
            if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOfAny(['=', ':']) == word.Length - 1)
                throw new ArgumentException(
                    $"{word[..^1]} is empty; a value must follow '{word[^1]}', or the word after a space."
                );
    }

    /// <summary>What to say of <c>help COMMAND</c>, where every word must be of a command.</summary>
    private static string? InHelp(string[] asked, ParseResult parsed)
    {
        var depth = 0;
        for (var at = parsed.CommandResult; at.Parent is CommandResult parent; at = parent)
            depth++;
        return depth < asked.Length ? Unknown(asked[depth], parsed.CommandResult.Command) : null;
    }

    /// <summary>What to say; null where nothing is wrong, or help was asked for and the command is there.</summary>
    /// <param name="parsed">What the words mean.</param>
    /// <param name="args">The words.</param>
    public static string? In(ParseResult parsed, string[] args)
    {
        if (args is ["help", .. var asked] && InHelp(asked, parsed) is { } noCommand)
            return noCommand;
        if (StrayOption(parsed) is { } stray)
            return Unknown(stray, parsed.CommandResult.Command);
        if (parsed.Errors.Count == 0 && parsed.Action is not HelpAction)
            return null;
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return Unknown(MistypedCommand(parsed) ?? unknown, parsed.CommandResult.Command);
        if (parsed.Action is HelpAction)
            return null;
        if (parsed.CommandResult.Command is { Action: null } group)
            return $"{Path(parsed.CommandResult)} needs a command: {Messages.OneOf([.. group.Subcommands.Select(listed => listed.Name)])}; see flatbias --help.";
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

    /// <summary>The word of an argument that looks like one of the commands that could stand in its place.</summary>
    private static string? MistypedCommand(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command.Subcommands.Count == 0
            ? null
            : command
                .Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
                .Select(token => token.Value)
                .FirstOrDefault(word => Messages.DidYouMean(word, Commands(command)).Length > 0);
    }

    /// <summary>The words of a command, without the program's unless that is all.</summary>
    private static string Path(CommandResult command) =>
        command.Command is RootCommand ? "flatbias"
        : command.Parent is CommandResult { Command: not RootCommand } parent ? $"{Path(parent)} {command.Command.Name}"
        : command.Command.Name;

    private static string Unknown(string word, Command command)
    {
        var names = word.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : Commands(command);
        return $"'{word}' is not a command or option here; see flatbias --help.{Messages.DidYouMean(word, names)}";
    }

    private static IEnumerable<string> Commands(Command command) =>
        command.Subcommands.Select(listed => listed.Name).Concat(command is RootCommand ? ["help"] : []);

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
