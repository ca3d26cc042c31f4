using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Training;

/// <summary>The state of a run as a safetensors file: each vector and each row of numbers under its name, and free text in the header. The file holds a format version and a hash of all the rest.</summary>
internal sealed class StateFile
{
    private const string FormatKey = "format",
        Format = "flatbias-checkpoint 3",
        HashKey = "hash";
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, SafeTensor> _tensors;

    private StateFile(
        string path,
        IReadOnlyDictionary<string, SafeTensor> tensors,
        IReadOnlyDictionary<string, string> metadata
    ) => (_path, _tensors, Metadata) = (path, tensors, metadata);

    /// <summary>The free text by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Writes a state; an older file is replaced once all of it is on the disk.</summary>
    public static void Write(string path, IResumable<Tensor> state, IReadOnlyDictionary<string, string> metadata)
    {
        var writer = new Writer();
        state.Exchange(writer);
        SafetensorsFile.Write(
            path,
            writer.Tensors,
            new Dictionary<string, string>(metadata)
            {
                [FormatKey] = Format,
                [HashKey] = Hash(writer.Tensors, metadata),
            }
        );
    }

    /// <summary>Reads a file and checks it against its own hash.</summary>
    /// <exception cref="DataFileException">It is missing, truncated, damaged, edited or of another format.</exception>
    public static StateFile Read(string path)
    {
        var tensors = SafetensorsFile.Read(path, out var metadata);
        var format = metadata.GetValueOrDefault(FormatKey, "unknown");
        if (format != Format)
            throw new DataFileException(
                path,
                $"its format is {format}, and this program reads {Format}; remove it to start anew"
            );
        var own = metadata.Where(m => m.Key is not (FormatKey or HashKey)).ToDictionary();
        if (metadata.GetValueOrDefault(HashKey) != Hash(tensors, own))
            throw new DataFileException(
                path,
                "it does not hold what was written: it was edited; remove it to start anew"
            );
        return new StateFile(path, tensors, own);
    }

    /// <summary>Overwrites a state with the file's.</summary>
    /// <exception cref="DataFileException">A part is missing or has another size.</exception>
    public void Restore(IResumable<Tensor> state) => state.Exchange(new Reader(_path, _tensors));

    private static string Hash(
        IEnumerable<KeyValuePair<string, SafeTensor>> tensors,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{text}\0"));
        foreach (var (name, tensor) in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0"));
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Writer : IStateStore<Tensor>
    {
        public List<KeyValuePair<string, SafeTensor>> Tensors { get; } = [];

        public void Exchange(string name, Tensor vector)
        {
            using var scope = NewDisposeScope();
            var values = vector.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
            Add(
                name,
                values,
                vector.dtype == ScalarType.Float64 ? SafeTensor.DoublePrecision : SafeTensor.SinglePrecision
            );
        }

        public void Exchange(string name, Span<double> numbers) =>
            Add(name, numbers.ToArray(), SafeTensor.DoublePrecision);

        private void Add(string name, double[] values, string dtype) =>
            Tensors.Add(KeyValuePair.Create(name, new SafeTensor([values.Length], values, dtype)));
    }

    private sealed class Reader(string path, IReadOnlyDictionary<string, SafeTensor> tensors) : IStateStore<Tensor>
    {
        public void Exchange(string name, Tensor vector)
        {
            using var scope = NewDisposeScope();
            vector.copy_(tensor(Values(name, vector.numel()), ScalarType.Float64).to(vector.dtype).to(vector.device));
        }

        public void Exchange(string name, Span<double> numbers) => Values(name, numbers.Length).CopyTo(numbers);

        private double[] Values(string name, long count)
        {
            if (!tensors.TryGetValue(name, out var tensor))
                throw new DataFileException(path, $"it lacks '{name}'; remove it to start anew");
            return tensor.Values.Length == count
                ? tensor.Values
                : throw new DataFileException(
                    path,
                    $"its '{name}' has {tensor.Values.Length} numbers where this run has {count}; remove it to start anew"
                );
        }
    }
}
