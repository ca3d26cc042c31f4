using FlatBias.Dynamics.Descent;
using FlatBias.Testing;
using FsCheck.Xunit;
using static FlatBias.Dynamics.Tests.Descent.OnAParabola;

namespace FlatBias.Dynamics.Tests.Descent;

[Properties(Arbitrary = [typeof(Generators)])]
public class DescentEndTests
{
    [Property]
    public void Run_LossTarget_EndsAtTheFirstPointAtOrBelowIt(Seed seed, Size size, LogUniform share)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 5);
        var surface = Draw.Surface(random, n);
        var start = Draw.Vector(random, n, 0.3);
        double[] losses = [.. Draw.Trajectory(surface, start, 0.05, 30).Select(theta => surface.Loss(theta))];
        var target = losses.Min() + (share.In(1e-3, 1) * (losses.Max() - losses.Min()));
        var first = Array.FindIndex(losses, loss => loss <= target);
        var seen = new List<int>();
        var limits = new DescentLimits(30) { LossTarget = target };
        var result = DescentLoop.Run(
            surface,
            new GradientDescent<double[]>(surface.Space),
            0.05,
            limits,
            start,
            [new(100, state => seen.Add(state.Step))],
            cancellation: Token
        );
        Assert.Equal(new DescentResult(StopReason.LossReached, first, losses[first]), result);
        Assert.Equal(first, seen[^1]);
    }

    [Fact]
    public void Run_LossTargetThatIsNotANumber_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            DescentLoop.Run(
                Parabola,
                new GradientDescent<double[]>(Parabola.Space),
                0.5,
                new DescentLimits(1) { LossTarget = double.NaN },
                [1.0],
                [],
                cancellation: Token
            )
        );

    [Property]
    public void Run_StopWhen_EndsThereAndShowsTheLastPointToAll(Size stop, Size every)
    {
        var (asked, seen, also) = (new List<int>(), new List<DescentState<double[]>>(), 0);
        Observer<double[]> stops = new(every.Value, _ => { })
        {
            StopWhen = s =>
            {
                asked.Add(s.Step);
                Assert.Null(s.End);
                return s.Step == stop.Value;
            },
        };
        Observer<double[]> never = new(1000, seen.Add)
        {
            StopWhen = _ =>
            {
                also++;
                return false;
            },
        };
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(100),
            [1.0],
            [stops, never],
            cancellation: Token
        );
        Assert.Equal(new DescentResult(StopReason.Stopped, stop.Value, Math.ScaleB(0.5, -2 * stop.Value)), result);
        Assert.Equal(Enumerable.Range(0, stop.Value + 1), asked);
        Assert.Equal(asked.Count, also);
        Assert.Equal([(0, (StopReason?)null), (stop.Value, StopReason.Stopped)], seen.Select(s => (s.Step, s.End)));
    }

    [Fact]
    public void Run_StopWhen_IsNotAskedWhereTheRunEndsAnyway()
    {
        var asked = new List<int>();
        Observer<double[]> stops = new(1, _ => { })
        {
            StopWhen = s =>
            {
                asked.Add(s.Step);
                return false;
            },
        };
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(3),
            [1.0],
            [stops],
            cancellation: Token
        );
        Assert.Equal(StopReason.StepLimit, result.Reason);
        Assert.Equal([0, 1, 2], asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1e-200)]
    public void Run_AllSteps_GoesOnAtACriticalPoint(double start)
    {
        // At eta = 1 the parabola is at its minimum after one step, and from 1e-200 its gradient squared is no number.
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            1,
            DescentLimits.AllOf(20),
            [start],
            [],
            cancellation: Token
        );
        Assert.Equal(new DescentResult(StopReason.StepLimit, 20, 0), result);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1e150, 3)]
    [InlineData(1e140, 1e9)]
    public void Run_AllSteps_EndsWhereTheLossIsNoLongerFinite(double start, double stepSize)
    {
        // theta^2 / 2 is beyond float64 from 1.9e154 on, where the gradient, theta itself, is not.
        double[] theta = [start];
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            stepSize,
            DescentLimits.AllOf(int.MaxValue),
            theta,
            [],
            cancellation: Token
        );
        Assert.Equal((StopReason.Diverged, double.PositiveInfinity), (result.Reason, result.Loss));
        Assert.InRange(Math.Abs(theta[0]), 1.8e154, 1e170);
    }

    [Fact]
    public void Run_GradientFallsToTheTolerance_Converges()
    {
        // |g_t| = 2^-t reaches 2^-10 at t = 10.
        double[] theta = [1];
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(100, Math.ScaleB(1, -10)),
            theta,
            [],
            cancellation: Token
        );
        Assert.Equal(new DescentResult(StopReason.Converged, 10, Math.ScaleB(0.5, -20)), result);
        Assert.Equal(Math.ScaleB(1, -10), theta[0]);
    }

    [Fact]
    public void Run_ExactCriticalPoint_ConvergesAtOnce() =>
        Assert.Equal(
            new DescentResult(StopReason.Converged, 0, 0),
            DescentLoop.Run(
                Parabola,
                new GradientDescent<double[]>(Parabola.Space),
                0.5,
                new DescentLimits(100),
                [0.0],
                [],
                cancellation: Token
            )
        );

    [Fact]
    public void Run_GradientOverflows_DivergesThoughTheLossIsBelowTheCeiling()
    {
        var surface = new QuarticSurface(
            new double[,]
            {
                { 1e200 },
            },
            [0],
            [0]
        );
        Assert.Equal(
            StopReason.Diverged,
            DescentLoop
                .Run(
                    surface,
                    new GradientDescent<double[]>(surface.Space),
                    0.1,
                    new DescentLimits(100),
                    [1.0],
                    [],
                    cancellation: Token
                )
                .Reason
        );
    }

    [Fact]
    public void Run_CancelledOnTheWay_StopsBeforeTheNextStep()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<int>();
        Observer<double[]> cancels = new(
            3,
            s =>
            {
                if (s.Step == 3)
                    source.Cancel();
            }
        );
        double[] theta = [1];
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(100),
            theta,
            [cancels, new(100, s => steps.Add(s.Step))],
            cancellation: source.Token
        );
        Assert.Equal((StopReason.Cancelled, 4), (result.Reason, result.Steps));
        Assert.Equal([0, 4], steps);
        Assert.Equal(0.0625, theta[0]);
    }
}
