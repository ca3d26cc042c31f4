using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>The activations by name.</summary>
public static class ActivationCatalogue
{
    /// <summary>All of them.</summary>
    public static Catalogue<Activation> All { get; } =
        new(
            "activation",
            [Activation.Tanh, Activation.Relu, Activation.Softplus, Activation.Gelu, Activation.Silu, Activation.Linear]
        );
}
