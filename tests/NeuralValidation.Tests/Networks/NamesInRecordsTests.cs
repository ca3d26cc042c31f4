using System.Text.Json;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>What records call activations and losses: a record's key is a hash of it, so that none may ever change.</summary>
public class NamesInRecordsTests
{
    [Fact]
    public void Json_Activations_AreTheirNames() =>
        Assert.Equal(
            """["tanh","relu","softplus","gelu","silu","linear"]""",
            JsonSerializer.Serialize<Activation[]>([.. ActivationCatalogue.All])
        );

    [Fact]
    public void Json_Losses_AreNotAllTheirNames() =>
        Assert.Equal(
            """["cross-entropy","mean-squared-error","logistic"]""",
            JsonSerializer.Serialize<NetworkLoss[]>([.. LossCatalogue.All])
        );

    [Fact]
    public void Json_ReadBack_IsTheSameEntry()
    {
        Assert.All(
            ActivationCatalogue.All,
            entry => Assert.Same(entry, JsonSerializer.Deserialize<Activation>(JsonSerializer.Serialize(entry)))
        );
        Assert.All(
            LossCatalogue.All,
            entry => Assert.Same(entry, JsonSerializer.Deserialize<NetworkLoss>(JsonSerializer.Serialize(entry)))
        );
    }

    [Theory]
    [InlineData("\"mish\"")]
    [InlineData("\"Tanh\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    [InlineData("{}")]
    public void Json_NoActivation_SaysWhichThereAre(string json) =>
        Assert.Contains(
            "tanh, relu, softplus, gelu, silu, linear",
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Activation>(json)).Message
        );

    [Theory]
    [InlineData("\"mse\"")]
    [InlineData("\"hinge\"")]
    public void Json_NoLoss_SaysWhichThereAre(string json) =>
        Assert.Contains(
            "cross-entropy, mean-squared-error",
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<NetworkLoss>(json)).Message
        );
}
