using System.CommandLine;
using FlatBias.Dynamics.Descent;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias simulate: one landscape run, one record.</summary>
internal sealed class SimulateCommand
{
    private readonly Argument<string> _landscape = new("landscape") { Description = "a landscape by name; 'flatbias list' shows them with their parameters" };
    private readonly Option<string[]> _set = new("--set") { Description = "sets a parameter: --set link=power --set exponent=2", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> _start = Options.Text("--start", null, "the start theta_0 as numbers separated by commas; write --start=-0.1,10 when the first is negative [default: the landscape's own]");
    private readonly Option<string> _stepSize = Options.Required("--step-size", "the step size eta, above 0; or a schedule: drop:HIGH,LOW,AT, warm-up:SIZE,STEPS, cyclic:A,B,...");
    private readonly Option<int> _steps = Options.Whole("--steps", 200, "number of steps");
    private readonly Option<int> _every = Options.Whole("--measure-every", 1, "measure before every n-th step, and at the end");
    private readonly Option<string> _optimiser = Options.Choice("--optimiser", "gd", "the update rule", [.. OptimiserSpec.Names]);
    private readonly Option<double> _momentum = Options.Number("--momentum", new OptimiserSpec().Momentum, "b of momentum, b1 of adam and its relatives, from 0 to below 1");
    private readonly Option<double> _secondDecay = Options.Number("--second-decay", new OptimiserSpec().SecondDecay, "b2 of the adaptive rules, from 0 to below 1");
    private readonly Option<double> _clip = Options.Number("--clip", new OptimiserSpec().Clip, "c of clipped-ada and max-ada, above 0");
    private readonly Option<bool> _uncorrected = new("--no-bias-correction") { Description = "leaves the moments of adam, clipped-ada and max-ada uncorrected" };
    private readonly Option<int> _batchSize = Options.Whole("--batch-size", 0, "samples a minibatch, for landscapes with data; 0 is the full batch");
    private readonly Option<bool> _replacement = new("--replacement") { Description = "draws minibatches with replacement" };
    private readonly Option<int> _seed = Options.Whole("--seed", 1, "seeds the draw of minibatches");
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
            options._landscape, options._set, options._start, options._stepSize, options._steps, options._every, options._optimiser, options._momentum, options._secondDecay, options._clip,
            options._uncorrected, options._batchSize, options._replacement, options._seed, options._output,
        };
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
        var text = parsed.GetValue(_stepSize)!;
        var schedule = StepSizeSchedule.Parse(text);
        var spec = new SimulationSpec(
            choice, ParameterValues.ParseList("start", start), schedule.At(0), parsed.GetValue(_steps), parsed.GetValue(_every),
            schedule is ConstantStepSize ? null : text, Optimiser(parsed), Batch(parsed));
        spec.Validate();
        return RecordedRun.Execute(spec, parsed.GetValue(_output)!, 1, spec.Execute, cancellation);
    }

    private OptimiserSpec? Optimiser(ParseResult parsed)
    {
        RefuseUnused(parsed, parsed.GetValue(_optimiser)!);
        var rule = new OptimiserSpec
        {
            Name = parsed.GetValue(_optimiser)!,
            Momentum = parsed.GetValue(_momentum),
            SecondDecay = parsed.GetValue(_secondDecay),
            Clip = parsed.GetValue(_clip),
            BiasCorrection = !parsed.GetValue(_uncorrected),
        };
        return rule.Name == "gd" ? null : rule;
    }

    /// <summary>An option that the rule does not use was meant for another rule.</summary>
    private void RefuseUnused(ParseResult parsed, string name)
    {
        var adaptive = name is "adam" or "clipped-ada" or "max-ada";
        foreach (var (option, used) in new (Option, bool)[]
        {
            (_momentum, adaptive || name.EndsWith("momentum", StringComparison.Ordinal)), (_secondDecay, adaptive || name == "rmsprop"), (_clip, name is "clipped-ada" or "max-ada"), (_uncorrected, adaptive),
            (_replacement, parsed.GetValue(_batchSize) > 0), (_seed, parsed.GetValue(_batchSize) > 0),
        })
        {
            if (!used && parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException($"{option.Name} has no effect here: {(option == _replacement || option == _seed ? "there are no minibatches without --batch-size" : $"the rule {name} does not use it")}.");
        }
    }

    private BatchPlan? Batch(ParseResult parsed)
    {
        var size = parsed.GetValue(_batchSize);
        return size == 0 ? null : new BatchPlan(size, parsed.GetValue(_seed), parsed.GetValue(_replacement));
    }

    private static (string, string) Assignment(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new ArgumentException($"--set is '{text}'; it must be name=value.");
        return (text[..equals], text[(equals + 1)..]);
    }
}
