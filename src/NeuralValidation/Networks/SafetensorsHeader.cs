using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Where one tensor lies in the data part of a safetensors file.</summary>
internal sealed record SafetensorsEntry(string Name, string Dtype, long[] Shape, long Begin, long End);

/// <summary>The JSON header of a safetensors file: parsing with every rule checked, and writing.</summary>
internal static class SafetensorsHeader
{
    internal const string MetadataKey = "__metadata__";

    // What the format's own implementation allows.
    internal const int LargestHeader = 100_000_000;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the entries, in the order of their data.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="header">The header's bytes, without the length before it.</param>
    /// <param name="dataLength">How many bytes follow the header.</param>
    /// <param name="metadata">Filled with the free text.</param>
    /// <exception cref="DataFileException">The header breaks a rule of the format, or holds a data type other than F32 and F64.</exception>
    internal static IReadOnlyList<SafetensorsEntry> Parse(
        string file,
        byte[] header,
        long dataLength,
        Dictionary<string, string> metadata
    )
    {
        if (header is not [(byte)'{', ..])
            throw new DataFileException(file, "its header does not begin with '{', so it is no safetensors file");
        try
        {
            // The JSON reader leaves strings unchecked until they are asked for.
            using var document = JsonDocument.Parse(Strict.GetString(header));
            var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
            foreach (var (name, value) in Members(file, document.RootElement, "its header"))
            {
                if (name == MetadataKey)
                    ReadMetadata(file, value, metadata);
                else
                    entries.Add(name, Entry(file, name, value));
            }
            return Gapless(file, entries.Values, dataLength);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new DataFileException(file, $"its header is not valid JSON ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>The length and the header, padded with spaces to a multiple of 8 bytes, as they stand at the start of a file.</summary>
    internal static byte[] Build(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(new byte[sizeof(long)]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            foreach (var entry in entries)
                Write(json, entry);
            json.WriteEndObject();
        }
        buffer.Write(Enumerable.Repeat((byte)' ', -buffer.WrittenCount & 7).ToArray());
        var bytes = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - sizeof(long));
        return bytes;
    }

    private static void Write(Utf8JsonWriter json, SafetensorsEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Dtype);
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static List<(string Name, JsonElement Value)> Members(string file, JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new DataFileException(file, $"{what} is not a JSON object");
        var members = element.EnumerateObject().Select(member => (member.Name, member.Value)).ToList();
        var twice = members
            .GroupBy(member => member.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Skip(1).Any());
        return twice is null
            ? members
            : throw new DataFileException(file, $"{what} holds the name '{twice.Key}' more than once");
    }

    private static void ReadMetadata(string file, JsonElement value, Dictionary<string, string> metadata)
    {
        foreach (var (key, text) in Members(file, value, $"its {MetadataKey}"))
            metadata[key] =
                text.ValueKind == JsonValueKind.String
                    ? text.GetString()!
                    : throw new DataFileException(
                        file,
                        $"its {MetadataKey} gives '{key}' something other than a string"
                    );
    }

    private static SafetensorsEntry Entry(string file, string name, JsonElement value)
    {
        var what = $"tensor '{name}'";
        var fields = Members(file, value, what).ToDictionary(member => member.Name, member => member.Value);
        var dtype = Field(file, fields, what, "dtype");
        var type = dtype.ValueKind == JsonValueKind.String ? dtype.GetString()! : dtype.GetRawText();
        if (BytesPerValue(type) is not { } size)
            throw new DataFileException(
                file,
                $"{what} has the data type {type}; only floating point numbers (F64, F32, F16, BF16) are understood"
            );
        var shape = Numbers(file, Field(file, fields, what, "shape"), $"the shape of {what}");
        var offsets = Numbers(file, Field(file, fields, what, "data_offsets"), $"data_offsets of {what}");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw new DataFileException(
                file,
                $"data_offsets of {what} is {SafeTensor.Format(offsets)}; it must be a begin and an end no smaller"
            );
        var bytes = offsets[1] - offsets[0];
        if (SafeTensor.Elements(shape) is not { } count || (Int128)count * size != bytes)
            throw new DataFileException(
                file,
                $"{what} has {bytes} bytes, which do not fill its shape {SafeTensor.Format(shape)} of {type} values"
            );
        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    /// <summary>The size of a value in a file; null for types that are not read.</summary>
    public static int? BytesPerValue(string dtype) =>
        dtype switch
        {
            SafeTensor.DoublePrecision => sizeof(double),
            SafeTensor.SinglePrecision => sizeof(float),
            SafeTensor.HalfPrecision or SafeTensor.BrainFloat => sizeof(ushort),
            _ => null,
        };

    private static JsonElement Field(string file, Dictionary<string, JsonElement> fields, string what, string name) =>
        fields.TryGetValue(name, out var value) ? value : throw new DataFileException(file, $"{what} has no {name}");

    private static long[] Numbers(string file, JsonElement array, string what)
    {
        if (array.ValueKind != JsonValueKind.Array)
            throw new DataFileException(file, $"{what} is not an array");
        return
        [
            .. array
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
                        ? number
                        : throw new DataFileException(
                            file,
                            $"{what} holds {item.GetRawText()}; whole numbers of at least 0 were expected"
                        )
                ),
        ];
    }

    private static List<SafetensorsEntry> Gapless(string file, IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        var ordered = entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList();
        var end = 0L;
        foreach (var entry in ordered)
        {
            var range = $"tensor '{entry.Name}' lies at bytes {entry.Begin} to {entry.End} of the data";
            if (entry.End > dataLength)
                throw new DataFileException(
                    file,
                    $"{range}, but there are only {dataLength}; the file is truncated or its header wrong"
                );
            if (entry.Begin != end)
                throw new DataFileException(file, $"{range}; it must begin at {end}, without gap or overlap");
            end = entry.End;
        }
        return end == dataLength
            ? ordered
            : throw new DataFileException(file, $"it has {dataLength} bytes of data; its tensors take up only {end}");
    }
}
