using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Tests.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Curvature by layer, against blocks of the dense Hessian.</summary>
public class DiagonalBlockTests
{
    public static TheoryData<string> Rows => [.. TinyNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void LeadingPairs_EveryLayer_AreThoseOfTheDenseBlock(string row)
    {
        using var scope = NewDisposeScope();
        using var surface = TinyNetworks.Surface(TinyNetworks.All[row]);
        var layout = TinyNetworks.All[row].Build(TinyNetworks.Data(TinyNetworks.All[row]).Train.Form).Layout;
        var space = (TensorSpace)surface.Space;
        using var point = surface.At(surface.Parameters(TinyNetworks.Weights(surface)));
        var dense = Matrix<double>.Build.DenseOfColumns(
            Enumerable
                .Range(0, space.Dimension)
                .Select(j =>
                {
                    var unit = new double[space.Dimension];
                    unit[j] = 1;
                    var column = space.Create();
                    point.HessianVector(surface.Parameters(unit), column);
                    return space.ToArray(column);
                })
        );
        var size = dense.L2Norm();
        var top = Values(dense)[0];
        foreach (var group in layout.Layers)
        {
            var block = dense.SubMatrix(group.Begin, group.Length, group.Begin, group.Length);
            using var pairs = DiagonalBlock.LeadingPairs(
                point,
                space,
                group,
                Math.Min(2, group.Length),
                new LanczosOptions(1e-8),
                new Random(1)
            );
            Assert.True(pairs.Converged);
            // A residual of 1e-8 |H| moves an eigenvalue by that at most.
            for (var i = 0; i < pairs.Count; i++)
                Near.Equal(Values(block)[i], pairs.Values[i], 1e-8 * size, $"{group.Name} lambda_{i + 1}");
            Assert.True(pairs.Values[0] <= top + (1e-8 * size), $"{group.Name} interlaces");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Share_AllLayers_AddUpToTheSquaredNorm(string row)
    {
        using var surface = TinyNetworks.Surface(TinyNetworks.All[row]);
        var layout = TinyNetworks.All[row].Build(TinyNetworks.Data(TinyNetworks.All[row]).Train.Form).Layout;
        var weights = TinyNetworks.Weights(surface);
        using var vector = surface.Parameters(weights);
        var shares = layout.Layers.Select(layer => DiagonalBlock.Share(vector, layer)).ToArray();
        // Sums of P squares of size at most 1 round by P u at most.
        Near.Equal(weights.Sum(w => w * w), shares.Sum(), weights.Length * weights.Length * Near.Roundoff, "sum");
        Assert.All(shares, share => Assert.True(share > 0));
    }

    [Fact]
    public void Group_Block_IsAllOfItsLayers()
    {
        var network = TinyNetworks.All["resnet-group"];
        var layout = network.Build(TinyNetworks.Data(network).Train.Form).Layout;
        Assert.Equal(
            ["stem", "block1.norm1", "block1.conv1", "block1.norm2", "block1.conv2", "norm", "out"],
            layout.Layers.Select(layer => layer.Name)
        );
        var block = layout.Group("block1");
        Assert.Equal(layout.Layers.Skip(1).Take(4).Sum(layer => layer.Length), block.Length);
        Assert.Equal(layout.Layers[1].Begin, block.Begin);
        // The name of a block is whole parts of names: norm is none of norm1.
        Assert.Equal(layout.Layers[5], layout.Group("norm"));
    }

    [Fact]
    public void Execute_Layers_AreThoseOfTheEndpointMeasuredAnew()
    {
        var network = TinyNetworks.All["cnn"];
        var (train, test) = TinyNetworks.Data(network);
        var spec = TinyNetworks.Spec(network) with { LayersEvery = 1, Group = "conv1" };
        var run = TrainingRun.Execute(spec, train, test);
        var plain = TrainingRun.Execute(spec with { LayersEvery = null, Group = null }, train, test);
        Assert.Equal(plain.End, run.End);
        Assert.Equal(plain.Series.Array("sharpness"), run.Series.Array("sharpness"));
        var last = run.Series.Rows - 1;
        // v_1 is a unit vector in float64.
        Near.Equal(
            1,
            new[] { "conv1", "conv2", "out" }.Sum(layer => run.Series[NetworkColumns.LayerShare[layer]][last]),
            1e-10,
            "shares"
        );
        // Both by Lanczos to a residual of 1e-3 from different starts.
        Near.Equal(
            run.Series[NetworkColumns.LayerSharpness["conv1"]][last],
            run.Series[NetworkColumns.GroupEigenvalue[1]][last],
            2e-3 * Math.Abs(run.Series["sharpness"][last]),
            "conv1"
        );
    }

    [Fact]
    public void Layout_Module_NamesItsParametersInOrder()
    {
        using var module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.LayerNorm(32), nn.Linear(32, 3));
        var layout = ModuleParameters.Layout(module);
        Assert.Equal(
            ["0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"],
            layout.Select(slot => slot.Name)
        );
        Assert.Equal([18, 2, 32, 32, 96, 3], layout.Select(slot => slot.Length));
        Assert.Equal([9, 0, 0, 0, 32, 0], layout.Select(slot => slot.FanIn));
        Assert.Equal([0.0, 0, 1, 0, 0, 0], layout.Select(slot => slot.Start));
        using var theta = ModuleParameters.Read(module);
        Assert.Equal(theta.numel(), layout.ParameterCount);
    }

    private static double[] Values(Matrix<double> matrix) =>
        [
            .. ((matrix + matrix.Transpose()) / 2)
                .Evd(Symmetricity.Symmetric)
                .EigenValues.Select(z => z.Real)
                .OrderDescending(),
        ];
}
