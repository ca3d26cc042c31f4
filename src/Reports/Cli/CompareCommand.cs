using System.CommandLine;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias compare: every theory forecasts the same run from the same reference point, and the run shows who was right.</summary>
internal sealed class CompareCommand
{
    public const string Name = "compare",
        Summary =
            "Lets the theories forecast the same exact run from one measurement at the same reference point, then makes the run and says how long each was right.";

    private const string Taylor = "taylor",
        Collocation = "collocation";

    // A landscape's Hessian costs next to nothing: every column of the floor is measured.
    private static readonly CollocationOptions Whole = new(Columns: int.MaxValue);

    private readonly LandscapeOptions _landscape = new();
    private readonly Option<double> _stepSize = Options.Number("--step-size", null, "the step size eta, above 0");
    private readonly Option<int> _steps = Options.Whole(
        "--horizon",
        new ForecastPlan().Horizon,
        "steps forecast, at least 1"
    );
    private readonly Option<int> _approach = Options.Whole(
        "--approach",
        0,
        "steps from the start to the reference point"
    );
    private readonly Option<double?> _approachStepSize = new("--approach-step-size")
    {
        Description =
            "the step size of the approach, for a reference near the floor of a valley [default: that of the run]",
    };
    private readonly Option<string?> _theories = new Option<string?>("--theories")
    {
        Description = "names of theories, separated by commas; 'flatbias list' shows them [default: all]",
    }.Completing(() => TheoryCatalogue.All.Names);
    private readonly Option<string> _jet = new Option<string>("--jet")
    {
        Description =
            "taylor expands the surface at the reference point; collocation looks at it over the swing of u that is forecast, (4.11), and has K = 6",
        DefaultValueFactory = _ => Taylor,
    }.AcceptOnlyFromAmong(Taylor, Collocation);
    private readonly Option<string?> _output = new("--out")
    {
        HelpName = "folder",
        Description = "also keeps the record (forecasts and run, step by step) in this folder",
    };

    public static Command Create(CancellationToken cancellation)
    {
        var options = new CompareCommand();
        var command = new Command(
            Name,
            Summary
                + """


                A theory is wrong from the first step at which its error is above 10 %: of the sharpness relative to the run's, of the displacement along v_1 relative to its peak, of the loss relative to its range.

                Example, the scoreboard of one instability:
                  flatbias compare two-parameter-network --set link=power --set exponent=2 --start=-0.1,10 --step-size 0.011 --steps 60
                With --jet collocation the theories run on the surface as it is over the swing, and what cuts the moments below order 6 declines:
                  flatbias compare two-parameter-network --set link=power --set exponent=2 --start=-0.1,10 --step-size 0.011 --jet collocation
                """
        );
        options._landscape.AddTo(command);
        options._steps.Aliases.Add("--steps");
        foreach (
            var option in new Option[]
            {
                options._stepSize,
                options._steps,
                options._approach,
                options._approachStepSize,
                options._theories,
                options._jet,
                options._output,
            }
        )
            command.Add(option);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (landscape, start) = _landscape.Read(parsed);
        string[] theories = parsed.GetValue(_theories)?.Split(',') ?? [.. TheoryCatalogue.All.Names];
        var spec = new CompareSpec(
            landscape,
            start,
            parsed.GetValue(_stepSize),
            parsed.GetValue(_steps),
            parsed.GetValue(_approach),
            theories,
            parsed.GetValue(_approachStepSize),
            parsed.GetValue(_jet) == Taylor ? null : Whole
        );
        spec.Validate();
        var context = new RunContext(new RunInputs(), cancellation);
        Print(spec, RecordedRun.MakeAndMayKeep(spec, parsed.GetValue(_output), 1, context));
        return FlatBiasCommand.Success;
    }

    /// <summary>Says what came of it.</summary>
    internal static void Print(CompareSpec spec, RunOutcome outcome)
    {
        var (series, last) = (outcome.Series, outcome.Series.Rows - 1);
        Console.WriteLine(
            string.Create(
                Printed.Numbers,
                $"{spec.Landscape.Name}, step size {spec.StepSize}, reference after {spec.Approach} steps: eta S / 2 = {spec.StepSize * series[Columns.Sharpness][0] / 2:0.###} there, {spec.StepSize * series[Columns.Sharpness][last] / 2:0.###} after {last} steps{(last < spec.Steps ? ", where the run diverges" : "")}; largest |u| = {series[Columns.Displacement].Max(Math.Abs):0.###}, largest rotation {series[Columns.ReferenceRotation].Max():0.#} degrees."
            )
        );
        if (spec.Collocation is not null)
            CollocationLines.Print(series, besideTaylor: false);
        ForecastTable.Print(series, spec.Theories, outcome.Notes);
    }
}
