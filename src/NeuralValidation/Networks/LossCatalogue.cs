using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>The losses of networks by name.</summary>
public static class LossCatalogue
{
    /// <summary>All of them.</summary>
    public static Catalogue<NetworkLoss> All { get; } =
        new("loss", [NetworkLoss.CrossEntropy, NetworkLoss.MeanSquaredError, NetworkLoss.Logistic]);
}
