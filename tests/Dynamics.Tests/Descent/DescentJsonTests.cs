using System.Text.Json;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Descent;

/// <summary>
/// Schedules and update rules are values: what is written is read back equal, and every other text is refused.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class DescentJsonTests
{
    [Property]
    public void StepSizeSchedule_WrittenAndRead_IsEqual(Seed seed)
    {
        var (first, second) = (
            DescentDraws.Schedules(seed.Random()).ToArray(),
            DescentDraws.Schedules(seed.Random()).ToArray()
        );
        foreach (var (schedule, twin) in first.Zip(second))
        {
            AssertEqual(schedule, twin);
            AssertEqual(schedule, StepSizeSchedule.Parse(schedule.ToString()));
            AssertEqual(schedule, JsonSerializer.Deserialize<StepSizeSchedule>(JsonSerializer.Serialize(schedule))!);
            for (var t = 0; t < 100; t++)
                Assert.Equal(schedule.At(t), StepSizeSchedule.Parse(schedule.ToString()).At(t));
        }

        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Property]
    public void OptimiserSpec_WrittenAndRead_IsEqual(Seed seed)
    {
        foreach (var (rule, twin) in DescentDraws.Rules(seed.Random()).Zip(DescentDraws.Rules(seed.Random())))
        {
            AssertEqual(rule, twin);
            AssertEqual(rule, JsonSerializer.Deserialize<OptimiserSpec>(JsonSerializer.Serialize(rule))!);
            Assert.Equal(
                rule.Name == "gd"
                    && rule.Values.Number("weight-decay") == 0
                    && rule.Values.Number("gradient-clip") == 0
                    && rule.Values.Number("sam-radius") == 0,
                rule == OptimiserSpec.GradientDescent
            );
        }
    }

    [Theory]
    [InlineData("gd", """{"name":"gd"}""")]
    [InlineData("momentum", """{"name":"momentum","momentum":0.9}""")]
    [InlineData("rmsprop", """{"name":"rmsprop","second-decay":0.99,"epsilon":1E-08}""")]
    [InlineData(
        "max-ada",
        """{"name":"max-ada","momentum":0.9,"second-decay":0.99,"epsilon":1E-08,"clip":1,"bias-correction":true}"""
    )]
    public void Serialize_Defaults_HoldsTheParametersThatTheRuleHas(string name, string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(OptimiserSpec.Of(name)));

    [Theory]
    [InlineData("gd", """{"name":"gd","weight-decay":0.01}""")]
    [InlineData("momentum", """{"name":"momentum","momentum":0.9,"gradient-clip":0.01}""")]
    public void Serialize_WhatEveryRuleMayHave_IsThereWhereThereIsAny(string name, string json)
    {
        var rule = OptimiserSpec.Of(name).With(name == "gd" ? "weight-decay" : "gradient-clip", 0.01);
        Assert.Equal(json, JsonSerializer.Serialize(rule));
        Assert.Equal(rule, JsonSerializer.Deserialize<OptimiserSpec>(json));
        // A record made by hand may say that there is none.
        var none = json.Replace("0.01", "0.0", StringComparison.Ordinal);
        Assert.Equal(OptimiserSpec.Of(name), JsonSerializer.Deserialize<OptimiserSpec>(none));
    }

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("1e-1", "0.1")]
    [InlineData("drop:0.10,1e-2,50", "\"drop:0.1,0.01,50\"")]
    [InlineData("cyclic:0.1", "\"cyclic:0.1\"")]
    public void Serialize_Schedule_IsTheTextOfTheCommandLineInOneSpelling(string text, string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(StepSizeSchedule.Parse(text)));
        Assert.Equal(json.Trim('"'), StepSizeSchedule.Parse(text).ToString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e999")]
    [InlineData("true")]
    [InlineData("[0.1]")]
    [InlineData("{\"constant\":0.1}")]
    [InlineData("\"fast\"")]
    [InlineData("\"drop:1,2\"")]
    [InlineData("\"cyclic:\"")]
    [InlineData("\"\\ud800\"")]
    public void Deserialize_NoSchedule_IsRefused(string json) =>
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<StepSizeSchedule>(json));

    [Theory]
    [InlineData("\"gd\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":"lion"}""")]
    [InlineData("""{"name":"gd","momentum":0.9}""")]
    [InlineData("""{"name":"momentum"}""")]
    [InlineData("""{"name":"gd","weight-decay":-0.1}""")]
    [InlineData("""{"name":"gd","weight-decay":1e999}""")]
    [InlineData("""{"name":"gd","weight-decay":0.1,"weight-decay":0.1}""")]
    [InlineData("""{"name":"momentum","weight-decay":0.1}""")]
    [InlineData("""{"name":"momentum","momentum":1}""")]
    [InlineData("""{"name":"momentum","momentum":"0.9"}""")]
    [InlineData("""{"name":"momentum","momentum":null}""")]
    [InlineData("""{"name":"momentum","momentum":true}""")]
    [InlineData("""{"name":"momentum","momentum":0.9,"momentum":0.8}""")]
    [InlineData("""{"name":"momentum","momentum":0.9,"\ud800":1}""")]
    [InlineData("""{"name":"rmsprop","second-decay":0.9,"epsilon":1e999}""")]
    [InlineData("""{"name":"adam","momentum":0.9,"second-decay":0.99,"epsilon":1E-08,"bias-correction":1}""")]
    public void Deserialize_NoRule_IsRefused(string json) =>
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<OptimiserSpec>(json));

    [Fact]
    public void With_ZeroOfEitherSign_IsTheSameRule() =>
        Assert.Equal(
            OptimiserSpec.Of("momentum").With("momentum", 0.0),
            OptimiserSpec.Of("momentum").With("momentum", -0.0)
        );

    [Fact]
    public void All_EveryRule_HasItsNameAndSharesWhatItSharesAndStartsAtItsDefaults()
    {
        foreach (var entry in OptimiserCatalogue.All)
        {
            using var rule = OptimiserSpec.Of(entry.Name).Create(new DenseSpace(2));
            Assert.Equal(entry.Name, rule.Name);
            Assert.NotEmpty(entry.Summary);
            Assert.DoesNotContain(entry.Parameters, p => p.Name == "name");
        }

        // One option of the command line for each name.
        Assert.Equal(
            OptimiserCatalogue.Parameters.Count,
            OptimiserCatalogue.Parameters.DistinctBy(p => p.Name).Count()
        );
        Assert.Equal(OptimiserCatalogue.All[0].Name, OptimiserSpec.GradientDescent.Name);
    }

    [Fact]
    public void All_EverySchedule_IsWrittenAsItsForm()
    {
        foreach (var (entry, schedule) in ScheduleCatalogue.All.Zip(DescentDraws.Schedules(new Random(1))))
        {
            Assert.Equal(Word(entry.Form), Word(schedule.ToString()));
            Assert.NotEmpty(entry.Summary);
        }

        static string Word(string text) =>
            text.Contains(':', StringComparison.Ordinal) ? text[..text.IndexOf(':', StringComparison.Ordinal)] : "";
    }

    private static void AssertEqual<T>(T one, T other)
        where T : notnull
    {
        Assert.True(one.Equals(other) && one.GetHashCode() == other.GetHashCode(), $"{one} and {other}");
        Assert.Equal(one.ToString(), other.ToString());
    }
}
