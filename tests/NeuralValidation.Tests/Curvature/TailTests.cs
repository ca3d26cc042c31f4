using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Curvature of saturated units and of well fitted samples, eqs. (10.30), (10.31): right to roundoffs of
/// itself where it is written out by hand.</summary>
public class TailTests
{
    public static TheoryData<ScalarType, double> Arguments
    {
        get
        {
            var data = new TheoryData<ScalarType, double>();
            foreach (var x in new[] { 0, 0.001, -1, 5, 10, -19, 20, 50, -300 })
                data.Add(ScalarType.Float64, x);
            // 4 e^-80 = 7e-35; the smallest normal number of float32 is 1.2e-38.
            foreach (var x in new[] { 0, 0.5, -5, 10, 20, -40 })
                data.Add(ScalarType.Float32, x);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void Derivatives_SaturatedUnits_AreRightToRoundoffsOfThemselves(ScalarType type, double x)
    {
        using var scope = NewDisposeScope();
        var u = type == ScalarType.Float64 ? Near.Roundoff : Math.ScaleB(1, -24);
        // Eight operations, and an exponential whose library rounds to about an ulp, for an argument 2x that is exact.
        var few = 16 * u;
        var sech = 1 / Math.Cosh(x);
        var (_, first, second) = Activation.Tanh.Derivatives(tensor([x], type));
        Check(sech * sech, first!, "tanh'");
        Check(-2 * Math.Tanh(x) * sech * sech, second!, "tanh''");
        var half = 1 / Math.Cosh(x / 2);
        (_, first, second) = Activation.Softplus.Derivatives(tensor([x], type));
        Check(1 / (1 + Math.Exp(-x)), first!, "softplus'");
        Check(half * half / 4, second!, "softplus''");

        void Check(double expected, Tensor actual, string what) =>
            Near.Equal(
                expected,
                actual.to(ScalarType.Float64).item<double>(),
                few * Math.Abs(expected),
                $"{what} at {x}"
            );
    }

    [Theory]
    [InlineData("tanh", 1.5)]
    [InlineData("tanh", 12)]
    [InlineData("tanh", 25)]
    [InlineData("tanh", -40)]
    [InlineData("softplus", 3)]
    [InlineData("softplus", -45)]
    public void DirectionalDerivatives_OneSaturatedUnit_AreThoseOfItsFormula(string name, double bias)
    {
        var activation = ActivationCatalogue.All.Find(name);
        // One input 0, one hidden unit f(b), output 2 f(b) against the target 1 beside an output held at 0: L = (2 f(b)
        // - 1)^2 / 2, and v moves b alone.
        var net = new Architecture([1, 1, 2], activation, NetworkLoss.MeanSquaredError);
        using var surface = new NetworkSurface(net, new double[] { 0 }, [1], ScalarType.Float64, CPU);
        using var theta = surface.Parameters([0, bias, 0, 2, 0, 0]);
        using var v = surface.Parameters([0, 1, 0, 0, 0, 0]);
        using var point = surface.At(theta);
        using var result = surface.Space.Create();
        var (f, f1, f2, f3) = Derivatives(activation, bias);
        var e = (2 * f) - 1;
        double second = (4 * f1 * f1) + (2 * e * f2),
            third = (12 * f1 * f2) + (2 * e * f3);
        var derivatives = new double[3];
        point.DirectionalDerivatives(v, derivatives);
        point.HessianVector(v, result);
        // Some thirty operations; none of the sums cancels by more than a factor 10 at these biases.
        const double tolerance = 300 * Near.Roundoff;
        Near.Equal(1, derivatives[0] / (2 * e * f1), tolerance, "D L[v]");
        Near.Equal(1, derivatives[1] / second, tolerance, "D2 L[v, v]");
        Near.Equal(1, derivatives[2] / third, tolerance, "D3 L[v, v, v]");
        Near.Equal(1, surface.Space.ToArray(result)[1] / second, tolerance, "v . H v by hand");
    }

    [Theory]
    [InlineData(-3.0)]
    [InlineData(2.0)]
    [InlineData(20.0)]
    [InlineData(37.0)]
    [InlineData(60.0)]
    [InlineData(300.0)]
    public void Curvature_WellFittedSample_IsThatOfTheLogisticLoss(double margin)
    {
        // Input 0, outputs 0 and m by their biases, class 1: L = log(1 + e^-m).
        var net = new Architecture([1, 2], Activation.Linear, NetworkLoss.CrossEntropy);
        using var surface = new NetworkSurface(net, new double[] { 0 }, [1], ScalarType.Float64, CPU);
        using var theta = surface.Parameters([0, 0, 0, margin]);
        using var v = surface.Parameters([0, 0, 0, 1]);
        using var point = surface.At(theta);
        using var result = surface.Space.Create();
        double[] z = new double[5],
            derivatives = new double[4];
        default(LogisticLink).Derivatives(margin, z);
        point.HessianVector(v, result);
        point.DirectionalDerivatives(v, derivatives);
        // p = exp(o - log-sum-exp) amplifies the rounding of its argument by its size; a dozen operations beside it,
        // and factors below 8 in the fourth derivative where w is not small.
        var tolerance = 8 * (16 + (4 * Math.Abs(margin))) * Near.Roundoff;
        Near.Equal(1, surface.Space.ToArray(point.Gradient)[3] / z[1], tolerance, "gradient by hand");
        Near.Equal(1, surface.Space.ToArray(result)[3] / z[2], tolerance, "v . H v by hand");
        for (var k = 1; k <= 4; k++)
            Near.Equal(1, derivatives[k - 1] / z[k], tolerance, $"D{k} L[v^{k}]");
    }

    private static (double F, double First, double Second, double Third) Derivatives(Activation activation, double x)
    {
        if (activation == Activation.Tanh)
        {
            var (t, s) = (Math.Tanh(x), 1 / (Math.Cosh(x) * Math.Cosh(x)));
            return (t, s, -2 * t * s, ((4 * t * t) - (2 * s)) * s);
        }

        var (l, r) = (1 / (1 + Math.Exp(-x)), 1 / (1 + Math.Exp(x)));
        return (Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x))), l, l * r, l * r * (r - l));
    }
}
