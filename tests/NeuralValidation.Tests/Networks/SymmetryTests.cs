using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>What a network's loss and curvature must keep under its symmetries, and what gradient descent keeps because of one.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 25)]
public class SymmetryTests
{
    // Both sides sum the same numbers in another order: some hundred roundings, and a factor 1e3 for terms that cancel.
    private const double Agreement = 1e-11;

    [Property]
    public void Hessian_HiddenUnitsPermuted_KeepsLossAndSpectrum(Seed seed)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, RandomNet.Every, layers: random.Next(2, 4));
        var layer = random.Next(net.Architecture.Layers - 1);
        int[] order = [.. Enumerable.Range(0, net.Architecture.Widths[layer + 1])];
        random.Shuffle(order);
        double[] moved = [.. net.Theta];
        for (var unit = 0; unit < order.Length; unit++)
        {
            foreach (var (to, from) in Incoming(net, layer, unit).Zip(Incoming(net, layer, order[unit])))
                moved[to] = net.Theta[from];
            foreach (var (to, from) in Outgoing(net, layer, unit).Zip(Outgoing(net, layer, order[unit])))
                moved[to] = net.Theta[from];
        }

        Near.Equal(Loss(net, net.Theta), Loss(net, moved), Agreement * Near.Scale(Loss(net, moved)), $"{net} loss");
        var (before, after) = (net.Hessian(net.Theta), net.Hessian(moved));
        // An eigenvalue moves by no more than the norm of the perturbation (Weyl).
        Near.Equal(
            Eigenvalues(before),
            Eigenvalues(after),
            Agreement * Math.Max(1, before.FrobeniusNorm()),
            $"{net} spectrum"
        );
    }

    /// <summary>
    /// Incoming weights and bias of a ReLU unit times c > 0, outgoing weights over c: theta' = D theta with L(D theta) = L(theta) for all theta. Differentiating twice, D H(D theta) D = H(theta):
    /// the curvature at the rescaled point is D^-1 H D^-1, anything but invariant.
    /// </summary>
    [Property]
    public void Hessian_ReluUnitRescaled_KeepsLossAndIsScaledOnBothSides(Seed seed, LogUniform factor)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, [Activation.Relu], layers: random.Next(2, 4));
        var layer = random.Next(net.Architecture.Layers - 1);
        var unit = random.Next(net.Architecture.Widths[layer + 1]);
        var c = factor.In(0.1, 10);
        var scaling = Vector<double>.Build.Dense(net.Theta.Length, 1);
        foreach (var i in Incoming(net, layer, unit))
            scaling[i] = c;
        foreach (var i in Outgoing(net, layer, unit))
            scaling[i] = 1 / c;
        var d = Matrix<double>.Build.DiagonalOfDiagonalVector(scaling);
        double[] moved = [.. net.Theta.Zip(scaling, (x, s) => x * s)];
        Near.Equal(Loss(net, net.Theta), Loss(net, moved), Agreement * Near.Scale(Loss(net, moved)), $"{net} loss");
        var expected = d.Inverse() * net.Hessian(net.Theta) * d.Inverse();
        var actual = net.Hessian(moved);
        Near.Equal(
            expected.ToColumnMajorArray(),
            actual.ToColumnMajorArray(),
            Agreement * Math.Max(1, expected.FrobeniusNorm()),
            $"{net} Hessian, c = {c}"
        );
    }

    /// <summary>
    /// (3.11) for a network with biases: Q_l = W_l W_l^T + b_l b_l^T - W_(l+1)^T W_(l+1). With d_l the gradient at the outputs of layer l, W_l (dL/dW_l)^T + b_l (dL/db_l)^T = a_(l+1) d_l^T = (dL/dW_(l+1))^T W_(l+1) summed over samples,
    /// so the terms of first order cancel and one step changes Q_l by exactly eta^2 (G_l G_l^T + h_l h_l^T - G_(l+1)^T G_(l+1)), with G and h the gradients in weights and biases.
    /// </summary>
    [Property]
    public void LossAndGradient_LinearNetOneStep_MovesTheBalanceAtSecondOrderOnly(Seed seed, LogUniform size)
    {
        var random = seed.Random();
        var net = RandomNet.Draw(random, [Activation.Linear], layers: random.Next(2, 4));
        var eta = size.In(1e-3, 1);
        using var surface = net.Surface();
        using var theta = surface.Parameters(net.Theta);
        using var gradient = surface.Space.Create();
        surface.LossAndGradient(theta, gradient);
        var g = surface.Space.ToArray(gradient);
        surface.Space.Axpy(-eta, gradient, theta);
        var next = surface.Space.ToArray(theta);
        for (var l = 0; l + 1 < net.Architecture.Layers; l++)
        {
            var change = Balance(net, next, l) - Balance(net, net.Theta, l);
            var expected = Balance(net, g, l) * (eta * eta);
            // The gradient's own rounding, some hundred roundoffs of its largest terms, enters times eta |W|; the differences of Q round by 2^-53 |W|^2 a term.
            var scale = Math.Pow(Near.Scale(net.Theta) + (eta * Near.Scale(g)), 2);
            Near.Equal(
                expected.ToColumnMajorArray(),
                change.ToColumnMajorArray(),
                1e-12 * scale * Near.Scale(g),
                $"{net} layer {l}, eta {eta}"
            );
        }
    }

    /// <summary>Q_l of a flat vector; its homogeneous form serves for the gradient as well.</summary>
    private static Matrix<double> Balance(RandomNet net, double[] x, int layer)
    {
        var (weight, bias) = Layer(net, x, layer);
        var (above, _) = Layer(net, x, layer + 1);
        return (weight * weight.Transpose()) + bias.OuterProduct(bias) - (above.Transpose() * above);
    }

    private static (Matrix<double> Weight, Vector<double> Bias) Layer(RandomNet net, double[] x, int layer)
    {
        var (fanIn, fanOut, offset) = (
            net.Architecture.Widths[layer],
            net.Architecture.Widths[layer + 1],
            net.Offset(layer)
        );
        return (
            Matrix<double>.Build.DenseOfRowMajor(fanOut, fanIn, x[offset..(offset + (fanIn * fanOut))]),
            Vector<double>.Build.DenseOfArray(x[(offset + (fanIn * fanOut))..(offset + ((fanIn + 1) * fanOut))])
        );
    }

    private static double Loss(RandomNet net, double[] parameters)
    {
        using var surface = net.Surface();
        using var theta = surface.Parameters(parameters);
        using var gradient = surface.Space.Create();
        return surface.LossAndGradient(theta, gradient);
    }

    private static double[] Eigenvalues(Matrix<double> symmetric) =>
        [.. symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).Order()];

    /// <summary>Where a hidden unit's incoming weights and its bias stand.</summary>
    private static IEnumerable<int> Incoming(RandomNet net, int layer, int unit)
    {
        var (fanIn, fanOut, offset) = (
            net.Architecture.Widths[layer],
            net.Architecture.Widths[layer + 1],
            net.Offset(layer)
        );
        return [.. Enumerable.Range(offset + (unit * fanIn), fanIn), offset + (fanIn * fanOut) + unit];
    }

    /// <summary>Where its outgoing weights stand.</summary>
    private static IEnumerable<int> Outgoing(RandomNet net, int layer, int unit)
    {
        var (width, fanOut, offset) = (
            net.Architecture.Widths[layer + 1],
            net.Architecture.Widths[layer + 2],
            net.Offset(layer + 1)
        );
        return Enumerable.Range(0, fanOut).Select(row => offset + (row * width) + unit);
    }
}
