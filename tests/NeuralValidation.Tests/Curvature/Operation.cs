using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>One operation of tensors as a loss of all of its arguments, which follow each other in theta.</summary>
/// <param name="Name">What a failure calls it.</param>
/// <param name="Apply">The operation.</param>
/// <param name="Shapes">The shapes of its arguments.</param>
internal sealed record Operation(string Name, Func<Tensor[], Tensor> Apply, params long[][] Shapes)
{
    /// <summary>What the built-in networks and losses are made of, by the very code that they use.</summary>
    public static IReadOnlyList<Operation> BuiltIn { get; } =
    [
        new("linear layer", x => Layers.Linear(x[0], x[1], x[2]), [3, 4], [2, 4], [2]),
        new("linear layer by addmm", x => addmm(x[2], x[0], x[1].t(), 1, 1), [3, 4], [2, 4], [2]),
        new("convolution", x => Layers.Convolution(x[0], x[1], x[2], 1), [2, 2, 4, 4], [2, 2, 3, 3], [2]),
        new("convolution of stride 2", x => Layers.Convolution(x[0], x[1], x[2], 2), [2, 1, 5, 5], [2, 1, 3, 3], [2]),
        new("convolution without bias", x => Layers.Convolution(x[0], x[1], null, 1), [2, 2, 3, 3], [1, 2, 3, 3]),
        new("average pooling", x => Layers.AveragePool(x[0], 2), [2, 2, 5, 4]),
        new("mean over space", x => x[0].mean([2, 3]), [2, 3, 2, 3]),
        new("layer normalisation", x => (Layers.Standardised(x[0], -1) * x[1]).Plus(x[2]), [3, 2, 5], [5], [5]),
        new("layer normalisation of images", x => Layers.GroupNormalised(x[0], 1), [2, 4, 2, 2]),
        new("group normalisation", x => Layers.GroupNormalised(x[0], 2), [2, 4, 2, 2]),
        new("batch normalisation", x => Layers.Standardised(x[0], 0, 2, 3), [3, 2, 2, 2]),
        new("scale and shift by channel", x => Layers.ByChannel(x[0], x[1], x[2]), [2, 3, 2, 2], [3], [3]),
        new("embedding lookup", x => x[0].index_select(0, tensor([2L, 0, 2, 1, 2])), [3, 4]),
        new("softmax", x => x[0].softmax(-1), [3, 4]),
        new("attention", x => Layers.Attention(x[0], x[1], x[2], false), [2, 2, 3, 2], [2, 2, 3, 2], [2, 2, 3, 2]),
        new(
            "causal attention",
            x => Layers.Attention(x[0], x[1], x[2], true),
            [1, 2, 4, 2],
            [1, 2, 4, 2],
            [1, 2, 4, 2]
        ),
        new("log-sum-exp", x => x[0].logsumexp(-1), [3, 4]),
        new("cross-entropy", x => SampleLosses.CrossEntropy(x[0], tensor([2L, 0, 3])), [3, 4]),
        new("half squared error", x => SampleLosses.HalfSquaredError(x[0], x[1]), [3, 2], [3, 2]),
        new("logistic loss", x => SampleLosses.Logistic(x[0], tensor([1.0, -1, 1])), [3]),
        .. ActivationCatalogue.All.Select(f => new Operation($"activation {f.Name}", x => f.Value(x[0]), [3, 4])),
    ];

    /// <summary>What modules of one's own are made of, by the library's own functions.</summary>
    public static IReadOnlyList<Operation> Library { get; } =
    [
        new("nn.functional.linear", x => nn.functional.linear(x[0], x[1], x[2]), [3, 4], [2, 4], [2]),
        new("nn.functional.conv1d", x => nn.functional.conv1d(x[0], x[1], x[2], padding: 1), [2, 2, 5], [2, 2, 3], [2]),
        new("nn.functional.avg_pool2d", x => nn.functional.avg_pool2d(x[0], [2, 2]), [2, 2, 4, 4]),
        new(
            "nn.functional.max_pool2d away from ties",
            x => nn.functional.max_pool2d(x[0].Plus(Ramp(x[0])), [2, 2]),
            [2, 2, 4, 4]
        ),
        new("nn.functional.group_norm", x => nn.functional.group_norm(x[0], 2, x[1], x[2]), [2, 4, 2, 2], [4], [4]),
        new(
            "nn.functional.batch_norm by running statistics",
            x => nn.functional.batch_norm(x[0], tensor([0.3, -0.2]), tensor([1.5, 0.8]), x[1], x[2], training: false),
            [3, 2, 2, 2],
            [2],
            [2]
        ),
        new("nn.functional.gelu", x => nn.functional.gelu(x[0]), [3, 4]),
        new("nn.functional.silu", x => nn.functional.silu(x[0]), [3, 4]),
        new("nn.functional.elu", x => nn.functional.elu(x[0], 1), [3, 4]),
        new("nn.functional.sigmoid", x => nn.functional.sigmoid(x[0]), [3, 4]),
        new("nn.functional.log_softmax", x => nn.functional.log_softmax(x[0], -1), [3, 4]),
        new("nn.functional.cross_entropy", x => nn.functional.cross_entropy(x[0], tensor([2L, 0, 3])), [3, 4]),
        new(
            "nn.functional.binary_cross_entropy_with_logits",
            x => nn.functional.binary_cross_entropy_with_logits(x[0], tensor([1.0, 0, 1])),
            [3]
        ),
        new("nn.functional.mse_loss", x => nn.functional.mse_loss(x[0], x[1]), [3, 2], [3, 2]),
        new(
            "nn.functional.scaled_dot_product_attention",
            x => nn.functional.scaled_dot_product_attention(x[0], x[1], x[2]),
            [2, 2, 3, 2],
            [2, 2, 3, 2],
            [2, 2, 3, 2]
        ),
    ];

    /// <summary>Fused forms whose higher derivatives torch gets wrong, each with the plain form that is right.</summary>
    public static IReadOnlyList<(Operation Fused, Operation Plain)> Wrong { get; } =
    [
        (
            new(
                "nn.functional.layer_norm",
                x => nn.functional.layer_norm(x[0], [5], x[1], x[2], 1e-5),
                [3, 2, 5],
                [5],
                [5]
            ),
            BuiltIn.Single(operation => operation.Name == "layer normalisation")
        ),
        (
            new(
                "nn.functional.batch_norm over the batch",
                x =>
                    nn.functional.batch_norm(
                        x[0],
                        zeros(2, ScalarType.Float64),
                        ones(2, ScalarType.Float64),
                        training: true
                    ),
                [3, 2, 2, 2]
            ),
            BuiltIn.Single(operation => operation.Name == "batch normalisation")
        ),
        (
            new("nn.functional.instance_norm", x => nn.functional.instance_norm(x[0]), [2, 2, 3, 2]),
            new("instance normalisation", x => Layers.GroupNormalised(x[0], 2), [2, 2, 3, 2])
        ),
    ];

    public int ParameterCount => Shapes.Sum(shape => (int)Length(shape));

    public override string ToString() => Name;

    /// <summary>The sum of the results with fixed weights, and of half their squares: derivatives of all orders in all arguments show.</summary>
    public Tensor Loss(Tensor theta)
    {
        var arguments = new Tensor[Shapes.Length];
        long begin = 0;
        for (var i = 0; i < Shapes.Length; begin += Length(Shapes[i]), i++)
            arguments[i] = theta.narrow(0, begin, Length(Shapes[i])).view(Shapes[i]);
        var y = Apply(arguments).flatten();
        var weights = arange(1, y.numel() + 1, ScalarType.Float64).sin();
        return (weights * y).sum().Plus((y * y).sum().Times(0.5));
    }

    private static long Length(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Numbers 5 apart, where arguments are between -2 and 2, in an order that puts the largest of a square anywhere in it.</summary>
    private static Tensor Ramp(Tensor x) =>
        arange(0, x.numel(), ScalarType.Float64).Times(7).remainder(tensor((double)x.numel())).Times(5).view(x.shape);
}
