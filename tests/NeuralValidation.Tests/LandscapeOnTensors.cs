using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.Quadratic.Landscapes;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests;

/// <summary>An analytic landscape seen as a surface over tensors: the formulas are the landscape's, the vectors are torch's.</summary>
internal sealed class LandscapeOnTensors(Landscape landscape) : ISurface<torch.Tensor>
{
    private readonly TensorSpace _space = new(landscape.Dimension, torch.ScalarType.Float64, torch.CPU);

    public IVectorSpace<torch.Tensor> Space => _space;

    public CostLedger Cost => landscape.Cost;

    public int MaximumOrder => landscape.MaximumOrder;

    public double LossAndGradient(torch.Tensor theta, torch.Tensor gradient)
    {
        var g = new double[landscape.Dimension];
        var loss = landscape.LossAndGradient(_space.ToArray(theta), g);
        Write(g, gradient);
        return loss;
    }

    public double Loss(torch.Tensor theta) => ((ISurface<double[]>)landscape).Loss(_space.ToArray(theta));

    public ISurfacePoint<torch.Tensor> At(torch.Tensor theta) => new Point(this, landscape.At(_space.ToArray(theta)));

    private void Write(double[] values, torch.Tensor destination)
    {
        using var source = _space.Create(values);
        destination.copy_(source);
    }

    private sealed class Point : ISurfacePoint<torch.Tensor>
    {
        private readonly LandscapeOnTensors _owner;
        private readonly ISurfacePoint<double[]> _inner;

        public Point(LandscapeOnTensors owner, ISurfacePoint<double[]> inner)
        {
            (_owner, _inner) = (owner, inner);
            Gradient = owner._space.Create(inner.Gradient);
        }

        public double Loss => _inner.Loss;

        public torch.Tensor Gradient { get; }

        public void HessianVector(torch.Tensor direction, torch.Tensor result) =>
            Through(result, answer => _inner.HessianVector(_owner._space.ToArray(direction), answer));

        public void DirectionalDerivatives(torch.Tensor direction, Span<double> derivatives) =>
            _inner.DirectionalDerivatives(_owner._space.ToArray(direction), derivatives);

        public void DirectionalGradient(torch.Tensor direction, int order, torch.Tensor result) =>
            Through(result, answer => _inner.DirectionalGradient(_owner._space.ToArray(direction), order, answer));

        public void Dispose() => Gradient.Dispose();

        private void Through(torch.Tensor result, Action<double[]> compute)
        {
            var answer = new double[_owner.Space.Dimension];
            compute(answer);
            _owner.Write(answer, result);
        }
    }
}
