using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias train: one network run, one record.</summary>
internal sealed class TrainCommand
{
    private static readonly TrainingSpec Default = new();

    private readonly Option<string> _data = Options.Text("--data", Default.Data, "fashion-mnist (5,000 + 1,000 images come with the program), mnist, cifar-10, csv:FILE, gaussian-mixture, teacher-student, or a folder; see flatbias data list");
    private readonly Option<int> _train = Options.Whole("--train", Default.Train, "number of training images, the first of the official order");
    private readonly Option<int> _test = Options.Whole("--test", Default.Test, "number of test images, the first of the official order");
    private readonly Option<string> _widths = Options.Text("--widths", string.Join(',', Default.HiddenWidths), "widths of the hidden layers, separated by commas");
    private readonly Option<string> _activation = Options.Choice("--activation", "relu", "nonlinearity of the hidden layers", "tanh", "relu", "softplus", "linear");
    private readonly Option<string> _loss = Options.Choice("--loss", "cross-entropy", "softmax cross-entropy, or half the squared error summed over outputs", "cross-entropy", "mse");
    private readonly DescentOptions _descent = new(Default.StepSize.ToString(CultureInfo.InvariantCulture), Options.Whole("--batch-seed", 1, "seeds the draw of minibatches"));
    private readonly Option<int> _steps = Options.Whole("--steps", Default.Steps, "number of steps");
    private readonly Option<double?> _target = new("--loss-target") { Description = "ends the run at the first step with a loss of at most this, to compare runs at equal loss [default: all steps are taken]" };
    private readonly Option<int> _every = Options.Whole("--measure-every", Default.MeasureEvery, "measure before every n-th step, and at the end");
    private readonly Option<int> _eigenpairs = Options.Whole("--eigenpairs", Default.Eigenpairs, "number of leading Hessian eigenpairs");
    private readonly Option<int> _trailing = Options.Whole("--trailing-every", Default.TrailingEvery, "measure the smallest eigenvalue at every n-th measurement only; it costs far more than the largest");
    private readonly Option<int?> _reference = new("--reference-step") { Description = "the measured step whose leading frame the similarities compare with, such as one after the first transient [default: the first]" };
    private readonly Option<int> _chunk = Options.Whole("--chunk", 0, "the most images to pass through the network at once, to bound memory; 0 for all");
    private readonly Option<bool> _noise = new("--measure-noise") { Description = "adds the variance over the samples of the gradient along each leading eigenvector" };
    private readonly Option<int?> _trace = new("--trace-probes") { Description = "adds the trace of the Hessian by this many random probes, at least 2, with its standard error [default: not measured]" };
    private readonly Option<bool> _routes = new("--check-routes") { Description = "adds the disagreement of two independent routes to H v_1, m_3 and m_4; costs some 30 gradients a measurement" };
    private readonly Option<int> _checkpoint = Options.Whole("--checkpoint-every", RunJournal.DefaultEvery, "steps between checkpoints; a killed run goes on from the last one when the same command is given again");
    private readonly Option<string> _output = Options.Required("--out", "folder for the record (record.json and series.parquet)");
    private readonly Option<string?> _init = new("--init") { Description = "initial weights: a safetensors file with layers.{i}.weight [out, in] and layers.{i}.bias [out] [default: LeCun normal from the seed]" };
    private readonly Option<string?> _save = new("--save-weights") { Description = "writes the final weights to this safetensors file" };
    private readonly Option<string> _precision = Options.Choice("--dtype", Default.Precision, "precision of the network", "float32", "float64");
    private readonly Option<int> _seed = Options.Whole("--seed", Default.Seed, "seeds the initial weights and the eigensolver's starts");
    private readonly Option<string> _device = Options.Device();
    private readonly Option<int?> _threads = Options.Threads();

    public static Command Create(CancellationToken cancellation)
    {
        var options = new TrainCommand();
        var command = new Command(
            "train",
            """
            Trains a fully connected network, measures its Hessian on the full batch along the way, and keeps one record. An interrupted or killed run goes on from its last checkpoint when the same command is given again.

            Example, the edge of stability (theory.md, 8.1):
              flatbias train --data fashion-mnist --train 1000 --test 200 --widths 32,32,32 --activation relu --loss cross-entropy --step-size 0.1 --steps 400 --measure-every 4 --out run
            """)
        {
            options._data, options._train, options._test, options._widths, options._activation, options._loss, options._steps, options._target, options._every,
            options._eigenpairs, options._trailing, options._reference, options._chunk, options._noise, options._trace, options._routes, options._checkpoint, options._output, options._init, options._save, options._precision, options._seed, options._device, options._threads,
        };
        options._descent.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var init = parsed.GetValue(_init);
        if (init is not null && !File.Exists(init)) throw new IOException($"--init {init} does not exist.");
        var spec = Specification(parsed, init);
        if (parsed.GetValue(_save) is { } target) OutputFolder.PrepareFile("--save-weights", target);
        var data = DataCatalogue.Load(spec.Data, spec.Train, spec.Test);
        var (train, test) = (data.Train, data.Test);
        spec.Validate(train.Features, train.Classes);
        var architecture = spec.Architecture(train.Features, train.Classes);
        var initial = init is null ? null : NetworkWeights.FromSafetensors(init, [.. architecture.Widths]);
        if (spec.Data != Default.Data) spec = spec with { DataHash = data.Hash(), Normalisation = data.Normalisation };
        spec = spec with { Device = Devices.Resolve(parsed.GetValue(_device)!) };
        var threads = Devices.UseThreads(parsed.GetValue(_threads));
        RunOutcome? outcome = null;
        var folder = parsed.GetValue(_output)!;
        var network = new NetworkSpec(spec);
        var code = RecordedRun.Execute(
            network, folder, threads, parsed.GetValue(_checkpoint),
            context =>
            {
                if (init is not null) AtomicFile.Write(RunRecord.InitialWeights(folder), stream => stream.Write(File.ReadAllBytes(init)));
                return outcome = network.Execute(context, train, test, initial);
            },
            cancellation);
        if (parsed.GetValue(_save) is { } path && code == FlatBiasCommand.Success)
            NetworkWeights.ToSafetensors(path, [.. architecture.Widths], outcome!.Weights!, spec.Precision == "float64" ? "F64" : "F32");
        return code;
    }

    private TrainingSpec Specification(ParseResult parsed, string? init) => new()
    {
        Data = parsed.GetValue(_data)!,
        Train = parsed.GetValue(_train),
        Test = parsed.GetValue(_test),
        HiddenWidths = Widths(parsed.GetValue(_widths)!),
        Activation = Enum.Parse<Activation>(parsed.GetValue(_activation)!, ignoreCase: true),
        Loss = parsed.GetValue(_loss) == "mse" ? NetworkLoss.MeanSquaredError : NetworkLoss.CrossEntropy,
        StepSize = _descent.StepSizes(parsed).First,
        Schedule = _descent.StepSizes(parsed).Schedule,
        Optimiser = _descent.Optimiser(parsed),
        Batch = _descent.Batch(parsed),
        Steps = parsed.GetValue(_steps),
        LossTarget = parsed.GetValue(_target),
        MeasureEvery = parsed.GetValue(_every),
        Eigenpairs = parsed.GetValue(_eigenpairs),
        TrailingEvery = parsed.GetValue(_trailing),
        ReferenceStep = parsed.GetValue(_reference),
        Chunk = parsed.GetValue(_chunk) is var chunk && chunk == 0 ? null : chunk,
        MeasureNoise = parsed.GetValue(_noise),
        TraceProbes = parsed.GetValue(_trace),
        CheckRoutes = parsed.GetValue(_routes),
        Precision = parsed.GetValue(_precision)!,
        Seed = parsed.GetValue(_seed),
        InitialWeights = init is null ? null : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(init))),
    };

    private static int[] Widths(string text) =>
    [
        .. text.Split(',').Select(item => int.TryParse(item, NumberStyles.Integer, CultureInfo.InvariantCulture, out var width) && width >= 1
            ? width
            : throw new ArgumentException($"--widths is '{text}'; it must be whole numbers of at least 1, separated by commas.")),
    ];
}
