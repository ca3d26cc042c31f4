using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Descent;

[Properties(Arbitrary = [typeof(Generators)])]
public class DescentLoopTests
{
    private static readonly QuarticSurface Parabola = new(
        new double[,]
        {
            { 1 },
        },
        [0],
        [0]
    );

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

    [Property]
    public void Run_AnyCadence_ShowsEveryNthStateAndTheLast(Size every, Size steps)
    {
        var states = new List<DescentState<double[]>>();
        var last = 3 * steps.Value;
        DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(last),
            [1.0],
            [new(every.Value, states.Add)],
            cancellation: Token
        );
        Assert.Equal(
            Enumerable.Range(0, last + 1).Where(t => t % every.Value == 0 || t == last),
            states.Select(s => s.Step)
        );
        Assert.All(states, s => Assert.Equal(0.5, s.StepSize));
        // theta_t = 2^-t exactly.
        Assert.All(states, s => Assert.Equal(Math.ScaleB(0.5, -2 * s.Step), s.Loss));
    }

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

    [Fact]
    public void Run_AlsoWhen_AddsTheStatesItIsTrueAt()
    {
        var steps = new List<int>();
        Observer<double[]> observer = new(5, s => steps.Add(s.Step)) { AlsoWhen = s => s.Step is 3 or 5 or 6 };
        DescentLoop.Run(
            Parabola,
            new GradientDescent<double[]>(Parabola.Space),
            0.5,
            new DescentLimits(7),
            [1.0],
            [observer],
            cancellation: Token
        );
        Assert.Equal([0, 3, 5, 6, 7], steps);
    }

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

    [Property]
    public void Run_NeedsPoint_IsTheSameRunWithOneEvaluationAStep(Seed seed, Size size, LogUniform step)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 5);
        var surface = new CountedSurface(Draw.Surface(random, n));
        var theta = Draw.Vector(random, n, 0.3);
        const int steps = 10;
        var stepSize = step.In(1e-3, 0.3);
        var expected = Draw.Trajectory(surface.Inner, theta, stepSize, steps);
        double[] v = Draw.Unit(random, n),
            product = new double[n],
            dense = new double[n];
        var (seen, ends) = (0, new List<StopReason?>());
        Observer<double[]> looks = new(
            1,
            state =>
            {
                var point = state.Point!;
                Assert.Equal(expected[seen], state.Theta);
                Assert.Equal(state.Loss, point.Loss);
                point.HessianVector(v, product);
                using var other = surface.Inner.At(expected[seen++]);
                other.HessianVector(v, dense);
                Assert.Equal(dense, product);
                ends.Add(state.End);
            }
        )
        {
            NeedsPoint = true,
        };
        DescentLoop.Run(
            surface,
            new GradientDescent<double[]>(surface.Space),
            stepSize,
            new DescentLimits(steps),
            theta,
            [new(3, state => Assert.NotNull(state.Point)), looks],
            cancellation: Token
        );
        Assert.Equal(expected[^1], theta);
        Assert.Equal((steps + 1, 0, steps + 1), (surface.Points, surface.Gradients, surface.Disposed));
        Assert.Equal([.. Enumerable.Repeat((StopReason?)null, steps), StopReason.StepLimit], ends);
    }

    [Fact]
    public void Run_ObserverThatThrows_LeavesNoPointBehind()
    {
        var surface = new CountedSurface(Parabola);
        Observer<double[]> throws = new(
            1,
            state =>
            {
                if (state.Step == 2)
                    throw new TimeoutException();
            }
        )
        {
            NeedsPoint = true,
        };
        Assert.Throws<TimeoutException>(() =>
            DescentLoop.Run(
                surface,
                new GradientDescent<double[]>(surface.Space),
                0.5,
                new DescentLimits(9),
                [1.0],
                [throws],
                cancellation: Token
            )
        );
        Assert.Equal((3, 3), (surface.Points, surface.Disposed));
    }

    [Fact]
    public void Run_NobodyNeedsThePoint_MakesNone()
    {
        var surface = new CountedSurface(Parabola);
        DescentLoop.Run(
            surface,
            new GradientDescent<double[]>(surface.Space),
            0.5,
            new DescentLimits(3),
            [1.0],
            [new(1, state => Assert.Null(state.Point))],
            cancellation: Token
        );
        Assert.Equal((0, 4), (surface.Points, surface.Gradients));
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
    public void Observer_CadenceOfZero_NamesTheRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Observer<double[]>(0, _ => { }));
        Assert.StartsWith(
            "Every is 0; it must be a whole number of at least 1.",
            error.Message,
            StringComparison.Ordinal
        );
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

    [Fact]
    public void Recording_MeasuresAtACadence_WithExtraColumnsAndProgress()
    {
        var progress = new List<int>();
        var result = Recording.Run(
            Parabola,
            OptimiserSpec.GradientDescent,
            0.5,
            new DescentLimits(7),
            [1.0],
            new CurvatureProbeOptions(1, new LanczosOptions()),
            3,
            (state, _, table) => table.Set("twice_loss", 2 * state.Loss),
            progress.Add,
            cancellation: Token
        );
        var series = result.Series;
        Assert.Equal([0, 3, 6, 7], series["step"]);
        Assert.All(series["step_size"], eta => Assert.Equal(0.5, eta));
        Assert.Equal(series["loss"].Select(x => 2 * x), series["twice_loss"]);
        Assert.Equal(Enumerable.Range(0, 8), progress);
        Assert.Equal(7, result.Steps);
    }

    /// <summary>Counts what is asked of a surface.</summary>
    private sealed class CountedSurface(QuarticSurface inner) : ISurface<double[]>
    {
        public QuarticSurface Inner => inner;

        public int Points { get; private set; }

        public int Gradients { get; private set; }

        public int Disposed { get; private set; }

        public IVectorSpace<double[]> Space => inner.Space;

        public CostLedger Cost => inner.Cost;

        public int MaximumOrder => inner.MaximumOrder;

        public double LossAndGradient(double[] theta, double[] gradient)
        {
            Gradients++;
            return inner.LossAndGradient(theta, gradient);
        }

        public ISurfacePoint<double[]> At(double[] theta)
        {
            Points++;
            return new CountedPoint(this, inner.At(theta));
        }

        private sealed class CountedPoint(CountedSurface surface, ISurfacePoint<double[]> point)
            : ISurfacePoint<double[]>
        {
            public double Loss => point.Loss;

            public double[] Gradient => point.Gradient;

            public void HessianVector(double[] direction, double[] result) => point.HessianVector(direction, result);

            public void DirectionalDerivatives(double[] direction, Span<double> derivatives) =>
                point.DirectionalDerivatives(direction, derivatives);

            public void DirectionalGradient(double[] direction, int order, double[] result) =>
                point.DirectionalGradient(direction, order, result);

            public void Dispose()
            {
                surface.Disposed++;
                point.Dispose();
            }
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
