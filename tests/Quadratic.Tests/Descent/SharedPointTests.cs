using FlatBias.Dynamics.Descent;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>The surface at a point of a stochastic descent: that of all samples, beside a step of the batch.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class SharedPointTests
{
    [Property]
    public void Run_MinibatchesAndAPoint_StepByTheBatchAndShowTheFullSurface(Seed seed, Size size, LogUniform step)
    {
        var random = seed.Random();
        const int samples = 6,
            steps = 12;
        var network = RandomLandscapes.Regression(random, samples, 3);
        double[] start = RandomLandscapes.Vector(random, 6, 1),
            alone = [.. start],
            shared = [.. start];
        var (stepSize, gradient) = (step.In(1e-12, 0.02), new double[6]);
        BatchSampler Sampler() => new(samples, 1 + (size.Value % samples), seed.Value);
        using var rule = new GradientDescent<double[]>(network.Space);
        var losses = new List<double>();
        Observer<double[]> plain = new(
            1,
            state =>
            {
                Assert.Null(state.Point);
                losses.Add(state.Loss);
            }
        );
        Observer<double[]> looks = new(
            1,
            state =>
            {
                Assert.Equal(network.Loss(state.Theta), state.Point!.Loss);
                network.Gradient(state.Theta, gradient);
                Assert.Equal(gradient, state.Point.Gradient);
                Assert.Equal(losses[state.Step], state.Loss);
            }
        )
        {
            NeedsPoint = true,
        };
        DescentLoop.Run(network, rule, stepSize, new DescentLimits(steps), alone, [plain], Sampler());
        DescentLoop.Run(network, rule, stepSize, new DescentLimits(steps), shared, [looks], Sampler());
        Assert.Equal(steps + 1, losses.Count);
        Assert.Equal(alone, shared);
    }
}
