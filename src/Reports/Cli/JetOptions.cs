using System.CommandLine;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Cli;

/// <summary>Where the jet of a forecast is taken, and what it consists of.</summary>
internal sealed class JetOptions
{
    private const string Taylor = "taylor",
        Collocation = "collocation",
        Both = "both";
    private static readonly ForecastPlan Default = new();
    private static readonly CollocationOptions DefaultCollocation = new();

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

    public JetOptions() => _stepSize.Aliases.Add("--step-size");

    /// <summary>In the order of the help.</summary>
    public Option[] All =>
        [
            _stepSize,
            _approach,
            _push,
            _excursion,
            _instability,
            _horizon,
            _order,
            _krylov,
            _cubic,
            _jet,
            _columns,
            _refinements,
            _noKnots,
        ];

    /// <summary>What a scan over step sizes has no use for.</summary>
    public Option[] OfOneStepSize => [_push, _instability];

    /// <summary>What a Taylor jet alone has.</summary>
    public Option[] OfTaylor => [_order, _cubic];

    /// <summary>The plan of forecasts by the jets that are asked for.</summary>
    public ForecastPlan Read(ParseResult parsed, TrainingSpec training) =>
        OfCollocation(parsed, training) with
        {
            Order = parsed.GetValue(_order),
            Cubic = parsed.GetValue(_cubic),
            Taylor = parsed.GetValue(_jet) != Collocation,
            Collocation = parsed.GetValue(_jet) == Taylor ? null : Measured(parsed),
        };

    /// <summary>The plan of forecasts by collocation jets alone, of which no theory is asked.</summary>
    public ForecastPlan OfCollocation(ParseResult parsed, TrainingSpec training) =>
        new()
        {
            Training = training with { StepSize = parsed.GetValue(_stepSize) },
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

    /// <summary>The plan of a scan over step sizes.</summary>
    public StepScanPlan OfScan(ParseResult parsed, TrainingSpec training, StepSizeGrid stepSizes) =>
        new()
        {
            Training = training with { StepSize = parsed.GetValue(_stepSize) },
            Approach = parsed.GetValue(_approach),
            StepSizes = stepSizes,
            Excursion = parsed.GetValue(_excursion),
            Horizon = parsed.GetValue(_horizon),
            Krylov = parsed.GetValue(_krylov),
            Collocation = Measured(parsed),
        };

    /// <summary>Refuses a Taylor jet where nothing can be forecast from one.</summary>
    /// <exception cref="ArgumentException">One was asked for.</exception>
    public void RequireCollocation(ParseResult parsed)
    {
        if (parsed.GetResult(_jet) is { Implicit: false } && parsed.GetValue(_jet) != Collocation)
            throw new ArgumentException(
                $"--jet is {parsed.GetValue(_jet)}; --step-sizes, --pushes, --batch-sizes, --reanchor, --momentum and --optimiser rmsprop forecast from collocation jets, since a Taylor jet has no swing."
            );
    }

    private CollocationOptions Measured(ParseResult parsed) =>
        new(parsed.GetValue(_columns), parsed.GetValue(_refinements), !parsed.GetValue(_noKnots));
}
