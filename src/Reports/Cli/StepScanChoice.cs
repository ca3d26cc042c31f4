using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Forecasting;

namespace FlatBias.Reports.Cli;

/// <summary>The options of flatbias forecast that ask for many step sizes from one jet.</summary>
internal sealed class StepScanChoice
{
    private readonly Option<string?> _stepSizes = new("--step-sizes")
    {
        Description =
            "from:to:count, step sizes past the edge: one collocation jet where the approach ends forecasts peak loss and sharpness for each, (4.21), and each is run",
        HelpName = "from:to:count",
    };
    private readonly Option<string?> _pushes = new("--pushes")
    {
        Description = "the same with step sizes in units of the sharpness at the reference point, above 2",
        HelpName = "from:to:count",
    };

    public IEnumerable<Option> Options => [_stepSizes, _pushes];

    /// <summary>The step sizes asked for; null where none are.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="excluded">Options that have no effect on a scan.</param>
    /// <exception cref="ArgumentException">Both are given, one cannot be read, or an option has no effect.</exception>
    public StepSizeGrid? Read(ParseResult parsed, params Option[] excluded)
    {
        var (stepSizes, pushes) = (parsed.GetValue(_stepSizes), parsed.GetValue(_pushes));
        if (stepSizes is not null && pushes is not null)
            throw new ArgumentException("--step-sizes and --pushes are both given; give one of them.");
        if ((stepSizes ?? pushes) is not { } text)
            return null;
        var option = pushes is null ? _stepSizes : _pushes;
        Exclude(parsed, option, excluded);
        var parts = text.Split(':');
        return
            parts.Length == 3
            && WrittenNumber.Read(parts[0]) is { } first
            && WrittenNumber.Read(parts[1]) is { } last
            && int.TryParse(parts[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out var count)
            ? new StepSizeGrid(first, last, count, pushes is not null)
            : throw new ArgumentException($"{option.Name} is '{text}'; it must be from:to:count, such as 2.05:2.6:12.");
    }

    /// <summary>Throws for an option that is given and has no effect beside another.</summary>
    public static void Exclude(ParseResult parsed, Option option, params Option[] excluded)
    {
        if (excluded.FirstOrDefault(other => parsed.GetResult(other) is { Implicit: false }) is { } idle)
            throw new ArgumentException($"{idle.Name} has no effect beside {option.Name}.");
    }
}
