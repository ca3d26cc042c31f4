using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>
/// A polynomial valley of degree 6 in u as a surface: the loss of a local model, L(x) = height Phi(R x / length), of
/// which gradients and Hessian products are all that there is. Books every evaluation. Not finite beyond a limit of
/// |x_0|, where one is set.
/// </summary>
internal sealed class ModelSurface(LocalModel model, double length = 1, double height = 1) : ISurface<double[]>
{
    public IVectorSpace<double[]> Space { get; } = new DenseSpace(model.Dimension);

    public CostLedger Cost { get; } = new();

    public int MaximumOrder => 4;

    /// <summary>|u| / length beyond which the loss is no number.</summary>
    public double Limit { get; init; } = double.PositiveInfinity;

    /// <summary>How many blocks of Hessian products were asked for.</summary>
    public int Blocks { get; private set; }

    public double Loss(double[] theta) =>
        Math.Abs(theta[0] / length) > Limit ? double.NaN : height * model.LossChange(Scaled(theta));

    public double[] Gradient(double[] theta)
    {
        var gradient = new double[theta.Length];
        LossAndGradient(theta, gradient);
        return gradient;
    }

    public double LossAndGradient(double[] theta, double[] gradient)
    {
        Cost.Gradients++;
        model.Gradient(Scaled(theta), gradient);
        var loss = Loss(theta);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] *= double.IsFinite(loss) ? height / length : loss;
        return loss;
    }

    public double[,] Hessian(double[] theta)
    {
        var n = theta.Length;
        var flat = new double[n * n];
        model.Hessian(Scaled(theta), flat);
        var dense = new double[n, n];
        for (var i = 0; i < flat.Length; i++)
            dense[i / n, i % n] = height / length / length * flat[i];
        return dense;
    }

    public ISurfacePoint<double[]> At(double[] theta) => new Point(this, [.. theta]);

    private double[] Scaled(double[] theta) => [.. theta.Select(x => x / length)];

    private sealed class Point : ISurfacePoint<double[]>
    {
        private readonly ModelSurface _surface;
        private readonly double[,] _hessian;

        public Point(ModelSurface surface, double[] theta)
        {
            (_surface, _hessian, Gradient) = (surface, surface.Hessian(theta), new double[theta.Length]);
            Loss = surface.LossAndGradient(theta, Gradient);
        }

        public double Loss { get; }

        public double[] Gradient { get; }

        public void HessianVector(double[] direction, double[] result)
        {
            _surface.Cost.HessianVectorProducts++;
            SymmetricMatrices.Times(_hessian, direction).CopyTo(result, 0);
        }

        public void HessianBlock(IVectorBlock<double[]> directions, IVectorBlock<double[]> results, int count)
        {
            _surface.Blocks++;
            for (var i = 0; i < count; i++)
                HessianVector(directions[i], results[i]);
        }

        public void DirectionalDerivatives(double[] direction, Span<double> derivatives) =>
            throw new NotSupportedException("A collocation jet asks for no derivative above the second.");

        public void DirectionalGradient(double[] direction, int order, double[] result) =>
            throw new NotSupportedException("A collocation jet asks for no derivative above the second.");

        public void Dispose() { }
    }
}
