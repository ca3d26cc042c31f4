using System.CommandLine;
using System.Globalization;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>A network with its data and initial weights, as the commands that run one take them.</summary>
/// <param name="defaults">What holds where an option is not given.</param>
internal sealed class NetworkOptions(TrainingSpec defaults)
{
    private readonly Option<string> _data = Options
        .Text(
            "--data",
            defaults.Data,
            $"{string.Join(", ", DataCatalogue.All.Select(Form))}, or a folder; see flatbias data list"
        )
        .Completing(DataCatalogue.All.Names);
    private readonly Option<int> _train = Options.Whole(
        "--train",
        defaults.Train,
        "number of training images, the first of the official order"
    );
    private readonly Option<string> _widths = Options.Text(
        "--widths",
        string.Join(',', defaults.HiddenWidths),
        "widths of the hidden layers, separated by commas"
    );
    private readonly Option<string> _activation = Options.Choice(
        "--activation",
        defaults.Activation.Name,
        "nonlinearity of the hidden layers",
        ActivationCatalogue.All
    );
    private readonly Option<string> _loss = Options.Choice(
        "--loss",
        defaults.Loss.Name,
        "the loss, averaged over samples; flatbias list says what each is",
        LossCatalogue.All
    );
    private readonly Option<double> _smoothing = Options.Number(
        "--label-smoothing",
        defaults.LabelSmoothing,
        "s of label smoothing: 1 - s of the target on the class and s spread over all, from 0 to below 1; for cross-entropy and logistic"
    );
    private readonly Option<double> _l2 = Options.Number(
        "--l2",
        defaults.L2,
        "l of the term (l/2) |theta|^2 that the loss gets, at least 0"
    );
    private readonly Option<string?> _init = new("--init")
    {
        Description =
            "initial weights: a safetensors file with layers.{i}.weight [out, in] and layers.{i}.bias [out], as flatbias train --save-weights writes it [default: LeCun normal from the seed]",
    };
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
        foreach (
            var option in new Option[]
            {
                _data,
                _train,
                _widths,
                _activation,
                _loss,
                _smoothing,
                _l2,
                _init,
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
            HiddenWidths = Widths(parsed.GetValue(_widths)!),
            Activation = ActivationCatalogue.All.Find(parsed.GetValue(_activation)!),
            Loss = LossCatalogue.All.Find(parsed.GetValue(_loss)!),
            LabelSmoothing = parsed.GetValue(_smoothing),
            L2 = parsed.GetValue(_l2),
            Chunk = parsed.GetValue(_chunk) is var chunk && chunk == 0 ? null : chunk,
            Precision = parsed.GetValue(_precision)!,
            Seed = parsed.GetValue(_seed),
        };

    /// <summary>Data and initial weights, where these options say that they are.</summary>
    public RunInputs Inputs(ParseResult parsed) => new(weights: Weights(parsed));

    /// <summary>The specification with what the inputs and this machine add to it.</summary>
    public TrainingSpec Complete(ParseResult parsed, TrainingSpec spec, RunInputs inputs) =>
        inputs.Complete(spec) with
        {
            Device = Devices.Resolve(parsed.GetValue(_device)!),
        };

    /// <summary>Sets the number of threads and returns it.</summary>
    public int UseThreads(ParseResult parsed) => Devices.UseThreads(parsed.GetValue(_threads));

    private static string Form(DataEntry entry) =>
        entry switch
        {
            { Embedded: var (train, test) } => string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Name} ({train:N0} + {test:N0} images come with the program)"
            ),
            { Place: DataPlace.File } => $"{entry.Name}:FILE",
            _ => entry.Name,
        };

    private string? Weights(ParseResult parsed) =>
        parsed.GetValue(_init) is not { } file || File.Exists(file)
            ? parsed.GetValue(_init)
            : throw new IOException($"--init {file} does not exist.");

    private static int[] Widths(string text) =>
        [
            .. text.Split(',')
                .Select(item =>
                    int.TryParse(item, NumberStyles.Integer, CultureInfo.InvariantCulture, out var width) && width >= 1
                        ? width
                        : throw new ArgumentException(
                            $"--widths is '{text}'; it must be whole numbers of at least 1, separated by commas."
                        )
                ),
        ];
}
