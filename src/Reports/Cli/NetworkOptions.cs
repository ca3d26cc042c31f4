using System.CommandLine;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>A network with its data and initial weights, as the commands that run one take them.</summary>
/// <param name="defaults">What holds where an option is not given.</param>
internal sealed class NetworkOptions(TrainingSpec defaults)
{
    private const string Widths = "widths",
        Nonlinearity = "activation";

    private readonly Option<string> _data = Options
        .Text(
            "--data",
            defaults.Data,
            $"{string.Join(", ", DataCatalogue.All.Select(Form))}, or a folder; see flatbias data list"
        )
        .Completing(() => DataCatalogue.All.Names);
    private readonly Option<int> _train = Options.Whole(
        "--train",
        defaults.Train,
        "number of training images, the first of the official order"
    );
    private readonly Option<string> _network = Options.Choice(
        "--network",
        defaults.Network.Name,
        "the network; flatbias list shows each with its parameters",
        NetworkCatalogue.All
    );
    private readonly Option<string[]> _set = Options.Assignments(
        "--set",
        "sets a parameter of the network: --network cnn --set channels=4,8 --set kernel=5"
    );
    private readonly Option<string?> _widths = new("--widths")
    {
        Description =
            $"widths of the hidden layers of mlp, separated by commas: the same as --set {Widths}=... [default: {defaults.Network.Values.Text(Widths)}]",
    };
    private readonly Option<string?> _activation = new Option<string?>("--activation")
    {
        Description =
            $"the nonlinearity ({string.Join(", ", ActivationCatalogue.All.Names)}): the same as --set {Nonlinearity}=... [default: {defaults.Network.Values.Text(Nonlinearity)} for mlp, the network's own otherwise]",
    }.Completing(() => ActivationCatalogue.All.Names);
    private readonly Option<string> _loss = Options.Choice(
        "--loss",
        defaults.Loss.Name,
        "the loss, averaged over samples; flatbias list says what each is",
        LossCatalogue.All
    );
    private readonly Option<string> _initialisation = Options.Choice(
        "--initialisation",
        defaults.Initialisation.Name,
        "how the initial weights are drawn from the seed",
        Initialisation.All
    );
    private readonly Option<double> _smoothing = Options.Number(
        "--label-smoothing",
        defaults.LabelSmoothing,
        "s of label smoothing: 1 - s of the target on the class and s spread over all, from 0 to below 1; for cross-entropy and logistic"
    );
    private readonly Option<double> _noise = Options.Number(
        "--label-noise",
        defaults.LabelNoise,
        "chance of each training label to be redrawn, from the seed, to any class; for data with classes"
    );
    private readonly Option<double> _l2 = Options.Number(
        "--l2",
        defaults.L2,
        "l of the term (l/2) |theta|^2 that the loss gets, at least 0"
    );
    private readonly Option<string?> _init = new("--init")
    {
        HelpName = "file",
        Description =
            "initial weights: a safetensors file as flatbias train --save-weights writes it, or of a PyTorch module of the same shapes in the same order; which tensor becomes which is printed where names differ [default: drawn from the seed]",
    };
    private readonly Option<string[]> _rename = Options.Assignments(
        "--rename",
        "says which tensor of the file is which of the network where neither name nor order tells: --rename fc.weight=out.weight"
    );
    private readonly Option<int> _chunk = Options.Whole(
        "--chunk",
        0,
        "the most images to pass through the network at once, to bound memory; 0 for all"
    );
    private readonly Option<string> _precision = Options.Choice(
        "--dtype",
        defaults.Precision,
        "precision of the network; rotations of hundredths of a degree need float64",
        "float32",
        "float64"
    );
    private readonly Option<int> _seed = Options.Whole(
        "--seed",
        defaults.Seed,
        "seeds the initial weights and the eigensolver's starts"
    );
    private readonly Option<string> _device = Options.Device();
    private readonly Option<int?> _threads = Options.Threads();

    public void AddTo(Command command)
    {
        _initialisation.Aliases.Add("--initialization");
        _set.Completing(parsed =>
            parsed.GetValue(_network) is { } name && NetworkCatalogue.All.TryFind(name, out var entry)
                ? entry.Parameters.Select(parameter => $"{parameter.Name}=")
                : []
        );
        foreach (
            var option in new Option[]
            {
                _data,
                _train,
                _network,
                _set,
                _widths,
                _activation,
                _loss,
                _smoothing,
                _noise,
                _l2,
                _initialisation,
                _init,
                _rename,
                _chunk,
                _precision,
                _seed,
                _device,
                _threads,
            }
        )
            command.Options.Add(option);
    }

    /// <summary>The specification as far as these options say it.</summary>
    public TrainingSpec Read(ParseResult parsed) =>
        defaults with
        {
            Data = parsed.GetValue(_data)!,
            Train = parsed.GetValue(_train),
            Network = Network(parsed),
            Initialisation = Initialisation.All.Find(parsed.GetValue(_initialisation)!),
            RenamedWeights = Renamed(parsed),
            Loss = LossCatalogue.All.Find(parsed.GetValue(_loss)!),
            LabelSmoothing = parsed.GetValue(_smoothing),
            LabelNoise = parsed.GetValue(_noise),
            L2 = parsed.GetValue(_l2),
            Chunk = parsed.GetValue(_chunk) is var chunk && chunk == 0 ? null : chunk,
            Precision = parsed.GetValue(_precision)!,
            Seed = parsed.GetValue(_seed),
        };

    /// <summary>Data and initial weights, where these options say that they are.</summary>
    public RunInputs Inputs(ParseResult parsed) => new(weights: Weights(parsed));

    /// <summary>Tells what a user should know of the data before a run.</summary>
    public static void Tell(DataSet data)
    {
        if (data.Warning is { } warning)
            Console.Error.WriteLine($"flatbias: {warning}");
    }

    /// <summary>Reads the initial weights of a file, so that what does not fit is told before the work, and what was matched by order is shown.</summary>
    public static void TellWeights(RunInputs inputs, TrainingSpec spec, LabelledSamples train)
    {
        _ = inputs.InitialWeights(spec, train, out var mapping);
        if (mapping is { IsByName: false })
            Console.Error.WriteLine($"flatbias: the initial weights, file -> network:\n{mapping}");
    }

    /// <summary>The specification with what the inputs and this machine add to it.</summary>
    public TrainingSpec Complete(ParseResult parsed, TrainingSpec spec, RunInputs inputs) =>
        inputs.Complete(spec) with
        {
            Device = Device(parsed),
        };

    /// <summary>Where it is computed.</summary>
    public string Device(ParseResult parsed) => Devices.Resolve(parsed.GetValue(_device)!);

    /// <summary>Sets the number of threads and returns it.</summary>
    public int UseThreads(ParseResult parsed) => Devices.UseThreads(parsed.GetValue(_threads));

    private static string Form(DataEntry entry) =>
        entry switch
        {
            { Embedded: var (train, test) } => string.Create(
                Printed.Numbers,
                $"{entry.Name} ({train:N0} + {test:N0} images come with the program)"
            ),
            { Place: DataPlace.File } => $"{entry.Name}:FILE",
            _ => entry.Name,
        };

    /// <summary>The file of the initial weights; null where they are drawn.</summary>
    public string? Weights(ParseResult parsed) =>
        parsed.GetValue(_init) is not { } file || File.Exists(file)
            ? parsed.GetValue(_init)
            : throw new IOException($"--init {file} does not exist.");

    private SortedDictionary<string, string>? Renamed(ParseResult parsed)
    {
        var given = Options.Assigned(parsed, _rename);
        if (given.Length > 0 && parsed.GetValue(_init) is null)
            throw new ArgumentException("--rename has no effect here: there is no file of weights without --init.");
        return given.Length == 0
            ? null
            : new SortedDictionary<string, string>(
                given.ToDictionary(p => p.Name, p => p.Value),
                StringComparer.Ordinal
            );
    }

    private NetworkChoice Network(ParseResult parsed)
    {
        var name = parsed.GetValue(_network)!;
        var network = name == defaults.Network.Name ? defaults.Network : NetworkChoice.Of(name);
        var given = Options.Assigned(parsed, _set).ToList();
        foreach (var (parameter, option) in new[] { (Widths, _widths), (Nonlinearity, _activation) })
        {
            if (parsed.GetValue(option) is not { } value)
                continue;
            if (given.Any(p => p.Name == parameter))
                throw new ArgumentException($"{parameter} is given twice, by {option.Name} and by --set.");
            given.Add((parameter, value));
        }

        return given.Aggregate(network, (choice, p) => choice.With(p.Name, p.Value));
    }
}
