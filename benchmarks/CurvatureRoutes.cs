using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;

namespace FlatBias.Benchmarks;

/// <summary>
/// The price of curvature on a network, in gradients (the baseline), by every route there is: float32, 5,000 images of Fashion-MNIST, one thread.
/// Blocks are per direction. The ratio column of one run is the claim.
/// </summary>
[InProcess]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public class CurvatureRoutes : IDisposable
{
    private NetworkSurface _surface = null!;
    private NetworkPoint _point = null!;
    private ReverseRoute _reverse = null!;
    private ILinearisation _nested = null!;
    private torch.Tensor _theta = null!,
        _result = null!;
    private IVectorBlock<torch.Tensor> _directions = null!,
        _results = null!;

    /// <summary>The hidden layers.</summary>
    [Params("tanh 200-200", "relu 32-32-32")]
    public string Hidden { get; set; } = "";

    /// <summary>Makes network, point and directions.</summary>
    [GlobalSetup]
    public void Setup()
    {
        TorchRuntime.EnsureLoaded();
        torch.set_num_threads(1);
        var (train, _) = FashionMnist.Load(null, 5000, 1);
        var words = Hidden.Split(' ');
        var widths = words[1].Split('-').Select(int.Parse);
        var architecture = new Architecture(
            [train.Features, .. widths, train.Classes],
            ActivationCatalogue.All.Find(words[0]),
            NetworkLoss.MeanSquaredError
        );
        _surface = new NetworkSurface(architecture, train.Inputs, train.Labels, torch.ScalarType.Float32, torch.CPU);
        _theta = _surface.Parameters(Initialisation.LeCun.Draw(architecture.Layout, 1));
        _result = _surface.Space.Create();
        (_directions, _results) = (_surface.Space.CreateBlock(16), _surface.Space.CreateBlock(16));
        var random = new Random(1);
        for (var i = 0; i < 16; i++)
            _surface.Space.FillGaussian(_directions[i], random);
        _point = _surface.At(_theta);
        _reverse = new FullyConnectedRoute(architecture).Reverse();
        _nested = _reverse.At(_theta, _surface.Samples.Part(0));
    }

    /// <summary>Releases them.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Loss and gradient by reverse mode.</summary>
    [Benchmark(Baseline = true)]
    public double Gradient() => _surface.LossAndGradient(_theta, _result);

    /// <summary>Loss and gradient by hand, with all that the products below need.</summary>
    [Benchmark]
    public double Linearise()
    {
        using var point = _surface.At(_theta);
        return point.Loss;
    }

    /// <summary>H v by hand.</summary>
    [Benchmark]
    public void HessianByHand() => _point.HessianVector(_directions[0], _result);

    /// <summary>H v by hand, 4 directions at once, per direction.</summary>
    [Benchmark(OperationsPerInvoke = 4)]
    public void HessianByHandFour() => _point.HessianBlock(_directions, _results, 4);

    /// <summary>H v by hand, 8 directions at once, per direction.</summary>
    [Benchmark(OperationsPerInvoke = 8)]
    public void HessianByHandEight() => _point.HessianBlock(_directions, _results, 8);

    /// <summary>H v by hand, 16 directions at once, per direction.</summary>
    [Benchmark(OperationsPerInvoke = 16)]
    public void HessianByHandSixteen() => _point.HessianBlock(_directions, _results, 16);

    /// <summary>H v by one reverse pass through the kept graph of the gradient.</summary>
    [Benchmark]
    public void HessianNested()
    {
        using var scope = torch.NewDisposeScope();
        _nested.Product(_directions[0].unsqueeze(0));
    }

    /// <summary>H v by Taylor mode and one reverse pass.</summary>
    [Benchmark]
    public void HessianTaylor() => _point.DirectionalGradient(_directions[0], 1, _result);

    /// <summary>The Gauss-Newton product.</summary>
    [Benchmark]
    public void GaussNewton() => _point.GaussNewtonVector(_directions[0], _result);

    /// <summary>D^k L[v^k] to k = 4 by Taylor mode.</summary>
    [Benchmark]
    public double MomentsTaylor()
    {
        Span<double> derivatives = stackalloc double[4];
        _point.DirectionalDerivatives(_directions[0], derivatives);
        return derivatives[3];
    }

    /// <summary>D^k L[v^(k-1), .] to k = 4 by nested reverse mode.</summary>
    [Benchmark]
    public void MomentsNested()
    {
        using var scope = torch.NewDisposeScope();
        _reverse.DirectionalGradients(_theta, _directions[0], _surface.Samples.Part(0), 3);
    }

    /// <summary>D^4 L[v^3, .] by Taylor mode and one reverse pass.</summary>
    [Benchmark]
    public void FourthTaylor() => _point.DirectionalGradient(_directions[0], 3, _result);

    /// <summary>D^3 L[v^2, .] by Taylor mode and one reverse pass.</summary>
    [Benchmark]
    public void ThirdTaylor() => _point.DirectionalGradient(_directions[0], 2, _result);

    /// <summary>D^3 L[v^2, .] by nested reverse mode.</summary>
    [Benchmark]
    public void ThirdNested()
    {
        using var scope = torch.NewDisposeScope();
        _reverse.DirectionalGradients(_theta, _directions[0], _surface.Samples.Part(0), 2);
    }

    /// <summary>Releases the tensors.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (
            IDisposable item in new IDisposable[] { _nested, _point, _directions, _results, _theta, _result, _surface }
        )
            item?.Dispose();
    }
}
