using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// A landscape from nothing but its loss, written over a generic number type: the gradient comes from dual numbers, one pass a coordinate, and all else as in <see cref="ModelLandscape{TModel}"/>.
/// </summary>
/// <typeparam name="TLoss">The loss, a struct.</typeparam>
public sealed class FormulaLandscape<TLoss> : ModelLandscape<FormulaLandscape<TLoss>.ByDualNumbers>
    where TLoss : struct, ILossFunction
{
    /// <summary>Makes the landscape.</summary>
    /// <param name="name">Its name in records.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="dimension">P, at least 1.</param>
    public FormulaLandscape(string name, TLoss loss, int dimension)
        : base(name, new ByDualNumbers(loss), dimension) { }

    /// <summary>The loss with a gradient from forward mode.</summary>
    public readonly struct ByDualNumbers : IModel
    {
        private readonly TLoss _loss;

        internal ByDualNumbers(TLoss loss) => _loss = loss;

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T> => _loss.Loss(theta);

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            var dual = System.Buffers.ArrayPool<Dual<T>>.Shared.Rent(theta.Length);
            var point = dual.AsSpan(0, theta.Length);
            for (var i = 0; i < point.Length; i++)
                point[i] = new(theta[i], 0.0);
            for (var i = 0; i < point.Length; i++)
            {
                point[i] = new(theta[i], 1.0);
                gradient[i] = _loss.Loss<Dual<T>>(point).Slope;
                point[i] = new(theta[i], 0.0);
            }

            System.Buffers.ArrayPool<Dual<T>>.Shared.Return(dual);
        }
    }
}
