using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>Every wrong input ends in one line and the right exit code, and leaves nothing behind.</summary>
[Collection("console")]
public partial class WrongInputTests
{
    [Theory]
    [InlineData("landscape is 'nowhere'; it must be", "simulate nowhere --step-size 0.1")]
    [InlineData("has no parameter 'foo'", "simulate quadratic --set foo=1 --step-size 0.1")]
    [InlineData("--set is 'foo'", "simulate quadratic --set foo --step-size 0.1")]
    [InlineData("link is 'cubic'", "simulate two-parameter-network --set link=cubic --step-size 0.1")]
    [InlineData("exponent is 1", "simulate two-parameter-network --set exponent=1 --step-size 0.1")]
    [InlineData("start has 3 elements", "simulate two-parameter-network --start 1,2,3 --step-size 0.1")]
    [InlineData("start[2] is 'x'", "simulate two-parameter-network --start 1,x --step-size 0.1")]
    [InlineData("step-size is 0", "simulate quadratic --step-size 0")]
    [InlineData("step-size is -1", "simulate quadratic --step-size -1")]
    [InlineData("step-size is NaN", "simulate quadratic --step-size NaN")]
    [InlineData("step-size is Infinity", "simulate quadratic --step-size Infinity")]
    [InlineData("step-size is 'abc'", "simulate quadratic --step-size abc")]
    [InlineData("steps is -1", "simulate quadratic --step-size 0.1 --steps -1")]
    [InlineData("measure-every is 0", "simulate quadratic --step-size 0.1 --measure-every 0")]
    [InlineData("--step-size", "simulate quadratic")]
    [InlineData(
        "drop step is 500; it must be a whole number from 1 to 399",
        "simulate quadratic --step-size drop:0.1,0.01,500"
    )]
    [InlineData(
        "momentum is 1; it must be a number from 0 to below 1",
        "simulate quadratic --step-size 0.1 --optimiser momentum --momentum 1"
    )]
    [InlineData(
        "--no-bias-correction has no effect here: the rule rmsprop does not use it",
        "simulate quadratic --step-size 0.1 --optimiser rmsprop --no-bias-correction"
    )]
    [InlineData(
        "momentum is NaN; it must be a finite number",
        "simulate quadratic --step-size 0.1 --optimiser momentum --momentum NaN"
    )]
    [InlineData(
        "epsilon is Infinity; it must be a finite number",
        "simulate quadratic --step-size 0.1 --optimiser adam --epsilon Infinity"
    )]
    [InlineData(
        "it must be NUMBER, drop:HIGH,LOW,AT, warm-up:SIZE,STEPS or cyclic:A,B,...",
        "simulate quadratic --step-size constant:0.1"
    )]
    [InlineData("drop step is 1.5; it must be a whole number", "simulate quadratic --step-size drop:0.2,0.1,1.5")]
    [InlineData("clip is 0", "simulate quadratic --step-size 0.1 --optimiser clipped-ada --clip 0")]
    [InlineData("--optimiser is 'lion'", "simulate quadratic --step-size 0.1 --optimiser lion")]
    [InlineData(
        "observables has batch-sharpness, which needs minibatches; give batch-size.",
        "simulate quadratic --step-size 0.1 --observables gradient-alignment,batch-sharpness"
    )]
    [InlineData(
        "observables has sharpness-dimension, which needs Lyapunov exponents; give lyapunov.",
        "simulate quadratic --step-size 0.1 --observables sharpness-dimension"
    )]
    [InlineData(
        "observables has gauss-newton-share, which needs a loss of outputs",
        "simulate quadratic --step-size 0.1 --observables gauss-newton-share"
    )]
    [InlineData(
        "observables has test-loss, which needs test samples",
        "simulate quadratic --step-size 0.1 --observables test-loss"
    )]
    [InlineData(
        "observables has realised-edge twice",
        "simulate quadratic --step-size 0.1 --observables realised-edge,realised-edge"
    )]
    [InlineData(
        "observables is ''; it must be realised-edge,",
        "simulate quadratic --step-size 0.1 --observables realised-edge,"
    )]
    [InlineData("Did you mean realised-edge?", "train --observables realized-edge")]
    [InlineData("observables has test-loss, which needs test samples", "train --test 0 --observables test-loss")]
    [InlineData("observables has batch-lambda, which needs minibatches", "train --observables batch-lambda")]
    [InlineData(
        "lyapunov is 3; it must be a whole number from 1 to 2",
        "simulate quadratic --step-size 0.1 --lyapunov 3"
    )]
    [InlineData(
        "lyapunov is for full-batch gradient descent",
        "simulate quadratic --step-size 0.1 --lyapunov 1 --optimiser adam"
    )]
    [InlineData("has no data to draw from", "simulate quadratic --step-size 0.1 --batch-size 3")]
    [InlineData("step-size is 0", "train --step-size 0")]
    [InlineData("steps is -5", "train --steps -5")]
    [InlineData("widths[1] is 0", "train --widths 0")]
    [InlineData("widths[2] is ''", "train --widths 3,,4")]
    [InlineData("eigenpairs is 99999999; it must be a whole number from 1 to 27562", "train --eigenpairs 99999999")]
    [InlineData("eigenpairs is 0", "train --eigenpairs 0")]
    [InlineData("widths give 10079600010 parameters; there must be at most 100000000", "train --widths 100000,100000")]
    [InlineData(
        "samples is 2000000000; it must be at most 1024",
        "simulate diagonal-regression --step-size 0.1 --set samples=2000000000"
    )]
    [InlineData(
        "widths[1] is 100000; it must be at most 1024",
        "simulate deep-linear-network --step-size 0.1 --set widths=100000,100000"
    )]
    [InlineData(
        "--momentum has no effect here: the rule gd does not use it",
        "simulate quadratic --step-size 0.1 --momentum 5"
    )]
    [InlineData(
        "--batch-seed has no effect here: there are no minibatches",
        "simulate quadratic --step-size 0.1 --seed 5"
    )]
    [InlineData(
        "--set eigenvalues is given twice",
        "simulate quadratic --step-size 0.1 --set eigenvalues=1,1 --set eigenvalues=2,1"
    )]
    [InlineData(
        "warm-up is 500; it must be a whole number from 1 to 399",
        "simulate quadratic --step-size warm-up:0.1,500"
    )]
    [InlineData("activation is 'mish'", "train --activation mish")]
    [InlineData("--dtype is 'float16'", "train --dtype float16")]
    [InlineData("--device is 'tpu'", "train --device tpu")]
    [InlineData("--threads is '0'", "train --threads 0")]
    [InlineData("train is 99999", "train --train 99999")]
    [InlineData("'--layers'", "train --layers 3")]
    [InlineData("--optimiser is 'lion'", "train --optimiser lion")]
    [InlineData(
        "second-decay is 1; it must be a number from 0 to below 1",
        "train --optimiser rmsprop --second-decay 1"
    )]
    [InlineData("epsilon is -1", "train --optimiser adam --epsilon -1")]
    [InlineData("--clip has no effect here: the rule adam does not use it", "train --optimiser adam --clip 2")]
    [InlineData("--batch-seed has no effect here: there are no minibatches", "train --batch-seed 3")]
    [InlineData("--replacement has no effect here: there are no minibatches", "train --replacement")]
    [InlineData("batch-size is 61; it must be a whole number from 1 to 60", "train --train 60 --batch-size 61")]
    [InlineData("batch-size is -1", "train --batch-size -1")]
    [InlineData("drop step is 400; it must be a whole number from 1 to 399", "train --step-size drop:0.1,0.01,400")]
    [InlineData("step-size is 'drop:1'", "train --step-size drop:1")]
    [InlineData("checkpoint-every is 0; it must be a whole number of at least 1", "train --checkpoint-every 0")]
    [InlineData("chunk is -5", "train --chunk -5")]
    [InlineData("trailing-every is 0", "train --trailing-every 0")]
    [InlineData("loss-target is 0; it must be", "train --loss-target 0")]
    [InlineData("trace-probes is 1; it must be", "train --trace-probes 1")]
    [InlineData("label-smoothing is 1; it must be a number from 0 to below 1", "train --label-smoothing 1")]
    [InlineData("label-smoothing is -0.1; it must be", "train --label-smoothing -0.1")]
    [InlineData("label-smoothing is NaN; it must be", "train --label-smoothing NaN")]
    [InlineData(
        "label-smoothing is 0.1 and loss mse; only cross-entropy or logistic can have smoothed labels",
        "train --loss mse --label-smoothing 0.1"
    )]
    [InlineData("label-smoothing is 0.2 and loss mse", "forecast --label-smoothing 0.2")]
    [InlineData("label-noise is 1.5; it must be a number from 0 to 1", "train --label-noise 1.5")]
    [InlineData("label-noise is NaN; it must be", "forecast --label-noise NaN")]
    [InlineData(
        "label-noise is 0.1 and the targets are numbers; only classes can be redrawn",
        "train --data chebyshev --train 20 --test 5 --loss mse --label-noise 0.1"
    )]
    [InlineData("l2 is -1; it must be", "train --l2 -1")]
    [InlineData("l2 is NaN; it must be", "train --l2 NaN")]
    [InlineData("l2 is Infinity; it must be", "forecast --l2 Infinity")]
    [InlineData("weight-decay is -0.1; it must be", "train --weight-decay -0.1")]
    [InlineData("weight-decay is -0.1; it must be", "simulate quadratic --step-size 0.1 --weight-decay -0.1")]
    [InlineData("leave out --optimiser, --weight-decay", "train --weight-decay 0.1 --lyapunov 1")]
    [InlineData("'--weight-decay'", "forecast --weight-decay 0.1")]
    [InlineData("loss is cross-entropy, which needs classes", "train --data chebyshev --train 20 --test 5")]
    [InlineData(
        "loss is logistic, which needs classes, or numbers from 0 to 1; these targets are numbers, such as -",
        "train --data chebyshev --train 20 --test 5 --loss logistic"
    )]
    [InlineData("loss is logistic", "forecast --data chebyshev --train 20 --loss logistic")]
    [InlineData("reference-step is 401; it must be", "train --reference-step 401")]
    [InlineData("reference-step is 5; it must be a multiple of measure-every, 4", "train --reference-step 5")]
    [InlineData("--profile is 'huge'", "report --profile huge")]
    [InlineData("--figures is 'bmp'", "report --figures bmp")]
    public void AnyCommand_WrongUsage_IsOneLineAndCode2(string words, string command)
    {
        using var folder = new TemporaryFolder();
        string[] args = [.. command.Split(' '), "--out", folder.File("out")];
        CommandLine.Fails(2, words, args);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("'frobnicate'", "frobnicate")]
    [InlineData("--format is 'xml'", "export . --format xml")]
    [InlineData("--out", "train")]
    [InlineData("--widths is empty", "train --out never --widths ")]
    public void AnyCommand_WrongWords_IsOneLineAndCode2(string words, string command) =>
        CommandLine.Fails(2, words, command.Split(' '));

    [Fact]
    public void Train_NoGpu_SaysWhatToDo()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "there is a GPU");
        using var folder = new TemporaryFolder();
        CommandLine.Fails(
            1,
            "torch sees no CUDA device: the libtorch that comes with this build is for the CPU",
            "train",
            "--device",
            "cuda",
            "--out",
            folder.File("out")
        );
        CommandLine.Fails(
            1,
            "device cuda:3 was asked for, but torch sees no CUDA device",
            "train",
            "--device",
            "cuda:3",
            "--out",
            folder.File("out")
        );
        CommandLine.Fails(1, "torch sees no CUDA device", "gpu-check");
    }

    [Fact]
    public void Train_DataFolderMissing_NamesIt()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Fails(
            1,
            "there is no such folder",
            "train",
            "--data",
            folder.File("nowhere"),
            "--out",
            folder.File("out")
        );
        CommandLine.Fails(
            1,
            "is not a folder",
            "report",
            "--data",
            folder.File("nowhere"),
            "--out",
            folder.File("out")
        );
    }

    [Fact]
    public void Train_DataFileCorrupt_NamesIt()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0]);
        foreach (var name in new[] { "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
            folder.Write(name, [0, 0, 8, 1, 0, 0, 0, 0]);
        CommandLine.Fails(1, "train-images-idx3-ubyte", "train", "--data", folder.Path, "--out", folder.File("out"));
    }

    [Fact]
    public void Train_InitialWeightsOfAnotherShape_NamesTheTensor()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("weights.safetensors");
        int[] widths = [784, 5, 10];
        NetworkWeights.ToSafetensors(
            file,
            FullyConnectedNetwork.LayoutOf(widths),
            new double[Architecture.CountParameters(widths)],
            "F32"
        );
        CommandLine.Fails(
            1,
            "layers.0.weight",
            "train",
            "--widths",
            "4",
            "--steps",
            "1",
            "--init",
            file,
            "--out",
            folder.File("out")
        );
        CommandLine.Fails(1, "does not exist", "train", "--init", folder.File("nowhere"), "--out", folder.File("out"));
    }

    [Theory]
    [InlineData(
        "train-images-idx3-ubyte",
        new byte[] { 0, 0, 8, 9, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28 },
        "magic number"
    )]
    [InlineData("train-images-idx3-ubyte", new byte[] { 0x1f, 0x8b, 8, 0, 1, 2, 3 }, "gzip")]
    [InlineData("train-labels-idx1-ubyte", new byte[] { 0, 0, 8, 1, 0, 0, 0, 9, 0 }, "labels")]
    public void TrainAndReport_DataFileBroken_NameTheFile(string name, byte[] content, string words)
    {
        using var folder = new TemporaryFolder();
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[784]],
            labels = [0, 0, 8, 1, 0, 0, 0, 1, 3];
        foreach (var prefix in new[] { "train", "t10k" })
        {
            folder.Write($"{prefix}-images-idx3-ubyte", images);
            folder.Write($"{prefix}-labels-idx1-ubyte", labels);
        }

        folder.Write(name, content);
        foreach (var command in new[] { "train", "report" })
        {
            var (code, _, error) = CommandLine.Run(command, "--data", folder.Path, "--out", folder.File("out"));
            Assert.Equal(1, code);
            Assert.Contains("train-", error, StringComparison.Ordinal);
            Assert.Contains(words, error, StringComparison.OrdinalIgnoreCase);
        }
    }
}
