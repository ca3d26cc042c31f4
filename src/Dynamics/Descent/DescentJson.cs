using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// A schedule in JSON as on the command line, since there is one notation to learn and people know it from there: a
/// number where the step size is constant, and a text such as "drop:0.1,0.01,200" elsewhere.
/// </summary>
internal sealed class StepSizeJson : JsonConverter<StepSizeSchedule>
{
    public override StepSizeSchedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return reader.TokenType switch
            {
                JsonTokenType.Number => new ConstantStepSize(reader.GetDouble()),
                JsonTokenType.String => StepSizeSchedule.Parse(reader.GetString()!),
                _ => throw new JsonException("a step size is a number, or a text that states a schedule"),
            };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // InvalidOperationException: half a character.
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, StepSizeSchedule value, JsonSerializerOptions options)
    {
        if (value is ConstantStepSize constant)
            writer.WriteNumberValue(constant.StepSize);
        else
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>
/// A rule in JSON: an object of its name and all its parameters, numbers and truth values. Each must be there, so
/// that a default that changes one day changes no record; only weight decay stands there where there is any.
/// </summary>
internal sealed class OptimiserJson : JsonConverter<OptimiserSpec>
{
    private const string NameKey = "name";

    public override OptimiserSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return Rule(document.RootElement);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // InvalidOperationException: a value of another kind than was asked for, or half a character.
            throw new JsonException($"this is no update rule: {e.Message}", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, OptimiserSpec value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(NameKey, value.Name);
        foreach (var parameter in value.Stated)
        {
            if (parameter.IsSwitch)
                writer.WriteBoolean(parameter.Name, value.Values.Switch(parameter.Name));
            else
                writer.WriteNumber(parameter.Name, value.Values.Number(parameter.Name));
        }

        writer.WriteEndObject();
    }

    private static OptimiserSpec Rule(JsonElement json)
    {
        if (!json.TryGetProperty(NameKey, out var name))
            throw new ArgumentException("its name is missing.");
        var rule = OptimiserSpec.Of(name.GetString() ?? throw new ArgumentException("its name is null."));
        var missing = rule.Stated.Select(p => p.Name).ToHashSet();
        var seen = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
        {
            if (member.NameEquals(NameKey))
                continue;
            rule = rule.With(member.Name, Written(member.Value));
            if (!seen.Add(member.Name))
                throw new ArgumentException($"{member.Name} is there twice.");
            missing.Remove(member.Name);
        }

        return missing.Count == 0
            ? rule
            : throw new ArgumentException($"{rule.Name} lacks {string.Join(", ", missing)}.");
    }

    private static string Written(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => Parameter.On,
            JsonValueKind.False => Parameter.Off,
            _ => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        };
}
