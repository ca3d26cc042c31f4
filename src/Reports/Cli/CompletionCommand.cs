using System.CommandLine;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias completion: prints a script that teaches a shell the command's words; the words come from the command itself, through its suggest directive, and so are never stale.</summary>
internal static class CompletionCommand
{
    // Bash takes a word apart at = and :, and puts what was found in place of the last part only.
    private const string Bash = """
        # Put this into your ~/.bashrc:  eval "$(flatbias completion bash)"
        _flatbias() {
          local line="${COMP_LINE:0:COMP_POINT}" part="${COMP_WORDS[COMP_CWORD]}" before i
          [[ $part == [=:] ]] && part=
          before="${line##*[[:space:]]}"
          before="${before%"$part"}"
          mapfile -t COMPREPLY < <(flatbias "[suggest:${#line}]" "$line" 2>/dev/null)
          for i in "${!COMPREPLY[@]}"; do
            COMPREPLY[i]="${COMPREPLY[i]#"$before"}"
            [[ ${COMPREPLY[i]} == *[[:space:]]* && $part != [\"\']* ]] && printf -v "COMPREPLY[i]" %q "${COMPREPLY[i]}"
            [[ ${COMPREPLY[i]} == *[=:] ]] && compopt -o nospace
          done
        }
        complete -o default -F _flatbias flatbias
        """;

    private const string Zsh = """
        # Put this into your ~/.zshrc, after compinit:  eval "$(flatbias completion zsh)"
        _flatbias() {
          local -a found open
          found=("${(@f)$(flatbias "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          open=(${(M)found:#*[=:]})
          found=(${found:#*[=:]})
          (( $#open )) && compadd -S '' -- $open
          (( $#found )) && compadd -- $found
          (( $#open + $#found )) || _files
        }
        compdef _flatbias flatbias
        """;

    private const string PowerShell = """
        # Put this into your $PROFILE:  flatbias completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName flatbias -ScriptBlock {
          param($word, $line, $position)
          flatbias "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
            $text = if ($_ -match '\s') { "'$_'" } else { $_ }
            [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
          }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or pwsh" }.Completing(_ =>
            ["bash", "zsh", "pwsh"]
        );
        var command = new Command(
            "completion",
            "Prints a script that completes the command's words in a shell; its first line says where to put it."
        )
        {
            shell,
        };
        command.SetAction(parsed =>
            Console.WriteLine(
                parsed.GetValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "pwsh" => PowerShell,
                    var other => throw new ArgumentException($"shell is '{other}'; it must be bash, zsh or pwsh."),
                }
            )
        );
        return command;
    }
}
