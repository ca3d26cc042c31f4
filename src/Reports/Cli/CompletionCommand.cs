using System.CommandLine;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias completion: prints a script that teaches a shell the command's words; the words come from the command itself, through its suggest directive, and so are never stale.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Put this into your ~/.bashrc:  eval "$(flatbias completion bash)"
        _flatbias() {
          local words
          words=$(flatbias "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
          mapfile -t COMPREPLY < <(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _flatbias flatbias
        """;

    private const string Zsh = """
        # Put this into your ~/.zshrc, after compinit:  eval "$(flatbias completion zsh)"
        _flatbias() {
          local -a found
          found=("${(@f)$(flatbias "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- $found || _files
        }
        compdef _flatbias flatbias
        """;

    private const string PowerShell = """
        # Put this into your $PROFILE:  flatbias completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName flatbias -ScriptBlock {
          param($word, $line, $position)
          flatbias "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or pwsh" }.Completing(() =>
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
