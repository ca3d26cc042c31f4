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
/// A rule in JSON: its parameters are numbers and truth values; weight decay stands there where there is any.
/// </summary>
internal sealed class OptimiserJson() : ChoiceConverter<OptimiserSpec>("update rule")
{
    protected override OptimiserSpec Of(string name) => OptimiserSpec.Of(name);

    protected override OptimiserSpec With(OptimiserSpec choice, string parameter, string value) =>
        choice.With(parameter, value);

    protected override (INamed Entry, ParameterValues Values) Parts(OptimiserSpec choice) =>
        (OptimiserCatalogue.All.Find(choice.Name), choice.Values);

    protected override bool IsStated(OptimiserSpec choice, Parameter parameter) => choice.IsStated(parameter);

    protected override void Write(Utf8JsonWriter writer, Parameter parameter, ParameterValues values)
    {
        if (parameter.IsSwitch)
            writer.WriteBoolean(parameter.Name, values.Switch(parameter.Name));
        else
            writer.WriteNumber(parameter.Name, values.Number(parameter.Name));
    }

    protected override string Written(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => Parameter.On,
            JsonValueKind.False => Parameter.Off,
            _ => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        };
}
