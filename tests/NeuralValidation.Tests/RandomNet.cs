using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests;

/// <summary>
/// A random network with data, a point and a direction: 1 to 3 layers of width 1 to 5, 1 to 10 samples, any loss, the
/// logistic one on one output at times; weights, inputs and direction standard normal, weights over the root of the
/// fan-in.
/// </summary>
internal sealed record RandomNet(
    Architecture Architecture,
    double[] Inputs,
    int[] Labels,
    double[] Theta,
    double[] Direction
)
{
    /// <summary>The activations on which all derivatives exist.</summary>
    public static readonly Activation[] Smooth = [.. ActivationCatalogue.All.Where(activation => activation.IsSmooth)];

    public static readonly Activation[] Every = [.. ActivationCatalogue.All];

    public int Samples => Labels.Length;

    public static RandomNet Draw(Random random, Activation[] activations, NetworkLoss? loss = null, int layers = 0)
    {
        if (layers == 0)
            layers = random.Next(1, 4);
        int[] widths = [.. Enumerable.Range(0, layers).Select(_ => random.Next(1, 6)), random.Next(2, 5)];
        var activation = activations[random.Next(activations.Length)];
        loss ??= LossCatalogue.All[random.Next(LossCatalogue.All.Count)];
        if (loss == NetworkLoss.Logistic && random.Next(2) == 0)
            widths[^1] = 1;
        var architecture = new Architecture(widths, activation, loss);
        var samples = random.Next(1, 11);
        var theta = Normal(random, architecture.ParameterCount);
        var offset = 0;
        for (var l = 0; l < layers; l++)
        {
            for (var i = 0; i < widths[l] * widths[l + 1]; i++)
                theta[offset + i] /= Math.Sqrt(widths[l]);
            offset += (widths[l] + 1) * widths[l + 1];
        }

        int[] labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(Math.Max(2, widths[^1])))];
        return new RandomNet(
            architecture,
            Normal(random, samples * widths[0]),
            labels,
            theta,
            Normal(random, theta.Length)
        );
    }

    public NetworkSurface Surface(int? chunk = null) =>
        new(Architecture, Inputs, Labels, torch.ScalarType.Float64, torch.CPU, chunk);

    /// <summary>The surface of one sample alone.</summary>
    public NetworkSurface Surface(int[] samples) =>
        new(
            Architecture,
            [.. samples.SelectMany(i => Inputs.Skip(i * Architecture.Widths[0]).Take(Architecture.Widths[0]))],
            [.. samples.Select(i => Labels[i])],
            torch.ScalarType.Float64,
            torch.CPU
        );

    /// <summary>The class of each sample, from the surface's targets.</summary>
    public static int[] ClassesIn(torch.Tensor targets)
    {
        var classes = targets.shape[1] == 1 ? targets.flatten().to(torch.ScalarType.Int64) : targets.argmax(1);
        return [.. classes.data<long>().ToArray().Select(label => (int)label)];
    }

    /// <summary>The targets as numbers of 0 and 1: one-hot, or the label itself where two classes share an
    /// output.</summary>
    public double[] Targets()
    {
        var width = Architecture.Widths[^1];
        return width == 1
            ? [.. Labels.Select(label => (double)label)]
            : [.. Labels.SelectMany(label => Enumerable.Range(0, width).Select(c => c == label ? 1.0 : 0))];
    }

    /// <summary>The offset of layer l's weight in the flat vector; its bias follows the weight.</summary>
    public int Offset(int layer) =>
        Enumerable.Range(0, layer).Sum(l => (Architecture.Widths[l] + 1) * Architecture.Widths[l + 1]);

    /// <summary>The Hessian at a point, column after column in one block.</summary>
    public Matrix<double> Hessian(double[] theta)
    {
        using var surface = Surface();
        using var x = surface.Parameters(theta);
        using var point = surface.At(x);
        var size = theta.Length;
        using var directions = surface.Space.CreateBlock(size);
        using var results = surface.Space.CreateBlock(size);
        for (var i = 0; i < size; i++)
        {
            using var unit = surface.Parameters([.. Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0)]);
            surface.Space.Copy(unit, directions[i]);
        }

        point.HessianBlock(directions, results, size);
        return Matrix<double>.Build.DenseOfColumns(
            Enumerable.Range(0, size).Select(i => surface.Space.ToArray(results[i]))
        );
    }

    public override string ToString() =>
        $"{string.Join('-', Architecture.Widths)} {Architecture.Activation} {Architecture.Loss}, {Samples} samples";

    private static double[] Normal(Random random, int count)
    {
        var values = new double[count];
        MathNet.Numerics.Distributions.Normal.Samples(random, values, 0, 1);
        return values;
    }
}
