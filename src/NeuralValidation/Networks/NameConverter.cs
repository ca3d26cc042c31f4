using System.Text.Json;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Writes an entry of a catalogue as its name in records, and reads it again; a name that is not there is an error of the file.</summary>
/// <param name="entries">The catalogue.</param>
/// <param name="nameOf">What records call an entry.</param>
internal abstract class NameConverter<T>(Catalogue<T> entries, Func<T, string> nameOf) : JsonConverter<T>
    where T : class, INamed
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return entries.FirstOrDefault(entry => nameOf(entry) == name)
            ?? throw new JsonException(
                $"there is no {entries.Kind} '{name}'; there are {string.Join(", ", entries.Select(nameOf))}"
            );
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(nameOf(value));
}
