using FlatBias.Dynamics.Descent;
using FlatBias.Testing;
using FsCheck.Xunit;
using static FlatBias.Dynamics.Tests.Descent.OnAParabola;

namespace FlatBias.Dynamics.Tests.Descent;

[Properties(Arbitrary = [typeof(Generators)])]
public class DescentLoopTests
{
    [Property]
    public void Run_AnySurface_IsThePlainLoopToTheLastBit(Seed seed, Size size, LogUniform step)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 5);
        var surface = Draw.Surface(random, n);
        var theta = Draw.Vector(random, n, 0.3);
        const int steps = 30;
        var stepSize = step.In(1e-3, 0.3);
        var expected = Draw.Trajectory(surface, theta, stepSize, steps);
        var seen = new List<double[]>();
        var result = DescentLoop.Run(
            surface,
            new GradientDescent<double[]>(surface.Space),
            stepSize,
            new DescentLimits(steps),
            theta,
            [new(1, state => seen.Add([.. state.Theta]))],
            cancellation: Token
        );
        Assert.Equal(expected, seen);
        Assert.Equal(expected[^1], theta);
        Assert.Equal(new DescentResult(StopReason.StepLimit, steps, surface.Loss(expected[^1])), result);
    }

    [Fact]
    public void Run_NoSteps_StillShowsTheStart()
    {
        var steps = new List<int>();
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(0),
            [1.0],
            [new(4, s => steps.Add(s.Step))],
            cancellation: Token
        );
        Assert.Equal([0], steps);
        Assert.Equal(new DescentResult(StopReason.StepLimit, 0, 0.5), result);
    }

    [Fact]
    public void Run_LossGrowsPastTheFactor_DivergesAndShowsTheLastPoint()
    {
        // theta_t = (-2)^t, L_t = 4^t / 2 exceeds 1000 first at t = 6 (2048).
        var steps = new List<int>();
        var result = DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            3,
            new DescentLimits(100, DivergenceFactor: 1000),
            [1.0],
            [new(100, s => steps.Add(s.Step))],
            cancellation: Token
        );
        Assert.Equal(new DescentResult(StopReason.Diverged, 6, 2048), result);
        Assert.Equal([0, 6], steps);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Run_LossNotFiniteAtTheStart_IsRefusedWithTheValue(double entry)
    {
        var surface = new QuarticSurface(
            new double[,]
            {
                { entry },
            },
            [0],
            [0]
        );
        var error = Assert.Throws<ArgumentException>(() =>
            DescentLoop.Run(
                surface,
                new GradientDescent<double[]>(surface.Space),
                0.1,
                new DescentLimits(100),
                [1.0],
                [],
                cancellation: Token
            )
        );
        Assert.StartsWith(
            FormattableString.Invariant($"theta gives a loss of {entry}; the loss at the start must be finite."),
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Run_StepSizeOutsideRange_NamesParameterValueAndRangeBeforeAnyWork(double stepSize)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            DescentLoop.Run(
                Parabola,
                new GradientDescent<double[]>(Parabola.Space),
                stepSize,
                new DescentLimits(1),
                [1.0],
                [new(1, _ => Assert.Fail("work was done"))],
                cancellation: Token
            )
        );
        Assert.Equal("step-size", error.ParamName);
        Assert.StartsWith(
            FormattableString.Invariant($"step-size is {stepSize}; it must be a finite number above 0."),
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(-1, 0, 1, "limits.Steps is -1; it must be a whole number of at least 0.")]
    [InlineData(1, -1, 1, "limits.GradientTolerance is -1; it must be a number of at least 0.")]
    [InlineData(1, double.NaN, 1, "limits.GradientTolerance is NaN; it must be a number of at least 0.")]
    [InlineData(1, 0, double.NaN, "limits.DivergenceFactor is NaN; it must be a number of at least 0.")]
    public void Run_LimitsOutsideRange_NameParameterValueAndRange(
        int steps,
        double tolerance,
        double factor,
        string message
    )
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            DescentLoop.Run(
                Parabola,
                new GradientDescent<double[]>(Parabola.Space),
                0.1,
                new DescentLimits(steps, tolerance, factor),
                [1.0],
                [],
                cancellation: Token
            )
        );
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ManySteps_AllocatesNothingPerStep()
    {
        var surface = Draw.Surface(new Random(1), 2);
        var count = 0;
        Observer<double[]>[] observers =
        [
            new(2, _ => count++) { AlsoWhen = state => state.Loss < 0, StopWhen = state => state.Loss < -1 },
        ];
        double[] theta = [0.2, 0.2];
        long Allocated(int steps)
        {
            (theta[0], theta[1]) = (0.2, 0.2);
            var before = GC.GetAllocatedBytesForCurrentThread();
            DescentLoop.Run(
                surface,
                new GradientDescent<double[]>(surface.Space),
                1e-6,
                new DescentLimits(steps),
                theta,
                observers,
                cancellation: Token
            );
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(100_000); // what the compiler allocates on this thread when it optimises the loop comes first
        Assert.Equal(Allocated(10), Allocated(100_000));
        Assert.True(count > 50_000, "the observer was asked at every step");
    }
}
