using System.Text.Json;
using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Training;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Records;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Records;

/// <summary>Every specification is read back as it was written, so that its key names one run.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 50)]
public class SpecificationTests
{
    [Property]
    public void ToJson_AnyScheduleAndRule_ReadsBackToTheSameRun(Seed seed)
    {
        var random = seed.Random();
        foreach (var schedule in DescentDraws.Schedules(random))
        foreach (var rule in DescentDraws.Rules(random))
        {
            var batch =
                random.Next(2) == 0 ? null : new BatchPlan(random.Next(1, 100), random.Next(), random.Next(2) == 0);
            var landscape = LandscapeCatalogue.All[random.Next(LandscapeCatalogue.All.Count)];
            var simulation = new SimulationSpec(
                LandscapeChoice.Of(landscape.Name),
                [random.NextDouble(), -random.NextDouble()],
                schedule
            )
            {
                Steps = random.Next(),
                MeasureEvery = random.Next(),
                Optimiser = rule,
                Batch = batch,
            };
            var training = new TrainingSpec
            {
                StepSize = schedule,
                Optimiser = rule,
                Batch = batch,
                Seed = random.Next(),
            };
            var back = ReadBack(simulation);
            Assert.Equal((schedule, rule, batch), (back.StepSize, back.Optimiser, back.Batch));
            var network = ReadBack(new NetworkSpec(training)).Training;
            Assert.Equal((schedule, rule, batch), (network.StepSize, network.Optimiser, network.Batch));
            ReadBack(new InstabilitySpec(new ForecastPlan { Training = training }));
        }
    }

    [Theory]
    [InlineData("quick")]
    [InlineData("paper")]
    public void ToJson_EveryRunOfTheReport_ReadsBackToTheSameRun(string profile)
    {
        foreach (
            var spec in ChapterCatalogue.All.SelectMany(chapter =>
                chapter.Runs(new ReportSettings(profile, 1, "cpu", null))
            )
        )
            ReadBack(spec);
    }

    [Fact]
    public void ToJson_DefaultTraining_SaysRuleAndStepSizeAsValues()
    {
        using var document = JsonDocument.Parse(new NetworkSpec(new TrainingSpec()).ToJson());
        var training = document.RootElement.GetProperty("training");
        Assert.Equal(0.1, training.GetProperty("stepSize").GetDouble());
        Assert.Equal("""{"name":"gd"}""", JsonSerializer.Serialize(training.GetProperty("optimiser")));
        Assert.False(training.TryGetProperty("schedule", out _));
    }

    private static T ReadBack<T>(T spec)
        where T : RunSpec
    {
        var back = JsonSerializer.Deserialize<RunSpec>(spec.ToJson(), RunSpec.Json)!;
        Assert.Equal(spec.GetType(), back.GetType());
        Assert.Equal(spec.ToJson(), back.ToJson());
        Assert.Equal(spec.Key(), back.Key());
        return (T)back;
    }
}
