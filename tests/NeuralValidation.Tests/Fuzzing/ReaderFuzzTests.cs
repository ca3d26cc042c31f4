using System.Security.Cryptography;
using System.Text;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Tests.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using FlatBias.Testing.Fuzzing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Fuzzing;

/// <summary>Damaged files lead to a sound result or to the exception that the reader's contract names, in one line that names the file.</summary>
public sealed class ReaderFuzzTests : IDisposable
{
    private static readonly int[] Widths = [2, 3, 2];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Idx_Damaged_IsReadOrRefused()
    {
        var (images, labels) = (IdxFixture.Images(3, 2, 2, IdxFixture.Pixels(12)), IdxFixture.Labels(1, 9, 0));
        Files(
            "idx images",
            [images, IdxFixture.Gzip(images)],
            bytes => IdxReader.Read(Write(bytes), Second(labels), 2)
        );
        Files("idx labels", [labels, IdxFixture.Gzip(labels)], bytes => IdxReader.Read(Second(images), Write(bytes)));
    }

    [Fact]
    public void Cifar10_Damaged_IsReadOrRefused()
    {
        byte[] record = [3, .. IdxFixture.Pixels(3072)];
        _folder.Write("test_batch.bin", record);
        Files(
            "cifar-10",
            [
                [.. record, .. record],
                record,
            ],
            bytes =>
            {
                _folder.Overwrite("data_batch_1.bin", bytes);
                Cifar10.Load(_folder.Path, 1, 1);
            }
        );
    }

    [Fact]
    public void Csv_Damaged_IsReadOrRefused()
    {
        byte[][] seeds =
        [
            "a,b,label\n1,2,x\n3,-4e3,\"y, z\"\n0.5,1e300,x\n"u8.ToArray(),
            "\"a \"\"q\"\"\",label\r\n\r\n1,\"x\r\ny\"\r\n2,größe\r\n"u8.ToArray(),
            [0xEF, 0xBB, 0xBF, .. "label,a\rx,5e-324\ry,0\r"u8],
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,label\n1,ä\n")],
        ];
        Files("csv", seeds, bytes => CsvData.Load(Write(bytes), 1, 0));
        byte[] numbers = [.. "a,y\n1,2\n-3e3,0.5\n"u8];
        Files("csv numbers", [numbers], bytes => CsvData.LoadNumbers(Write(bytes), 1, 0, "y", shuffle: 1));
    }

    [Fact]
    public void Safetensors_Damaged_AreReadOrRefused()
    {
        var theta = Enumerable.Range(0, Architecture.CountParameters(Widths)).Select(i => 0.1 * i).ToArray();
        NetworkWeights.ToSafetensors(
            _folder.File("weights"),
            FullyConnectedNetwork.LayoutOf(Widths),
            theta,
            SafeTensor.DoublePrecision
        );
        byte[][] seeds =
        [
            File.ReadAllBytes(_folder.File("weights")),
            SafetensorsFixture.File(SafetensorsFixture.Header, SafetensorsFixture.Data),
        ];
        Files("safetensors", seeds, bytes => SafetensorsFile.Read(Write(bytes)));
        Files(
            "weights",
            seeds[..1],
            bytes => NetworkWeights.FromSafetensors(Write(bytes), FullyConnectedNetwork.LayoutOf(Widths), out _)
        );
    }

    [Fact]
    public void Checkpoint_Damaged_IsTakenUpOrRefused()
    {
        var identity = new Dictionary<string, string> { ["seed"] = "1" };
        using var state = new State();
        Begin(identity, state);
        var (checkpoint, rows) = (
            File.ReadAllBytes(_folder.File("checkpoint.safetensors")),
            File.ReadAllBytes(_folder.File("series.rows"))
        );
        Files("checkpoint", [checkpoint], bytes => TakeUp(bytes, rows));
        Files("rows", [rows], bytes => TakeUp(checkpoint, bytes));

        void TakeUp(byte[] checkpoint, byte[] rows)
        {
            _folder.Overwrite("checkpoint.safetensors", checkpoint);
            _folder.Overwrite("series.rows", rows);
            using var journal = new TrainingJournal(_folder.Path, identity, 1);
            journal.TryResume(state, new SeriesTable());
        }
    }

    /// <summary>Behind the hash, as another version might have written it.</summary>
    [Fact]
    public void CheckpointThatVouchesForItself_Damaged_IsTakenUpOrRefused()
    {
        var identity = new Dictionary<string, string>();
        using var state = new State();
        Begin(identity, state);
        var rows = File.ReadAllBytes(_folder.File("series.rows"));
        Files(
            "rows behind their hash",
            [rows],
            bytes =>
            {
                using var log = SeriesLog.TakeUp(
                    Write(bytes),
                    bytes.Length,
                    Convert.ToHexStringLower(SHA256.HashData(bytes)),
                    new SeriesTable()
                );
            }
        );
    }

    /// <summary>The same of what stands beside the tensors, each time one word of it.</summary>
    [Theory]
    [InlineData("step", "", "its step is ''")]
    [InlineData("step", "x", "its step is 'x'")]
    [InlineData("step", "-1", "its step is '-1'")]
    [InlineData("step", "2147483648", "its step is '2147483648'; a whole number from 0 to 2147483647")]
    [InlineData("step", null, "its step is 'missing'")]
    [InlineData("rows_length", "1e3", "its rows_length is '1e3'")]
    [InlineData("rows_length", null, "its rows_length is 'missing'")]
    [InlineData("rows_length", "9223372036854775807", "the checkpoint beside it speaks of 9223372036854775807")]
    [InlineData("rows_hash", null, "it does not hold the rows")]
    public void CheckpointThatVouchesForItself_WrongWord_IsRefused(string name, string? text, string words)
    {
        var identity = new Dictionary<string, string>();
        using var state = new State();
        Begin(identity, state);
        var metadata = StateFile.Read(_folder.File("checkpoint.safetensors")).Metadata.ToDictionary();
        metadata.Remove(name);
        if (text is not null)
            metadata[name] = text;
        StateFile.Write(_folder.File("checkpoint.safetensors"), state, metadata);

        var refused = Assert.Throws<DataFileException>(() =>
        {
            using var journal = new TrainingJournal(_folder.Path, identity, 1);
            journal.TryResume(state, new SeriesTable());
        });
        Assert.Contains(words, refused.Message);
    }

    private static void Files(string name, byte[][] seeds, Action<byte[]> read) =>
        Fuzz.Run(new FuzzedReader(name, seeds, read, e => e is DataFileException));

    private string Write(byte[] bytes) => _folder.Overwrite("input", bytes);

    private string Second(byte[] bytes)
    {
        var path = _folder.File("second");
        return File.Exists(path) && new FileInfo(path).Length == bytes.Length ? path : _folder.Write("second", bytes);
    }

    private void Begin(Dictionary<string, string> identity, State state)
    {
        using var journal = new TrainingJournal(_folder.Path, identity, 1);
        var series = new SeriesTable();
        journal.TryResume(state, series);
        for (var step = 0; step < 3; step++)
        {
            series.AddRow();
            series.Set("step", step);
            series.Set(step < 2 ? "loss" : "sharpness", 0.5 * step);
            journal.Append(series);
        }

        journal.Offer(3, true, state);
    }

    private sealed class State : IResumable<torch.Tensor>, IDisposable
    {
        private readonly torch.Tensor _vector = torch.tensor(new[] { 1f, 2, 3 });
        private readonly double[] _numbers = [3, double.NaN];

        public void Exchange(IStateStore<torch.Tensor> store)
        {
            store.Exchange("theta", _vector);
            store.Exchange("numbers", _numbers.AsSpan());
        }

        public void Dispose() => _vector.Dispose();
    }
}
