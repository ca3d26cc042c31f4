using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Cli;

/// <summary>The options of flatbias forecast that ask for RMSProp, (4.27), (4.28).</summary>
internal sealed class RmsPropChoice
{
    private const string Descent = "gd",
        RmsProp = "rmsprop";

    private readonly Option<string> _optimiser = Options.Choice(
        "--optimiser",
        Descent,
        "the update rule; rmsprop trains with it from the first step on, with --approach-step-size its own and --push over the sharpness that it sees, and its instability is forecast on a collocation jet in the metric of its preconditioner, with that frozen, (4.27), and let go, (4.28)",
        Descent,
        RmsProp
    );
    private readonly Option<double> _secondDecay = Of("second-decay");
    private readonly Option<double> _epsilon = Of("epsilon");

    /// <summary>The option that asks for it.</summary>
    public Option Optimiser => _optimiser;

    /// <summary>Makes the options.</summary>
    public RmsPropChoice() => _optimiser.Aliases.Add("--optimizer");

    public IEnumerable<Option> All => [_optimiser, _secondDecay, _epsilon];

    /// <summary>The plan; null where gradient descent is forecast.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="forecast">How the run gets to the jet.</param>
    /// <param name="excluded">Options that have no effect on RMSProp.</param>
    /// <exception cref="ArgumentException">An option has no effect.</exception>
    public RmsPropPlan? Read(ParseResult parsed, Func<ForecastPlan> forecast, params Option[] excluded)
    {
        if (parsed.GetValue(_optimiser) == RmsProp)
        {
            StepScanChoice.Exclude(parsed, _optimiser, excluded);
            return new RmsPropPlan(forecast(), parsed.GetValue(_secondDecay), parsed.GetValue(_epsilon));
        }

        foreach (var option in (Option[])[_secondDecay, _epsilon])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException($"{option.Name} has no effect without {_optimiser.Name} {RmsProp}.");
        return null;
    }

    /// <summary>A parameter of the rule as an option.</summary>
    private static Option<double> Of(string name)
    {
        var parameter = OptimiserCatalogue.All.Find(RmsProp).Parameters.Single(parameter => parameter.Name == name);
        var fallback = double.Parse(parameter.Default, CultureInfo.InvariantCulture);
        return Options.Number($"--{name}", fallback, $"with --optimiser {RmsProp}: {parameter.Meaning}");
    }
}
