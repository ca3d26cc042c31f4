using System.CommandLine;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias simulate: one landscape run, one record.</summary>
internal sealed class SimulateCommand
{
    private readonly Argument<string> _landscape = new("landscape") { Description = "a landscape by name; 'flatbias list' shows them with their parameters" };
    private readonly Option<string[]> _set = new("--set") { Description = "sets a parameter: --set link=power --set exponent=2", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> _start = Options.Text("--start", null, "the start theta_0 as numbers separated by commas; write --start=-0.1,10 when the first is negative [default: the landscape's own]");
    private readonly DescentOptions _descent = new(null, Options.Whole("--seed", 1, "seeds the draw of minibatches"));
    private readonly Option<int> _steps = Options.Whole("--steps", 200, "number of steps");
    private readonly Option<int> _every = Options.Whole("--measure-every", 1, "measure before every n-th step, and at the end");
    private readonly Option<string> _output = Options.Required("--out", "folder for the record (record.json and series.parquet)");

    public static Command Create(CancellationToken cancellation)
    {
        var options = new SimulateCommand();
        var command = new Command(
            "simulate",
            """
            Runs a descent exactly on an analytic landscape, measures its curvature along the way, and keeps one record.

            Example, an instability that flattens (theory.md, eq. 3.6):
              flatbias simulate two-parameter-network --set link=power --set exponent=2 --start=-0.1,10 --step-size 0.011 --steps 200 --out run
            """)
        {
            options._landscape, options._set, options._start, options._steps, options._every, options._output,
        };
        options._descent.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var name = parsed.GetValue(_landscape)!;
        var given = (parsed.GetValue(_set) ?? []).Select(Assignment).ToArray();
        if (given.GroupBy(p => p.Item1).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"--set {twice.Key} is given twice.");
        var choice = LandscapeChoice.Of(name, given);
        var start = parsed.GetValue(_start) ?? LandscapeCatalogue.All.Single(e => e.Name == name).Start;
        var (stepSize, schedule) = _descent.StepSizes(parsed);
        var spec = new SimulationSpec(
            choice, ParameterValues.ParseList("start", start), stepSize, parsed.GetValue(_steps), parsed.GetValue(_every),
            schedule, _descent.Optimiser(parsed), _descent.Batch(parsed));
        spec.Validate();
        return RecordedRun.Execute(spec, parsed.GetValue(_output)!, 1, RunJournal.DefaultEvery, spec.Execute, cancellation);
    }

    private static (string, string) Assignment(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new ArgumentException($"--set is '{text}'; it must be name=value.");
        return (text[..equals], text[(equals + 1)..]);
    }
}
