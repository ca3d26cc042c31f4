using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using System.Text.RegularExpressions;
using FlatBias.Reports.Cli;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>docs/cli.md is what --help says of every command.</summary>
public partial class CliReferenceTests
{
    [Fact]
    public void CliPage_IsWhatHelpSays()
    {
        var root = FlatBiasCommand.Root(CancellationToken.None);
        ((HelpAction)root.Options.OfType<HelpOption>().Single().Action!).MaxWidth = int.MaxValue;
        var page = new StringBuilder(
            "# The flatbias command\n\nWhat `flatbias COMMAND --help` says, for every command. This page is generated from it.\n"
        );
        Write(root, root, "", page);
        GeneratedPage.Check("cli.md", page.ToString());
    }

    private static void Write(RootCommand root, Command command, string path, StringBuilder page)
    {
        using var help = new StringWriter();
        Assert.Equal(
            0,
            root.Parse([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])
                .Invoke(new InvocationConfiguration { Output = help })
        );
        // The program is called after the process that runs it.
        var text = help.ToString()
            .ReplaceLineEndings("\n")
            .Replace(RootCommand.ExecutableName, "flatbias", StringComparison.Ordinal);
        page.Append($"\n## flatbias{(path.Length == 0 ? "" : " ")}{path}\n");
        foreach (Match section in Section().Matches(text))
            page.Append('\n')
                .Append(Markdown(section.Groups[1].Value, section.Groups[2].Value.TrimEnd().Split('\n'), path));
        foreach (var child in command.Subcommands)
            Write(root, child, path.Length == 0 ? child.Name : $"{path} {child.Name}", page);
    }

    private static string Markdown(string heading, string[] lines, string path) =>
        heading switch
        {
            // What the description itself indents is an example.
            "Description" => string.Concat(
                    lines.Select(line => line.Length > 2 && line[2] == ' ' ? $"{line}\n" : $"{line.Trim()}\n")
                )
                .Replace(":\n    ", ":\n\n    ", StringComparison.Ordinal),
            "Usage" => $"    {lines[0].Trim()}\n",
            // Continuations are the commands' own descriptions, which follow below.
            "Commands" => string.Concat(
                lines
                    .Where(line => line.Length > 2 && line[2] != ' ')
                    .Select(line => Row().Match(line).Groups[1].Value.Split(' ')[0])
                    .Select(name =>
                        $"- [{name}](#{$"flatbias {path} {name}".Replace("  ", " ", StringComparison.Ordinal).Replace(' ', '-')})\n"
                    )
            ),
            _ => $"| {heading.ToLowerInvariant().TrimEnd('s')} | |\n| --- | --- |\n"
                + string.Concat(
                    lines
                        .Select(line => Row().Match(line))
                        .Select(row => $"| `{row.Groups[1].Value}` | {Cell(row.Groups[2].Value)} |\n")
                ),
        };

    private static string Cell(string text) =>
        text.Replace("<", "\\<", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"^(\w+):\n((?:(?:  .*)?\n)+)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^  (.*?)(?:\s{2,}(.*))?$")]
    private static partial Regex Row();
}
