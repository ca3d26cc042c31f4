using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;

namespace FlatBias.Reports.Cli;

/// <summary>
/// The options that say how parameters move, which simulate and train share: step size, update rule, minibatches.
/// There is one for each parameter of a rule of the catalogue.
/// </summary>
internal sealed class DescentOptions
{
    private readonly Option<string> _stepSize;
    private readonly Option<string> _optimiser;
    private readonly RuleOption[] _parameters = [.. OptimiserCatalogue.Parameters.Select(RuleOption.Of)];
    private readonly BatchOptions _batches;

    /// <summary>Makes the options.</summary>
    /// <param name="stepSize">The step size by default, or null where it must be given.</param>
    /// <param name="optimiser">The update rule by default.</param>
    /// <param name="seeds">Further names of the option that seeds the draw of minibatches.</param>
    public DescentOptions(StepSizeSchedule? stepSize, OptimiserSpec optimiser, params IReadOnlyList<string> seeds)
    {
        var words = $"the step size eta, above 0, or a schedule: {ScheduleCatalogue.Forms}";
        _stepSize = stepSize is null
            ? Options.Required("--step-size", $"{words}; there is no usual one, since each landscape has its own scale")
            : Options.Text("--step-size", stepSize.ToString(), words);
        _optimiser = Options.Choice(
            "--optimiser",
            optimiser.Name,
            "the update rule",
            [.. OptimiserCatalogue.All.Names]
        );
        _stepSize.Completing(() =>
            ScheduleCatalogue
                .All.Where(entry => entry.Form.Contains(':', StringComparison.Ordinal))
                .Select(entry => entry.Form.Split(':')[0] + ':')
        );
        _optimiser.Aliases.Add("--optimizer");
        _batches = new BatchOptions("samples a minibatch; 0 is the full batch", seeds);
    }

    public void AddTo(Command command)
    {
        Option[] all = [_stepSize, _optimiser, .. _parameters.Select(p => p.Option), .. _batches.All];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>The step size.</summary>
    public StepSizeSchedule StepSize(ParseResult parsed) => StepSizeSchedule.Parse(parsed.GetValue(_stepSize)!);

    /// <summary>The update rule.</summary>
    /// <exception cref="ArgumentException">An option was given that the rule does not use: it was meant for another
    /// rule.</exception>
    public OptimiserSpec Optimiser(ParseResult parsed)
    {
        var rule = OptimiserSpec.Of(parsed.GetValue(_optimiser)!);
        foreach (var (parameter, option, read) in _parameters.Where(p => IsGiven(parsed, p.Option)))
        {
            if (!rule.Values.All.ContainsKey(parameter.Name))
                throw new ArgumentException($"{option.Name} has no effect here: the rule {rule.Name} does not use it.");
            rule = rule.With(parameter.Name, read(parsed));
        }

        return rule;
    }

    /// <summary>The minibatches; null for the full batch.</summary>
    /// <exception cref="ArgumentException">An option of minibatches was given, and there are none.</exception>
    public BatchPlan? Batch(ParseResult parsed) => _batches.Read(parsed);

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A parameter of update rules as an option: a number, or a flag that turns a switch off.</summary>
    private sealed record RuleOption(Parameter Parameter, Option Option, Func<ParseResult, string> Read)
    {
        public static RuleOption Of(Parameter parameter)
        {
            var rules = string.Join(
                ", ",
                OptimiserCatalogue.All.Where(entry => entry.Parameters.Contains(parameter)).Select(entry => entry.Name)
            );
            if (parameter.IsSwitch)
            {
                var off = new Option<bool>($"--no-{parameter.Name}")
                {
                    Description = $"leaves out {parameter.Meaning} ({rules})",
                };
                return new(parameter, off, parsed => parsed.GetValue(off) ? Parameter.Off : Parameter.On);
            }

            var fallback = double.Parse(parameter.Default, CultureInfo.InvariantCulture);
            var number = Options.Number($"--{parameter.Name}", fallback, $"{parameter.Meaning} ({rules})");
            return new(
                parameter,
                number,
                parsed => parsed.GetValue(number).ToString("R", CultureInfo.InvariantCulture)
            );
        }
    }
}
