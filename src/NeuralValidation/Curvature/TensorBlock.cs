using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Vectors as the rows of one matrix.</summary>
internal sealed class TensorBlock : IVectorBlock<Tensor>
{
    private readonly Tensor[] _views;

    public TensorBlock(int dimension, int capacity, ScalarType type, Device device)
    {
        Rows = zeros(capacity, dimension, type, device).DetachFromDisposeScope();
        _views = [.. Enumerable.Range(0, capacity).Select(i => Rows[i].DetachFromDisposeScope())];
    }

    /// <summary>All vectors, [capacity, dimension].</summary>
    public Tensor Rows { get; }

    public int Capacity => _views.Length;

    public Tensor this[int index] => _views[index];

    public void Project(Tensor x, Span<double> coefficients)
    {
        using var scope = NewDisposeScope();
        var products = Rows.narrow(0, 0, coefficients.Length).mv(x).to(ScalarType.Float64).cpu();
        products.data<double>().CopyTo(coefficients);
    }

    public void Accumulate(ReadOnlySpan<double> coefficients, Tensor x)
    {
        using var scope = NewDisposeScope();
        var weights = tensor(coefficients.ToArray(), ScalarType.Float64).to(x.dtype).to(x.device);
        x.Increase(Rows.narrow(0, 0, coefficients.Length).t().mv(weights));
    }

    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();
        Rows.Dispose();
    }

    /// <summary>The first vectors of any block as one matrix [count, dimension], in the current dispose scope.</summary>
    public static Tensor Matrix(IVectorBlock<Tensor> block, int count) =>
        block is TensorBlock rows
            ? rows.Rows.narrow(0, 0, count)
            : stack([.. Enumerable.Range(0, count).Select(i => block[i])]);
}
