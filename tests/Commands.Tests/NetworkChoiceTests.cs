using FlatBias.NeuralValidation.Networks;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>Networks of the catalogue through the command: trained, forecast, repeated, and begun from weights of another program.</summary>
[Collection("console")]
public sealed class NetworkChoiceTests
{
    private static readonly string[] Machine = ["--device", "cpu", "--threads", "1"];

    public static TheoryData<string> Names => [.. NetworkCatalogue.All.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_EveryNetwork_KeepsARecordThatReruns(string name)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = CommandLine.Run([
            "train",
            .. Small(name),
            .. Machine,
            "--test",
            "5",
            "--step-size",
            "0.05",
            "--steps",
            "3",
            "--measure-every",
            "1",
            "--eigenpairs",
            "1",
            "--initialisation",
            "depth-scaled",
            "--out",
            folder.File("run"),
        ]);
        Assert.True(code == 0, error);
        var record = RunRecord.Load(folder.File("run"));
        var training = ((NetworkSpec)record.Manifest.Specification).Training;
        Assert.Equal(name, training.Network.Name);
        Assert.Same(Initialisation.DepthScaled, training.Initialisation);
        Assert.Equal(4, record.Series.Rows);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Theory]
    [InlineData("cnn", "2.4")]
    [InlineData("transformer", "2.2")]
    public void Forecast_OtherNetworks_ForecastsByTheSameTheories(string name, string push)
    {
        var (code, output, error) = CommandLine.Run([
            "forecast",
            .. Small(name),
            .. Machine,
            "--step-size",
            "0.05",
            "--approach",
            "200",
            "--push",
            push,
            "--krylov",
            "8",
            "--horizon",
            "30",
            "--theories",
            "memory-map-4,moment-map-2",
        ]);
        Assert.True(code == 0, error);
        Assert.Contains("memory-map-4 ", output, StringComparison.Ordinal);
        Assert.Contains("Instability 1, step size", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WeightsOfASequentialModule_AreMatchedByOrderAndToldOf()
    {
        // As nn.Sequential(Conv2d, Tanh, ..., Linear) names its tensors.
        using var folder = new TemporaryFolder();
        var file = folder.File("weights.safetensors");
        ParameterLayout layout = NetworkChoice
            .Of("cnn")
            .With("channels", "2")
            .With("strides", "4")
            .Build(new SampleShape([1, 28, 28], TargetKind.Classes, 10))
            .Layout;
        var theta = Initialisation.LeCun.Draw(layout, 3);
        Write(file, layout, ["0.weight", "0.bias", "4.weight", "4.bias"], theta);
        string[] run =
        [
            "train",
            "--network",
            "cnn",
            "--set",
            "channels=2",
            "--set",
            "strides=4",
            "--train",
            "20",
            "--test",
            "0",
            "--steps",
            "1",
            "--eigenpairs",
            "1",
            .. Machine,
            "--init",
            file,
        ];
        var (code, _, error) = CommandLine.Run([.. run, "--out", folder.File("run")]);
        Assert.True(code == 0, error);
        Assert.Contains("0.weight -> conv1.weight", error, StringComparison.Ordinal);
        Assert.Contains("4.bias -> out.bias", error, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
        CommandLine.Fails(
            1,
            "it has no tensor 'fc.weight' to rename",
            [.. run, "--rename", "fc.weight=out.weight", "--out", folder.File("other")]
        );
    }

    [Fact]
    public void Train_RenamedWeights_AreThoseOfTheNames()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("weights.safetensors");
        var layout = FullyConnectedNetwork.LayoutOf([784, 784, 10]);
        var theta = Initialisation.LeCun.Draw(layout, 3);
        var other = folder.File("other.safetensors");
        NetworkWeights.ToSafetensors(file, layout, theta, "F64");
        // Under names whose order is another one.
        string[] names = ["z.weight", "z.bias", "a.weight", "a.bias"];
        Write(other, layout, names, theta);
        string[] run =
        [
            "train",
            "--widths",
            "784",
            "--train",
            "10",
            "--test",
            "0",
            "--steps",
            "0",
            "--eigenpairs",
            "1",
            .. Machine,
        ];
        Assert.Equal(0, CommandLine.Run([.. run, "--init", file, "--out", folder.File("first")]).Code);
        CommandLine.Fails(1, "say which is which by --rename", [.. run, "--init", other, "--out", folder.File("no")]);
        string[] renamed =
        [
            "--rename",
            "z.weight=layers.0.weight",
            "--rename",
            "z.bias=layers.0.bias",
            "--rename",
            "a.weight=layers.1.weight",
            "--rename",
            "a.bias=layers.1.bias",
        ];
        var (code, _, error) = CommandLine.Run([.. run, "--init", other, .. renamed, "--out", folder.File("second")]);
        Assert.True(code == 0, error);
        Assert.Equal(
            RunRecord.Load(folder.File("first")).Series.Array("sharpness"),
            RunRecord.Load(folder.File("second")).Series.Array("sharpness")
        );
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("second")]).Code);
    }

    [Theory]
    [InlineData("network is 'rnn'", "--network rnn")]
    [InlineData("cnn has no parameter 'widths'", "--network cnn --widths 3")]
    [InlineData("widths is given twice, by --widths and by --set", "--widths 3 --set widths=4")]
    [InlineData("--set channels is given twice", "--network cnn --set channels=2 --set channels=4")]
    [InlineData("--set is 'channels'; it must be name=value", "--network cnn --set channels")]
    [InlineData("--rename has no effect here", "--rename a=b")]
    [InlineData("kernel is 29, but the image is 28 x 28", "--network cnn --set kernel=29")]
    [InlineData("network is transformer, which takes sequences of tokens", "--network transformer")]
    [InlineData("check-routes is for mlp", "--network cnn --check-routes")]
    [InlineData(
        "batch-size is given; with batch normalisation",
        "--network resnet --set normalisation=batch --batch-size 10"
    )]
    [InlineData("initialisation is 'glorot'", "--initialisation glorot")]
    public void Train_WrongNetwork_IsOneLineBeforeTheWork(string words, string more) =>
        CommandLine.Fails(2, words, ["train", .. more.Split(' '), "--out", "never"]);

    /// <summary>Writes weights under the names of another program.</summary>
    private static void Write(string file, ParameterLayout layout, string[] names, double[] theta) =>
        SafetensorsFile.Write(
            file,
            layout
                .Zip(names)
                .Select(p =>
                    KeyValuePair.Create(
                        p.Second,
                        new SafeTensor(
                            [.. p.First.Shape],
                            theta[p.First.Begin..(p.First.Begin + p.First.Length)],
                            "F64"
                        )
                    )
                )
        );

    private static string[] Small(string name) =>
        name switch
        {
            "cnn" =>
            [
                "--network",
                name,
                "--train",
                "20",
                "--set",
                "channels=2,2",
                "--set",
                "strides=2",
                "--activation",
                "tanh",
            ],
            "resnet" => ["--network", name, "--train", "20", "--set", "channels=2", "--set", "stride=4"],
            "transformer" =>
            [
                "--network",
                name,
                "--data",
                "sorting:length=3,vocabulary=3",
                "--train",
                "20",
                "--set",
                "width=4",
                "--set",
                "layers=1",
                "--set",
                "feed-forward=4",
            ],
            "residual-mlp" => ["--network", name, "--train", "20", "--set", "width=4"],
            _ => ["--network", name, "--train", "20", "--widths", "4"],
        };
}
