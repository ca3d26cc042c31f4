using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// All that a run depends on, apart from the machine. Two equal specifications are the same run: the hash of the JSON form names its record.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SimulationSpec), "simulation")]
[JsonDerivedType(typeof(NetworkSpec), "network")]
[JsonDerivedType(typeof(GridSpec), "grid")]
[JsonDerivedType(typeof(ValleyForecastSpec), "forecast")]
[JsonDerivedType(typeof(NoiseShareSpec), "noise-share")]
[JsonDerivedType(typeof(InstabilitySpec), "instability")]
[JsonDerivedType(typeof(CompareSpec), "compare")]
[JsonDerivedType(typeof(StepScanSpec), "step-scan")]
[JsonDerivedType(typeof(ReanchorSpec), "reanchored")]
[JsonDerivedType(typeof(BatchScanSpec), "batch-scan")]
[JsonDerivedType(typeof(MomentumSpec), "heavy-ball")]
[JsonDerivedType(typeof(RmsPropSpec), "rmsprop")]
public abstract record RunSpec
{
    /// <summary>The name of a kind of run, as manifests state it.</summary>
    internal static string KindOf(RunSpec spec) =>
        (string)
            typeof(RunSpec)
                .GetCustomAttributes<JsonDerivedTypeAttribute>()
                .Single(derived => derived.DerivedType == spec.GetType())
                .TypeDiscriminator!;

    /// <summary>How specifications and manifests are written.</summary>
    internal static JsonSerializerOptions Json { get; } =
        new()
        {
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            // What a record lacks, or holds a null for, would turn up much later as something else.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        };

    /// <summary>A short name for the record's folder and for progress bars.</summary>
    [JsonIgnore]
    public abstract string Label { get; }

    /// <summary>The number of units of work that progress counts.</summary>
    [JsonIgnore]
    public abstract int Work { get; }

    /// <summary>The network that it trains; null where there is none.</summary>
    [JsonIgnore]
    internal virtual TrainingSpec? Network => null;

    /// <summary>What making it is expected to take.</summary>
    [JsonIgnore]
    internal abstract RunCost Expected { get; }

    /// <summary>
    /// Whether this is another run with nothing but more steps, which goes on from the end of that one.
    /// </summary>
    /// <param name="other">The other run.</param>
    internal virtual bool GoesOnFrom(RunSpec other) => false;

    /// <summary>The folder name of this run's record: the label and twelve digits of the specification's SHA-256.</summary>
    public string Key() =>
        $"{Label}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())))[..12]}";

    /// <summary>The specification as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Runs it.</summary>
    /// <param name="context">Machine-dependent settings.</param>
    internal abstract RunOutcome Execute(RunContext context);
}
