using System.CommandLine;
using FlatBias.Dynamics.Observables.OnRequest;

namespace FlatBias.Reports.Cli;

/// <summary>What a run measures on request, on landscapes and networks alike.</summary>
/// <param name="exponents">The number of Lyapunov exponents unless another is given.</param>
internal sealed class ObservableOptions(int exponents)
{
    private readonly Option<int> _exponents = Options.Whole(
        "--lyapunov",
        exponents,
        "adds this number of Lyapunov exponents of the run itself, averaged from the start; "
            + "a Hessian product a step for each"
    );
    private readonly Option<string?> _names = new Option<string?>("--observables")
    {
        Description =
            "names of observables measured on request, separated by commas; "
            + "flatbias list observables says what each is [default: none]",
    }.Completing(() => ObservableCatalogue.All.Names);

    public void AddTo(Command command)
    {
        command.Options.Add(_exponents);
        command.Options.Add(_names);
    }

    public int Exponents(ParseResult parsed) => parsed.GetValue(_exponents);

    public string[]? Names(ParseResult parsed) => parsed.GetValue(_names)?.Split(',');
}
