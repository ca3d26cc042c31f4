using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>
/// Update rules on networks against their formulas as PyTorch documents them, written out component by component, with gradients of torch.nn's own layers and losses: nothing of the route is shared.
/// The same runs for both, started from the same weights, batch by batch. TorchSharp's own optimisers are no reference: they hand native code numbers that nothing holds, which the garbage collector takes now and then.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 10)]
public class OptimisersAgainstTorchTests
{
    private const int Steps = 100;

    [Property]
    public void Apply_FullBatch_FollowsTorch(Seed seed, LogUniform step, Real decay) =>
        Compare(seed, step, decay, batchSize: null);

    [Property]
    public void Apply_Minibatches_FollowTorch(Seed seed, LogUniform step, Real decay, Testing.Size batch) =>
        Compare(seed, step, decay, batch.Value);

    private static void Compare(Seed seed, LogUniform step, Real decay, int? batchSize)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, RandomNet.Smooth);
        var (b, stepSize) = (decay.In(0, 0.95), step.In(1e-4, 0.02));
        var sampler = batchSize is { } size
            ? new BatchPlan(Math.Min(size, net.Samples), seed.Value, random.Next(2) == 0).Sampler(net.Samples)
            : null;
        foreach (
            var spec in new OptimiserSpec[]
            {
                OptimiserSpec.Of("gd"),
                OptimiserSpec.Of("momentum").With("momentum", b),
                OptimiserSpec.Of("rmsprop").With("second-decay", b).With("epsilon", 1e-2),
                OptimiserSpec.Of("adam").With("momentum", b).With("second-decay", 0.9).With("epsilon", 1e-2),
                OptimiserSpec
                    .Of("adam")
                    .With("momentum", b)
                    .With("second-decay", 0.9)
                    .With("epsilon", 1e-2)
                    .With("weight-decay", 0.5),
            }
        )
        {
            var ours = Ours(net, spec, stepSize, sampler, kick: 0);
            // The rounding of a gradient: sums of at most 10 samples and 5 terms a layer through 3 layers and back, below
            // 1e3 roundoffs of numbers of size max |theta|; the adaptive rules divide it by eps = 1e-2 at most.
            // A rule at its edge forgets some errors and lets others grow, those of late steps too: all are carried to
            // the end as noise of every step is, with a factor 10 for the luck of its directions.
            const double kick = 1e-9;
            var carried = Distance(ours, Ours(net, spec, stepSize, sampler, kick));
            // Where noise of 1e-9 is no longer small at the end, roundings have no bound either: nothing to compare.
            if (carried > 1e-3 * Near.Scale(ours))
                continue;
            var injected = 1e3 * Near.Roundoff * Near.Scale(ours) * (1 + (100 * stepSize));
            Near.Equal(
                Torch(net, spec, stepSize, sampler),
                ours,
                10 * injected * carried / kick,
                $"{spec.Name} on {net}"
            );
        }
    }

    /// <summary>The end of our run, with Gaussian noise of a size in every component at every step.</summary>
    private static double[] Ours(RandomNet net, OptimiserSpec spec, double stepSize, BatchSampler? sampler, double kick)
    {
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var rule = spec.Create(surface.Space);
        using var noise = surface.Space.Create();
        var random = new Random(1);
        Observer<Tensor> shake = new(
            1,
            state =>
            {
                surface.Space.FillGaussian(noise, random);
                surface.Space.Axpy(kick, noise, state.Theta);
            }
        );
        DescentLoop.Run(surface, rule, stepSize, new DescentLimits(Steps), theta, kick > 0 ? [shake] : [], sampler);
        return surface.Space.ToArray(theta);
    }

    private static double[] Torch(RandomNet net, OptimiserSpec spec, double stepSize, BatchSampler? sampler)
    {
        using var scope = NewDisposeScope();
        var layers = Layers(net);
        var parameters = layers.SelectMany(l => new[] { l.weight!, l.bias! }).ToArray();
        var inputs = tensor(net.Inputs, [net.Samples, net.Architecture.Widths[0]], ScalarType.Float64).clone();
        var labels = tensor(net.Labels, ScalarType.Int64);
        var rule = new Reference(spec, stepSize, net.Theta.Length);
        for (var t = 0; t < Steps; t++)
        {
            var batch = sampler is null
                ? null
                : tensor([.. sampler.At(t).ToArray().Select(i => (long)i)], ScalarType.Int64);
            foreach (var parameter in parameters)
                parameter.grad?.zero_();
            Loss(
                    net.Architecture,
                    layers,
                    batch is null ? inputs : inputs[batch],
                    batch is null ? labels : labels[batch]
                )
                .backward();
            var theta = Flat(p => p.detach());
            rule.Step(Flat(p => p.grad!), theta);
            Write(theta);
        }

        return Flat(p => p.detach());

        double[] Flat(Func<TorchSharp.Modules.Parameter, Tensor> part) =>
            [.. parameters.SelectMany(p => part(p).reshape(-1).data<double>().ToArray())];

        void Write(double[] theta)
        {
            using var noGradient = no_grad();
            var begin = 0;
            foreach (var parameter in parameters)
            {
                var size = (int)parameter.numel();
                parameter.copy_(tensor(theta[begin..(begin + size)], parameter.shape, ScalarType.Float64));
                begin += size;
            }
        }
    }

    private static TorchSharp.Modules.Linear[] Layers(RandomNet net)
    {
        var widths = net.Architecture.Widths;
        var layers = new TorchSharp.Modules.Linear[widths.Count - 1];
        using var noGradient = no_grad();
        for (var l = 0; l < layers.Length; l++)
        {
            var (begin, size) = (net.Offset(l), widths[l] * widths[l + 1]);
            layers[l] = nn.Linear(widths[l], widths[l + 1], dtype: ScalarType.Float64);
            layers[l]
                .weight!.copy_(
                    tensor(net.Theta[begin..(begin + size)], [widths[l + 1], widths[l]], ScalarType.Float64)
                );
            layers[l]
                .bias!.copy_(tensor(net.Theta[(begin + size)..(begin + size + widths[l + 1])], ScalarType.Float64));
        }

        return layers;
    }

    private static Tensor Loss(
        Architecture architecture,
        TorchSharp.Modules.Linear[] layers,
        Tensor inputs,
        Tensor labels
    )
    {
        var x = inputs;
        for (var l = 0; l < layers.Length; l++)
        {
            x = layers[l].forward(x);
            if (l + 1 < layers.Length)
                x = Activated(architecture.Activation.Name, x);
        }

        if (architecture.Loss == NetworkLoss.CrossEntropy)
            return nn.functional.cross_entropy(x, labels);
        var targets =
            architecture.Widths[^1] == 1
                ? labels.unsqueeze(1).to(ScalarType.Float64)
                : nn.functional.one_hot(labels, architecture.Widths[^1]).to(ScalarType.Float64);
        return architecture.Loss == NetworkLoss.Logistic
            ? nn.functional.binary_cross_entropy_with_logits(x, targets, reduction: nn.Reduction.Sum)
                / (double)labels.shape[0]
            : nn.functional.mse_loss(x, targets, nn.Reduction.Sum) / (2.0 * labels.shape[0]);
    }

    private static Tensor Activated(string name, Tensor x) =>
        name switch
        {
            "tanh" => x.tanh(),
            "softplus" => nn.functional.softplus(x, 1, 500),
            "gelu" => nn.functional.gelu(x),
            "silu" => nn.functional.silu(x),
            "linear" => x,
            _ => throw new ArgumentException($"torch is not asked about {name}."),
        };

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum());

    /// <summary>SGD, RMSprop, Adam and AdamW of torch.optim's documentation.</summary>
    private sealed class Reference(OptimiserSpec spec, double stepSize, int parameters)
    {
        private readonly double[] _mean = new double[parameters],
            _square = new double[parameters];
        private int _steps;

        public void Step(double[] gradient, double[] theta)
        {
            _steps++;
            for (var i = 0; i < theta.Length; i++)
                theta[i] = Moved(theta[i], gradient[i], i);
        }

        private double Moved(double theta, double g, int i)
        {
            switch (spec.Name)
            {
                case "gd":
                    return theta - (stepSize * g);
                case "momentum":
                    _mean[i] = (Value("momentum") * _mean[i]) + g;
                    return theta - (stepSize * _mean[i]);
                case "rmsprop":
                    _square[i] = (Value("second-decay") * _square[i]) + ((1 - Value("second-decay")) * g * g);
                    return theta - (stepSize * g / (Math.Sqrt(_square[i]) + Value("epsilon")));
                case "adam":
                    var (b1, b2) = (Value("momentum"), Value("second-decay"));
                    _mean[i] = (b1 * _mean[i]) + ((1 - b1) * g);
                    _square[i] = (b2 * _square[i]) + ((1 - b2) * g * g);
                    var divisor = Math.Sqrt(_square[i] / (1 - Math.Pow(b2, _steps))) + Value("epsilon");
                    return (theta * (1 - (stepSize * Value("weight-decay"))))
                        - (stepSize / (1 - Math.Pow(b1, _steps)) * _mean[i] / divisor);
                default:
                    throw new ArgumentException($"no formula is written out for {spec.Name}.");
            }
        }

        private double Value(string parameter) => spec.Values.Number(parameter);
    }
}
