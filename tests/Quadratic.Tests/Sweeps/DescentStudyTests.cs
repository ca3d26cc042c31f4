using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Testing;

namespace FlatBias.Quadratic.Tests.Sweeps;

public class DescentStudyTests
{
    private static readonly DescentStudy Example = new()
    {
        Landscape = "two-parameter-network",
        Start = [-0.1, 10],
        Steps = 2000,
    };

    [Fact]
    public void Measure_WorkedExampleOverStepSizes_HasThePublishedNumbers()
    {
        // (3.6): at 0.009 no instability, at 0.011 one that flattens, at 0.03 divergence.
        var table = Sweep.Over(Axis.List("step-size", 0.009, 0.011, 0.03)).Run(Example.Measure, threads: 2);
        Assert.Equal([SweepStatus.Done, SweepStatus.Done, SweepStatus.Diverged], table.Select(row => row.Status));
        Near.Equal(199.8, table[0].Value!.Sharpness, 0.05, "S without an instability");
        Near.Equal(160.6, table[1].Value!.Sharpness, 0.05, "S after it");
        Near.Equal(48.2, table[1].Value!.LargestLoss, 0.05, "largest loss");
        Near.Equal(200, table[1].Value!.InitialSharpness, 0.1, "S at the start");
        Assert.True(double.IsNaN(table[2].Value!.Sharpness));
    }

    [Fact]
    public void Measure_LandscapeParametersAndRules_ReachTheRun()
    {
        var table = Sweep
            .Over(Axis.List("landscape.eigenvalues", "2,1", "1,0.5"))
            .And(Axis.List("optimiser", "gd", "momentum"))
            .And(Axis.List("momentum", 0, 0.5))
            .Run((Example with { Landscape = "quadratic", Start = [1, 1], StepSize = 0.1, Steps = 3 }).Measure);
        Assert.Equal([2, 2, 2, 2, 1, 1, 1, 1], table.Column(outcome => outcome.Sharpness));
        // Momentum with b = 0 is gradient descent; (2.1): the coordinates shrink by 1 - eta lambda each step.
        foreach (var i in new[] { 0, 1, 2 })
            Near.Equal([Math.Pow(0.8, 3), Math.Pow(0.9, 3)], table[i].Value!.End, 8 * Near.Roundoff, "theta");
        Assert.NotEqual(table[2].Value!.End, table[3].Value!.End);
    }

    [Fact]
    public void With_WholeNumbers_AreTakenAsTheyStand()
    {
        Assert.Equal(7, Example.With("steps", "7").Steps);
        Assert.Equal(3, Example.With("batch-size", "3").BatchSize);
        Assert.Equal(-5, Example.With("seed", "-5").Seed);
    }

    [Fact]
    public void With_ParametersOfRulesInAnyOrder_ReachTheRulesThatHaveThem()
    {
        var early = Example
            .With("momentum", "0.5")
            .With("clip", "0.3")
            .With("bias-correction", "off")
            .With("optimiser", "clipped-ada");
        var late = Example
            .With("optimiser", "clipped-ada")
            .With("bias-correction", "off")
            .With("clip", "0.3")
            .With("momentum", "0.5");
        Assert.Equal(early.Run().End, late.Run().End);
        Assert.NotEqual(early.Run().End, early.With("bias-correction", "on").Run().End);
        Assert.Equal(Example.Run().End, Example.With("epsilon", "3").Run().End);
        Assert.All(
            Dynamics.Descent.OptimiserCatalogue.Parameters,
            p => Assert.Contains(p.Name, Example.ParameterNames)
        );
        foreach (
            var (name, value, words) in new[]
            {
                ("momentum", "1", "momentum is 1"),
                ("epsilon", "-1", "epsilon is -1"),
                ("clip", "0", "clip is 0"),
                ("weight-decay", "-1", "weight-decay is -1"),
                ("clip", "x", "clip is 'x'"),
                ("bias-correction", "0", "it must be on or off"),
            }
        )
            Assert.Contains(
                words,
                Assert.ThrowsAny<ArgumentException>(() => Example.With(name, value)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Measure_Seeds_MoveTheStart()
    {
        var table = Sweep.Over(Axis.List("start-noise", 0, 0.5)).Seeds(1, 3).Run((Example with { Steps = 0 }).Measure);
        Assert.Single(table.Take(3).Select(row => row.Value!.End[0]).Distinct());
        Assert.Equal(3, table.Skip(3).Select(row => row.Value!.End[0]).Distinct().Count());
    }

    [Fact]
    public void Measure_TheoryThatIsExactHere_ForecastsTheEnd()
    {
        var outcome = (Example with { Theory = "coupled-map", StepSize = 0.011, Steps = 20 }).Run();
        // The jet reads s and Theta^2 off two eigenvalues: lambda_P = -6e-2 is found to 1e-12 of lambda_1, hence Theta^2 to 3e-9 relative, and 20 steps of an instability multiply that by less than 100.
        Near.Equal(outcome.Sharpness, outcome.Forecast!.Sharpness, 1e-6 * outcome.Sharpness, "S");
        var jet = (Example with { Theory = "memory-map-6", StepSize = 0.001, Steps = 2 }).Run().Forecast;
        Assert.True(jet is { Validity: < 1 }, "theories with memory get a Krylov part");
    }

    [Fact]
    public void Check_TheoryThatIsNot_SaysWhichThereAre()
    {
        (Example with { Theory = "coupled-map" }).Check();
        var unknown = Assert.ThrowsAny<ArgumentException>(() => (Example with { Theory = "epicycles" }).Check());
        Assert.Contains("theory is 'epicycles'; it must be", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WrongAxes_AreRefusedBeforeAnyWork()
    {
        Refused("There is no parameter 'stepsize'", Axis.List("stepsize", 1.0));
        Refused("There is no parameter 'start-3'", Axis.List("start-3", 1.0));
        Refused("There is no parameter 'landscape.depth'", Axis.List("landscape.depth", 1.0));
        Refused("step-size is -1", Axis.List("step-size", 0.1, -1));
        Refused("steps is '0.5'", Axis.List("steps", 0.5));
        Refused("optimiser is 'lion'", Axis.List("optimiser", "gd", "lion"));
        Refused("theory is 'astrology'", Axis.List("theory", "astrology"));
        Assert.Throws<ArgumentException>(() => (Example with { Start = [1] }).Check());
        Assert.Throws<ArgumentException>(() => (Example with { BatchSize = 2 }).Check());

        static void Refused(string words, Axis axis) =>
            Assert.Contains(
                words,
                Assert.ThrowsAny<ArgumentException>(() => Example.Check(axis)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            (Example with { Steps = int.MaxValue, GradientTolerance = 0, StepSize = 1e-6 }).Run(source.Token)
        );
        Assert.Equal(StopReason.StepLimit, (Example with { Steps = 1 }).Run().Reason);
    }
}
