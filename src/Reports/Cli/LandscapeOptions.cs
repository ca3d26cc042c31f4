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
    }.Completing(LandscapeCatalogue.All.Names);
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "sets a parameter: --set link=power --set exponent=2",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string> _start = Options.Text(
        "--start",
        null,
        "the start theta_0 as numbers separated by commas; write --start=-0.1,10 when the first is negative [default: the landscape's own]"
    );

    public void AddTo(Command command)
    {
        command.Add(_landscape);
        command.Add(_set);
        command.Add(_start);
    }

    public (LandscapeChoice Landscape, double[] Start) Read(ParseResult parsed)
    {
        var name = parsed.GetValue(_landscape)!;
        var given = (parsed.GetValue(_set) ?? []).Select(Assignment).ToArray();
        if (given.GroupBy(p => p.Item1).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"--set {twice.Key} is given twice.");
        var choice = LandscapeChoice.Of(name, given);
        return (
            choice,
            ParameterValues.ParseList("start", parsed.GetValue(_start) ?? LandscapeCatalogue.All.Find(name).Start)
        );
    }

    private static (string, string) Assignment(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new ArgumentException($"--set is '{text}'; it must be name=value.");
        return (text[..equals], text[(equals + 1)..]);
    }
}
