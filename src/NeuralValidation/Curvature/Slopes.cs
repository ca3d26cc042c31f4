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
        Activation.Tanh => Tanh(z.tanh(), z.TanhSlope()),
        Activation.Softplus => Softplus(z, z.sigmoid()),
        Activation.Relu => (z.relu(), z.Positive(), null),
        _ => (z, null, null),
    };

    /// <summary>1/cosh^2 z = 4 s(2z) s(-2z), s the logistic function: relatively accurate, where 1 - tanh^2 z is
    /// rounding beyond |z| = 9 in float32 and 19 in float64, eq. (10.30).</summary>
    public static Tensor TanhSlope(this Tensor z) => (z.Times(2).sigmoid() * z.Times(-2).sigmoid()).Times(4);

    private static (Tensor, Tensor?, Tensor?) Tanh(Tensor a, Tensor slope) => (a, slope, (a * slope).Times(-2));

    private static (Tensor, Tensor?, Tensor?) Softplus(Tensor z, Tensor sigmoid) => (z.Softplus(), sigmoid,
        sigmoid * z.neg().sigmoid());
}
