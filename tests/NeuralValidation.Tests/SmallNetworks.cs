using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests;

/// <summary>The oracle's networks as surfaces.</summary>
internal static class SmallNetworks
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, SmallNet.All.Count)];

    public static NetworkSurface Surface(SmallNet net, torch.ScalarType type = torch.ScalarType.Float64, int? chunk = null)
    {
        torch.set_num_threads(1);
        var activation = ActivationCatalogue.All.Find(net.Activation);
        var loss = LossCatalogue.All.Find(net.Loss);
        int[] widths = net.Widths;
        return new NetworkSurface(new Architecture(widths, activation, loss), net.FlatInputs, net.Labels, type, torch.CPU, chunk);
    }
}
