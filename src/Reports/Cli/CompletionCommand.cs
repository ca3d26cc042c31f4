using System.CommandLine;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Cli;

/// <summary>
/// flatbias completion: prints a script that teaches a shell the command's words; the words come from the command
/// itself, which each script asks with the line up to the cursor, and so are never stale.
/// </summary>
internal static class CompletionCommand
{
    public const string Name = "completion",
        Summary =
            "Prints a script that completes the command's words in a shell: commands, options, names, and files where files are meant. Its first line says where to put it.";

    // Bash takes a word apart at = and :, and puts what was found in place of the last part only.
    private const string Bash = """
        # Put this into your ~/.bashrc:  eval "$(flatbias completion bash)"
        _flatbias() {
          local line="${COMP_LINE:0:COMP_POINT}" part="${COMP_WORDS[COMP_CWORD]}" before i
          [[ $part == [=:] ]] && part=
          before="${line##*[[:space:]]}"
          before="${before%"$part"}"
          mapfile -t COMPREPLY < <(flatbias "[suggest]" "$line" 2>/dev/null)
          for i in "${!COMPREPLY[@]}"; do
            COMPREPLY[i]="${COMPREPLY[i]#"$before"}"
            [[ ${COMPREPLY[i]} == *[[:space:]]* && $part != [\"\']* ]] && printf -v "COMPREPLY[i]" %q "${COMPREPLY[i]}"
            [[ ${COMPREPLY[i]} == *[=:] ]] && compopt -o nospace
          done
        }
        complete -o default -F _flatbias flatbias
        """;

    // Of a line with several commands, $words has those of this one.
    private const string Zsh = """
        # Put this into your ~/.zshrc, after compinit:  eval "$(flatbias completion zsh)"
        _flatbias() {
          local -a found open
          found=("${(@f)$(flatbias "[suggest]" "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null)}")
          open=(${(M)found:#*[=:]})
          found=(${found:#*[=:]})
          (( $#open )) && compadd -S '' -- $open
          (( $#found )) && compadd -- $found
          (( $#open + $#found )) || _files
        }
        compdef _flatbias flatbias
        """;

    private const string Fish = """
        # Put it where fish looks:  flatbias completion fish > ~/.config/fish/completions/flatbias.fish
        function __flatbias_words
            set -l found (flatbias "[suggest]" (commandline -cp | string collect) 2>/dev/null)
            if set -q found[1]
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c flatbias -f -a '(__flatbias_words)'
        """;

    // PowerShell leaves spaces at the end out of a command, and takes a word apart at commas.
    private const string PowerShell = """
        # Put this into your $PROFILE:  flatbias completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName flatbias -ScriptBlock {
          param($word, $command, $position)
          $position -= $command.Extent.StartOffset
          $line = "$command".PadRight($position).Substring(0, $position)
          $before = $line -replace '^.*\s', ''
          $before = if ($before.EndsWith($word)) { $before.Substring(0, $before.Length - $word.Length) } else { '' }
          flatbias "[suggest]" $line 2>$null | ForEach-Object {
            $text = if ($_.StartsWith($before)) { $_.Substring($before.Length) } else { $_ }
            if ($text -match '\s') { $text = "'$text'" }
            [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
          }
        }
        """;

    private static readonly (string Shell, string Script)[] Scripts =
    [
        ("bash", Bash),
        ("zsh", Zsh),
        ("fish", Fish),
        ("pwsh", PowerShell),
    ];

    private static readonly string[] Shells = [.. Scripts.Select(known => known.Shell)];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = Messages.OneOf(Shells) }.Completing(_ => Shells);
        var command = new Command(
            Name,
            Summary
                + """


                Where it goes:
                  eval "$(flatbias completion bash)"                                       in ~/.bashrc
                  eval "$(flatbias completion zsh)"                                        in ~/.zshrc, after compinit
                  flatbias completion fish > ~/.config/fish/completions/flatbias.fish      once
                  flatbias completion pwsh | Out-String | Invoke-Expression                in $PROFILE of PowerShell
                """
        )
        {
            shell,
        };
        command.SetAction(parsed => Console.WriteLine(Script(parsed.GetValue(shell)!)));
        return command;
    }

    private static string Script(string shell) =>
        Scripts.FirstOrDefault(known => known.Shell == shell).Script
        ?? throw new ArgumentException(
            $"shell is '{shell}'; it must be {Messages.OneOf(Shells)}.{Messages.DidYouMean(shell, Shells)}"
        );
}
