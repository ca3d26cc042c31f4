using System.Text.Json;

namespace FlatBias.Reports.Records;

/// <summary>
/// The version of a file's layout, its member "format": looked at before anything else, since what another version
/// wrote may be laid out in any way.
/// </summary>
internal static class FileFormat
{
    /// <summary>Makes sure that a file is of the format that this version reads.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">What it holds.</param>
    /// <param name="own">The format that this version reads.</param>
    /// <param name="remedy">What to do about another one.</param>
    /// <exception cref="RecordException">It is of another format.</exception>
    /// <exception cref="JsonException">It names none, or is not JSON.</exception>
    public static void Require(string path, string json, int own, string remedy)
    {
        using var document = JsonDocument.Parse(json);
        var format = Of(document.RootElement) ?? throw new JsonException("it names no format");
        if (format != own)
            throw new RecordException(
                $"{path} is of format {format}, and this version of FlatBias reads format {own}: {remedy}, or read it with the version that wrote it."
            );
    }

    /// <summary>The format of a file; null where it names none or is not JSON.</summary>
    public static int? Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a character.
            return null;
        }
    }

    private static int? Of(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("format", out var member)
        && member.ValueKind == JsonValueKind.Number
        && member.TryGetInt32(out var format)
            ? format
            : null;
}
