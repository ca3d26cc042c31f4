using System.CommandLine;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias simulate: one landscape run, one record.</summary>
internal static class SimulateCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var landscape = new Argument<string>("landscape") { Description = "a landscape by name; 'flatbias list' shows them with their parameters" };
        var set = new Option<string[]>("--set") { Description = "sets a parameter: --set link=power --set exponent=2", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        var start = Options.Text("--start", null, "the start theta_0 as numbers separated by commas; write --start=-0.1,10 when the first is negative [default: the landscape's own]");
        var stepSize = Options.Number("--step-size", null, "the step size eta, above 0");
        var steps = Options.Whole("--steps", 200, "number of gradient descent steps");
        var every = Options.Whole("--measure-every", 1, "measure before every n-th step, and at the end");
        var output = Options.Required("--out", "folder for the record (record.json and series.parquet)");
        var command = new Command(
            "simulate",
            """
            Runs gradient descent exactly on an analytic landscape, measures its curvature along the way, and keeps one record.

            Example, an instability that flattens (theory.md, eq. 3.6):
              flatbias simulate two-parameter-network --set link=power --set exponent=2 --start=-0.1,10 --step-size 0.011 --steps 200 --out run
            """)
        {
            landscape, set, start, stepSize, steps, every, output,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(landscape)!;
            var choice = LandscapeChoice.Of(name, [.. (parsed.GetValue(set) ?? []).Select(Assignment)]);
            var first = parsed.GetValue(start) ?? LandscapeCatalogue.All.Single(e => e.Name == name).Start;
            var spec = new SimulationSpec(
                choice, ParameterValues.ParseList("start", first), parsed.GetValue(stepSize), parsed.GetValue(steps), parsed.GetValue(every));
            spec.Validate();
            return RecordedRun.Execute(spec, parsed.GetValue(output)!, 1, spec.Execute, cancellation);
        });
        return command;
    }

    private static (string, string) Assignment(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new ArgumentException($"--set is '{text}'; it must be name=value.");
        return (text[..equals], text[(equals + 1)..]);
    }
}
