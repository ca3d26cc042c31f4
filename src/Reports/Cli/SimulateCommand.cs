using System.CommandLine;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias simulate: one landscape run, one record.</summary>
internal sealed class SimulateCommand
{
    public const string Name = "simulate",
        Summary =
            "Runs a descent exactly on an analytic landscape, measures its curvature along the way, and keeps one record.";

    // Landscape, start and step size have no default; what has one is stated by the specification.
    private static readonly SimulationSpec Default = new(LandscapeChoice.Of(LandscapeCatalogue.All[0].Name), [], 1);

    private readonly LandscapeOptions _landscape = new();
    private readonly DescentOptions _descent = new(null, Default.Optimiser, "--seed");
    private readonly ObservableOptions _observables = new(0);
    private readonly Option<int> _steps = Options.Whole("--steps", Default.Steps, "number of steps");
    private readonly Option<int> _every = Options.Whole(
        "--measure-every",
        Default.MeasureEvery,
        "measure before every n-th step, and at the end; on a landscape that costs next to nothing"
    );
    private readonly Option<string> _output = Options.Folder("folder for the record (record.json and series.parquet)");

    public static Command Create(CancellationToken cancellation)
    {
        var options = new SimulateCommand();
        var command = new Command(
            Name,
            Summary
                + """


                Example, an instability that flattens (theory.md, eq. 3.6):
                  flatbias simulate two-parameter-network --set link=power --set exponent=2 --start=-0.1,10 --step-size 0.011 --steps 200 --out run
                """
        )
        {
            options._steps,
            options._every,
            options._output,
        };
        options._landscape.AddTo(command);
        options._descent.AddTo(command);
        options._observables.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (choice, start) = _landscape.Read(parsed);
        var spec = new SimulationSpec(choice, start, _descent.StepSize(parsed))
        {
            Steps = parsed.GetValue(_steps),
            MeasureEvery = parsed.GetValue(_every),
            Optimiser = _descent.Optimiser(parsed),
            Batch = _descent.Batch(parsed),
            Exponents = _observables.Exponents(parsed) is var exponents and not 0 ? exponents : null,
            Observables = _observables.Names(parsed),
        };
        spec.Validate();
        var journal = new RunJournal(parsed.GetValue(_output)!, 1, RunJournal.DefaultEvery);
        return RecordedRun.MakeAndKeep(spec, journal, new RunContext(new RunInputs(), cancellation)).Code;
    }
}
