using FlatBias.Dynamics;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Checks on the coefficient arrays that landscapes are built from.</summary>
internal static class SymmetricTensor
{
    /// <summary>A symmetric, finite matrix, row by row.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="size">The number of rows and of columns that it must have.</param>
    /// <param name="name">What it is called, for messages.</param>
    /// <exception cref="ArgumentException">It is of another size, not symmetric, or not finite.</exception>
    public static double[] Flatten(double[,] matrix, int size, string name)
    {
        Require.Length(matrix.GetLength(0), size, name);
        Require.Length(matrix.GetLength(1), size, name);
        double[] flat = [.. matrix.Cast<double>()];
        CheckSlice(flat, size, name);
        return flat;
    }

    /// <summary>A stack of symmetric, finite matrices, one after the other, each row by row.</summary>
    /// <param name="tensor">The stack; the first index counts the matrices.</param>
    /// <param name="count">The number of matrices that it must have.</param>
    /// <param name="size">The number of rows and of columns that each must have.</param>
    /// <param name="name">What it is called, for messages.</param>
    /// <exception cref="ArgumentException">It is of another size, not symmetric in the last two indices, or not finite.</exception>
    public static double[] Flatten(double[,,] tensor, int count, int size, string name)
    {
        Require.Length(tensor.GetLength(0), count, name);
        Require.Length(tensor.GetLength(1), size, name);
        Require.Length(tensor.GetLength(2), size, name);
        double[] flat = [.. tensor.Cast<double>()];
        for (var k = 0; k < count; k++)
            CheckSlice(flat.AsSpan(k * size * size, size * size), size, $"{name}[{k}]");
        return flat;
    }

    private static void CheckSlice(ReadOnlySpan<double> flat, int size, string name)
    {
        Require.AllFinite(flat, name);
        for (var i = 0; i < size; i++)
        for (var j = 0; j < i; j++)
        {
            var (below, above) = (flat[(i * size) + j], flat[(j * size) + i]);
            if (below != above)
                throw new ArgumentException(
                    $"{name} is not symmetric: entry [{i}, {j}] is {below} and [{j}, {i}] is {above}.",
                    name
                );
        }
    }
}
