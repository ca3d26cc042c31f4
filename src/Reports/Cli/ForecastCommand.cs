using System.CommandLine;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias forecast: one jet of a network at the onset of an instability, every theory's forecast from it, and the run that shows who was right.</summary>
internal sealed class ForecastCommand
{
    public const string Name = "forecast",
        Summary =
            "Forecasts an instability of a network from one local measurement, then makes the run and says how long each theory was right.";

    private const string Taylor = "taylor",
        Collocation = "collocation",
        Both = "both";
    private static readonly ForecastPlan Default = new();
    private static readonly CollocationOptions DefaultCollocation = new();

    private readonly NetworkOptions _network = new(Default.Training);
    private readonly Option<double> _stepSize = Options.Number(
        "--approach-step-size",
        Default.Training.StepSize.Constant,
        "the step size of the approach; keep it below the edge, 2 over the sharpness"
    );
    private readonly Option<int> _approach = Options.Whole(
        "--approach",
        Default.Approach,
        "steps of the approach, at least 0"
    );
    private readonly Option<double> _push = Options.Number(
        "--push",
        Default.Push,
        "after the approach the step size becomes this number over the sharpness found there: 2 is the edge"
    );
    private readonly Option<double> _excursion = Options.Number(
        "--excursion",
        Default.Excursion,
        "the jet is taken at the first point past the edge where |g . v_1| / S, the distance from the valley floor, is at least this"
    );
    private readonly Option<int> _instability = Options.Whole(
        "--instability",
        Default.Instability,
        "which instability after the push is forecast, 1 for the first"
    );
    private readonly Option<int> _horizon = Options.Whole("--horizon", Default.Horizon, "steps forecast, at least 1");
    private readonly Option<int> _order = Options.Whole(
        "--order",
        Default.Order,
        "the order K of a Taylor jet, 2 to 6: moments m_1 to m_K and their gradients; a collocation jet has K = 6"
    );
    private readonly Option<int> _krylov = Options.Whole(
        "--krylov",
        Default.Krylov,
        "Krylov vectors of the valley floor, 4/3 gradients each; without any, theories with memory decline"
    );
    private readonly Option<bool> _cubic = new("--cubic")
    {
        Description = "adds the cubic coupling (4.10) to a Taylor jet, six gradients a Krylov vector",
    };
    private readonly Option<string> _jet = new Option<string>("--jet")
    {
        Description =
            "taylor expands the surface at the reference point; collocation looks at it over the swing of u that is forecast, (4.11), with gradients and Hessian products alone; both measures both, and a theory forecasts from the Taylor jet unless it declines there, as the orders above --order do",
        DefaultValueFactory = _ => Taylor,
    }.AcceptOnlyFromAmong(Taylor, Collocation, Both);
    private readonly Option<int> _columns = Options.Whole(
        "--columns",
        DefaultCollocation.Columns,
        "columns of the floor that a collocation jet measures at each end of the swing and at each knot, 4/3 gradients each"
    );
    private readonly Option<int> _refinements = Options.Whole(
        "--refinements",
        DefaultCollocation.Refinements,
        "how often a collocation jet sets its swing by its own forecast and looks again, 1 to 10"
    );
    private readonly Option<bool> _noKnots = new("--no-knots")
    {
        Description = "a collocation jet without the two knots on the path, (4.15)",
    };
    private readonly Option<bool> _spanLimit = new("--span-limit")
    {
        Description =
            "also runs gradient descent on the exact loss within the span of the jet, (4.22): no model on that span can be expected to do better",
    };
    private readonly StochasticForecastOptions _stochastic = new();
    private readonly Option<string?> _theories = new Option<string?>("--theories")
    {
        Description = "names of theories, separated by commas; 'flatbias list' shows them [default: all]",
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
        )
        {
            options._stepSize,
            options._approach,
            options._push,
            options._excursion,
            options._instability,
            options._horizon,
            options._order,
            options._krylov,
            options._cubic,
            options._jet,
            options._columns,
            options._refinements,
            options._noKnots,
            options._spanLimit,
            options._theories,
            options._reanchor,
            options._momentum,
            options._output,
        };
        foreach (
            var option in (Option[])[.. options._rmsProp.All, .. options._stochastic.All, .. options._scan.Options]
        )
            command.Options.Add(option);
        options._stepSize.Aliases.Add("--step-size");
        options._network.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (_scan.Read(parsed, [_push, _instability, .. OfOtherRuns, .. OfOneJet]) is { } stepSizes)
            return Scan(parsed, stepSizes, cancellation);
        if (_stochastic.ReadScan(parsed, () => OfJets(parsed), [.. OfOtherRuns, .. OfTheories]) is { } batches)
            return Batches(parsed, batches, cancellation);
        if (_rmsProp.Read(parsed, () => OfJets(parsed), [_reanchor, _momentum, .. OfOneJet]) is { } preconditioned)
            return RmsProp(parsed, preconditioned, cancellation);
        if (parsed.GetValue(_reanchor) is { } window)
            return Reanchor(parsed, new ReanchorPlan(OfJets(parsed), window), cancellation);
        if (parsed.GetValue(_momentum) is { } decay)
            return HeavyBall(parsed, new MomentumPlan(OfJets(parsed), decay), cancellation);
        var plan = Plan(parsed);
        return Make(
            parsed,
            plan.Training,
            plan.Validate,
            training => new InstabilitySpec(plan with { Training = training }),
            Print,
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

    private ForecastPlan Plan(ParseResult parsed) =>
        OfJets(parsed) with
        {
            Order = parsed.GetValue(_order),
            Cubic = parsed.GetValue(_cubic),
            Taylor = parsed.GetValue(_jet) != Collocation,
            Collocation = parsed.GetValue(_jet) == Taylor ? null : Measured(parsed),
            Predictability = true,
            SpanLimit = parsed.GetValue(_spanLimit),
            Stochastic = _stochastic.Read(parsed),
            Theories = parsed.GetValue(_theories)?.Split(',') ?? TheoryCatalogue.All.Names,
        };

    private CollocationOptions Measured(ParseResult parsed) =>
        new(parsed.GetValue(_columns), parsed.GetValue(_refinements), !parsed.GetValue(_noKnots));

    /// <summary>What is about a trial of theories from the jets at one point, and nothing else.</summary>
    private Option[] OfOneJet => [.. OfTheories, .. _stochastic.All];

    /// <summary>What asks for a run of another kind.</summary>
    private Option[] OfOtherRuns => [_reanchor, _momentum, .. _rmsProp.All];

    private Option[] OfTheories => [_order, _cubic, _theories, _spanLimit];

    /// <summary>Many batch sizes from one jet, (4.19), (4.20).</summary>
    private int Batches(ParseResult parsed, BatchScanPlan plan, CancellationToken cancellation)
    {
        RequireCollocation(parsed);
        return Make(
            parsed,
            plan.Forecast.Training,
            plan.Validate,
            training => new BatchScanSpec(plan with { Forecast = plan.Forecast with { Training = training } }),
            (_, outcome) =>
            {
                if (NeverCame(outcome))
                    return FlatBiasCommand.Failure;
                BatchScanTable.Print(outcome.Series, plan);
                return FlatBiasCommand.Success;
            },
            cancellation
        );
    }

    /// <summary>The plan of forecasts by collocation jets alone, of which no theory is asked.</summary>
    private ForecastPlan OfJets(ParseResult parsed) =>
        new()
        {
            Training = _network.Read(parsed) with { StepSize = parsed.GetValue(_stepSize) },
            Approach = parsed.GetValue(_approach),
            Push = parsed.GetValue(_push),
            Excursion = parsed.GetValue(_excursion),
            Instability = parsed.GetValue(_instability),
            Horizon = parsed.GetValue(_horizon),
            Krylov = parsed.GetValue(_krylov),
            Taylor = false,
            Collocation = Measured(parsed),
            Theories = [],
        };

    /// <summary>Many step sizes from one jet, (4.21).</summary>
    private int Scan(ParseResult parsed, StepSizeGrid stepSizes, CancellationToken cancellation)
    {
        RequireCollocation(parsed);
        var plan = new StepScanPlan
        {
            Training = _network.Read(parsed) with { StepSize = parsed.GetValue(_stepSize) },
            Approach = parsed.GetValue(_approach),
            StepSizes = stepSizes,
            Excursion = parsed.GetValue(_excursion),
            Horizon = parsed.GetValue(_horizon),
            Krylov = parsed.GetValue(_krylov),
            Collocation = Measured(parsed),
        };
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

    /// <summary>Several jets, (4.17).</summary>
    private int Reanchor(ParseResult parsed, ReanchorPlan plan, CancellationToken cancellation)
    {
        RequireCollocation(parsed);
        StepScanChoice.Exclude(parsed, _reanchor, [_momentum, .. OfOneJet]);
        return Make(
            parsed,
            plan.Forecast.Training,
            plan.Validate,
            training => new ReanchorSpec(plan with { Forecast = plan.Forecast with { Training = training } }),
            (_, outcome) =>
            {
                if (NeverCame(outcome))
                    return FlatBiasCommand.Failure;
                ReanchorTable.Print(outcome.Series);
                return FlatBiasCommand.Success;
            },
            cancellation
        );
    }

    /// <summary>Heavy-ball descent, (4.26).</summary>
    private int HeavyBall(ParseResult parsed, MomentumPlan plan, CancellationToken cancellation)
    {
        RequireCollocation(parsed);
        StepScanChoice.Exclude(parsed, _momentum, OfOneJet);
        return Make(
            parsed,
            plan.Forecast.Training,
            plan.Validate,
            training => new MomentumSpec(plan with { Forecast = plan.Forecast with { Training = training } }),
            (_, outcome) =>
            {
                if (NeverCame(outcome))
                    return FlatBiasCommand.Failure;
                MomentumTable.Print(outcome.Series, plan.Momentum);
                return FlatBiasCommand.Success;
            },
            cancellation
        );
    }

    /// <summary>RMSProp, (4.27), (4.28).</summary>
    private int RmsProp(ParseResult parsed, RmsPropPlan plan, CancellationToken cancellation)
    {
        RequireCollocation(parsed);
        return Make(
            parsed,
            plan.Forecast.Training,
            plan.Validate,
            training => new RmsPropSpec(plan with { Forecast = plan.Forecast with { Training = training } }),
            (_, outcome) =>
            {
                if (NeverCame(outcome))
                    return FlatBiasCommand.Failure;
                RmsPropTable.Print(outcome.Series);
                return FlatBiasCommand.Success;
            },
            cancellation
        );
    }

    private void RequireCollocation(ParseResult parsed)
    {
        if (parsed.GetResult(_jet) is { Implicit: false } && parsed.GetValue(_jet) != Collocation)
            throw new ArgumentException(
                $"--jet is {parsed.GetValue(_jet)}; --step-sizes, --pushes, --batch-sizes, --reanchor, --momentum and --optimiser rmsprop forecast from collocation jets, since a Taylor jet has no swing."
            );
    }

    private static bool NeverCame(RunOutcome outcome)
    {
        if (outcome.Notes is null || !outcome.Notes.TryGetValue(InstabilitySpec.RunNote, out var reason))
            return false;
        Console.Error.WriteLine($"flatbias: {reason}; raise --push, lower --excursion, or approach for longer.");
        return true;
    }

    /// <summary>(4.18).</summary>
    private static string LimitLine(double limit) =>
        double.IsFinite(limit)
            ? string.Create(
                Printed.Numbers,
                $"Predictability limit: the same run started a thousandth of the largest |u| away differs in S by {limit:P2} on average; no forecast can be expected to do better."
            )
            : "Predictability limit: none, since the same run started a thousandth of the largest |u| away diverges.";

    /// <summary>Says what came of it.</summary>
    internal static int Print(InstabilitySpec spec, RunOutcome outcome)
    {
        var (series, notes) = (outcome.Series, outcome.Notes!);
        if (NeverCame(outcome))
            return FlatBiasCommand.Failure;
        var (last, stepSize) = (series.Rows - 1, series[Columns.StepSize][0]);
        Console.WriteLine(
            string.Create(
                Printed.Numbers,
                $"Instability {spec.Plan.Instability}, step size {stepSize:G6}, reference after {series[Columns.Reference][0]} steps: eta S / 2 = {stepSize * series[Columns.Sharpness][0] / 2:0.###} there, {stepSize * series[Columns.Sharpness][last] / 2:0.###} after {last} steps{(last < spec.Plan.Horizon ? ", where the run diverges" : "")}; largest |u| = {series[Columns.Displacement].Max(Math.Abs):0.###}, largest rotation {series[Columns.ReferenceRotation].Max():0.#} degrees."
            )
        );
        if (series.Names.Contains(Columns.JetCost))
            PrintTaylor(series, notes);
        if (series.Names.Contains(Columns.CollocationCost))
            CollocationLines.Print(series, spec.Plan.Taylor);
        if (series.Names.Contains(Columns.Predictability))
            Console.WriteLine(LimitLine(series[Columns.Predictability][0]));
        if (series.Names.Contains(Columns.SpanLimit))
            Console.WriteLine(
                string.Create(
                    Printed.Numbers,
                    $"Limit of the span: descent on the exact loss within the span of the jet differs in S by {series[Columns.SpanLimit][0]:P2} on average."
                )
            );
        ForecastTable.Print(series, spec.Plan.Theories, notes);
        if (spec.Plan.Stochastic is { } stochastic)
            StochasticForecastOptions.Print(series, stochastic);
        return FlatBiasCommand.Success;
    }

    private static void PrintTaylor(SeriesTable series, SortedDictionary<string, string> notes)
    {
        var trust = series.Names.Contains(Columns.TrustDistance)
            ? string.Create(
                Printed.Numbers,
                $"; against the surface at u = {series[Columns.TrustDistance][0]:G3} it is off by {series[Columns.TrustCurvature][0]:P1} in the mean curvature, {series[Columns.TrustEnds][0]:P1} in the curvature at the ends and {series[Columns.TrustFeedback][0]:P1} in the push on the floor"
            )
            : "";
        Console.WriteLine(
            string.Create(Printed.Numbers, $"The jet cost {series[Columns.JetCost][0]:F0} gradient-equivalents{trust}.")
        );
        Console.WriteLine(
            notes.TryGetValue(InstabilitySpec.JetNote, out var broken) ? $"The jet does not hold: {broken}."
            : trust.Length > 0 ? "The jet holds along v_1."
            : "The jet was not held against the surface, which needs Krylov vectors and a forecast by memory-map."
        );
        if (series.Names.Contains(Columns.TrustPath))
            Console.WriteLine(CollocationLines.Path(series[Columns.TrustPath][0], series[Columns.PathCost][0]));
    }
}
