using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlatBias.Dynamics.Catalogues;

/// <summary>
/// What was chosen of a catalogue in JSON: an object of its name and all its parameters. Each must be there, so that a
/// default that changes one day changes no record; but for what <see cref="IsStated"/> leaves out.
/// </summary>
/// <typeparam name="T">An entry with values of its parameters.</typeparam>
/// <param name="kind">What it is called in messages.</param>
public abstract class ChoiceConverter<T>(string kind) : JsonConverter<T>
    where T : class
{
    private const string NameKey = "name";

    /// <inheritdoc/>
    /// <exception cref="JsonException">A name or a value is not one.</exception>
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return Choice(document.RootElement);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // InvalidOperationException: a value of another kind than was asked for, or half a character.
            throw new JsonException($"this is no {kind}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        var (entry, values) = Parts(value);
        writer.WriteStartObject();
        writer.WriteString(NameKey, entry.Name);
        foreach (var parameter in entry.Parameters.Where(p => IsStated(value, p)))
            Write(writer, parameter, values);
        writer.WriteEndObject();
    }

    /// <summary>The entry of a name with the defaults of its parameters.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    protected abstract T Of(string name);

    /// <summary>The choice with another value of a parameter.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="value">The value as written.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the value is out of range.</exception>
    protected abstract T With(T choice, string parameter, string value);

    /// <summary>The entry that was chosen, and the values.</summary>
    /// <param name="choice">The choice.</param>
    protected abstract (INamed Entry, ParameterValues Values) Parts(T choice);

    /// <summary>Whether a parameter has to be there: all of them, but one that came later and has the default with which the entry is what it was before.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="parameter">The parameter.</param>
    protected virtual bool IsStated(T choice, Parameter parameter) => true;

    /// <summary>Writes one value under its parameter's name.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="values">The values.</param>
    protected virtual void Write(Utf8JsonWriter writer, Parameter parameter, ParameterValues values) =>
        writer.WriteString(parameter.Name, values.Text(parameter.Name));

    /// <summary>A value as it would be written on the command line.</summary>
    /// <param name="value">The value in JSON.</param>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    protected virtual string Written(JsonElement value) =>
        value.GetString() ?? throw new ArgumentException("a value is null.", nameof(value));

    private T Choice(JsonElement json)
    {
        if (!json.TryGetProperty(NameKey, out var name))
            throw new ArgumentException("its name is missing.");
        var choice = Of(name.GetString() ?? throw new ArgumentException("its name is null."));
        var entry = Parts(choice).Entry;
        var seen = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
        {
            if (member.NameEquals(NameKey))
                continue;
            choice = With(choice, member.Name, Written(member.Value));
            if (!seen.Add(member.Name))
                throw new ArgumentException($"{member.Name} is there twice.");
        }

        string[] missing =
        [
            .. entry.Parameters.Where(p => IsStated(choice, p) && !seen.Contains(p.Name)).Select(p => p.Name),
        ];
        return missing.Length == 0
            ? choice
            : throw new ArgumentException($"{entry.Name} lacks {string.Join(", ", missing)}.");
    }
}
