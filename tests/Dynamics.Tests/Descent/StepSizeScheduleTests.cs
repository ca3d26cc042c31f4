using FlatBias.Dynamics.Descent;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Descent;

/// <summary>Schedules and minibatches.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class StepSizeScheduleTests
{
    [Theory]
    [InlineData("0.1", new[] { 0.1, 0.1, 0.1, 0.1 })]
    [InlineData("drop:0.4,0.1,2", new[] { 0.4, 0.4, 0.1, 0.1 })]
    [InlineData("warm-up:0.4,3", new[] { 0.1, 0.2, 0.3, 0.4, 0.4, 0.4 })]
    [InlineData("cyclic:0.1,0.3,0.2", new[] { 0.1, 0.3, 0.2, 0.1, 0.3 })]
    public void Parse_EveryKind_GivesItsSteps(string text, double[] expected)
    {
        var schedule = StepSizeSchedule.Parse(text);
        for (var t = 0; t < expected.Length; t++)
            Near.Equal(expected[t], schedule.At(t), 1e-16 * 4, $"{text} at {t}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("fast")]
    [InlineData("drop:0.1,0.2")]
    [InlineData("drop:0.1,0.2,0")]
    [InlineData("drop:0.1,0.2,1.5")]
    [InlineData("warm-up:0.1,0")]
    [InlineData("cyclic:")]
    [InlineData("cyclic:0.1,0")]
    [InlineData("ramp:0.1")]
    public void Parse_Nonsense_NamesStepSizeOrTheStep(string text)
    {
        var message = Assert.ThrowsAny<ArgumentException>(() => StepSizeSchedule.Parse(text)).Message;
        Assert.Contains("it must be", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop:0.1,0.01,19", 20, true)]
    [InlineData("drop:0.1,0.01,20", 20, false)]
    [InlineData("drop:0.1,0.01,1", 1, true)]
    [InlineData("drop:0.1,0.01,2", 1, false)]
    [InlineData("warm-up:0.1,19", 20, true)]
    [InlineData("warm-up:0.1,20", 20, false)]
    [InlineData("warm-up:0.1,1", 0, true)]
    [InlineData("warm-up:0.1,2", 0, false)]
    public void Validate_ScheduleAndRun_FitWhereAStepIsLeftAfterTheChange(string text, int steps, bool fits)
    {
        var error = Record.Exception(() => StepSizeSchedule.Parse(text).Validate(steps));
        Assert.Equal(fits, error is null);
        Assert.True(fits || error is ArgumentOutOfRangeException);
    }

    [Fact]
    public void Run_DropOutsideTheRun_NamesTheStepAndTheRange()
    {
        var surface = Draw.Surface(new Random(1), 2);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            DescentLoop.Run(
                surface,
                new GradientDescent<double[]>(surface.Space),
                StepSizeSchedule.Parse("drop:0.1,0.01,50"),
                new DescentLimits(20),
                [0.1, 0.1],
                []
            )
        );
        Assert.Contains(
            "drop step is 50; it must be a whole number from 1 to 19",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.2 }, true)]
    [InlineData(new[] { 0.1 }, false)]
    [InlineData(new[] { 0.2, 0.1 }, false)]
    [InlineData(new[] { 0.1, 0.2, 0.1 }, false)]
    public void Equals_CyclicSizes_WhereTheyAreTheSameInTheirOrder(double[] sizes, bool equal)
    {
        var schedule = new CyclicStepSize([0.1, 0.2]);
        Assert.Equal(equal, schedule.Equals(new CyclicStepSize(sizes)));
        Assert.False(schedule.Equals(null));
    }

    [Property]
    public void Constant_AnySchedule_IsTheStepSizeOrRefuses(Seed seed)
    {
        foreach (var schedule in DescentDraws.Schedules(seed.Random()))
        {
            if (schedule is ConstantStepSize)
                Assert.Equal(schedule.At(7), schedule.Constant);
            else
                Assert.Contains(
                    schedule.ToString(),
                    Assert.Throws<InvalidOperationException>(() => schedule.Constant).Message,
                    StringComparison.Ordinal
                );
        }
    }

    [Property]
    public void Run_AnySchedule_TakesItsStepSizes(LogUniform first, LogUniform second)
    {
        var surface = Draw.Surface(new Random(1), 2);
        var schedule = new CyclicStepSize([1e-3 * first.Value, 1e-3 * second.Value]);
        double[] theta = [0.2, -0.1],
            plain = [0.2, -0.1],
            gradient = new double[2];
        var result = DescentLoop.Run(
            surface,
            new GradientDescent<double[]>(surface.Space),
            schedule,
            new DescentLimits(6),
            theta,
            []
        );
        if (result.Reason != StopReason.StepLimit)
            return;
        for (var t = 0; t < 6; t++)
        {
            surface.LossAndGradient(plain, gradient);
            surface.Space.Axpy(-schedule.At(t), gradient, plain);
        }

        Assert.Equal(plain, theta);
    }

    [Fact]
    public void Run_SamplerOnASurfaceWithoutSamples_SaysSo()
    {
        var surface = Draw.Surface(new Random(1), 2);
        Assert.Throws<ArgumentException>(() =>
            DescentLoop.Run(
                surface,
                new GradientDescent<double[]>(surface.Space),
                0.1,
                new DescentLimits(2),
                [0.1, 0.1],
                [],
                new BatchSampler(4, 2, 1)
            )
        );
    }
}
