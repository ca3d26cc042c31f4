using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests;

/// <summary>The oracle's networks as surfaces.</summary>
internal static class SmallNetworks
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, SmallNet.All.Count)];

    public static NetworkSurface Surface(
        SmallNet net,
        torch.ScalarType type = torch.ScalarType.Float64,
        int? chunk = null
    )
    {
        torch.set_num_threads(1);
        return new NetworkSurface(Architecture(net), net.FlatInputs, net.Labels, type, torch.CPU, chunk);
    }

    public static Architecture Architecture(SmallNet net)
    {
        var activation = ActivationCatalogue.All.Find(net.Activation);
        var loss = LossCatalogue.All.Find(net.Loss);
        return new Architecture(net.Widths, activation, loss);
    }
}
