using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;
using static FlatBias.Dynamics.Tests.Descent.OnAParabola;

namespace FlatBias.Dynamics.Tests.Descent;

[Properties(Arbitrary = [typeof(Generators)])]
public class DescentObserverTests
{
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
}
