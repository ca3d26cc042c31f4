using System.Numerics.Tensors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// What a collocation jet adds to the floor of (4.9) and (4.10): 1/4 u^2 f^T C_2 f + 1/6 A[f, f, f], eqs. (4.11) and
/// (4.15). No method allocates.
/// </summary>
internal sealed class HigherFloor
{
    private readonly double[] _bending;
    private readonly double[]? _cubic;

    /// <summary>Makes it.</summary>
    /// <param name="bending">C_2, r x r, symmetric.</param>
    /// <param name="cubic">A, r x r x r, symmetric; null for none.</param>
    public HigherFloor(double[,] bending, double[]? cubic) => (_bending, _cubic) = ([.. bending.Cast<double>()], cubic);

    /// <summary>The loss.</summary>
    public double Value(double u, ReadOnlySpan<double> f) => (u * u * Bent(f, f) / 4) + (Cube(f, f, f) / 6);

    /// <summary>x^T C_2 y.</summary>
    public double Bent(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * TensorPrimitives.Dot(_bending.AsSpan(i * x.Length, x.Length), y);
        return sum;
    }

    /// <summary>result := result + factor C_2 x.</summary>
    public void AddBent(double factor, ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < x.Length; i++)
            result[i] += factor * TensorPrimitives.Dot(_bending.AsSpan(i * x.Length, x.Length), x);
    }

    /// <summary>result := result + factor A[x, y, .].</summary>
    public void AddCubic(double factor, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
    {
        if (_cubic is null)
            return;
        for (var i = 0; i < result.Length; i++)
            result[i] += factor * Contracted(i, x, y);
    }

    /// <summary>row := row + the i-th row of 1/2 u^2 C_2 + A[f], the block of the Hessian.</summary>
    public void AddRow(int i, double u, ReadOnlySpan<double> f, Span<double> row)
    {
        var r = f.Length;
        TensorPrimitives.MultiplyAdd(_bending.AsSpan(i * r, r), u * u / 2, row, row);
        if (_cubic is null)
            return;
        for (var j = 0; j < r; j++)
            row[j] += TensorPrimitives.Dot(_cubic.AsSpan(((i * r) + j) * r, r), f);
    }

    private double Cube(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> z)
    {
        var sum = 0.0;
        if (_cubic is not null)
            for (var i = 0; i < x.Length; i++)
                sum += x[i] * Contracted(i, y, z);
        return sum;
    }

    private double Contracted(int i, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (sum, r) = (0.0, x.Length);
        for (var j = 0; j < r; j++)
            sum += x[j] * TensorPrimitives.Dot(_cubic.AsSpan(((i * r) + j) * r, r), y);
        return sum;
    }
}
