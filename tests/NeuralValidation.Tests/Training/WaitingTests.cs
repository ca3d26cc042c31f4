using System.Reflection;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>A number that comes back from a GPU is waited for: how many of them a step of descent asks for.</summary>
public class WaitingTests
{
    private const int Steps = 10;

    public static TheoryData<string> Rules => [.. OptimiserCatalogue.All.Names];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Run_AnyRule_AsksForTheLossAndTheGradientsNormAlone(string rule)
    {
        using var network = RandomNet.Draw(new Random(1), RandomNet.Smooth).Surface();
        foreach (
            var sampler in new[]
            {
                null,
                new BatchPlan(1, 1).Sampler(((IStochasticSurface<torch.Tensor>)network).Samples),
            }
        )
        {
            var surface = new CountingSurface(network);
            using var theta = network.Space.Create();
            using var update = OptimiserSpec.Of(rule).Create(surface.Space);
            // A step size at which nothing ends the run before its last step.
            DescentLoop.Run(surface, update, 1e-6, new DescentLimits(Steps), theta, [], sampler);
            // The two numbers that decide whether it diverged, converged or reached its loss, at each step and at the
            // last point; who divides by the norm asks for it once more a step.
            Assert.Equal(Steps + 1, surface.Losses);
            Assert.Equal(Steps + 1 + (rule == "normalised" ? Steps : 0), CountingSpace.Of(surface.Space).Numbers);
        }
    }

    /// <summary>Counts the calls of a space that return numbers; any other leaves all it does on the device.</summary>
    public class CountingSpace : DispatchProxy
    {
        private IVectorSpace<torch.Tensor> _space = null!;

        public int Numbers { get; private set; }

        public static IVectorSpace<torch.Tensor> Around(IVectorSpace<torch.Tensor> space)
        {
            var proxy = Create<IVectorSpace<torch.Tensor>, CountingSpace>();
            Of(proxy)._space = space;
            return proxy;
        }

        public static CountingSpace Of(IVectorSpace<torch.Tensor> space) => (CountingSpace)(object)space;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var property = targetMethod!.IsSpecialName;
            if (!property && (targetMethod.ReturnType == typeof(double) || targetMethod.ReturnType == typeof(double[])))
                Numbers++;
            return targetMethod.Invoke(_space, args);
        }
    }

    private sealed class CountingSurface(NetworkSurface surface) : IStochasticSurface<torch.Tensor>
    {
        public int Losses { get; private set; }

        public IVectorSpace<torch.Tensor> Space { get; } = CountingSpace.Around(surface.Space);

        public CostLedger Cost => surface.Cost;

        public int MaximumOrder => surface.MaximumOrder;

        public int Samples => ((IStochasticSurface<torch.Tensor>)surface).Samples;

        public double LossAndGradient(torch.Tensor theta, torch.Tensor gradient)
        {
            Losses++;
            return surface.LossAndGradient(theta, gradient);
        }

        public double BatchLossAndGradient(torch.Tensor theta, ReadOnlySpan<int> batch, torch.Tensor gradient)
        {
            Losses++;
            return surface.BatchLossAndGradient(theta, batch, gradient);
        }

        public ISurfacePoint<torch.Tensor> At(torch.Tensor theta) => surface.At(theta);

        public ISurface<torch.Tensor> Batch(ReadOnlySpan<int> batch) => surface.Batch(batch);
    }
}
