using System.Buffers;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// Loss and gradient of the deep linear network; parameters W_1, W_2, ..., W_L, each row by row. Forwards A_l = W_l A_(l-1) from A_0 = 1; backwards B_L = A_L - M, dL/dW_l = B_l A_(l-1)^T, B_(l-1) = W_l^T B_l.
/// B_(l-1) takes the place of A_(l-1), which is not needed any more; the space for all A_l is rented from the shared pool.
/// </summary>
public readonly struct DeepLinearModel : IModel
{
    private readonly int[] _widths;
    private readonly double[] _target;

    internal DeepLinearModel(int[] widths, double[] target) => (_widths, _target) = (widths, target);

    /// <inheritdoc/>
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        var rented = ArrayPool<T>.Shared.Rent(Space);
        var error = ErrorAfterForward(theta, rented);
        T sum = 0.0;
        foreach (var e in error)
            sum += e * e;
        ArrayPool<T>.Shared.Return(rented);
        return (T)0.5 * sum;
    }

    /// <inheritdoc/>
    public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T>
    {
        var rented = ArrayPool<T>.Shared.Rent(Space);
        Span<T> space = rented;
        var current = ErrorAfterForward(theta, space);
        var (weights, from) = (theta.Length, Space - current.Length);
        var inputs = _widths[0];
        for (var l = _widths.Length - 1; l > 1; l--)
        {
            var (rows, columns) = (_widths[l], _widths[l - 1]);
            weights -= rows * columns;
            from -= columns * inputs;
            var below = space.Slice(from, columns * inputs);
            TimesTransposed<T>(current, below, gradient.Slice(weights, rows * columns), rows, columns, inputs);
            TransposedTimes<T>(theta.Slice(weights, rows * columns), current, below, rows, columns, inputs);
            current = below;
        }

        current.CopyTo(gradient);
        ArrayPool<T>.Shared.Return(rented);
    }

    /// <summary>The entries of all A_l, l = 1 .. L.</summary>
    private int Space
    {
        get
        {
            var sum = 0;
            for (var l = 1; l < _widths.Length; l++)
                sum += _widths[l] * _widths[0];
            return sum;
        }
    }

    /// <summary>Fills the space with A_1, ..., A_(L-1) and, last, A_L - M, which is returned.</summary>
    private Span<T> ErrorAfterForward<T>(ReadOnlySpan<T> theta, Span<T> space)
        where T : struct, IReal<T>
    {
        var inputs = _widths[0];
        var (weights, from) = (_widths[1] * inputs, 0);
        theta[..weights].CopyTo(space);
        for (var l = 2; l < _widths.Length; l++)
        {
            var (rows, columns) = (_widths[l], _widths[l - 1]);
            var below = space.Slice(from, columns * inputs);
            from += columns * inputs;
            Times<T>(
                theta.Slice(weights, rows * columns),
                below,
                space.Slice(from, rows * inputs),
                rows,
                columns,
                inputs
            );
            weights += rows * columns;
        }

        var error = space.Slice(from, _widths[^1] * inputs);
        for (var i = 0; i < error.Length; i++)
            error[i] -= _target[i];
        return error;
    }

    /// <summary>c := a b, a of rows x inner, b of inner x columns.</summary>
    private static void Times<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int inner, int columns)
        where T : struct, IReal<T>
    {
        c.Fill(0.0);
        for (var i = 0; i < rows; i++)
        for (var k = 0; k < inner; k++)
        for (var j = 0; j < columns; j++)
            c[(i * columns) + j] += a[(i * inner) + k] * b[(k * columns) + j];
    }

    /// <summary>c := a^T b, a of inner x rows, b of inner x columns.</summary>
    private static void TransposedTimes<T>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        Span<T> c,
        int inner,
        int rows,
        int columns
    )
        where T : struct, IReal<T>
    {
        c.Fill(0.0);
        for (var k = 0; k < inner; k++)
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
            c[(i * columns) + j] += a[(k * rows) + i] * b[(k * columns) + j];
    }

    /// <summary>c := a b^T, a of rows x inner, b of columns x inner.</summary>
    private static void TimesTransposed<T>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        Span<T> c,
        int rows,
        int columns,
        int inner
    )
        where T : struct, IReal<T>
    {
        c.Fill(0.0);
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
        for (var k = 0; k < inner; k++)
            c[(i * columns) + j] += a[(i * inner) + k] * b[(j * inner) + k];
    }
}
