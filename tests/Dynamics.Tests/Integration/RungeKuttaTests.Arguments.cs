using System.Text.Json;
using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <content>Arguments that are refused.</content>
public partial class RungeKuttaTests
{
    [Fact]
    public void Sampler_BadTimes_AreRefused()
    {
        SampleSink sink = (i, t, x) => { };
        Assert.Throws<ArgumentException>(() => new Sampler([0, 1, 1], sink));
        Assert.Throws<ArgumentException>(() => new Sampler([0, 0], sink));
        Assert.Throws<ArgumentException>(() => new Sampler([0, 1, 0.5], sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler([0, double.NaN], sink));
        var time = 1.0;
        double[] state = [1];
        Assert.Contains(
            "the same way",
            Assert
                .Throws<ArgumentException>(() =>
                    new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
                        new Forced(),
                        ref time,
                        0,
                        state,
                        new Sampler([0, 1], sink)
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Tableau_ThatViolatesACondition_IsRefusedWithItsName()
    {
        var sum = Assert.Throws<ArgumentException>(() =>
            new ButcherTableau(
                "wrong",
                2,
                [0, 0.5],
                [
                    [],
                    [0.4],
                ],
                [0, 1],
                new(1, [1, 0])
            )
        );
        Assert.Contains("row 2 sums to its node", sum.Message, StringComparison.Ordinal);
        var order = Assert.Throws<ArgumentException>(() =>
            new ButcherTableau(
                "wrong",
                2,
                [0, 0.4],
                [
                    [],
                    [0.4],
                ],
                [0, 1],
                new(1, [1, 0])
            )
        );
        Assert.Contains("order 2", order.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_BadOptions_AreNamed()
    {
        foreach (var wrong in new[] { 0, -1e-3, double.NaN, double.PositiveInfinity })
        {
            Refused("relative tolerance is", new IntegrationOptions(wrong));
            Refused("absolute tolerance is", new IntegrationOptions(1e-9, wrong));
            Refused("relative tolerance 1 is", new IntegrationOptions { RelativeByComponent = [1, wrong] });
            Refused("absolute tolerance 0 is", new IntegrationOptions { AbsoluteByComponent = [wrong, 1] });
            if (wrong < 1)
                Refused("the longest step is", new IntegrationOptions { MaximumStep = wrong });
        }

        Refused("the step limit is 0", new IntegrationOptions(MaximumSteps: 0));

        static void Refused(string message, IntegrationOptions options)
        {
            Assert.Contains(
                message,
                Assert
                    .Throws<ArgumentOutOfRangeException>(() => new RungeKutta(ButcherTableau.DormandPrince, options))
                    .Message,
                StringComparison.Ordinal
            );
            Assert.Contains(
                message,
                Assert
                    .Throws<ArgumentOutOfRangeException>(() => new Rosenbrock(RosenbrockTableau.Rodas4, options))
                    .Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_BadArguments_AreRefusedAndNothingMoves(string name)
    {
        var integrator = TestedMethod.Named(name).Create(new IntegrationOptions { AbsoluteByComponent = [1e-6] });
        var (time, nan) = (0.0, double.NaN);
        double[] state = [1];
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            integrator.Integrate(new Forced(), ref time, double.NaN, state)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            integrator.Integrate(new Forced(), ref time, double.PositiveInfinity, state)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Integrate(new Forced(), ref nan, 1, state));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            integrator.Integrate(new Forced(), ref time, 1, new[] { double.NaN })
        );
        Assert.Throws<ArgumentException>(() => integrator.Integrate(new Forced(), ref time, 1, new double[2]));
        Assert.Throws<ArgumentException>(() =>
            integrator.Integrate(new SelfStabilization(1, 1, 1), ref time, 1, new double[] { 1, 1 })
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Step(new Forced(), 0, double.NaN, state));
        Assert.Equal((0.0, 1.0), (time, state[0]));
    }

    [Fact]
    public void EndAt_TimeOutsideTheStep_IsRefused()
    {
        var step = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Step(
            new Forced(),
            0,
            0.5,
            new[] { 1.0 }
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => step.EndAt(0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => step.EndAt(double.NaN));
        Assert.Throws<ArgumentException>(() => step.Evaluate(0.1, new double[2]));
    }
}
