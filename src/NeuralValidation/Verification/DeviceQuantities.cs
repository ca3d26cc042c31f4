using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>Everything that is measured of a network at one point, and short trainings from it, on one device in one
/// precision.</summary>
internal sealed class DeviceQuantities : IDisposable
{
    /// <summary>Steps of a training.</summary>
    public const int Steps = 20;

    private const int Block = 4,
        Order = 4,
        Pairs = 3;
    private readonly NetworkSurface _surface;
    private readonly double[] _start;

    public DeviceQuantities(CheckedNetwork network, ScalarType type, string device)
    {
        var model = network.Network.Build(network.Samples.Form);
        _surface = new NetworkSurface(model, network.Loss, network.Samples, type, torch.device(device));
        // The same start in both precisions, so that nothing but the arithmetic differs.
        _start = [.. Initialisation.LeCun.Draw(model.Layout, 1).Select(x => (double)(float)x)];
    }

    /// <summary>Loss, gradient, products, directional derivatives and leading eigenvalues.</summary>
    public List<Quantity> AtPoint()
    {
        var space = _surface.Space;
        using var theta = _surface.Parameters(_start);
        using var point = _surface.At(theta);
        using Tensor result = space.Create(),
            direction = space.Create();
        space.FillGaussian(direction, new Random(2));
        space.Normalize(direction);
        var found = new List<Quantity> { new("loss", [_surface.LossAndGradient(theta, result)]) };
        Add("gradient");
        point.HessianVector(direction, result);
        Add("H v");
        point.GaussNewtonVector(direction, result);
        Add("Gauss-Newton G v");
        found.Add(new($"H V, {Block} directions", Products(point)));
        found.Add(new($"D^k L[v^k] to k = {Order}, over their bounds", Derivatives(point, direction)));
        point.DirectionalGradient(direction, 2, result);
        Add("D^3 L[v^2, .]");
        found.Add(Eigenvalues(point));
        return found;

        void Add(string name) => found.Add(new(name, space.ToArray(result)));
    }

    /// <summary>The parameters after a training.</summary>
    public Quantity Trained(string name, OptimiserSpec spec, double stepSize, BatchPlan? batch)
    {
        using var theta = _surface.Parameters(_start);
        using var rule = spec.Create(_surface.Space);
        DescentLoop.Run(
            _surface,
            rule,
            stepSize,
            new DescentLimits(Steps),
            theta,
            [],
            batch?.Sampler(_surface.Samples.Count)
        );
        return new(name, _surface.Space.ToArray(theta));
    }

    public void Dispose() => _surface.Dispose();

    private double[] Products(NetworkPoint point)
    {
        using IVectorBlock<Tensor> directions = _surface.Space.CreateBlock(Block),
            results = _surface.Space.CreateBlock(Block);
        var random = new Random(3);
        for (var i = 0; i < Block; i++)
            _surface.Space.FillGaussian(directions[i], random);
        point.HessianBlock(directions, results, Block);
        return [.. Enumerable.Range(0, Block).SelectMany(i => _surface.Space.ToArray(results[i]))];
    }

    /// <summary>Each over |D^k L[v^(k-1), .] | |v|, which bounds it and does not vanish by cancellation.</summary>
    private double[] Derivatives(NetworkPoint point, Tensor direction)
    {
        var derivatives = new double[Order];
        point.DirectionalDerivatives(direction, derivatives);
        using var bound = point.Gradient.clone();
        for (var k = 0; k < Order; k++)
        {
            if (k > 0)
                point.DirectionalGradient(direction, k, bound);
            if (_surface.Space.Norm(bound) is > 0 and var size)
                derivatives[k] /= size;
        }

        return derivatives;
    }

    private Quantity Eigenvalues(NetworkPoint point)
    {
        // Well above the rounding of a Lanczos iteration in each precision, which is some hundred roundoffs.
        var options = new LanczosOptions(_surface.Space.UnitRoundoff < 1e-10 ? 1e-8 : 1e-3, Trailing: false);
        using var solver = new LanczosEigensolver<Tensor>(_surface.Space, options);
        using var frame = new EigenFrame<Tensor>(_surface.Space, Pairs);
        var random = new Random(4);
        using var start = _surface.Space.Create();
        _surface.Space.FillGaussian(start, random);
        solver.Solve(point.HessianVector, start, random, frame);
        // An eigenvalue lies within the residual of each Ritz value.
        return new($"{Pairs} leading eigenvalues", [.. frame.Values], Math.Sqrt(frame.Residuals.Sum(r => r * r)));
    }
}
