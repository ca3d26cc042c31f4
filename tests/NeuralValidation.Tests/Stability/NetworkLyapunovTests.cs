using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.NeuralValidation.Tests.Stability;

/// <summary>Lyapunov spectra of networks, matrix-free, against the product of their explicit Jacobians.</summary>
public class NetworkLyapunovTests
{
    public static TheoryData<int> Nets => SmallNetworks.Indices;

    [Theory]
    [MemberData(nameof(Nets))]
    public void OfDescent_SmallNetwork_IsTheQrOfTheProductOfItsJacobians(int index)
    {
        var net = SmallNet.All[index];
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        const int vectors = 3,
            steps = 6;
        // A run that diverges would carry the rounding in which two routes to a gradient differ beyond any bound.
        var eta =
            1
            / Hessian(surface, theta, net.Parameters.Length)
                .Evd(Symmetricity.Symmetric)
                .EigenValues.Real()
                .AbsoluteMaximum();
        var spectrum = Lyapunov.OfDescent(surface, eta, theta, new LyapunovOptions(vectors, 3, 2, 0, 5));
        var n = net.Parameters.Length;
        // The same first frame: the Gaussian numbers of seed 5, orthonormalised by a QR decomposition.
        var (random, space, draw) = (new Random(5), new DenseSpace(n), new double[n]);
        var frame = Matrix<double>.Build.Dense(n, vectors);
        for (var j = 0; j < vectors; j++)
        {
            space.FillGaussian(draw, random);
            frame.SetColumn(j, draw);
        }

        var product = frame.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;
        using var moving = surface.Parameters(net.Parameters);
        using var gradient = surface.Space.Create();
        for (var t = 0; t < steps; t++)
        {
            product -= eta * (Hessian(surface, moving, n) * product);
            surface.LossAndGradient(moving, gradient);
            surface.Space.Axpy(-eta, gradient, moving);
        }

        var r = product.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).R;
        double[] expected = [.. Enumerable.Range(0, vectors).Select(i => Math.Log(Math.Abs(r[i, i])) / steps)];
        // The product keeps its third direction to rounding over the ratio of stretches, below 1e3 in six steps; each product with H is good to 1e-11.
        Near.Equal(expected, spectrum.Exponents, 1e-8, $"{net} exponents");
        Near.Equal(surface.Space.ToArray(moving), surface.Space.ToArray(theta), 1e-11, $"{net} end point");
    }

    private static Matrix<double> Hessian(
        FlatBias.NeuralValidation.Curvature.NetworkSurface surface,
        TorchSharp.torch.Tensor theta,
        int n
    )
    {
        using var point = surface.At(theta);
        using var result = surface.Space.Create();
        var hessian = Matrix<double>.Build.Dense(n, n);
        for (var j = 0; j < n; j++)
        {
            using var unit = surface.Parameters([.. Enumerable.Range(0, n).Select(i => i == j ? 1.0 : 0)]);
            point.HessianVector(unit, result);
            hessian.SetColumn(j, surface.Space.ToArray(result));
        }

        return hessian;
    }
}
