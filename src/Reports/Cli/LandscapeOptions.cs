using System.CommandLine;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>A landscape with its parameters and a start, as the commands that run on one take them.</summary>
internal sealed class LandscapeOptions
{
    private readonly Argument<string> _landscape = new Argument<string>("landscape")
    {
        Description = "a landscape by name; 'flatbias list' shows them with their parameters",
    }.Completing(_ => LandscapeCatalogue.All.Names);
    private readonly Option<string[]> _set = Options.Assignments(
        "--set",
        "sets a parameter: --set link=power --set exponent=2"
    );
    private readonly Option<string> _start = Options.Text(
        "--start",
        null,
        "the start theta_0 as numbers separated by commas, such as --start -0.1,10 [default: the landscape's own]"
    );

    public void AddTo(Command command)
    {
        _set.Completing(parsed =>
            parsed.Word(_landscape) is { } name && LandscapeCatalogue.All.TryFind(name, out var entry)
                ? entry.Parameters.Select(parameter => $"{parameter.Name}=")
                : []
        );
        command.Add(_landscape);
        command.Add(_set);
        command.Add(_start);
    }

    public (LandscapeChoice Landscape, double[] Start) Read(ParseResult parsed)
    {
        var name = parsed.GetValue(_landscape)!;
        var choice = LandscapeChoice.Of(name, Options.Assigned(parsed, _set));
        return (
            choice,
            ParameterValues.ParseList("start", parsed.GetValue(_start) ?? LandscapeCatalogue.All.Find(name).Start)
        );
    }
}
