using System.CommandLine;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias simulate: one landscape run, one record.</summary>
internal sealed class SimulateCommand
{
    private readonly LandscapeOptions _landscape = new();
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
            options._steps, options._every, options._output,
        };
        options._landscape.AddTo(command);
        options._descent.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (choice, start) = _landscape.Read(parsed);
        var (stepSize, schedule) = _descent.StepSizes(parsed);
        var spec = new SimulationSpec(
            choice, start, stepSize, parsed.GetValue(_steps), parsed.GetValue(_every),
            schedule, _descent.Optimiser(parsed), _descent.Batch(parsed));
        spec.Validate();
        var journal = new RunJournal(parsed.GetValue(_output)!, 1, RunJournal.DefaultEvery);
        return RecordedRun.MakeAndKeep(spec, journal, new RunContext(new RunInputs(), cancellation)).Code;
    }
}
