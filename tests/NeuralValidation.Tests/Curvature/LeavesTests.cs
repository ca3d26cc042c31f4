using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>
/// Networks are differentiated by their tensors one by one, functions of a flat vector by that vector, whose parts give
/// derivatives as long as the whole, to be added up. What is added is zero: both have the same bits.
/// </summary>
public class LeavesTests
{
    /// <summary>
    /// Also what bends least: torch ends the process where a derivative taken to depend on every tensor does not.
    /// </summary>
    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var row in TinyNetworks.All.Keys)
            {
                rows.Add(row, "", "cross-entropy");
                rows.Add(row, "relu", "mse");
                rows.Add(row, "linear", "mse");
                rows.Add(row, "linear", "logistic");
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Derivatives_EveryNetwork_AreThoseByTheFlatVector(string row, string activation, string lossName)
    {
        using var scope = NewDisposeScope();
        var choice = TinyNetworks.All[row];
        if (activation.Length > 0)
            choice = choice.With("activation", activation);
        var loss = LossCatalogue.All.Find(lossName);
        var train = TinyNetworks.Data(choice).Train;
        var model = choice.Build(train.Form);
        var (inputs, targets) = train.Tensors(ScalarType.Float64, CPU);
        // The fast route of a fully connected network takes rows, and shares no more than the gradient.
        var fast = model is FullyConnectedNetwork;
        using var byTensors = TinyNetworks.Surface(choice, loss);
        using var byVector = new NetworkSurface(
            model.Layout.ParameterCount,
            model.Outputs,
            (outputs, t) =>
                loss.Mean(outputs.dim() == 2 ? outputs : outputs.flatten(0, -2), t.dim() == 2 ? t : t.flatten(0, -2)),
            fast ? inputs.flatten(1) : inputs,
            NetworkTargets(targets, model.OutputCount),
            ScalarType.Float64
        );
        var theta = byTensors.Parameters(TinyNetworks.Weights(byTensors));
        var v = byTensors.Space.Create();
        byTensors.Space.FillGaussian(v, new Random(5));

        Assert.Equal(Measured(byVector), Measured(byTensors));

        double[] Measured(NetworkSurface surface)
        {
            var result = surface.Space.Create();
            List<double> all = [surface.LossAndGradient(theta, result), .. result.data<double>()];
            if (fast)
                return [.. all];
            using var point = surface.At(theta);
            point.HessianVector(v, result);
            all.AddRange(result.data<double>());
            point.DirectionalGradient(v, 2, result);
            all.AddRange(result.data<double>());
            using var pair = surface.Space.CreateBlock(2);
            using var mixed = surface.Space.CreateBlock(2);
            surface.Space.FillGaussian(pair[0], new Random(6));
            surface.Space.FillGaussian(pair[1], new Random(7));
            point.MixedGradients(v, pair, mixed, 2);
            all.AddRange([.. mixed[0].data<double>(), .. mixed[1].data<double>()]);
            var derivatives = new double[4];
            point.DirectionalDerivatives(v, derivatives);
            return [.. all, .. derivatives];
        }
    }

    private static Tensor NetworkTargets(Tensor classes, int outputs) =>
        nn.functional.one_hot(classes, outputs).to(ScalarType.Float64);
}
