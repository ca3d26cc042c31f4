using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>The nonlinearities with their first two derivatives, written out.</summary>
internal static class Slopes
{
    /// <summary>f(z), f'(z) and f''(z); null for a first derivative that is 1 and a second that is 0 everywhere.</summary>
    public static (Tensor Value, Tensor? First, Tensor? Second) Of(Activation activation, Tensor z) => activation switch
    {
        Activation.Tanh => Tanh(z.tanh()),
        Activation.Softplus => Softplus(z, z.sigmoid()),
        Activation.Relu => (z.relu(), z.Positive(), null),
        _ => (z, null, null),
    };

    private static (Tensor, Tensor?, Tensor?) Tanh(Tensor a)
    {
        var slope = (a * a).OneMinus();
        return (a, slope, (a * slope).Times(-2));
    }

    private static (Tensor, Tensor?, Tensor?) Softplus(Tensor z, Tensor sigmoid) => (z.Softplus(), sigmoid, sigmoid * sigmoid.OneMinus());
}
