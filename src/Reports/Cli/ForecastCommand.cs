using System.CommandLine;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias forecast: one jet of a network at the onset of an instability, every theory's forecast from it, and the run that shows who was right.</summary>
internal sealed class ForecastCommand
{
    public const string Name = "forecast",
        Summary =
            "Forecasts an instability of a network from one local measurement, then makes the run and says how long each theory was right.";

    private readonly NetworkOptions _network = new(new ForecastPlan().Training);
    private readonly JetOptions _jets = new();
    private readonly Option<bool> _spanLimit = new("--span-limit")
    {
        Description =
            "also runs gradient descent on the exact loss within the span of the jet, (4.22): no model on that span can be expected to do better",
    };
    private readonly StochasticForecastOptions _stochastic = new();
    private readonly Option<string?> _theories = new Option<string?>("--theories")
    {
        Description =
            "names of theories, separated by commas; 'flatbias list' shows them [default: all; with --momentum none, and rod-flow alone has a form]",
    }.Completing(() => TheoryCatalogue.All.Names);
    private readonly Option<int?> _reanchor = Options.WholeOrNone(
        "--reanchor",
        "a long forecast by several collocation jets: a new one at the latest after this many steps, at least 8, and sooner where e_S of (4.16) passes 1 %, each at the point that the run has come to, (4.17)"
    );
    private readonly Option<double?> _momentum = Options.NumberOrNone(
        "--momentum",
        "b of heavy-ball descent after the push, at least 0 and below 1: its instability is forecast on the model of a collocation jet, (4.26), with --push in units of half its edge 2 (1 + b); right for b up to 0.5"
    );
    private readonly RmsPropChoice _rmsProp = new();
    private readonly StepScanChoice _scan = new();
    private readonly Option<string?> _output = new("--out")
    {
        HelpName = "folder",
        Description = "also keeps the record (forecasts and run, step by step) in this folder",
    };

    public static Command Create(CancellationToken cancellation)
    {
        var options = new ForecastCommand();
        var command = new Command(
            Name,
            Summary
                + """


                The network trains below its edge for --approach steps at --approach-step-size. The step size is then raised to --push over the sharpness, which is past the edge for any push above 2, and the instability begins. Where the iterate has left the valley floor by --excursion, one jet is measured: the leading eigenpair, the moments along it with their gradients, and a Krylov basis of the floor. From the jet alone every theory forecasts the next --horizon steps. Before the first of them is made the jet is held against the surface, at the largest excursion along v_1 that it forecasts and along the whole path, eq. (4.16); where the two disagree, as on relu, nothing forecast from it is to be believed, and the command says so.

                With --pushes or --step-sizes it forecasts many step sizes at once instead: from one collocation jet where the approach ends, below the edge, the peak of the loss, the lowest S and the S after --horizon steps for each, every run begun --excursion off the floor; then each is run. It does not forecast the largest step size that is safe.

                With --batch-sizes one jet forecasts descent with minibatches of several sizes, and how far from 2/eta each holds the sharpness; then the runs of each are made.

                With --reanchor it forecasts a long run by several jets, and says at which steps they were taken, what they cost and how far S was off.

                Network, data, loss and precision default to those of the report's own forecasts, which are smaller and smoother than those of flatbias train, of which a jet does not hold.

                Examples, the report's own network and the second instability of another:
                  flatbias forecast --widths 24,24 --approach 2000 --push 2.15
                  flatbias forecast --widths 24,24 --activation softplus --approach 2000 --push 2.1 --instability 2 --cubic --out second
                  flatbias forecast --widths 24,24 --train 150 --krylov 28 --pushes 2.05:2.6:12
                """
        );
        foreach (
            var option in (Option[])
                [
                    .. options._jets.All,
                    options._spanLimit,
                    options._theories,
                    options._reanchor,
                    options._momentum,
                    options._output,
                    .. options._rmsProp.All,
                    .. options._stochastic.All,
                    .. options._scan.Options,
                ]
        )
            command.Options.Add(option);
        options._network.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (_scan.Read(parsed, [.. _jets.OfOneStepSize, .. OfOtherRuns, .. OfOneJet]) is { } stepSizes)
            return Scan(parsed, stepSizes, cancellation);
        if (_stochastic.ReadScan(parsed, () => OfJets(parsed), [.. OfOtherRuns, .. OfTheories]) is { } batches)
            return FromJets(
                batches.Forecast,
                batches.Validate,
                forecast => new BatchScanSpec(batches with { Forecast = forecast }),
                series => BatchScanTable.Print(series, batches)
            );
        if (_rmsProp.Read(parsed, () => OfJets(parsed), [_reanchor, _momentum, .. OfOneJet]) is { } preconditioned)
            return FromJets(
                preconditioned.Forecast,
                preconditioned.Validate,
                forecast => new RmsPropSpec(preconditioned with { Forecast = forecast }),
                RmsPropTable.Print
            );
        if (parsed.GetValue(_reanchor) is { } window)
        {
            var plan = new ReanchorPlan(OfJets(parsed), window);
            StepScanChoice.Exclude(parsed, _reanchor, [_momentum, .. OfOneJet]);
            return FromJets(
                plan.Forecast,
                plan.Validate,
                forecast => new ReanchorSpec(plan with { Forecast = forecast }),
                ReanchorTable.Print
            );
        }

        if (parsed.GetValue(_momentum) is { } decay)
        {
            string[] theories = Named(parsed) ?? [];
            var plan = new MomentumPlan(OfJets(parsed) with { Theories = theories }, decay);
            StepScanChoice.Exclude(parsed, _momentum, [.. OfOneJet.Except([_theories])]);
            return FromJets(
                plan.Forecast,
                plan.Validate,
                forecast => new MomentumSpec(plan with { Forecast = forecast }),
                series => MomentumTable.Print(series, plan.Momentum)
            );
        }

        return Theories(parsed, cancellation);

        int FromJets(
            ForecastPlan forecast,
            Action<LabelledSamples> validate,
            Func<ForecastPlan, RunSpec> specify,
            Action<SeriesTable> print
        )
        {
            _jets.RequireCollocation(parsed);
            return Make(
                parsed,
                forecast.Training,
                validate,
                training => specify(forecast with { Training = training }),
                (_, outcome) =>
                {
                    if (InstabilityLines.NeverCame(outcome))
                        return FlatBiasCommand.Failure;
                    print(outcome.Series);
                    return FlatBiasCommand.Success;
                },
                cancellation
            );
        }
    }

    /// <summary>Every theory from the jets at one point.</summary>
    private int Theories(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = _jets.Read(parsed, _network.Read(parsed)) with
        {
            Predictability = true,
            SpanLimit = parsed.GetValue(_spanLimit),
            Stochastic = _stochastic.Read(parsed),
            Theories = Named(parsed) ?? TheoryCatalogue.All.Names,
        };
        return Make(
            parsed,
            plan.Training,
            plan.Validate,
            training => new InstabilitySpec(plan with { Training = training }),
            InstabilityLines.Print,
            cancellation
        );
    }

    /// <summary>Many step sizes from one jet, (4.21).</summary>
    private int Scan(ParseResult parsed, StepSizeGrid stepSizes, CancellationToken cancellation)
    {
        _jets.RequireCollocation(parsed);
        var plan = _jets.OfScan(parsed, _network.Read(parsed), stepSizes);
        return Make(
            parsed,
            plan.Training,
            plan.Validate,
            training => new StepScanSpec(plan with { Training = training }),
            (_, outcome) =>
            {
                StepScanTable.Print(outcome.Series, plan.Horizon);
                return FlatBiasCommand.Success;
            },
            cancellation
        );
    }

    /// <summary>Checks a plan, makes its run and prints it.</summary>
    private int Make<TSpec>(
        ParseResult parsed,
        TrainingSpec training,
        Action<LabelledSamples> validate,
        Func<TrainingSpec, TSpec> specify,
        Func<TSpec, RunOutcome, int> print,
        CancellationToken cancellation
    )
        where TSpec : RunSpec
    {
        var inputs = _network.Inputs(parsed);
        var train = inputs.Data(training).Train;
        NetworkOptions.Tell(inputs.Data(training));
        validate(train);
        NetworkOptions.TellWeights(inputs, training, train);
        var spec = specify(_network.Complete(parsed, training, inputs));
        var context = new RunContext(inputs, cancellation);
        try
        {
            return print(
                spec,
                RecordedRun.MakeAndMayKeep(spec, parsed.GetValue(_output), _network.UseThreads(parsed), context)
            );
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("flatbias: interrupted; a forecast is made in one go, and nothing of it is kept.");
            return FlatBiasCommand.Interrupted;
        }
    }

    private string[]? Named(ParseResult parsed) => parsed.GetValue(_theories)?.Split(',');

    private ForecastPlan OfJets(ParseResult parsed) => _jets.OfCollocation(parsed, _network.Read(parsed));

    /// <summary>What is about a trial of theories from the jets at one point, and nothing else.</summary>
    private Option[] OfOneJet => [.. OfTheories, .. _stochastic.All];

    /// <summary>What asks for a run of another kind.</summary>
    private Option[] OfOtherRuns => [_reanchor, _momentum, .. _rmsProp.All];

    private Option[] OfTheories => [.. _jets.OfTaylor, _theories, _spanLimit];
}
