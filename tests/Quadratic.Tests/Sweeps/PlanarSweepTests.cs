using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Sweeps;

/// <summary>The register kernels against each other and against descent on the landscapes.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class PlanarSweepTests
{
    private const double Target = 0.7;

    [Property]
    public void Run_AnyWidthAndThreads_GivesTheSameBits(Seed seed, Size eighths)
    {
        var random = seed.Random();
        var count = random.Next(eighths.Value * 350) + 1;
        var limits = new PlanarLimits(32 * (1 + random.Next(8)), CheckEvery: 16 << random.Next(2));
        Same(new SquareNetworkKernel(1.5), count, limits, seed.Value);
        Same(new SquaredErrorKernel(Target), count, limits, seed.Value);
    }

    [Property]
    public void Run_OneSquareNetworkPoint_FollowsDescentToRoundOff(
        Real first,
        Real second,
        LogUniform edge,
        Size checks,
        Real coefficient
    ) =>
        Follows(
            new SquareNetworkKernel(coefficient.In(0.2, 5)),
            new TwoParameterNetwork<PowerLink>(new PowerLink(2, coefficient.In(0.2, 5))),
            2 * coefficient.In(0.2, 5),
            0,
            first,
            second,
            edge,
            checks.Value
        );

    [Property]
    public void Run_OneSquaredErrorPoint_FollowsDescentToRoundOff(
        Real first,
        Real second,
        LogUniform edge,
        Size checks
    ) =>
        Follows(
            new SquaredErrorKernel(Target),
            new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(Target)),
            1,
            Target,
            first,
            second,
            edge,
            checks.Value
        );

    [Property]
    public void Run_PointThatEndsEarly_DoesSoAtTheFirstLookThatFindsIt(Seed seed)
    {
        var limits = new PlanarLimits(2000);
        var ends = PlanarSweep.Run(new SquareNetworkKernel(1), Random(seed.Value, 50), limits);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(0, ends.Steps[i] % limits.CheckEvery);
            if (ends.Reasons[i] == StopReason.StepLimit)
            {
                Assert.Equal(limits.Steps, ends.Steps[i]);
                continue;
            }

            if (ends.Steps[i] == limits.CheckEvery)
                continue;
            var shorter = PlanarSweep.Run(
                new SquareNetworkKernel(1),
                Random(seed.Value, 50),
                limits with
                {
                    Steps = ends.Steps[i] - limits.CheckEvery,
                }
            );
            Assert.Equal(StopReason.StepLimit, shorter.Reasons[i]);
        }
    }

    [Fact]
    public void Run_WorkedExample_EndsAtThePublishedPoint()
    {
        // (3.6), to the published decimals.
        var points = new PlanarPoints([0.011, 0.009, 0.03], [-0.1, -0.1, -0.1], [10, 10, 10]);
        var ends = PlanarSweep.Run(new SquareNetworkKernel(1), points, new PlanarLimits(2000));
        Assert.Equal([StopReason.Converged, StopReason.Converged, StopReason.Diverged], ends.Reasons);
        Near.Equal(8.9615, points.Second[0], 5e-5, "theta_2");
        Near.Equal(160.6, 2 * points.Second[0] * points.Second[0], 0.05, "S");
        Near.Equal(199.8, 2 * points.Second[1] * points.Second[1], 0.05, "S without an instability");
    }

    [Fact]
    public void Run_ManySteps_AllocatesNoMoreThanFew()
    {
        // Nothing ends early: the tolerance is 0, and a step size far below the edge leaves the drive positive.
        Measure(16_000);
        Measure(16_000); // at full length: the JIT compiles the loop anew while it runs, and that allocates
        Assert.Equal(Measure(160), Measure(16_000));

        static long Measure(int steps)
        {
            var points = new PlanarPoints([1e-6], [0.5], [1]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(
                steps,
                PlanarSweep.Run(new SquareNetworkKernel(1), points, new PlanarLimits(steps, Tolerance: 0)).Steps[0]
            );
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Run_Cancelled_LeavesTheStart()
    {
        var points = Random(1, 30);
        double[] before = [.. points.First];
        var ends = PlanarSweep.Run(
            new SquareNetworkKernel(1),
            points,
            new PlanarLimits(16),
            cancellation: new CancellationToken(canceled: true)
        );
        Assert.All(ends.Reasons, reason => Assert.Equal(StopReason.Cancelled, reason));
        Assert.Equal(before, points.First);
    }

    [Fact]
    public void Run_WrongArguments_AreNamed()
    {
        var points = Random(1, 3);
        Assert.Contains(
            "multiple of check-every",
            Assert.Throws<ArgumentOutOfRangeException>(() => Run(new PlanarLimits(17))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new PlanarLimits(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new PlanarLimits(16, double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new PlanarLimits(16, 1, 0.5)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PlanarSweep.Run(new SquareNetworkKernel(1), points, new PlanarLimits(16), registerBits: 100)
        );
        Assert.Throws<ArgumentException>(() =>
            PlanarSweep.Run(new SquareNetworkKernel(1), points with { First = [1] }, new PlanarLimits(16))
        );

        void Run(PlanarLimits limits) => PlanarSweep.Run(new SquareNetworkKernel(1), points, limits);
    }

    private static void Same<TKernel>(TKernel kernel, int count, PlanarLimits limits, int seed)
        where TKernel : struct, IPlanarKernel
    {
        var (expected, reference) = (Random(seed, count), new PlanarEnds([], []));
        reference = PlanarSweep.Run(kernel, expected, limits, registerBits: 64);
        foreach (var (bits, threads) in new[] { (128, 1), (256, 2), (512, 4), (256, 1) })
        {
            var points = Random(seed, count);
            var ends = PlanarSweep.Run(kernel, points, limits, threads, bits);
            Assert.Equal(reference.Reasons, ends.Reasons);
            Assert.Equal(reference.Steps, ends.Steps);
            // Bits, but for the payload of a NaN, which no standard fixes.
            Assert.Equal(expected.First, points.First);
            Assert.Equal(expected.Second, points.Second);
        }
    }

    /// <summary>
    /// The two paths differ by scaling, which rounds, and by products that round once. Both make a local error of a few roundings of the step's terms; the rest is the map's own sensitivity,
    /// |I - eta H| at most, carried on to first order. 2 for what is beyond first order.
    /// </summary>
    private static void Follows<TKernel, TLink>(
        TKernel kernel,
        TwoParameterNetwork<TLink> network,
        double curvature,
        double target,
        Real first,
        Real second,
        LogUniform edge,
        int checks
    )
        where TKernel : struct, IPlanarKernel
        where TLink : struct, ILink
    {
        double[] theta = [3 * first.Value, 3 * second.Value],
            next = new double[2];
        var stepSize = edge.In(0.01, 1.9) / (curvature * (1 + (theta[0] * theta[0]) + (theta[1] * theta[1])));
        var points = new PlanarPoints([stepSize], [theta[0]], [theta[1]]);
        var ends = PlanarSweep.Run(kernel, points, new PlanarLimits(4 * checks, Tolerance: 0, CheckEvery: 4));
        var map = network.AsMap(stepSize);
        var error = 0.0;
        for (var t = 0; t < ends.Steps[0]; t++)
        {
            var size =
                (Math.Abs(theta[0]) + Math.Abs(theta[1]))
                * (1 + (stepSize * curvature * (Math.Abs(theta[0] * theta[1]) + Math.Abs(target))));
            var norm = network.Eigenvalues(theta).Max(lambda => Math.Abs(1 - (stepSize * lambda)));
            error = (norm * error) + (32 * Near.Roundoff * size);
            Orbit.Iterate(map, theta, next, 1);
        }

        error += 32 * Near.Roundoff * (Math.Abs(theta[0]) + Math.Abs(theta[1]));
        Near.Equal(theta, [points.First[0], points.Second[0]], 2 * error, "theta");
    }

    private static PlanarPoints Random(int seed, int count)
    {
        var random = new Random(seed);
        double[] Draw(double low, double high) =>
            [.. Enumerable.Range(0, count).Select(_ => low + ((high - low) * random.NextDouble()))];
        return new PlanarPoints(Draw(0.001, 0.03), Draw(-1, 1), Draw(1, 12));
    }
}
