using System.Buffers.Binary;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// Reads and writes files in the safetensors format: the header's length as 8 little-endian bytes, a JSON header that says where each
/// tensor lies, and the tensors' values, little-endian, row-major and without gaps.
/// </summary>
/// <remarks>Reads floating point numbers of 16 (F16, BF16), 32 and 64 bits, and writes those of 32 and 64. Needs no native library.</remarks>
public static class SafetensorsFile
{
    private const int ChunkSize = 1 << 16;

    /// <summary>Reads all tensors of a file, checking the whole of it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFileException">The file is missing, unreadable, truncated, damaged, or holds another data type.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Read(string path) => Read(path, out _);

    /// <summary>Reads all tensors of a file and the free text of its header, checking the whole of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metadata">The free text by name; empty where there is none.</param>
    /// <returns>The tensors by name, in the order of their data.</returns>
    /// <exception cref="DataFileException">The file is missing, unreadable, truncated, damaged, or holds another data type.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Read(
        string path,
        out IReadOnlyDictionary<string, string> metadata
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        var text = new Dictionary<string, string>(StringComparer.Ordinal);
        metadata = text;
        return DataFile.Read(path, stream => Read(path, stream, text));
    }

    /// <summary>Writes tensors to a file. An existing file is replaced as a whole, and only once all is written.</summary>
    /// <param name="path">The file; its folder is made if it is missing.</param>
    /// <param name="tensors">The tensors by name, in the order in which they are to stand in the file; no name twice.</param>
    /// <param name="metadata">Free text by name for the header, or null.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is the one reserved for the metadata.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, SafeTensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors.ToList();
        var header = SafetensorsHeader.Build(Entries(ordered), metadata);
        AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write(header);
                foreach (var (_, tensor) in ordered)
                    WriteValues(stream, tensor);
            }
        );
    }

    private static List<SafetensorsEntry> Entries(List<KeyValuePair<string, SafeTensor>> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        var entries = new List<SafetensorsEntry>();
        var begin = 0L;
        foreach (var (name, tensor) in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (!names.Add(name))
                throw new ArgumentException(
                    $"The name '{name}' is taken; each name must occur once and differ from {SafetensorsHeader.MetadataKey}.",
                    nameof(tensors)
                );
            var end = begin + (long)tensor.Values.Length * SafeTensor.BytesPerValue(tensor.Dtype);
            entries.Add(new SafetensorsEntry(name, tensor.Dtype, tensor.Shape, begin, end));
            begin = end;
        }
        return entries;
    }

    private static OrderedDictionary<string, SafeTensor> Read(
        string path,
        FileStream stream,
        Dictionary<string, string> metadata
    )
    {
        var prefix = new byte[sizeof(ulong)];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            throw new DataFileException(
                path,
                $"it has {stream.Length} bytes; a safetensors file begins with the 8 bytes of its header's length"
            );
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var left = stream.Length - prefix.Length;
        if (length > (ulong)left || length > SafetensorsHeader.LargestHeader)
            throw new DataFileException(
                path,
                $"its header should have {length} bytes, but {left} are left and at most {SafetensorsHeader.LargestHeader} allowed; "
                    + "it is truncated or no safetensors file"
            );
        var header = new byte[length];
        stream.ReadExactly(header);

        var tensors = new OrderedDictionary<string, SafeTensor>(StringComparer.Ordinal);
        foreach (var entry in SafetensorsHeader.Parse(path, header, left - (long)length, metadata))
            tensors.Add(
                entry.Name,
                new SafeTensor(
                    entry.Shape,
                    ReadValues(path, stream, entry),
                    entry.Dtype == SafeTensor.DoublePrecision ? entry.Dtype : SafeTensor.SinglePrecision
                )
            );
        return tensors;
    }

    private static double[] ReadValues(string path, FileStream stream, SafetensorsEntry entry)
    {
        var size = SafetensorsHeader.BytesPerValue(entry.Dtype)!.Value;
        var count = (entry.End - entry.Begin) / size;
        if (count > Array.MaxLength)
            throw new DataFileException(
                path,
                $"tensor '{entry.Name}' has {count} values; at most {Array.MaxLength} can be read"
            );
        var values = new double[count];
        var chunk = new byte[ChunkSize];
        for (var done = 0; done < values.Length; )
        {
            var bytes = chunk.AsSpan(0, Math.Min(ChunkSize, (values.Length - done) * size));
            stream.ReadExactly(bytes);
            for (var at = 0; at < bytes.Length; at += size)
                values[done++] = Value(entry.Dtype, bytes[at..]);
        }
        return values;
    }

    private static double Value(string dtype, ReadOnlySpan<byte> bytes) =>
        dtype switch
        {
            SafeTensor.DoublePrecision => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            SafeTensor.SinglePrecision => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            SafeTensor.HalfPrecision => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            // The upper half of a float.
            SafeTensor.BrainFloat => BitConverter.UInt32BitsToSingle(
                (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16
            ),
            _ => throw new System.Diagnostics.UnreachableException(dtype),
        };

    private static void WriteValues(Stream stream, SafeTensor tensor)
    {
        var size = SafeTensor.BytesPerValue(tensor.Dtype);
        var chunk = new byte[ChunkSize];
        foreach (var values in tensor.Values.Chunk(ChunkSize / size))
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (size == sizeof(float))
                    BinaryPrimitives.WriteSingleLittleEndian(chunk.AsSpan(i * size), (float)values[i]);
                else
                    BinaryPrimitives.WriteDoubleLittleEndian(chunk.AsSpan(i * size), values[i]);
            }
            stream.Write(chunk.AsSpan(0, values.Length * size));
        }
    }
}
