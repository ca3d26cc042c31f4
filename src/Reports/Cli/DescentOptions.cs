using System.CommandLine;
using FlatBias.Dynamics.Descent;

namespace FlatBias.Reports.Cli;

/// <summary>The options that say how parameters move, which simulate and train share: step size, update rule, minibatches.</summary>
internal sealed class DescentOptions
{
    private static readonly OptimiserSpec Default = new();
    private readonly Option<string> _stepSize;
    private readonly Option<string> _optimiser = Options.Choice("--optimiser", Default.Name, "the update rule", [.. OptimiserSpec.Names]);
    private readonly Option<double> _momentum = Options.Number("--momentum", Default.Momentum, "b of momentum, b1 of adam and its relatives, from 0 to below 1");
    private readonly Option<double> _secondDecay = Options.Number("--second-decay", Default.SecondDecay, "b2 of the adaptive rules, from 0 to below 1");
    private readonly Option<double> _epsilon = Options.Number("--epsilon", Default.Epsilon, "eps of the adaptive rules, at least 0");
    private readonly Option<double> _clip = Options.Number("--clip", Default.Clip, "c of clipped-ada and max-ada, above 0");
    private readonly Option<bool> _uncorrected = new("--no-bias-correction") { Description = "leaves the moments of adam, clipped-ada and max-ada uncorrected" };
    private readonly Option<int> _batchSize = Options.Whole("--batch-size", 0, "samples a minibatch; 0 is the full batch");
    private readonly Option<bool> _replacement = new("--replacement") { Description = "draws minibatches with replacement" };
    private readonly Option<int> _batchSeed;

    /// <summary>Makes the options.</summary>
    /// <param name="stepSize">The step size by default, or null where it must be given.</param>
    /// <param name="batchSeed">The option that seeds the draw of minibatches.</param>
    public DescentOptions(string? stepSize, Option<int> batchSeed)
    {
        const string words = "the step size eta, above 0; or a schedule: drop:HIGH,LOW,AT, warm-up:SIZE,STEPS, cyclic:A,B,...";
        _stepSize = stepSize is null ? Options.Required("--step-size", words) : Options.Text("--step-size", stepSize, words);
        _batchSeed = batchSeed;
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _stepSize, _optimiser, _momentum, _secondDecay, _epsilon, _clip, _uncorrected, _batchSize, _replacement, _batchSeed }) command.Options.Add(option);
    }

    /// <summary>The first step size, and the schedule's text unless it is constant.</summary>
    public (double First, string? Schedule) StepSizes(ParseResult parsed)
    {
        var text = parsed.GetValue(_stepSize)!;
        var schedule = StepSizeSchedule.Parse(text);
        return (schedule.At(0), schedule is ConstantStepSize ? null : text);
    }

    /// <summary>The update rule; null for gradient descent.</summary>
    public OptimiserSpec? Optimiser(ParseResult parsed)
    {
        RefuseUnused(parsed, parsed.GetValue(_optimiser)!);
        var rule = new OptimiserSpec
        {
            Name = parsed.GetValue(_optimiser)!,
            Momentum = parsed.GetValue(_momentum),
            SecondDecay = parsed.GetValue(_secondDecay),
            Epsilon = parsed.GetValue(_epsilon),
            Clip = parsed.GetValue(_clip),
            BiasCorrection = !parsed.GetValue(_uncorrected),
        };
        return rule.Name == Default.Name ? null : rule;
    }

    /// <summary>The minibatches; null for the full batch.</summary>
    public BatchPlan? Batch(ParseResult parsed)
    {
        var size = parsed.GetValue(_batchSize);
        return size == 0 ? null : new BatchPlan(size, parsed.GetValue(_batchSeed), parsed.GetValue(_replacement));
    }

    /// <summary>An option that the rule does not use was meant for another rule.</summary>
    private void RefuseUnused(ParseResult parsed, string name)
    {
        var moments = name is "adam" or "clipped-ada" or "max-ada";
        var adaptive = moments || name == "rmsprop";
        var batches = parsed.GetValue(_batchSize) != 0;
        foreach (var (option, used) in new (Option, bool)[]
        {
            (_momentum, moments || name.EndsWith("momentum", StringComparison.Ordinal)), (_secondDecay, adaptive), (_epsilon, adaptive), (_clip, name is "clipped-ada" or "max-ada"), (_uncorrected, moments),
            (_replacement, batches), (_batchSeed, batches),
        })
        {
            if (!used && parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException($"{option.Name} has no effect here: {(option == _replacement || option == _batchSeed ? "there are no minibatches without --batch-size" : $"the rule {name} does not use it")}.");
        }
    }
}
