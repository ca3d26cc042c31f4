using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias train: one network run, one record.</summary>
internal sealed class TrainCommand
{
    public const string Name = "train",
        Summary =
            "Trains a network, measures its Hessian on the full batch along the way, and keeps one record. An interrupted or killed run goes on from its last checkpoint when the same command is given again, and a finished one from its end when it is given again with more --steps.";

    private static readonly TrainingSpec Default = new();

    private readonly NetworkOptions _network = new(Default);
    private readonly Option<int> _test = Options.Whole(
        "--test",
        Default.Test,
        "number of test images, the first of the official order"
    );
    private readonly DescentOptions _descent = new(Default.StepSize, Default.Optimiser);
    private readonly Option<int> _steps = Options.Whole("--steps", Default.Steps, "number of steps");
    private readonly Option<double?> _target = Options.NumberOrNone(
        "--loss-target",
        "ends the run at the first step with a loss of at most this, to compare runs at equal loss [default: all steps are taken]"
    );
    private readonly Option<int> _every = Options.Whole(
        "--measure-every",
        Default.MeasureEvery,
        "measure before every n-th step, and at the end; each costs some hundred gradients"
    );
    private readonly Option<int> _eigenpairs = Options.Whole(
        "--eigenpairs",
        Default.Eigenpairs,
        "number of leading Hessian eigenpairs"
    );
    private readonly Option<int> _trailing = Options.Whole(
        "--trailing-every",
        Default.TrailingEvery,
        "measure the smallest eigenvalue at every n-th measurement only; it costs far more than the largest"
    );
    private readonly Option<int?> _reference = Options.WholeOrNone(
        "--reference-step",
        "the measured step whose leading frame the similarities compare with, such as one after the first transient [default: the first]"
    );
    private readonly ObservableOptions _observables = new(Default.Exponents);
    private readonly Option<bool> _predict = new("--predict-rotation")
    {
        Description =
            "adds the rotation of v_1 to first order (theory.md, 1.7) beside the measured one; some tens of Hessian products a measurement",
    };
    private readonly Option<bool> _noise = new("--measure-noise")
    {
        Description = "adds the variance over the samples of the gradient along each leading eigenvector",
    };
    private readonly Option<int?> _trace = Options.WholeOrNone(
        "--trace-probes",
        "adds the trace of the Hessian by this many random probes, at least 2, with its standard error [default: not measured]"
    );
    private readonly Option<int?> _layers = Options.WholeOrNone(
        "--layers-every",
        "adds each layer's share of v_1, and at every n-th measurement the sharpness of the layer's own block of the Hessian, some tens of products a layer [default: neither]"
    );
    private readonly Option<string?> _group = new("--group")
    {
        Description =
            "adds the leading eigenvalues, --eigenpairs of them, of the diagonal block of a layer, or of all whose names begin so: conv1, block1, layers.0",
    };
    private readonly Option<bool> _routes = new("--check-routes")
    {
        Description =
            "adds the disagreement of two independent routes to H v_1, m_3 and m_4 of mlp; costs some 30 gradients a measurement",
    };
    private readonly Option<string?> _spectra = new("--spectra")
    {
        Description =
            "measured steps at which the whole spectrum is measured too, separated by commas, into spectrum-STEP.json beside the record; some thousand Hessian products each; flatbias spectrum draws them [default: none]",
    };
    private readonly Option<bool> _watch = new("--watch")
    {
        Description =
            "shows loss, stability number against 1 and rotation while the run goes; a line a measurement where standard error is no terminal",
    };
    private readonly Option<string?> _tensorBoard = new("--tensorboard")
    {
        HelpName = "folder",
        Description = "also writes the rows, as they are measured, as event files of TensorBoard into this folder",
    };
    private readonly Option<int> _checkpoint = Options.Whole(
        "--checkpoint-every",
        RunJournal.DefaultEvery,
        "steps between checkpoints; a killed run goes on from the last one when the same command is given again"
    );
    private readonly Option<string> _output = Options.Folder("folder for the record (record.json and series.parquet)");
    private readonly Option<string?> _save = new("--save-weights")
    {
        HelpName = "file",
        Description = "writes the final weights to this safetensors file",
    };

    public static Command Create(CancellationToken cancellation) => Create(new TrainCommand(), cancellation);

    /// <summary>The training that options say, and the file of its initial weights, where they are given by name: what a sweep runs at a point.</summary>
    /// <param name="options">Names without their dashes, and values.</param>
    /// <exception cref="ArgumentException">An option is unknown, or its value is wrong.</exception>
    public static (TrainingSpec Training, string? Weights) Read(IReadOnlyList<KeyValuePair<string, string>> options)
    {
        var train = new TrainCommand();
        var command = Create(train, CancellationToken.None);
        var parsed = command.Parse([.. SweptTraining.Arguments(command, options), train._output.Name, "."]);
        if (parsed.Errors.Count > 0)
            throw new ArgumentException(parsed.Errors[0].Message);
        return (
            train.Specification(parsed) with
            {
                Device = train._network.Device(parsed),
            },
            train._network.Weights(parsed)
        );
    }

    private static Command Create(TrainCommand options, CancellationToken cancellation)
    {
        var command = new Command(
            Name,
            Summary
                + """


                Example, the edge of stability (theory.md, 8.1):
                  flatbias train --data fashion-mnist --train 1000 --test 200 --widths 32,32,32 --activation relu --loss cross-entropy --step-size 0.1 --steps 400 --measure-every 4 --out run
                """
        )
        {
            options._test,
            options._steps,
            options._target,
            options._every,
            options._eigenpairs,
            options._trailing,
            options._reference,
            options._predict,
            options._noise,
            options._trace,
            options._layers,
            options._group,
            options._routes,
            options._spectra,
            options._watch,
            options._tensorBoard,
            options._checkpoint,
            options._output,
            options._save,
        };
        options._network.AddTo(command);
        options._descent.AddTo(command);
        options._observables.AddTo(command);
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var spec = Specification(parsed);
        using var saved = OutputFile.Prepare(_save.Name, parsed.GetValue(_save));
        var inputs = _network.Inputs(parsed);
        var train = inputs.Data(spec).Train;
        NetworkOptions.Tell(inputs.Data(spec));
        spec.Validate(train);
        NetworkOptions.TellWeights(inputs, spec, train);
        spec = _network.Complete(parsed, spec, inputs);
        var journal = new RunJournal(
            parsed.GetValue(_output)!,
            _network.UseThreads(parsed),
            parsed.GetValue(_checkpoint)
        );
        using var board = parsed.GetValue(_tensorBoard) is { } logs
            ? OutputFolder.PrepareFor("tensorboard", logs, _tensorBoard.Name)
            : null;
        var (code, outcome) = RecordedRun.MakeAndKeep(
            new NetworkSpec(spec),
            journal,
            new RunContext(inputs, cancellation)
            {
                Measured = board is null ? null : new TensorBoardLog(board.Path).Write,
            },
            parsed.GetValue(_watch) ? WatchView.Make : null
        );
        if (parsed.GetValue(_save) is { } path && code == FlatBiasCommand.Success)
            NetworkWeights.ToSafetensors(
                path,
                spec.Model(train).Layout,
                outcome.End,
                spec.Precision == "float64" ? "F64" : "F32"
            );
        return code;
    }

    private int[]? Spectra(ParseResult parsed) =>
        parsed
            .GetValue(_spectra)
            ?.Split(',')
            .Select(text =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
                    ? step
                    : throw new ArgumentException(
                        $"--spectra holds '{text}'; it must be steps separated by commas, such as 0,100,200."
                    )
            )
            .ToArray();

    private TrainingSpec Specification(ParseResult parsed) =>
        _network.Read(parsed) with
        {
            Test = parsed.GetValue(_test),
            StepSize = _descent.StepSize(parsed),
            Optimiser = _descent.Optimiser(parsed),
            Batch = _descent.Batch(parsed),
            Steps = parsed.GetValue(_steps),
            LossTarget = parsed.GetValue(_target),
            MeasureEvery = parsed.GetValue(_every),
            Eigenpairs = parsed.GetValue(_eigenpairs),
            TrailingEvery = parsed.GetValue(_trailing),
            ReferenceStep = parsed.GetValue(_reference),
            Exponents = _observables.Exponents(parsed),
            Observables = _observables.Names(parsed),
            PredictRotation = parsed.GetValue(_predict),
            MeasureNoise = parsed.GetValue(_noise),
            TraceProbes = parsed.GetValue(_trace),
            LayersEvery = parsed.GetValue(_layers),
            Group = parsed.GetValue(_group),
            CheckRoutes = parsed.GetValue(_routes),
            SpectrumSteps = Spectra(parsed),
        };
}
